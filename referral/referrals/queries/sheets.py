"""The weekly printed sheets of groups that want paper, and what stands on one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals.models import PaperSheet, Referral
from referral.referrals.queries import rows
from referral.referrals.queries.answering import open_of_contact

SHOWN = 60


@dataclass(frozen=True)
class Sheet:
    """One sheet as the team's list names it."""

    id: uuid.UUID
    organisation: str
    phone: str
    week_of: date
    due_on: date
    printed_at: datetime | None
    version: int


def sheets(actor: Actor) -> list[Sheet]:
    """The team's sheets: those still to print first, by day, then what was printed last."""
    permit(actor, Permission.ANSWER_BY_TELEPHONE)
    found = session().execute(
        _chosen(actor)
        .order_by(
            PaperSheet.printed_at.is_not(None),
            PaperSheet.week_of.desc(),
            Organisation.name,
        )
        .limit(SHOWN)
    )
    return [_sheet(row) for row in found]


def sheet(actor: Actor, sheet_id: uuid.UUID) -> tuple[Sheet, list[dict[str, Any]]]:
    """One sheet, and all that the group holds now, as the group may read it. ``NotFound``."""
    permit(actor, Permission.ANSWER_BY_TELEPHONE)
    row = session().execute(_chosen(actor).where(PaperSheet.id == sheet_id)).one_or_none()
    if row is None:
        raise NotFound
    voice = replace(actor, speaks_for=row.PaperSheet.organisation_id)
    return _sheet(row), open_of_contact(voice)


def _chosen(actor: Actor) -> Any:
    return (
        select(PaperSheet, Organisation.name, Organisation.phone)
        .join(Organisation, Organisation.id == PaperSheet.organisation_id)
        .where(PaperSheet.owner_id == actor.organisation)
    )


def _sheet(row: Any) -> Sheet:
    one: PaperSheet = row.PaperSheet
    return Sheet(one.id, row.name, row.phone, one.week_of, one.due_on, one.printed_at, one.version)


def waiting_for_groups(actor: Actor) -> list[dict[str, Any]]:
    """Referrals the team looks after that wait for a group's answer, or that a group is late with.

    By reference, group and day: nobody is named.
    """
    permit(actor, Permission.ANSWER_BY_TELEPHONE)
    own = actor.organisation
    found = session().execute(
        select(
            Referral.id,
            Referral.reference,
            Referral.status,
            Referral.due_on,
            rows.Recipient.name.label("group"),
            rows.Recipient.phone,
        )
        .join(rows.Recipient, rows.Recipient.id == Referral.recipient_id)
        .where(
            or_(Referral.sender_id == own, Referral.team_id == own, Referral.fallback_id == own),
            rows.Recipient.kind == "provider",
            Referral.service_id.is_not(None),
            Referral.status == "sent",
        )
        .order_by(Referral.listed_on, Referral.id)
        .limit(SHOWN)
    )
    return [dict(row._mapping) for row in found]
