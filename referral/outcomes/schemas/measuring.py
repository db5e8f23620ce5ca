"""Shapes of measures and their answers, in and out: one schema for the form, programs and files."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text, Yes
from referral.outcomes import answers
from referral.outcomes.measures import MOMENTS
from referral.referrals.schemas.referral import Id

KEY_MAX, EDITION_MAX, REFERENCE_MAX = 40, 10, 40
ROWS_MAX = 500


class Answers(fields.Dict):
    """``{item: whole number, "not_said" or "dont_know"}``; what was not asked is left out."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be an object")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.Raw(allow_none=True), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        raw: dict[str, Any] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call] # theirs
        found, wrong = answers.read_all({key[:KEY_MAX]: said for key, said in raw.items()})
        if wrong:
            raise ValidationError(wrong)
        return found


class AnsweredByThem(Schema):
    """What the person says at their own page: the day is today."""

    measure = Text(max=KEY_MAX, required=True)
    edition = Text(max=EDITION_MAX, required=True)
    answers = Answers(load_default=dict)
    goal_id = Id(allow_none=True, load_default=None)


class MeasureIn(AnsweredByThem):
    """A measure answered once. ``answered_on``: since the referral was sent, today or before."""

    moment = Choice(MOMENTS, required=True)
    answered_on = Day(past=True, required=True)


class MeasureRow(MeasureIn):
    """A line of many: the referral by the reference that people read out."""

    reference = Text(max=REFERENCE_MAX, required=True)


class BringAnswers(Schema):
    """``dry_run``: say what would become of each row, and keep nothing."""

    rows = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=marshmallow.validate.Length(1, ROWS_MAX),
        error_messages=REQUIRED,
    )
    dry_run = Yes(load_default=False)


class StrikeAnswer(Schema):
    """Why an answer was written down by mistake."""

    reason = Choice(answers.REASONS, required=True)


class Licence(Schema):
    """An organisation's licence for a measure; ``until``: its last day."""

    reference = Text(max=100, required=True)
    since = Day(required=True)
    until = Day(allow_none=True, load_default=None)


class MeasureItemOut(marshmallow.Schema):
    """``options`` are ``[words, number]``; without them a number from ``low`` to ``high``."""

    key = fields.String(required=True)
    text = fields.String(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    better = fields.String(required=True)
    anchors = fields.List(fields.Raw(), required=True)
    options = fields.List(fields.Raw(), required=True)


class MeasureOut(marshmallow.Schema):
    """A measure to ask in exactly these words, in this order."""

    key = fields.String(required=True)
    edition = fields.String(required=True)
    title = fields.String(required=True)
    source = fields.String(required=True)
    preamble = fields.String(required=True)
    summed = fields.Boolean(required=True)
    moments = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(MeasureItemOut), required=True)


class MeasuresOut(marshmallow.Schema):
    items = fields.List(fields.Nested(MeasureOut), required=True)


class MeasureAnsweredOut(marshmallow.Schema):
    """``score`` and ``band`` only where every item was answered and the measure has a sum."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    measure = fields.String(required=True)
    edition = fields.String(required=True)
    moment = fields.String(required=True)
    answered_on = fields.Date(required=True)
    entered = fields.String(required=True)
    goal_id = fields.UUID(required=True, allow_none=True)
    answers = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    score = fields.Float(required=True, allow_none=True)
    band = fields.String(required=True, allow_none=True)
    bands = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    struck = fields.Boolean(required=True)


class MeasureChangedOut(marshmallow.Schema):
    """``said``: the change in words; ``better`` null where nothing changed or neither way is."""

    measure = fields.String(required=True)
    edition = fields.String(required=True)
    item = fields.String(required=True)
    goal_id = fields.UUID(required=True, allow_none=True)
    before = fields.Float(required=True)
    after = fields.Float(required=True)
    better = fields.Boolean(required=True, allow_none=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    said = fields.String(required=True)


class ReferralMeasuresOut(marshmallow.Schema):
    """``offered``: the keys of what may be asked now."""

    referral_id = fields.UUID(required=True)
    offered = fields.List(fields.String(), required=True)
    answered = fields.List(fields.Nested(MeasureAnsweredOut), required=True)
    changed = fields.List(fields.Nested(MeasureChangedOut), required=True)


class MeasureLineOut(marshmallow.Schema):
    """``what``: ``kept``, ``unchanged`` or ``refused``, and then ``why``."""

    line = fields.Integer(required=True)
    reference = fields.String(required=True)
    what = fields.String(required=True)
    why = fields.String(required=True)


class MeasureReportOut(marshmallow.Schema):
    lines = fields.List(fields.Nested(MeasureLineOut), required=True)
    kept = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
