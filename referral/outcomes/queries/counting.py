"""What came of it, as a statement can count it: whose word, what is known, between which days.

The rules are those of ``results``: what a form said counts while the step that it finished stands,
what the person said themselves always does.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_
from sqlalchemy.orm import aliased

from referral.core import clock
from referral.outcomes.models import Result
from referral.outcomes.results import FORM, PERSON, PROVIDER
from referral.referrals.models import Referral

KNOWN = ("met", "partly_met", "not_met")
FINISHED = ("completed", "ended_early", "closed")
Hers, Theirs = aliased(Result, name="hers"), aliased(Result, name="theirs")


def with_words_unscoped(chosen: Any) -> Any:
    """Join what each side said overall of the referral."""
    return chosen.outerjoin(Hers, _of(Hers, PERSON)).outerjoin(Theirs, _of(Theirs, PROVIDER))


def _of(word: Any, told_by: str) -> ColumnElement[bool]:
    return and_(
        word.referral_id == Referral.id,
        word.about == "overall",
        word.told_by == told_by,
        or_(word.how != FORM, word.at >= Referral.finished_at),
    )


# What the person said, and what is known when both are heard.
SAID: ColumnElement[Any] = case(
    (Hers.id.is_not(None), Hers.outcome),
    (Theirs.how == FORM, null()),
    (Referral.told_by.in_((PERSON, "both")), Referral.outcome),
    else_=null(),
)
KNOWN_OUTCOME: ColumnElement[Any] = case(
    (Referral.outcome.in_(KNOWN), Referral.outcome),
    (Hers.outcome.in_(KNOWN), Hers.outcome),
    else_=null(),
)

# When the help itself began: at the latest when it was completed, if nobody said so before.
began: ColumnElement[Any] = func.coalesce(
    Referral.started_at,
    Referral.first_contact_at,
    case((Referral.end_reason.is_(None), Referral.finished_at), else_=null()),
)


def finished_between_unscoped(first: date, last: date) -> ColumnElement[bool]:
    """Finished on one of these local days, both counted, and still so."""
    since = datetime.combine(first, time.min, clock.UK)
    until = datetime.combine(date.fromordinal(last.toordinal() + 1), time.min, clock.UK)
    return and_(
        Referral.status.in_(FINISHED),
        Referral.finished_at >= since,
        Referral.finished_at < until,
    )
