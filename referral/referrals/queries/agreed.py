"""Clocks that two organisations have agreed between them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from referral.core.database import session
from referral.referrals.models import ClockRule, Referral

Rules = list[tuple[str, int, date, date | None]]


def agreed_unscoped(found: Referral, day: date) -> int | None:
    """Working days that sender and recipient agreed for the referral's status, in force on ``day``.

    ``day`` is that on which the clock begins: a running clock is not changed by a later agreement.
    None when nothing was agreed. The rules of a pair are asked for once a transaction.
    """
    if found.recipient_id is None or found.recipient_id == found.sender_id:
        return None
    in_force = [
        (since, days)
        for status, days, since, until in _rules(found.sender_id, found.recipient_id)
        if status == found.status and since <= day and (until is None or day <= until)
    ]
    return max(in_force)[1] if in_force else None


def _rules(sender_id: UUID, recipient_id: UUID) -> Rules:
    known: dict[tuple[UUID, UUID], Rules] = session().info.setdefault("agreed_clocks", {})
    pair = (sender_id, recipient_id)
    if pair not in known:
        rows = session().execute(
            select(ClockRule.status, ClockRule.days, ClockRule.since, ClockRule.until).where(
                ClockRule.sender_id == sender_id, ClockRule.recipient_id == recipient_id
            )
        )
        known[pair] = [(row.status, row.days, row.since, row.until) for row in rows]
    return known[pair]
