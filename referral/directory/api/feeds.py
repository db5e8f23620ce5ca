"""Feeds, and where a source and we disagree, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core.schema import Choice
from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
from referral.directory.disputes import STATES
from referral.directory.queries import Disputed
from referral.web import paging
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

CONFLICTS = "conflicts"


class ConflictsArguments(PageArguments):
    """What ``GET conflicts`` takes."""

    status = Choice(STATES, load_default="open")


@bp.get("/feeds")
@answers(200, page_schema(schemas.FeedOut))
def feeds() -> Any:
    """The feeds this directory follows. They are added by command only."""
    return page_of(queries.feeds(actor()), None)


@bp.get("/conflicts")
@arguments(ConflictsArguments)
@answers(200, page_schema(schemas.ConflictOut))
def conflicts(asked: dict[str, Any]) -> Any:
    """Fields changed here and at their source since; nothing of ours was overwritten."""
    limit, cursor = asked["limit"], asked["cursor"]
    after = paging.decode(CONFLICTS, cursor)[0] if cursor else None
    rows = queries.conflicts(actor(), asked["status"], limit=limit + 1, after=after)
    more = paging.encode(CONFLICTS, rows[limit - 1].conflict.id) if len(rows) > limit else None
    return page_of([_plain(row) for row in rows[:limit]], more)


@bp.post("/conflicts/<uuid:conflict_id>/decide")
@body(schemas.ConflictDecision)
@answers(200, schemas.ConflictOut)
@versioned
@idempotent
@commits
def decide_conflict(data: dict[str, Any], conflict_id: uuid.UUID) -> Any:
    """Keep our word or take theirs; the first to decide wins."""
    verbs.decide_conflict(
        actor(),
        conflict_id,
        if_match(),
        data["entry_version"],
        data["decision"],
        data["note"] or "",
    )
    found = queries.conflict(actor(), conflict_id)
    return _plain(found), 200, etag(found.conflict.version)


def _plain(found: Disputed) -> dict[str, Any]:
    names = [name for name in schemas.ConflictOut._declared_fields if hasattr(found.conflict, name)]
    return {name: getattr(found.conflict, name) for name in names} | {
        "name": found.name,
        "entry_version": found.entry_version,
    }
