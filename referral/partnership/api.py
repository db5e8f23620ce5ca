"""Introductions, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core.schema import Choice
from referral.partnership import queries, schemas, services
from referral.partnership.models import Introduction
from referral.partnership.queries import Seen
from referral.web.api import (
    Blueprint,
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

LISTING = "introductions"
Answer = tuple[dict[str, Any], int, dict[str, str]]

bp = Blueprint("partnership", __name__, description="Who has met whom")


class ListArguments(PageArguments):
    """What the list of introductions takes."""

    status = Choice(schemas.STATUSES)


@bp.get("/introductions")
@arguments(ListArguments)
@answers(200, page_schema(schemas.IntroductionOut))
def introductions(asked: dict[str, Any]) -> dict[str, Any]:
    """Meetings of your organisation with others, the latest first."""
    limit = asked["limit"]
    after = decode(LISTING, asked["cursor"]) if asked["cursor"] else None
    rows = queries.introductions(
        actor(),
        (asked["status"],) if "status" in asked else (),
        limit + 1,
        (after[0], after[1]) if after else None,
    )
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode(LISTING, last.met_on, last.id) if last else None
    return page_of([_shown(row) for row in rows[:limit]], following)


@bp.post("/introductions")
@body(schemas.Introduce)
@answers(201, schemas.IntroductionOut)
@idempotent
@commits
def introduce(data: dict[str, Any]) -> Answer:
    """Say that you met; it waits until they confirm it. The same meeting said twice is one."""
    return _read(services.introduce(actor(), data), 201)


@bp.post("/introductions/<uuid:introduction_id>/confirm")
@body(schemas.ConfirmMeeting)
@answers(200, schemas.IntroductionOut)
@idempotent
@versioned
@commits
def confirm(data: dict[str, Any], introduction_id: uuid.UUID) -> Answer:
    """Yes, we met. Send ``If-Match`` with the version you saw."""
    return _read(services.confirm(actor(), introduction_id, if_match(), data))


@bp.post("/introductions/<uuid:introduction_id>/decline")
@body(schemas.DeclineMeeting)
@answers(200, schemas.IntroductionOut)
@idempotent
@versioned
@commits
def decline(data: dict[str, Any], introduction_id: uuid.UUID) -> Answer:
    """That was not us. Send ``If-Match`` with the version you saw."""
    return _read(services.decline(actor(), introduction_id, if_match(), data["reason"]))


def _read(found: Introduction, status: int = 200) -> Answer:
    return _shown(queries.introduction(actor(), found.id)), status, etag(found.version)


def _shown(row: Seen) -> dict[str, Any]:
    return vars(row) | {"organisation": {"id": row.organisation_id, "name": row.organisation}}
