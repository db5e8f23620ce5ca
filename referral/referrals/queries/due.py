"""What the worker's clocks have to look at: ids, found by their dates, the longest due first."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, literal, select

from referral.accounts.models import Organisation, User
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox.models import OutboxMessage
from referral.referrals import lifecycle
from referral.referrals.models import (
    Appointment,
    Enquiry,
    News,
    PaperSheet,
    PersonNotice,
    Referral,
)

DIGESTS_FROM = time(8)
SHEETS_FROM = time(6)


def notices_to_release(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Notices whose quarter of an hour is over."""
    return list(
        session().scalars(
            select(PersonNotice.id)
            .where(PersonNotice.state == "held", PersonNotice.not_before <= clock.now())
            .order_by(PersonNotice.not_before, PersonNotice.id)
            .limit(limit)
        )
    )


def notices_to_settle(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Notices whose text or email has left."""
    return list(
        session().scalars(
            select(PersonNotice.id)
            .join(OutboxMessage, OutboxMessage.key == literal("notice:").concat(PersonNotice.key))
            .where(PersonNotice.state == "queued", OutboxMessage.sent_at.is_not(None))
            .order_by(PersonNotice.id)
            .limit(limit)
        )
    )


def notices_to_look_at(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Letters and tasks whose day is over."""
    return list(
        session().scalars(
            select(PersonNotice.id)
            .where(PersonNotice.state == "waiting", PersonNotice.look_on <= clock.today())
            .order_by(PersonNotice.look_on, PersonNotice.id)
            .limit(limit)
        )
    )


def appointments_to_look_at(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Appointments to remind of, or of which nobody has said how they went."""
    return list(
        session().scalars(
            select(Appointment.id)
            .where(Appointment.look_on <= clock.today())
            .order_by(Appointment.look_on, Appointment.id)
            .limit(limit)
        )
    )


def enquiries_to_look_at(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Questions asked first that wait."""
    return list(
        session().scalars(
            select(Enquiry.id)
            .where(Enquiry.look_on <= clock.today())
            .order_by(Enquiry.look_on, Enquiry.id)
            .limit(limit)
        )
    )


def sheets_to_look_at(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Paper sheets whose day is over."""
    return list(
        session().scalars(
            select(PaperSheet.id)
            .where(PaperSheet.look_on <= clock.today())
            .order_by(PaperSheet.look_on, PaperSheet.id)
            .limit(limit)
        )
    )


def sheets_to_make(actor: Actor) -> list[tuple[uuid.UUID, uuid.UUID, date]]:
    """(group, team, week) of this week's sheets that are not there, from Monday at six.

    A group gets one when it wants paper and something of its is open; of several teams the one
    that looks after most of that.
    """
    now = clock.local(clock.now())
    monday = now.date() - timedelta(days=now.weekday())
    if now < datetime.combine(monday, SHEETS_FROM, tzinfo=clock.UK):
        return []
    made = select(PaperSheet.id).where(
        PaperSheet.organisation_id == Referral.recipient_id, PaperSheet.week_of == monday
    )
    group, team = Organisation.__table__.alias("grp"), Organisation.__table__.alias("team")
    looks_after = func.coalesce(Referral.fallback_id, Referral.team_id, Referral.sender_id)
    rows = session().execute(
        select(Referral.recipient_id, team.c.id)
        .join(group, group.c.id == Referral.recipient_id)
        .join(team, team.c.id == looks_after)
        .where(
            group.c.paper,
            group.c.status == "active",
            team.c.kind == "link_worker_team",
            Referral.status.in_(lifecycle.OPEN),
            ~made.exists(),
        )
        .group_by(Referral.recipient_id, team.c.id)
        .order_by(Referral.recipient_id, func.count().desc(), team.c.id)
    )
    first: dict[uuid.UUID, uuid.UUID] = {}
    for recipient, owner in rows:
        first.setdefault(recipient, owner)
    return [(recipient, owner, monday) for recipient, owner in first.items()]


def digests_to_send(actor: Actor, limit: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(user, organisation) of those whose news is from before eight today; from eight on.

    Who is away, or has left, hears of it on the home page when they are back.
    """
    now = clock.local(clock.now())
    eight = datetime.combine(now.date(), DIGESTS_FROM, tzinfo=clock.UK)
    if now < eight:
        return []
    away = User.away_until.is_not(None) & (User.away_until >= now.date())
    rows = session().execute(
        select(News.user_id, News.organisation_id)
        .join(User, User.id == News.user_id)
        .where(News.told_in.is_(None), News.at < eight, ~away)
        .group_by(News.user_id, News.organisation_id)
        .order_by(News.user_id, News.organisation_id)
        .limit(limit)
    )
    return list({user_id: (user_id, at) for user_id, at in rows}.values())
