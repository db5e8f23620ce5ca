"""What the clock does to a letter that is not posted and a person nobody has told."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox.models import OutboxMessage
from referral.referrals import clocks, notifications, telling
from referral.referrals import sweep as rules
from referral.referrals.models import PersonNotice, Referral
from referral.referrals.notifications import Address
from referral.referrals.services.person_notices import making, releasing

PATHS = {"letter": "/letters", "tell": "/tell"}
TEMPLATES = {"letter": "letters_due.txt", "tell": "tell_overdue.txt"}


def look_at(actor: Actor, notice_id: uuid.UUID) -> str:
    """See that what waits is done: told to its owner when overdue, then to their manager or lead.

    Answers what was done: ``dropped``, ``changed``, ``told`` or "".
    """
    found, notice = releasing.taken(actor, notice_id)
    today = clock.today()
    if notice.state != "waiting" or notice.look_on is None or notice.look_on > today:
        return ""
    way = releasing.way_of(actor, found)
    if way is None or releasing.silent(found, notice):
        making.put_aside(notice)
        session().flush()
        return "dropped"
    if way == "tell" and notice.channel == "letter" and notice.printed_at is None:
        # It is not safe to write any more: somebody has to see the person.
        releasing.take_way(actor, found, notice, "tell")
        return "changed"
    told = _tell(actor, found, notice)
    assert notice.due_on is not None  # noqa: S101 - whatever waits has a day
    notice.look_on = clocks.next_late_look_on(
        notice.due_on,
        telling.days(notice.channel) or 1,
        accounts.calendar_of(notice.owner_id),
        today=today,
    )
    session().flush()
    return "told" if told else ""


def settle(actor: Actor, notice_id: uuid.UUID) -> bool:
    """A text or an email has left: the person has been told."""
    _found, notice = releasing.taken(actor, notice_id)
    if notice.state != "queued":
        return False
    sent_at = session().scalar(
        select(OutboxMessage.sent_at).where(OutboxMessage.key == f"notice:{notice.key}")
    )
    if sent_at is None:
        return False
    notice.state, notice.how, notice.done_at = "done", notice.channel, sent_at
    notice.version += 1
    session().flush()
    return True


def _tell(actor: Actor, found: Referral, notice: PersonNotice) -> int:
    calendar = accounts.calendar_of(notice.owner_id)
    today, days = clock.today(), telling.days(notice.channel) or 1
    assert notice.due_on is not None  # noqa: S101 - as above
    late = rules.lateness(notice.due_on, days, calendar, today)
    tried = telling.attempt_of(notice.key) > telling.TRIES_TO_TELL
    told = _owner(notice)
    if late >= 1 or tried:
        told += notifications.to_roles(
            actor, notice.owner_id, "practice_manager", "link_worker_lead"
        )
    # One message a day says it for all that wait.
    return sum(
        notifications.post(
            actor,
            key=f"notices:{notice.channel}:{notice.owner_id}:{today.isoformat()}",
            address=one,
            template=TEMPLATES[notice.channel],
            path=PATHS[notice.channel],
            context={"due": notice.due_on},
            subject_id=notice.owner_id,
        )
        for one in notifications.once(told)
    )


def _owner(notice: PersonNotice) -> list[Address]:
    if notice.owner_user_id is not None:
        told = accounts.told_unscoped(notice.owner_user_id, notice.owner_id)
        if told is not None and told.is_there:
            return [notifications.of_user(told, notice.owner_id)]
    return notifications.box(notice.owner_id)
