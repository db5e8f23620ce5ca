"""Setting a day and a time for the person, moving it, saying how it went."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, StaleVersion
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import codes, queries
from referral.referrals.models import Appointment, Contact, Referral
from referral.referrals.queries import appointing as reads
from referral.referrals.queries.loading import HELD
from referral.referrals.services import delivering, person_notices

# How the person was met, where nothing else is said.
CHANNEL_OF_PLACE = {"phone": "phone", "video": "video"}


def appoint(actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any]) -> Appointment:
    """Set a day for the person of a referral that the actor's organisation works on.

    ``data``: ``schemas.appointing.Appoint``. The person is reminded the day before, if wished.
    """
    return set_day(actor, _to_work_on(actor, referral_id), data)


def set_day(actor: Actor, found: Referral, data: Mapping[str, Any]) -> Appointment:
    """The same for a referral, locked, that the caller has found to be the actor's to arrange."""
    made = Appointment(
        id=new_id(),
        version=1,
        referral_id=found.id,
        organisation_id=actor.voice,
        user_id=found.owner_user_id if found.owner_id == actor.organisation else actor.user,
        joint_with_id=data.get("joint_with_id"),
        service_id=data.get("service_id"),
        kind=data["kind"],
        place=data["place"],
        at=_moment(data),
        minutes=data["minutes"],
        remind=data["remind"],
        state="planned",
        made_at=clock.now(),
        made_by=actor.user,
    )
    if made.user_id is None:
        made.user_id = actor.user
    made.look_on = _next_look(made, clock.today())
    said = {name: data.get(name, "") for name in ("where", "note", "first_name")}
    said = {name: value for name, value in said.items() if value}
    if said:
        made.said_sealed = encryption.seal(_key(found), said, f"appointment:{made.id}")
    session().add(made)
    session().flush()
    _note(actor, found, made, "set")
    person_notices.appointed(actor, made)
    return made


def move(
    actor: Actor, appointment_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Appointment:
    """Another day or time (``schemas.appointing.When``): the old one stays as moved, the new one
    is answered.
    """
    found, old = _taken(actor, appointment_id, version)
    at = _moment(data)
    made = Appointment(
        **{
            name: getattr(old, name)
            for name in (
                *("referral_id", "organisation_id", "user_id", "joint_with_id", "service_id"),
                *("kind", "place", "remind"),
            )
        },
        id=new_id(),
        version=1,
        at=at,
        minutes=data["minutes"],
        state="planned",
        made_at=clock.now(),
        made_by=actor.user,
    )
    made.look_on = _next_look(made, clock.today())
    if old.said_sealed:
        key = _key(found)
        said = encryption.open_(key, old.said_sealed, f"appointment:{old.id}")
        made.said_sealed = encryption.seal(key, said, f"appointment:{made.id}")
    _close(actor, old, "moved")
    session().add(made)
    session().flush()
    _note(actor, found, made, "moved")
    person_notices.appointed(actor, made)
    return made


def keep(
    actor: Actor, appointment_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Appointment:
    """Say how it went (``schemas.appointing.HowItWent``): logged as a contact of the referral."""
    found, made = _taken(actor, appointment_id, version)
    if made.at > clock.now() + timedelta(hours=1):
        raise Invalid({"result": [str(_("can be said once the time has come"))]})
    told = {name: data[name] for name in ("result", "reason", "note") if data.get(name)}
    channel = data.get("channel") or CHANNEL_OF_PLACE.get(made.place, "visit")
    at = min(made.at, clock.now())
    # Of a first meeting with a group the link worker's part belongs to their own referral.
    own = found.id if actor.voice == found.recipient_id else found.based_on_id
    if own is not None:
        logged = delivering.contact(actor, own, None, told | {"channel": channel, "at": at})
        made.contact_id = _contact_of(own, logged.version)
    _close(actor, made, "kept" if data["result"] in codes.MET_THE_PERSON else "missed")
    session().flush()
    _note(actor, found, made, made.state)
    return made


def cancel(actor: Actor, appointment_id: uuid.UUID, version: int) -> Appointment:
    """It does not take place; whoever was told of it hears that."""
    found, made = _taken(actor, appointment_id, version)
    _close(actor, made, "cancelled")
    person_notices.cancelled(actor, made)
    _note(actor, found, made, "cancelled")
    return made


def _next_look(made: Appointment, today: date) -> date | None:
    """When the clock looks at it next: to remind the day before, else the day after it."""
    if made.state != "planned":
        return None
    day = clock.local(made.at).date()
    before = day - timedelta(days=1)
    return before if made.remind and before > today else day + timedelta(days=1)


def _to_work_on(actor: Actor, referral_id: uuid.UUID) -> Referral:
    found = queries.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.ACT_ON_REFERRALS, found)
    if actor.voice != found.recipient_id:
        raise Forbidden
    if found.status not in HELD:
        raise Conflict(str(_("A day can be set once it is accepted and not over.")))
    return found


def _taken(actor: Actor, appointment_id: uuid.UUID, version: int) -> tuple[Referral, Appointment]:
    """The referral first, then the appointment: locked, planned, and as the actor saw it."""
    referral_id = reads.referral_of(actor, appointment_id)
    _lock_with_base(referral_id)
    found = queries.referral(actor, referral_id, to_change=True)
    made = reads.row_to_change(actor, appointment_id)
    permit(actor, Permission.ACT_ON_REFERRALS, found)
    if made.organisation_id != actor.voice:
        raise Forbidden
    if made.version != version:
        raise StaleVersion(version, made.version)
    if made.state != "planned":
        raise Conflict(str(_("This appointment is over, moved or cancelled.")))
    return found, made


def _lock_with_base(referral_id: uuid.UUID) -> None:
    """Referrals are locked by id: the one it was made from is the older."""
    base = select(Referral.based_on_id).where(Referral.id == referral_id).scalar_subquery()
    session().execute(
        select(Referral.id)
        .where(or_(Referral.id == referral_id, Referral.id == base))
        .order_by(Referral.id)
        .with_for_update()
    )


def _close(actor: Actor, made: Appointment, state: str) -> None:
    made.state, made.look_on = state, None
    made.version += 1
    session().flush()
    person_notices.called_off(actor, made.id)


def _moment(data: Mapping[str, Any]) -> datetime:
    """The local day and time; an hour that the clock leaves out is the one after it."""
    at = datetime.combine(data["on"], time.fromisoformat(data["time"]), clock.UK)
    if at < clock.now():
        raise Invalid({"time": [str(_("must be in the future"))]})
    return at


def _contact_of(referral_id: uuid.UUID, number: int) -> uuid.UUID | None:
    return session().scalar(
        select(Contact.id).where(Contact.referral_id == referral_id, Contact.number == number)
    )


def _key(found: Referral) -> bytes:
    return people.keys_of_unscoped([found.person_id])[found.person_id]


def _note(actor: Actor, found: Referral, made: Appointment, what: str) -> None:
    audit.record(
        actor,
        f"appointment:{what}",
        ("appointment", made.id),
        found.person_id,
        referral=str(found.id),
    )
