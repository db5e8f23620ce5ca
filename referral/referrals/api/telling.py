"""What the person was told, what is still to be told, and which messages arrived."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.schema import Choice
from referral.outbox import queries as outbox
from referral.referrals import queries, telling
from referral.referrals.api.blueprint import bp
from referral.referrals.schemas.telling import DeliveryOut, NoticeOut, Told
from referral.referrals.services import person_notices
from referral.web.api import (
    PageArguments,
    answers,
    arguments,
    body,
    etag,
    idempotent,
    if_match,
    page_of,
    page_schema,
    versioned,
)
from referral.web.door import actor, commits
from referral.web.paging import decode, encode

LISTING = "notices"
Notices = page_schema(NoticeOut)


class NoticeArguments(PageArguments):
    """What ``GET notices`` takes."""

    state = Choice(telling.STATES)


@bp.get("/notices")
@arguments(NoticeArguments)
@answers(200, Notices)
def notices(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What your organisation tells people: letters to print, people to tell, and what is done."""
    limit = asked["limit"]
    after = decode(LISTING, asked["cursor"])[0] if asked["cursor"] else None
    rows = queries.notices(actor(), asked.get("state") or "", limit + 1, after)
    end = encode(LISTING, rows[limit - 1].id) if len(rows) > limit else None
    return page_of(list(rows[:limit]), end)


@bp.post("/notices/<uuid:notice_id>/told")
@body(Told)
@answers(200, NoticeOut)
@versioned
@idempotent
@commits
def told(data: Mapping[str, Any], notice_id: uuid.UUID) -> Any:
    """Say that somebody told the person."""
    row = person_notices.told(actor(), notice_id, if_match(), data["how"], data["note"])
    shown = next(one for one in queries.of_referral(actor(), row.referral_id) if one.id == row.id)
    return shown, 200, etag(row.version)


@bp.get("/referrals/<uuid:referral_id>/notices")
@answers(200, Notices)
def referral_notices(referral_id: uuid.UUID) -> dict[str, Any]:
    """What the person was told of one referral, the newest first."""
    return page_of(list(queries.of_referral(actor(), referral_id)), None)


@bp.get("/referrals/<uuid:referral_id>/deliveries")
@answers(200, page_schema(DeliveryOut))
def deliveries(referral_id: uuid.UUID) -> dict[str, Any]:
    """Which messages about one referral arrived, without addresses, the newest first.

    What the person was told is among its notices.
    """
    found = queries.referral(actor(), referral_id)
    rows = outbox.deliveries(actor(), found.id)
    return page_of([row for row in rows if row.reader != "person"], None)
