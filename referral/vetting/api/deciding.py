"""Decisions, their history, and who answers for whom, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.vetting import queries, schemas, services
from referral.vetting.api.applying import read
from referral.vetting.api.blueprint import bp
from referral.vetting.queries.own import Hosted
from referral.vetting.queries.reviewing import Change
from referral.vetting.schemas import programs, shown
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

HISTORY = "checks-history"


@bp.post("/applications/<uuid:application_id>/decisions")
@body(schemas.Decide)
@answers(201, shown.ApplicationOut)
@idempotent
@versioned
@commits
def decide(data: dict[str, Any], application_id: uuid.UUID) -> Any:
    """Decide on an application. 409 with ``allowed_actions`` for what does not fit."""
    kind = data.pop("kind")
    services.decide(actor(), application_id, if_match(), kind, data)
    return read(application_id, 201)


@bp.get("/applications/<uuid:application_id>/history")
@arguments(PageArguments)
@answers(200, page_schema(shown.VettingChangeOut))
def application_history(asked: dict[str, Any], application_id: uuid.UUID) -> Any:
    """Everything that happened to an application and its answers, the newest first."""
    cursor = paging.decode(HISTORY, asked["cursor"]) if asked["cursor"] else None
    found = queries.history(actor(), application_id, limit=asked["limit"], cursor=cursor)
    following = paging.encode(HISTORY, *found.next_cursor) if found.next_cursor else None
    return page_of([_change(one) for one in found.items], following)


@bp.get("/hostings")
@answers(200, shown.HostingsOut)
def hostings() -> Any:
    """Who answers for your organisation, and for whom it answers."""
    return {"items": [_hosting(one) for one in queries.hostings(actor())]}


@bp.post("/hostings")
@body(schemas.Host)
@answers(201, shown.HostingOut)
@idempotent
@commits
def propose_hosting(data: dict[str, Any]) -> Any:
    """Offer to answer for a group, or ask an organisation to; it holds once both agreed."""
    made = services.propose(
        actor(), data["anchor_id"], data["hosted_id"], data["checks"], data["limits"]
    )
    return _read(made.id, 201)


@bp.post("/hostings/<uuid:hosting_id>/agree")
@body(programs.NothingMore)
@answers(200, shown.HostingOut)
@idempotent
@versioned
@commits
def agree_hosting(_data: dict[str, Any], hosting_id: uuid.UUID) -> Any:
    """Agree to what the other side proposed."""
    services.agree(actor(), hosting_id, if_match())
    return _read(hosting_id)


@bp.post("/hostings/<uuid:hosting_id>/end")
@body(schemas.EndHosting)
@answers(200, shown.HostingOut)
@idempotent
@versioned
@commits
def end_hosting(data: dict[str, Any], hosting_id: uuid.UUID) -> Any:
    """End it, from either side; the group then answers for itself again."""
    services.end(actor(), hosting_id, if_match(), data["reason"])
    return _read(hosting_id)


def _read(hosting_id: uuid.UUID, status: int = 200) -> Any:
    found = queries.hosting(actor(), hosting_id)
    return _hosting(found), status, etag(found.hosting.version)


def _hosting(one: Hosted) -> dict[str, Any]:
    names = shown.HostingOut._declared_fields
    made = {name: getattr(one.hosting, name) for name in names if hasattr(one.hosting, name)}
    ended = one.hosting.ended_at is not None
    return made | {
        "other": one.other,
        "in_force": one.agreed and not ended,
        "waits_for_us": one.waits_for_us and not ended,
    }


def _change(one: Change) -> dict[str, Any]:
    names = shown.VettingChangeOut._declared_fields
    made = {name: getattr(one.made, name) for name in names if hasattr(one.made, name)}
    by = ", ".join(part for part in (one.name, one.organisation) if part)
    return made | {"by": by or None, "role": one.made.actor_role}
