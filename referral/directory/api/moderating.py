"""Changes that wait for a look, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import jsonify

from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
from referral.directory.models import ProposedChange
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

CHANGES = "changes"


@bp.get("/changes")
@arguments(PageArguments)
@answers(200, page_schema(schemas.ChangeOut))
def changes(asked: dict[str, Any]) -> Any:
    """The changes that wait, oldest first: all for keepers, their own for organisations."""
    cursor = paging.decode(CHANGES, asked["cursor"]) if asked["cursor"] else None
    found = queries.changes(actor(), asked["limit"], cursor)
    following = paging.encode(CHANGES, *found.next_cursor) if found.next_cursor else None
    return page_of([_shown(one.change, one.name) for one in found.items], following)


@bp.get("/changes/<uuid:change_id>")
@answers(200, schemas.WholeChangeOut)
def change(change_id: uuid.UUID) -> Any:
    """One change, field by field."""
    found = queries.change(actor(), change_id)
    return _whole(found), 200, etag(found.change.version)


@bp.post("/changes/<uuid:change_id>/accept")
@body(schemas.Acceptance)
@answers(200, schemas.WholeChangeOut)
@versioned
@idempotent
@commits
def accept_change(data: dict[str, Any], change_id: uuid.UUID) -> Any:
    """Accept a change; ``trusting`` lets the organisation's further changes show at once."""
    verbs.accept_change(actor(), change_id, if_match(), **data)
    found = queries.change(actor(), change_id)
    return _whole(found), 200, etag(found.change.version)


@bp.post("/changes/<uuid:change_id>/refuse")
@body(schemas.Refusal)
@answers(200, schemas.WholeChangeOut)
@versioned
@idempotent
@commits
def refuse_change(data: dict[str, Any], change_id: uuid.UUID) -> Any:
    """Leave the entry as it is; the organisation reads the reason."""
    verbs.refuse_change(actor(), change_id, if_match(), data["reason"])
    found = queries.change(actor(), change_id)
    return _whole(found), 200, etag(found.change.version)


def change_shown(change_id: uuid.UUID, status: int) -> Any:
    """A change in place of what it would have made; made whole here, for it has its own shape."""
    found = queries.change(actor(), change_id)
    answer = jsonify(schemas.WholeChangeOut().dump(_whole(found)))
    answer.status_code = status
    answer.headers["ETag"] = etag(found.change.version)["ETag"]
    return answer


def _shown(found: ProposedChange, name: str) -> dict[str, Any]:
    names = [name for name in schemas.ChangeOut._declared_fields if name != "name"]
    return {name: getattr(found, name) for name in names} | {"name": name}


def _whole(found: queries.Proposal) -> dict[str, Any]:
    rows = [
        {
            "field": field.name,
            "label": str(field.label),
            "now": field.now,
            "after": field.after,
            "changed_meanwhile": field.meanwhile,
        }
        for field in found.proposed
    ]
    return _shown(found.change, found.name) | {"entry_version": found.version, "fields_": rows}
