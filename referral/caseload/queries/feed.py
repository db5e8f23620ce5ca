"""A worker's appointments for their own calendar: references and times, nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, select

from referral.accounts import secrets
from referral.accounts.models import Membership, User
from referral.accounts.permissions import Permission, permit
from referral.accounts.roles import LINK_WORKERS
from referral.caseload import icalendar
from referral.caseload.icalendar import Entry
from referral.caseload.models import CalendarFeed
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import _
from referral.referrals.codes import APPOINTMENTS
from referral.referrals.models import Appointment, Referral

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
MOST = 2000


@dataclass(frozen=True)
class Own:
    """The actor's feed: since when there is one; None while there is none."""

    made_at: datetime | None


def own_feed(actor: Actor) -> Own:
    """Whether the actor has a feed; its address is shown once and not kept."""
    permit(actor, Permission.SEE_CASELOAD)
    made = session().scalar(
        select(CalendarFeed.made_at).where(
            CalendarFeed.user_id == actor.user,
            CalendarFeed.organisation_id == actor.organisation,
            CalendarFeed.revoked_at.is_(None),
        )
    )
    return Own(made)


def feed_unscoped(token: str) -> str | None:
    """The calendar behind a token, as text; None for a token that is none, was taken back, or
    whose owner has left the team.
    """
    works = exists().where(
        Membership.user_id == CalendarFeed.user_id,
        Membership.organisation_id == CalendarFeed.organisation_id,
        Membership.role.in_(LINK_WORKERS),
    )
    own = session().scalar(
        select(CalendarFeed)
        .join(User, User.id == CalendarFeed.user_id)
        .where(
            CalendarFeed.token_digest == secrets.digest(token),
            CalendarFeed.revoked_at.is_(None),
            User.active,
            works,
        )
    )
    if own is None:
        return None
    now = clock.now()
    rows = session().execute(
        select(Appointment, Referral.reference)
        .join(Referral, Referral.id == Appointment.referral_id)
        .where(
            and_(
                Appointment.user_id == own.user_id,
                Appointment.organisation_id == own.organisation_id,
                Appointment.at >= now - BACK,
                Appointment.at <= now + AHEAD,
            )
        )
        .order_by(Appointment.at, Appointment.id)
        .limit(MOST)
    )
    return icalendar.feed((_entry(row, reference) for row, reference in rows), str(_("Joined Up")))


def _entry(row: Appointment, reference: str) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        minutes=row.minutes,
        summary=f"{reference} {str(APPOINTMENTS[row.kind].label).lower()}",
        changed_at=row.made_at,
        version=row.version,
        cancelled=row.state in ("cancelled", "moved"),
    )
