"""Days and times set for people: of one referral, of one worker, and those the clock must see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people import queries as people
from referral.people.models import PersonKey
from referral.referrals import parties, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Appointment, Referral
from referral.referrals.queries import rows
from referral.referrals.queries.loading import referral
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

SHOWN = 200


@dataclass(frozen=True)
class Set:
    """One appointment as the actor may see it; ``person`` as lists name people."""

    id: uuid.UUID
    referral_id: uuid.UUID
    person_id: uuid.UUID
    reference: str
    person: str
    kind: str
    place: str
    at: datetime
    minutes: int
    state: str
    remind: bool
    version: int
    user_id: uuid.UUID | None
    joint_with_id: uuid.UUID | None
    service_id: uuid.UUID | None
    where: str = field(default="", repr=False)
    note: str = field(default="", repr=False)

    @property
    def is_past(self) -> bool:
        return self.at < clock.now()


def appointments(actor: Actor, referral_id: uuid.UUID) -> list[Set]:
    """Those of one referral in scope, the latest first."""
    found = referral(actor, referral_id)
    return _shown(actor, Appointment.referral_id == found.id, latest_first=True)


def appointment(actor: Actor, appointment_id: uuid.UUID) -> Set:
    """One, in scope. Raise ``NotFound``."""
    found = _shown(actor, Appointment.id == appointment_id)
    if not found:
        raise NotFound
    permit(actor, Permission.SEE_REFERRALS)
    return found[0]


def of_worker(actor: Actor, user_id: uuid.UUID, last: date) -> list[Set]:
    """A colleague's planned appointments until ``last``, in their order: first those that are
    over and of which nobody has said how they went.
    """
    permit(actor, Permission.SEE_CASELOAD)
    wanted = and_(
        Appointment.organisation_id == actor.organisation,
        Appointment.user_id == user_id,
        Appointment.state == "planned",
        Appointment.at < datetime.combine(last + timedelta(days=1), time(0), clock.UK),
    )
    return _shown(actor, wanted)


def row_to_change(actor: Actor, appointment_id: uuid.UUID) -> Appointment:
    """The row, once its referral is locked by the caller. Raise ``NotFound``."""
    found = session().scalar(
        select(Appointment)
        .join(Referral, Referral.id == Appointment.referral_id)
        .where(Appointment.id == appointment_id, _own(actor), in_scope(actor))
        .with_for_update(of=Appointment)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def referral_of(actor: Actor, appointment_id: uuid.UUID) -> uuid.UUID:
    """Which referral to lock before the appointment. Raise ``NotFound``."""
    found = session().scalar(
        select(Appointment.referral_id)
        .join(Referral, Referral.id == Appointment.referral_id)
        .where(Appointment.id == appointment_id, _own(actor), in_scope(actor))
    )
    if found is None:
        raise NotFound
    return found


def _own(actor: Actor) -> ColumnElement[bool]:
    """Set by the actor's own organisation, or together with it."""
    if actor.kind == "system":
        return Appointment.id.is_not(None)
    return or_(
        Appointment.organisation_id == actor.organisation,
        Appointment.joint_with_id == actor.organisation,
    )


def _shown(actor: Actor, wanted: ColumnElement[bool], *, latest_first: bool = False) -> list[Set]:
    order = Appointment.at.desc() if latest_first else Appointment.at.asc()
    chosen = (
        rows.with_identity_unscoped(
            select(
                Appointment,
                Referral,
                rows.Recipient.kind.label("recipient_kind"),
                *rows.IDENTITY,
                PersonKey.wrapped.label("wrapped"),
            ).select_from(Referral)
        )
        .join(Appointment, Appointment.referral_id == Referral.id)
        .outerjoin(rows.Recipient, rows.Recipient.id == Referral.recipient_id)
        .outerjoin(PersonKey, PersonKey.person_id == Referral.person_id)
        .where(wanted, _own(actor), in_scope(actor))
        .order_by(order, Appointment.id)
        .limit(SHOWN)
    )
    found = [_one(actor, row) for row in session().execute(chosen)]
    audit.viewed_list(
        actor, "referral:listed", [(("referral", one.referral_id), one.person_id) for one in found]
    )
    return found


def _one(actor: Actor, row: Any) -> Set:
    made: Appointment = row.Appointment
    found: Referral = row.Referral
    seen = level_of(actor, found, row.recipient_kind, parties.of(actor, found))
    said: dict[str, Any] = {}
    if made.said_sealed and row.wrapped and seen == Level.IDENTIFIED:
        key = encryption.unwrap(row.wrapped)
        said = encryption.open_(key, made.said_sealed, f"appointment:{made.id}")
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    about = {"sex": found.sex, "age_band": found.age_band, "area": found.area}
    return Set(
        id=made.id,
        referral_id=found.id,
        person_id=found.person_id,
        reference=found.reference,
        person=str(words.short_name(about, identity, seen)) or found.reference,
        kind=made.kind,
        place=made.place,
        at=made.at,
        minutes=made.minutes,
        state=made.state,
        remind=made.remind,
        version=made.version,
        user_id=made.user_id,
        joint_with_id=made.joint_with_id,
        service_id=made.service_id,
        where=said.get("where", ""),
        note=said.get("note", ""),
    )
