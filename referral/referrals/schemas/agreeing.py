"""What was agreed, taken back, and said since; studies that may be asked about."""

from __future__ import annotations

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Choice, Day, Schema, Text
from referral.referrals.codes import AUTHORITIES, PERSON_SAID, SAID_HOW, SAID_MAX
from referral.referrals.consent import HOWS, TAKEN_BACK

NAME_MAX = 100


class Withdrawal(Schema):
    """``what``: being referred, what comes back, or the evaluation."""

    what = Choice(TAKEN_BACK, required=True)
    how = Choice(HOWS, load_default="program")
    by = Choice(AUTHORITIES, load_default="self")
    name = Text(max=NAME_MAX, load_default="")
    why = Text(max=300, load_default="")


class Said(Schema):
    """What a person said by telephone, at the desk or in a letter."""

    kind = Choice(PERSON_SAID, required=True)
    how = Choice(SAID_HOW, required=True)
    text = Text(max=SAID_MAX, line=False, load_default="")
    spoken_by = Text(max=NAME_MAX, load_default="")

    @validates_schema
    def says_what(self, data: dict[str, object], **_kwargs: object) -> None:
        if data.get("kind") in ("reach_me", "supporter", "plan", "other") and not data.get("text"):
            raise ValidationError({"text": [str(_("Write down what they said"))]})


class EvaluationForm(Schema):
    name = Text(required=True)
    led_by = Text(required=True)
    approval = Text(load_default="")
    words = Text(max=2000, line=False, required=True)
    asked_from = Day(required=True)
    asked_until = Day(load_default=None)

    @validates_schema
    def ends_after_it_begins(self, data: dict[str, object], **_kwargs: object) -> None:
        first, last = data.get("asked_from"), data.get("asked_until")
        if first and last and str(last) < str(first):
            raise ValidationError({"asked_until": [str(_("must not be before the first day"))]})


class ConsentOut(marshmallow.Schema):
    id = fields.UUID()
    what = fields.String()
    refer = fields.Boolean()
    feedback = fields.String()
    evaluation = fields.Boolean()
    authority = fields.String()
    how = fields.String()
    wording = fields.String()
    given_by = fields.String(allow_none=True)
    relation = fields.String(allow_none=True)
    why = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    by = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)


class ConsentsOut(marshmallow.Schema):
    items = fields.List(fields.Nested(ConsentOut))


class SaidOut(marshmallow.Schema):
    id = fields.UUID()
    kind = fields.String()
    how = fields.String()
    text = fields.String(allow_none=True)
    spoken_by = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    by = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
