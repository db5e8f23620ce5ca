"""Who came to a group, all in one go; and newcomers who were expected to turn up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.referrals import codes, queries
from referral.referrals.models import Appointment, Contact, GroupSession, Referral, StatusChange
from referral.referrals.services import delivering, person_notices
from referral.referrals.services import step as steps

RESULTS = (*sorted(codes.ATTENDED), "did_not_attend")
LONGEST_AGO = timedelta(days=366)
# A session whose time nobody said.
SOME_TIME = time(12)
BEGINS = ("accepted", "contacting")


@dataclass(frozen=True)
class Mark:
    """``attended``, ``late`` or ``did_not_attend``, and why not as far as is known."""

    result: str
    reason: str | None = None


def record_session(
    actor: Actor,
    service_id: uuid.UUID,
    held_on: date,
    starts: str,
    marks: Mapping[uuid.UUID, Mark | None],
    version: int | None = None,
) -> GroupSession:
    """Mark who came on ``held_on`` at ``starts`` (``10:30`` or ""); ``marks`` by referral.

    Each is a contact of its own referral; to have come is to have started. The same marks again
    change nothing; another mark takes the one before back, and None leaves nobody marked. Raise
    ``NotFound`` for what is not the group's, ``Invalid``, ``StaleVersion``, and ``IllegalAction``
    when somebody can no longer be marked: then nobody is.
    """
    permit(actor, Permission.ANSWER_REFERRALS)
    if service_id not in {known for known, _name in queries.services_of(actor)}:
        raise NotFound
    at = _moment(held_on, starts)
    locked = _locked(actor, service_id, marks)
    found = _session(actor, service_id, held_on, starts)
    if version is not None and version != found.version:
        raise StaleVersion(version, found.version)
    before = {row.referral_id: row for row in _marked(found)}
    changed = 0
    for referral in locked:
        wanted, was = marks[referral.id], before.get(referral.id)
        if (wanted and (wanted.result, wanted.reason)) == (was and (was.result, was.reason)):
            continue
        if was is not None:
            _take_back(actor, referral.id, was)
        if wanted is not None:
            _mark(actor, referral.id, wanted, at, found)
        changed += 1
    if changed:
        found.version += 1
        found.recorded_at = clock.now()
        session().flush()
        audit.record(actor, "group_session:recorded", ("group_session", found.id), marks=changed)
    return found


def _moment(held_on: date, starts: str) -> datetime:
    today = clock.today()
    if not today - LONGEST_AGO <= held_on <= today:
        raise Invalid({"held_on": [str(_("must be in the past, at most a year ago"))]})
    at = SOME_TIME
    if starts:
        try:
            at = datetime.strptime(starts, "%H:%M").time()  # noqa: DTZ007 - a time of day
        except ValueError as error:
            raise Invalid({"starts": [str(_("must be a time, such as 10:30"))]}) from error
    return min(clock.now(), datetime.combine(held_on, at, clock.UK))


def _locked(
    actor: Actor, service_id: uuid.UUID, marks: Mapping[uuid.UUID, Mark | None]
) -> list[Referral]:
    """All referrals that are marked, in the order in which everybody locks them."""
    found = list(
        session().scalars(
            select(Referral)
            .where(
                Referral.id.in_(list(marks)),
                Referral.service_id == service_id,
                Referral.recipient_id == actor.voice,
                queries.in_scope(actor),
            )
            .order_by(Referral.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if len(found) < len(marks):
        raise NotFound
    return found


def _session(actor: Actor, service_id: uuid.UUID, held_on: date, starts: str) -> GroupSession:
    """The one row of that day and time, locked; made when it is new."""
    dialect = session().get_bind().dialect.name
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session().execute(
        insert(GroupSession)
        .values(
            id=new_id(),
            version=1,
            organisation_id=actor.voice,
            service_id=service_id,
            held_on=held_on,
            starts=starts,
            recorded_at=clock.now(),
            by_user_id=actor.user,
            by_contact_id=actor.contact,
        )
        .on_conflict_do_nothing(index_elements=["service_id", "held_on", "starts"])
    )
    return (
        session()
        .scalars(
            select(GroupSession)
            .where(
                GroupSession.service_id == service_id,
                GroupSession.held_on == held_on,
                GroupSession.starts == starts,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )


def _marked(found: GroupSession) -> list[Contact]:
    return list(
        session().scalars(
            select(Contact).where(Contact.group_session_id == found.id, Contact.undone.is_(False))
        )
    )


def _mark(
    actor: Actor, referral_id: uuid.UUID, mark: Mark, at: datetime, found: GroupSession
) -> None:
    if mark.result not in RESULTS:
        raise Invalid({"marks": [str(_("must be one of: {keys}", keys=", ".join(RESULTS)))]})
    data = {"channel": "visit", "result": mark.result, "reason": mark.reason, "at": at}
    step = steps.begin(actor, referral_id, "contact", None)
    logged = delivering.log(actor, step, data, found.id)
    if logged.status in BEGINS and mark.result in codes.ATTENDED:
        delivering.start(actor, referral_id, None, {})


def _take_back(actor: Actor, referral_id: uuid.UUID, was: Contact) -> None:
    """A wrong mark: the contact no longer counts, and the history says so."""
    step = steps.begin(actor, referral_id, "contact", None)
    step.verb, step.quiet = "undo", True
    was.undone = True
    step.referral.attendances -= was.result in codes.ATTENDED
    change = session().scalar(
        select(StatusChange).where(
            StatusChange.referral_id == referral_id, StatusChange.number == was.number
        )
    )
    if change is not None:
        change.undone = True
    steps.finish(actor, step, undone="contact")


def turned_up(actor: Actor, appointment_id: uuid.UUID, version: int, *, came: bool) -> Appointment:
    """Somebody was expected at the group: they came, or they did not.

    Logged on the referral of the team that arranged it, which hears of it there. Raise
    ``NotFound``, ``StaleVersion``, and ``Conflict`` before the day.
    """
    permit(actor, Permission.ANSWER_REFERRALS)
    referral = queries.expecting_unscoped(actor, appointment_id)
    found = session().scalar(
        select(Appointment)
        .where(Appointment.id == appointment_id, queries.expected_by(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if version != found.version:
        raise StaleVersion(version, found.version)
    if clock.local(found.at).date() > clock.today():
        raise Conflict(str(_("This can be said on the day.")))
    found.state, found.look_on = ("kept" if came else "missed"), None
    found.version += 1
    person_notices.called_off(actor, found.id)
    if referral.status in (*BEGINS, "started"):
        step = steps.by_system(actor, referral, "contact")
        step.party = "group"
        result = "attended" if came else "did_not_attend"
        said = {"channel": "visit", "result": result, "at": min(found.at, clock.now())}
        delivering.log(actor, step, said)
        found.contact_id = session().scalar(
            select(Contact.id).where(
                Contact.referral_id == referral.id, Contact.number == referral.version
            )
        )
    session().flush()
    audit.record(actor, f"appointment:{found.state}", ("appointment", found.id))
    return found
