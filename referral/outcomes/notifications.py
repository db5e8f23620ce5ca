"""What the practice says back to who supported the person: thanks, never why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox import services as outbox
from referral.referrals import notifications as telling
from referral.referrals.models import Referral, StatusChange

TEMPLATE = "outcomes/messages/thanks.txt"


def thank(actor: Actor, thanked: Iterable[Referral]) -> None:
    """Tell each group in its one message of the month, and who finished it in their next digest."""
    by_group: dict[uuid.UUID, list[Referral]] = {}
    for found in thanked:
        if found.recipient_id is not None:
            by_group.setdefault(found.recipient_id, []).append(found)
    if not by_group or actor.organisation is None:
        return
    sender = accounts.names_of([actor.organisation])[actor.organisation]
    finishers = _finishers([one.id for group in by_group.values() for one in group])
    for organisation, group in by_group.items():
        references = ", ".join(sorted(one.reference for one in group))
        addresses = telling.box(organisation)
        if addresses:
            outbox.set_aside(
                actor,
                key=f"thanks:{min(one.id for one in group)}",
                to=addresses[0].to,
                template=TEMPLATE,
                context={"sender": sender, "references": references, "count": len(group)},
                organisation=organisation,
            )
        for one in group:
            if (user_id := finishers.get(one.id)) is not None:
                telling.keep(one, organisation, user_id, "thanks")


def _finishers(referral_ids: list[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Which user said that it had finished; a group's contact hears by the month's message."""
    rows = session().execute(
        select(StatusChange.referral_id, StatusChange.actor_id)
        .where(
            StatusChange.referral_id.in_(referral_ids),
            StatusChange.verb.in_(("complete", "end")),
            StatusChange.actor_kind.in_(("user", "api_client")),
            StatusChange.on_behalf_id.is_(None),
            StatusChange.undone.is_(False),
        )
        .order_by(StatusChange.number)
    )
    return {row.referral_id: row.actor_id for row in rows if row.actor_id is not None}
