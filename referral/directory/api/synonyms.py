"""The words people search by, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core.schema import Text
from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
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

LISTING = "synonyms"


class SynonymsArguments(PageArguments):
    """What ``GET synonyms`` takes."""

    text = Text(max=100, load_default="")


@bp.get("/synonyms")
@arguments(SynonymsArguments)
@answers(200, page_schema(schemas.SynonymItem))
def synonyms(asked: dict[str, Any]) -> Any:
    """Words and what they also find, in alphabetical order."""
    after = paging.decode(LISTING, asked["cursor"])[0] if asked["cursor"] else None
    rows = queries.synonyms(actor(), asked["text"], asked["limit"] + 1, after)
    shown = rows[: asked["limit"]]
    following = paging.encode(LISTING, shown[-1].word) if len(rows) > len(shown) else None
    return page_of(shown, following)


@bp.post("/synonyms")
@body(schemas.Synonym)
@answers(201, schemas.SynonymItem)
@idempotent
@commits
def add_synonym(data: dict[str, Any]) -> Any:
    """Add a word."""
    made = verbs.add_synonym(actor(), data)
    return made, 201, etag(made.version)


@bp.get("/synonyms/<uuid:synonym_id>")
@answers(200, schemas.SynonymItem)
def synonym(synonym_id: uuid.UUID) -> Any:
    """One word."""
    found = queries.synonym(actor(), synonym_id)
    return found, 200, etag(found.version)


@bp.put("/synonyms/<uuid:synonym_id>")
@body(schemas.Synonym)
@answers(200, schemas.SynonymItem)
@versioned
@idempotent
@commits
def edit_synonym(data: dict[str, Any], synonym_id: uuid.UUID) -> Any:
    """Change a word."""
    found = verbs.edit_synonym(actor(), synonym_id, if_match(), data)
    return found, 200, etag(found.version)


@bp.delete("/synonyms/<uuid:synonym_id>")
@answers(204)
@versioned
@idempotent
@commits
def remove_synonym(synonym_id: uuid.UUID) -> Any:
    """Take a word away."""
    verbs.remove_synonym(actor(), synonym_id, if_match())
    return "", 204
