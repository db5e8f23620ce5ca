"""People who asked for help themselves, and offers that were declined."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.schema import Choice
from referral.referrals import queries, schemas, services
from referral.referrals.api.blueprint import bp
from referral.referrals.queries import Asked
from referral.referrals.schemas import asking as shapes
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

LISTING = "self-referrals"


class AskedArguments(PageArguments):
    """What ``GET self-referrals`` takes."""

    status = Choice(("waiting", "taken", "refused"), load_default="waiting")


@bp.post("/offers")
@body(shapes.DeclinedOffer)
@answers(201, shapes.DeclinedOfferOut)
@idempotent
@commits
def decline_offer(data: Mapping[str, Any]) -> Any:
    """Help was offered and declined: counted, and never a referral."""
    made = services.decline_offer(actor(), data["need"], data["reason"], data.get("person_id"))
    return {
        "id": made.id,
        "need": made.need,
        "reason": made.reason,
        "at": made.at,
    }, 201


@bp.get("/self-referrals")
@arguments(AskedArguments)
@answers(200, page_schema(shapes.AskedOut))
def self_referrals(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Who asked your link-worker team for help, the longest waiting first."""
    limit = asked["limit"]
    after = decode(LISTING, asked["cursor"])[0] if asked["cursor"] else None
    rows = queries.asked_for_help(actor(), asked["status"], limit + 1, after)
    end = encode(LISTING, rows[limit - 1].id) if len(rows) > limit else None
    return page_of([_plain(one) for one in rows[:limit]], end)


@bp.post("/self-referrals/<uuid:asked_id>/take")
@body(shapes.Take)
@answers(201, schemas.ReferralOut)
@versioned
@idempotent
@commits
def take_self_referral(data: Mapping[str, Any], asked_id: uuid.UUID) -> Any:
    """Make it a referral to your team: of ``person_id``, or of somebody new."""
    made = services.take(actor(), asked_id, if_match(), data)
    shown = queries.view(actor(), made)
    return shown, 201, {**etag(made.version), "Location": f"/api/v1/referrals/{made.id}"}


@bp.post("/self-referrals/<uuid:asked_id>/refuse")
@body(shapes.Refuse)
@answers(200, shapes.AskedOut)
@versioned
@idempotent
@commits
def refuse_self_referral(data: Mapping[str, Any], asked_id: uuid.UUID) -> Any:
    """Say why it becomes no referral; the person has heard it from you first."""
    services.refuse(actor(), asked_id, if_match(), data)
    found = queries.asked(actor(), asked_id)
    return _plain(found), 200, etag(found.version)


def _plain(one: Asked) -> dict[str, Any]:
    names = (
        "id", "reference", "asked_by", "status", "asked_at", "due_on", "overdue", "person",
        "asker", "practice", "needs", "reason", "refused_because", "referral_id", "version",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}
