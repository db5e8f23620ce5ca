"""What a step tells the others."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.referrals.models import News, Referral, Thread
from referral.referrals.notifications.addressing import hearers, named_inbox, of_user, once
from referral.referrals.notifications.sending import send

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
    "amend": (("recipient", "changed.txt"), ("owner", "changed.txt")),
    "undo": (("recipient", "changed.txt"), ("sender", "changed.txt")),
    "raise": (("told", "raised.txt"),),
    "answer": (("told", "raised_answered.txt"),),
    "return_no_reply": (
        ("owner", "returned.txt"),
        ("sender", "returned.txt"),
        ("recipient", "went_back.txt"),
    ),
}
# What a named person hears at once whatever they chose: only they can act, or it is about today.
# Of the rest somebody finds the news on their home page, or in a digest.
MUST_KNOW = frozenset(
    {
        ("recipient", "send"),
        ("sender", "ask"),
        ("recipient", "reply"),
        ("owner", "decline"),
        ("told", "raise"),
        ("recipient", "withdraw"),
        ("recipient", "correct"),
        ("recipient", "person_gone"),
        ("owner", "return_no_reply"),
        ("sender", "return_no_reply"),
    }
)
# These must be known by whoever holds the referral then, if it asks something of them.
MUST_KNOW_IF_ASKED = frozenset({"complete", "end"})


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
        asked = found.owner_id == organisation and not found.self_closing
        heard = hearers(
            actor,
            found,
            organisation,
            must_know=(place, verb) in MUST_KNOW or (verb in MUST_KNOW_IF_ASKED and asked),
            named=_concerned(found, verb, organisation) if place == "told" else None,
        )
        if verb in MUST_KNOW_IF_ASKED:
            heard.now = once([*named_inbox(found, organisation), *heard.now])
        for address in heard.now:
            send(actor, found, f"{found.version}", address, template)
        for user_id in heard.later:
            keep(found, organisation, user_id, verb)


def _concerned(found: Referral, verb: str, organisation: uuid.UUID) -> uuid.UUID | None:
    """Who must answer what was just raised, or raised what was just answered."""
    raised = verb == "raise"
    side = Thread.owner_id if raised else Thread.raised_by_organisation_id
    newest = Thread.raised_at if raised else Thread.answered_at
    thread = session().scalar(
        select(Thread)
        .where(Thread.referral_id == found.id, side == organisation, newest.is_not(None))
        .order_by(newest.desc(), Thread.id.desc())
        .limit(1)
    )
    if thread is None:
        return None
    return thread.owner_user_id if raised else thread.raised_by_user_id


def _tell_named(actor: Actor, found: Referral) -> None:
    """Who was given it; the team's box as well when they are away, or have left."""
    if found.owner_user_id is None or found.owner_user_id == actor.id or found.owner_id is None:
        return
    told = accounts.told_unscoped(found.owner_user_id, found.owner_id)
    if told is not None and told.is_there:
        send(actor, found, f"{found.version}", of_user(told, found.owner_id), "assigned.txt")
        return
    for address in hearers(actor, found, found.owner_id, must_know=True).now:
        send(actor, found, f"{found.version}", address, "assigned_away.txt")


def keep(found: Referral, organisation: uuid.UUID, user_id: uuid.UUID, verb: str) -> None:
    """Keep news for somebody's next digest, once."""
    is_sqlite = session().get_bind().dialect.name == "sqlite"
    insert: Any = sqlite.insert if is_sqlite else postgresql.insert
    session().execute(
        insert(News)
        .values(
            id=new_id(),
            user_id=user_id,
            organisation_id=organisation,
            referral_id=found.id,
            number=found.version,
            event=verb,
            at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["user_id", "referral_id", "number"])
    )
