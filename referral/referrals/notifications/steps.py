"""What we tell whom about a referral: that something waits, until when, where. Never who or why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from referral.accounts import queries as accounts
from referral.core.actor import Actor
from referral.core.i18n import Lazy
from referral.outbox.rendering import Postcard
from referral.outbox.services import enqueue
from referral.referrals import lifecycle
from referral.referrals.models import Referral, Thread

FOLDER = "referrals/messages/"
# Who is told of a verb, by which template. `owner` is whoever holds it now; nobody is told twice,
# and nobody of what their own organisation did.
TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "send": (("recipient", "new.txt"),),
    "accept": (("sender", "answered.txt"),),
    "waitlist": (("sender", "answered.txt"),),
    "ask": (("sender", "question.txt"),),
    "reply": (("recipient", "reply.txt"),),
    "decline": (("owner", "declined.txt"), ("sender", "answered.txt")),
    "complete": (("owner", "feedback.txt"), ("sender", "feedback.txt")),
    "end": (("owner", "feedback.txt"), ("sender", "feedback.txt")),
    "redirect": (("sender", "redirected.txt"),),
    "withdraw": (("recipient", "no_longer.txt"),),
    "correct": (("recipient", "no_longer.txt"),),
    "person_gone": (("recipient", "no_longer.txt"), ("sender", "no_longer.txt")),
    "amend": (("recipient", "changed.txt"),),
    "undo": (("recipient", "changed.txt"), ("sender", "changed.txt")),
    "raise": (("told", "raised.txt"),),
    "answer": (("told", "raised_answered.txt"),),
    "return_no_reply": (
        ("owner", "returned.txt"),
        ("sender", "returned.txt"),
        ("recipient", "went_back.txt"),
    ),
}


@dataclass(frozen=True)
class Address:
    """Where a message goes, for whom."""

    to: str
    organisation: uuid.UUID


def announce(actor: Actor, found: Referral, verb: str, told: uuid.UUID | None = None) -> None:
    """Tell those concerned of the change that made the referral's present version.

    ``told``: the organisation that must hear of something raised or answered.
    """
    if verb == "assign":
        _tell_named(actor, found)
        return
    places = {
        "sender": found.sender_id,
        "recipient": found.recipient_id,
        "owner": found.owner_id,
        "told": told,
    }
    done: set[uuid.UUID | None] = {None, actor.organisation, actor.voice}
    for place, template in TOLD.get(verb, ()):
        organisation = places[place]
        if organisation is None or organisation in done:
            continue
        done.add(organisation)
        for address in addresses(actor, found, organisation):
            _send(actor, found, f"{found.version}", address, template)


def addresses(actor: Actor, found: Referral, organisation: uuid.UUID) -> list[Address]:
    """The organisation's inbox and, where it holds the referral, its named person."""
    to = list(accounts.inbox_of(organisation))
    if organisation == found.owner_id and found.owner_user_id is not None:
        own = accounts.email_of(found.owner_user_id)
        to += [own] if own else []
    elif organisation == found.sender_id and found.sent_by_id is not None:
        own = accounts.email_of(found.sent_by_id)
        to += [own] if own else []
    return [Address(one, organisation) for one in dict.fromkeys(to)]


def _tell_named(actor: Actor, found: Referral) -> None:
    if found.owner_user_id is None or found.owner_user_id == actor.id or found.owner_id is None:
        return
    own = accounts.email_of(found.owner_user_id)
    if own:
        address = Address(own, found.owner_id)
        _send(actor, found, f"{found.version}", address, "assigned.txt")


def remind(actor: Actor, found: Referral, key: str, template: str, told: Iterable[Address]) -> int:
    """Tell what the clock decided, at most once for each ``key`` and address."""
    return sum(_send(actor, found, key, address, template) for address in told)


def remind_of_thread(
    actor: Actor, found: Referral, thread: Thread, key: str, template: str, told: Iterable[Address]
) -> int:
    """The same for something raised that waits for an answer."""
    return sum(_send(actor, found, key, address, template, due=thread.due_on) for address in told)


def to_inbox(actor: Actor, organisation: uuid.UUID) -> list[Address]:
    """The organisation's inbox only."""
    return [Address(to, organisation) for to in accounts.inbox_of(organisation)]


def to_roles(actor: Actor, organisation: uuid.UUID, *roles: str) -> list[Address]:
    """Everybody of the organisation with one of the roles; its inbox when there is nobody."""
    people = accounts.users_with_roles(organisation, roles)
    return [Address(one.email, organisation) for one in people] or to_inbox(actor, organisation)


def _send(
    actor: Actor,
    found: Referral,
    key: str,
    address: Address,
    template: str,
    **more: Postcard,
) -> bool:
    step = lifecycle.STATUSES[found.status].next_step
    context: dict[str, Postcard] = {
        "reference": found.reference,
        "path": f"/referrals/{found.id}",
        "due": found.due_on,
        "step": step.text if step else Lazy(""),
        "urgent": found.urgency == "urgent",
        "asks": found.owner_id == address.organisation and not found.self_closing,
        **more,
    }
    return enqueue(
        actor,
        key=f"referral:{found.id}:{key}:{address.to}"[:200],
        to=address.to,
        template=FOLDER + template,
        context=context,
        organisation=address.organisation,
        subject_id=found.id,
    )
