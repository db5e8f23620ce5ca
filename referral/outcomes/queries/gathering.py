"""What one select brings of a referral for the message back, beside what its own page has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from referral.accounts.models import AnswerContact, Organisation, Team, User
from referral.core.audit import AuditEvent, AuditSubject
from referral.outcomes.models import Report, Thanks
from referral.referrals.models import Referral, StatusChange, Thread
from referral.referrals.queries import rows

ENDINGS = ("complete", "end", "person_gone")
VIEWED = "message:viewed"
# What stands on the referral's own page is read there as well.
OPENED = (VIEWED, "referral:viewed")

Code = aliased(Organisation, name="code")
Sent = aliased(User, name="sent_by")
Wrote = aliased(User, name="wrote")
Ended = aliased(User, name="ended_by")
Ending = aliased(StatusChange, name="ending")
Group = aliased(AnswerContact, name="ended_by_contact")
ReturnTo = aliased(Team, name="return_to")


def with_message_unscoped() -> Select[Any]:
    """The row of ``rows.whole_unscoped`` and what a message says beside it."""
    last = (
        select(func.max(StatusChange.number))
        .where(
            StatusChange.referral_id == Referral.id,
            StatusChange.verb.in_(ENDINGS),
            StatusChange.undone.is_(False),
        )
        .correlate(Referral)
        .scalar_subquery()
    )
    concern = (
        select(func.min(Thread.raised_at))
        .where(Thread.referral_id == Referral.id, Thread.kind == "safeguarding")
        .correlate(Referral)
        .scalar_subquery()
    )
    opened = (
        select(func.min(AuditEvent.at))
        .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
        .where(
            AuditSubject.subject_id == Referral.id,
            AuditEvent.event.in_(OPENED),
            AuditEvent.organisation_id.in_((Referral.sender_id, Referral.practice_id)),
            AuditEvent.at >= Referral.finished_at,
            AuditEvent.at >= func.coalesce(Report.updated_at, Referral.finished_at),
        )
        .correlate(Referral, Report)
        .scalar_subquery()
    )
    chosen: Select[Any] = rows.whole_unscoped()
    return (
        chosen.add_columns(
            Report,
            Ending,
            Code.ods_code.label("practice_code"),
            rows.Sender.email.label("sender_email"),
            Sent.name.label("sent_by_name"),
            Wrote.name.label("wrote_name"),
            Ended.name.label("ended_by_name"),
            Group.id.label("group_id"),
            Group.details_sealed.label("group_sealed"),
            ReturnTo.name.label("return_to_name"),
            Thanks.at.label("thanked_at"),
            concern.label("concern_at"),
            opened.label("opened_at"),
        )
        .outerjoin(Report, Report.referral_id == Referral.id)
        .outerjoin(Ending, and_(Ending.referral_id == Referral.id, Ending.number == last))
        .outerjoin(Code, Code.id == func.coalesce(Referral.practice_id, Referral.sender_id))
        .outerjoin(Sent, Sent.id == Referral.sent_by_id)
        .outerjoin(Wrote, Wrote.id == Report.by_user_id)
        .outerjoin(Ended, Ended.id == Ending.actor_id)
        .outerjoin(Group, and_(Ending.actor_kind == "safe_link", Group.id == Ending.actor_id))
        .outerjoin(ReturnTo, ReturnTo.id == Referral.return_to_id)
        .outerjoin(Thanks, Thanks.referral_id == Referral.id)
    )
