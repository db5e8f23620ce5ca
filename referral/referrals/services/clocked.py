"""Other clocks than a referral's: an appointment's, and a paper sheet's."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts import queries as accounts
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import NotFound
from referral.referrals import clocks, introducing, notifications, queries
from referral.referrals import sweep as rules
from referral.referrals.models import Appointment, PaperSheet
from referral.referrals.services import person_notices

SHEET_DAYS = 1


def look_at_appointment(actor: Actor, appointment_id: uuid.UUID) -> str:
    """Remind the person the day before; the day after, ask whoever set it how it went.

    Answers ``reminded``, ``asked`` or "". Late by days nothing is made up for but the question.
    """
    referral_id = session().scalar(
        select(Appointment.referral_id).where(Appointment.id == appointment_id)
    )
    if referral_id is None:
        raise NotFound
    found = queries.referral(actor, referral_id, to_change=True)
    made = session().get_one(Appointment, appointment_id, with_for_update=True)
    today, day = clock.today(), clock.local(made.at).date()
    if made.look_on is None or made.look_on > today:
        return ""
    if made.state == "planned" and not introducing.holds(made.kind, found.status):
        made.state = "cancelled"  # it was declined, taken back or ended meanwhile
        made.version += 1
        person_notices.called_off(actor, made.id)
    if made.state != "planned":
        made.look_on = None
        session().flush()
        return ""
    if today <= day:
        made.look_on = day + timedelta(days=1)
        near = made.remind and made.at > clock.now()
        session().flush()
        return "reminded" if near and person_notices.appointed(actor, made, "reminder") else ""
    made.look_on = None
    session().flush()
    told = accounts.told_unscoped(made.user_id, made.organisation_id) if made.user_id else None
    there = told is not None and told.is_there
    asked = (
        [notifications.of_user(told, made.organisation_id)]
        if told is not None and there
        else notifications.addresses(actor, found, made.organisation_id)
    )
    key = f"appointment:{made.id}:unsaid"
    return "asked" if notifications.remind(actor, found, key, "unsaid.txt", asked) else ""


def make_sheet(actor: Actor, organisation_id: uuid.UUID, team_id: uuid.UUID, week_of: date) -> bool:
    """This week's printed sheet for a group that wants paper: a task of the team, once a week."""
    today = clock.today()
    due = clocks.working_day_from(max(week_of, today), accounts.calendar_of(team_id))
    is_sqlite = session().get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    made = session().execute(
        insert(PaperSheet)
        .values(
            id=new_id(),
            version=1,
            organisation_id=organisation_id,
            week_of=week_of,
            owner_id=team_id,
            due_on=due,
            look_on=due + timedelta(days=1),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "week_of"])
        .returning(PaperSheet.id)
    )
    sheet_id = made.scalar_one_or_none()
    if sheet_id is not None:
        audit.record(actor, "paper_sheet:made", ("paper_sheet", sheet_id))
    return sheet_id is not None


def look_at_sheet(actor: Actor, sheet_id: uuid.UUID) -> str:
    """A sheet nobody printed: the team's box is told once, then its leads."""
    row = session().get(PaperSheet, sheet_id, with_for_update=True, populate_existing=True)
    today = clock.today()
    if row is None or row.look_on is None or row.look_on > today:
        return ""
    if row.printed_at is not None or row.week_of + timedelta(days=7) <= today:
        row.look_on = None  # printed, or the next week's sheet says it all
        session().flush()
        return ""
    calendar = accounts.calendar_of(row.owner_id)
    late = rules.lateness(row.due_on, SHEET_DAYS, calendar, today)
    told = notifications.box(row.owner_id)
    if late >= 1:
        told += notifications.to_roles(actor, row.owner_id, "link_worker_lead")
    row.look_on = clocks.next_late_look_on(row.due_on, SHEET_DAYS, calendar, today=today)
    session().flush()
    # One message a day says it for all of the team's sheets.
    sent = [
        notifications.post(
            actor,
            key=f"sheets:{row.owner_id}:{today.isoformat()}",
            address=one,
            template="sheet_due.txt",
            path="/sheets",
            context={"due": row.due_on},
            subject_id=row.owner_id,
        )
        for one in notifications.once(told)
    ]
    return "told" if any(sent) else ""
