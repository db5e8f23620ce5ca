"""Shapes of conflicts between sources and us, and of feeds."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import fields

from referral.core.schema import Choice, Schema, Text, Whole
from referral.directory.disputes import DECISIONS, STATES
from referral.directory.schemas.entries import Version

NOTE_MAX = 1000


class ConflictDecision(Schema):
    """Whether our word stays or theirs is taken; ``entry_version`` is the entry's."""

    decision = Choice(DECISIONS, required=True)
    entry_version = Whole(required=True, min=1)
    note = Text(max=NOTE_MAX, line=False, load_default="", allow_none=True)


class ConflictDecisionForm(ConflictDecision, Version):
    """``ConflictDecision`` as a page sends it."""


class ConflictOut(marshmallow.Schema):
    """A field of which a source and we say different things: members by name."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    service_id = fields.UUID(allow_none=True, required=True)
    organisation_id = fields.UUID(allow_none=True, required=True)
    name = fields.String(required=True)
    entry_version = fields.Integer(required=True)
    source = fields.String(required=True)
    field = fields.String(required=True)
    ours: fields.Field[Any] = fields.Dict(required=True)
    theirs: fields.Field[Any] = fields.Dict(required=True)
    status = fields.String(required=True, validate=marshmallow.validate.OneOf(list(STATES)))
    found_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(allow_none=True, required=True)
    note = fields.String(required=True)


class FeedOut(marshmallow.Schema):
    """A feed that is followed, and where it stands."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    locality_id = fields.UUID(allow_none=True, required=True)
    next_page = fields.Integer(required=True)
    complete_until = fields.AwareDateTime(allow_none=True, required=True)
    last_run_at = fields.AwareDateTime(allow_none=True, required=True)
    last_error = fields.String(required=True)
