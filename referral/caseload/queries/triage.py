"""What came to the team and waits for its answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case

from referral.accounts.permissions import Permission, permit
from referral.caseload.queries import which
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.referrals.models import Referral
from referral.referrals.queries import lists
from referral.referrals.queries.scope import in_scope

LIMIT = 100


def triage(actor: Actor, limit: int = LIMIT) -> list[dict[str, Any]]:
    """Rows as in ``lists.shown``, urgent ones first, then the longest waiting, with ``age`` in
    days, ``risk_known`` and ``asked_by``.
    """
    permit(actor, Permission.SEE_CASELOAD)
    urgent_first = case((Referral.urgency == "urgent", 0), else_=1)
    chosen = (
        lists.columns_unscoped()
        .add_columns(Referral.risk_known, Referral.asked_by)
        .where(which.to_triage(actor), in_scope(actor))
        .order_by(urgent_first, Referral.sent_at, Referral.id)
        .limit(limit)
    )
    session().flush()
    found = []
    for row in session().execute(chosen):
        shown = lists.shown(actor, row)
        shown["age"] = (clock.today() - clock.local(row.sent_at).date()).days
        shown["risk_known"], shown["asked_by"] = row.risk_known, row.asked_by
        found.append(shown)
    lists.note_listed(actor, found)
    return found


def exceptions(actor: Actor, limit: int = LIMIT) -> list[dict[str, Any]]:
    """Referrals of the team's that nobody can answer, or that went quiet; rows as in
    ``lists.shown`` with ``nobody``: nobody there can answer.
    """
    permit(actor, Permission.SEE_CASELOAD)
    nobody = which.nobody_answers(actor)
    chosen = (
        lists.columns_unscoped()
        .add_columns(case((nobody, 1), else_=0).label("nobody"))
        .where(nobody | which.gone_quiet(actor))
        .order_by(Referral.listed_on, Referral.id)
        .limit(limit)
    )
    session().flush()
    found = [
        lists.shown(actor, row) | {"nobody": bool(row.nobody)} for row in session().execute(chosen)
    ]
    lists.note_listed(actor, found)
    return found
