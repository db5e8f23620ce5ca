"""Corrections and claims, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core.schema import Choice
from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
from referral.directory.remarks import CLAIM_STATES, CORRECTION_STATES
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

CORRECTIONS, CLAIMS = "corrections", "claims"


class CorrectionsArguments(PageArguments):
    """What ``GET corrections`` takes."""

    status = Choice(CORRECTION_STATES, load_default="open")


class ClaimsArguments(PageArguments):
    """What ``GET claims`` takes."""

    status = Choice(CLAIM_STATES, load_default="waiting")


@bp.post("/services/<uuid:service_id>/corrections")
@body(schemas.Correction)
@answers(201, schemas.Kept)
@idempotent
@commits
def suggest(data: dict[str, Any], service_id: uuid.UUID) -> Any:
    """Say what is wrong with an entry; the reply goes to the user's email address."""
    made = verbs.suggest(actor(), service_id, data["about"], data["text"])
    return {"id": made.id, "status": made.status}, 201


@bp.get("/corrections")
@arguments(CorrectionsArguments)
@answers(200, page_schema(schemas.CorrectionOut))
def corrections(asked: dict[str, Any]) -> Any:
    """Corrections of the entries you keep."""
    rows = queries.corrections(
        actor(), asked["status"], asked["limit"] + 1, _after(asked, CORRECTIONS)
    )
    return _page(rows, asked["limit"], CORRECTIONS)


@bp.post("/corrections/<uuid:correction_id>/decide")
@body(schemas.CorrectionAnswer)
@answers(200, schemas.CorrectionOut)
@versioned
@idempotent
@commits
def decide_correction(data: dict[str, Any], correction_id: uuid.UUID) -> Any:
    """Say what became of a correction; whoever wrote it is told."""
    verbs.decide_correction(actor(), correction_id, if_match(), data["outcome"], data["reply"])
    found = queries.correction(actor(), correction_id)
    return _plain(found), 200, etag(found.version)


@bp.post("/organisations/<uuid:organisation_id>/claims")
@body(schemas.Claim)
@answers(201, schemas.Kept)
@idempotent
@commits
def claim(data: dict[str, Any], organisation_id: uuid.UUID) -> Any:
    """Say that an organisation is somebody's own; a person checks it."""
    made = verbs.claim(actor(), organisation_id, data)
    return {"id": made.id, "status": made.status}, 201


@bp.get("/claims")
@arguments(ClaimsArguments)
@answers(200, page_schema(schemas.ClaimOut))
def claims(asked: dict[str, Any]) -> Any:
    """Claims you may decide."""
    rows = queries.claims(actor(), asked["status"], asked["limit"] + 1, _after(asked, CLAIMS))
    return _page(rows, asked["limit"], CLAIMS)


@bp.post("/claims/<uuid:claim_id>/decide")
@body(schemas.ClaimDecision)
@answers(200, schemas.ClaimOut)
@versioned
@idempotent
@commits
def decide_claim(data: dict[str, Any], claim_id: uuid.UUID) -> Any:
    """Approve a claim, which invites its author to manage the organisation, or refuse it."""
    verbs.decide_claim(actor(), claim_id, if_match(), data["outcome"], data["reason"] or "")
    found = queries.claim(actor(), claim_id)
    return vars(found), 200, etag(found.version)


def _after(asked: dict[str, Any], listing: str) -> uuid.UUID | None:
    found: uuid.UUID | None = (
        paging.decode(listing, asked["cursor"])[0] if asked["cursor"] else None
    )
    return found


def _page(rows: list[Any], limit: int, listing: str) -> Any:
    more = paging.encode(listing, rows[limit - 1].id) if len(rows) > limit else None
    return page_of([_plain(row) for row in rows[:limit]], more)


def _plain(row: Any) -> dict[str, Any]:
    shown = dict(vars(row))
    if "sender" in shown:
        shown["sender"] = str(shown["sender"])
    return shown
