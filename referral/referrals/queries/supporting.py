"""Who speaks for the person, and their referrals to be changed at their word."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, or_, select, true

from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people.models import PersonKey
from referral.referrals import lifecycle
from referral.referrals.models import Referral
from referral.referrals.models import Supporter as SupporterRow
from referral.referrals.queries.scope import in_scope


@dataclass(frozen=True)
class SupporterShown:
    """Somebody the person named."""

    id: uuid.UUID
    version: int
    may: str
    since: datetime
    name: str = field(repr=False)
    relation: str = ""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


def supporters(actor: Actor, referral_id: uuid.UUID) -> list[SupporterShown]:
    """Who speaks for the person, or may hear, on one referral in scope. The caller audits."""
    found = session().execute(
        select(SupporterRow, PersonKey.wrapped)
        .join(Referral, Referral.id == SupporterRow.referral_id)
        .join(PersonKey, PersonKey.person_id == SupporterRow.person_id)
        .where(
            SupporterRow.referral_id == referral_id,
            SupporterRow.until.is_(None),
            in_scope(actor),
        )
        .order_by(SupporterRow.since, SupporterRow.id)
    )
    return [_supporter(row.Supporter, encryption.unwrap(row.wrapped)) for row in found]


def _supporter(row: SupporterRow, key: bytes) -> SupporterShown:
    named = encryption.open_(key, row.named_sealed, f"supporter:{row.id}")
    return SupporterShown(row.id, row.version, row.may, row.since, **named)


def supporter_to_change(actor: Actor, supporter_id: uuid.UUID) -> SupporterRow:
    """One in force; the caller has locked its referral. Raise ``NotFound``."""
    found = session().scalar(
        select(SupporterRow)
        .join(Referral, Referral.id == SupporterRow.referral_id)
        .where(SupporterRow.id == supporter_id, SupporterRow.until.is_(None), in_scope(actor))
        .with_for_update(of=SupporterRow)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def referral_of_supporter(actor: Actor, supporter_id: uuid.UUID) -> uuid.UUID:
    """Which referral to lock before the supporter. Raise ``NotFound``."""
    found = session().scalar(
        select(SupporterRow.referral_id)
        .join(Referral, Referral.id == SupporterRow.referral_id)
        .where(SupporterRow.id == supporter_id, in_scope(actor))
    )
    if found is None:
        raise NotFound
    return found


def line_to_change(actor: Actor, referral_id: uuid.UUID, *, closed: bool = False) -> list[Referral]:
    """The referral and every open one of the same person in scope, locked in order; it is first.

    ``closed``: the others that are over too.

    Raise ``NotFound``.
    """
    same = select(Referral.person_id).where(Referral.id == referral_id).scalar_subquery()
    wanted = and_(
        in_scope(actor),
        Referral.person_id == same,
        true() if closed else or_(Referral.id == referral_id, Referral.status.in_(lifecycle.OPEN)),
    )
    found = list(
        session().scalars(
            select(Referral)
            .where(wanted)
            .order_by(Referral.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    first = [one for one in found if one.id == referral_id]
    if not first:
        raise NotFound
    return first + [one for one in found if one.id != referral_id]
