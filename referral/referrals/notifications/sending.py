"""One message about a referral: a reference, dates, a link. Never who or why."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping

from referral.accounts import services as accounts
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.i18n import Lazy
from referral.outbox.rendering import Postcard, render
from referral.outbox.services import enqueue
from referral.referrals import lifecycle
from referral.referrals.models import Referral, Thread
from referral.referrals.notifications.addressing import Address

FOLDER = "referrals/messages/"
IN_A_TEXT = FOLDER + "in_a_text.txt"
LINK_PATH = "/answer/"


def remind(actor: Actor, found: Referral, key: str, template: str, told: Iterable[Address]) -> int:
    """Tell what the clock decided, at most once for each ``key`` and address."""
    return sum(send(actor, found, key, address, template) for address in told)


def remind_of_thread(
    actor: Actor, found: Referral, thread: Thread, key: str, template: str, told: Iterable[Address]
) -> int:
    """The same for something raised that waits for an answer."""
    return sum(send(actor, found, key, address, template, due=thread.due_on) for address in told)


def send(
    actor: Actor,
    found: Referral,
    key: str,
    address: Address,
    template: str,
    **more: Postcard,
) -> bool:
    """Write one message about a referral down, unless the same was, for the same address."""
    step = lifecycle.STATUSES[found.status].next_step
    context: dict[str, Postcard] = {
        "reference": found.reference,
        "due": found.due_on,
        "step": step.text if step else Lazy(""),
        "urgent": found.urgency == "urgent",
        "asks": found.owner_id == address.organisation and not found.self_closing,
        **more,
    }
    return post(
        actor,
        key=f"referral:{found.id}:{key}",
        address=address,
        template=template,
        path=f"/referrals/{found.id}",
        context=context,
        subject_id=found.id,
    )


def post(
    actor: Actor,
    *,
    key: str,
    address: Address,
    template: str,
    path: str,
    context: Mapping[str, Postcard],
    subject_id: uuid.UUID | None = None,
) -> bool:
    """Write a message down for one address. A contact's holds a link of their own instead of
    ``path``; what goes as a text is its subject, the reference and the link.
    """
    secret: Callable[[], str] | None = None
    by_link = address.reader == "contact"
    contact_id = address.reader_id
    if by_link and contact_id is not None:

        def secret() -> str:
            return accounts.make_link(actor, contact_id)

    whole = {
        "reference": "",
        **context,
        "by_link": by_link,
        "path": LINK_PATH if by_link else path,
    }
    chosen = FOLDER + template
    if address.channel == "text":
        headline = render(chosen, whole, secret=by_link).subject
        whole, chosen = {**whole, "headline": headline}, IN_A_TEXT
    return enqueue(
        actor,
        key=f"{key}:{digest(address.to)}"[:200],
        to=address.to,
        template=chosen,
        context=whole,
        organisation=address.organisation,
        subject_id=subject_id,
        secret=secret,
        channel=address.channel,
        forget_to=address.own,
        kind=template.removesuffix(".txt"),
        reader=address.reader,
        reader_id=address.reader_id,
    )


def digest(to: str) -> str:
    """What stands for an address in a key: equal for equal ones, and tells nothing."""
    return encryption.blind_index("told", to).hex()[:24]
