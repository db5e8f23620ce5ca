"""The message back in and out: what may be written, and what a reader has of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Schema, Text
from referral.outcomes.drafting import LONGEST, words
from referral.referrals.schemas.bodies import NOTE_MAX, SUMMARY_MAX


class MessageIn(Schema):
    """What was done, what was tried and stopped, and the paragraph; blank: drafted by rules."""

    done = Text(max=SUMMARY_MAX, line=False, load_default="")
    not_worked = Text(max=SUMMARY_MAX, line=False, load_default="")
    summary = Text(max=SUMMARY_MAX, line=False, load_default="")

    @validates_schema
    def is_short(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if words(data.get("summary") or "") > LONGEST:
            rule = _("must be {max} words or fewer", max=LONGEST)
            raise ValidationError(str(rule), "summary")


class QuestionIn(Schema):
    """A question to who supported the person."""

    text = Text(max=NOTE_MAX, line=False, required=True)


class ThanksIn(Schema):
    """``{}``."""


class WordOut(marshmallow.Schema):
    outcome = fields.String(required=True)
    told_by = fields.String(required=True)
    reason = fields.String(required=True)


class GoalToldOut(marshmallow.Schema):
    text = fields.String(required=True)
    said = fields.List(fields.Nested(WordOut), required=True)


class MeasuredOut(marshmallow.Schema):
    name = fields.String(required=True)
    before = fields.Float(required=True)
    after = fields.Float(required=True)
    better = fields.Boolean(required=True, allow_none=True)


class CameOut(marshmallow.Schema):
    came = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    first = fields.Date(required=True, allow_none=True)
    last = fields.Date(required=True, allow_none=True)


class MessageBodyOut(marshmallow.Schema):
    """The fields of PRSB's Social Prescribing message that the reader may have; others are empty.

    ``actions`` null: nobody has said, or the reader may not know; ``[]``: none.
    """

    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    born = fields.Date(required=True, allow_none=True)
    practice_code = fields.String(required=True)
    referrer = fields.String(required=True)
    referrer_service = fields.String(required=True)
    referrer_organisation = fields.String(required=True)
    referrer_contact = fields.String(required=True)
    referred_to = fields.String(required=True)
    return_to = fields.String(required=True)
    problem = fields.String(required=True)
    risks = fields.String(required=True)
    finished_on = fields.Date(required=True, allow_none=True)
    actions = fields.List(fields.String(), required=True, allow_none=True)
    results = fields.List(fields.Nested(WordOut), required=True)
    end_reason = fields.String(required=True)
    done = fields.String(required=True)
    not_worked = fields.String(required=True)
    attendance = fields.Nested(CameOut, required=True, allow_none=True)
    goals = fields.List(fields.Nested(GoalToldOut), required=True)
    measured = fields.List(fields.Nested(MeasuredOut), required=True)
    comment = fields.String(required=True)
    safeguarding = fields.Date(required=True, allow_none=True)
    author = fields.String(required=True)
    author_organisation = fields.String(required=True)
    paragraph = fields.String(required=True)


class MessageOut(marshmallow.Schema):
    """``message`` null: nothing comes back to this reader. ``draft``: the paragraph as they have
    it. ``goes_on``: the practice has the words from that day, the person reads first.
    """

    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    level = fields.String(required=True)
    message = fields.Nested(MessageBodyOut, required=True, allow_none=True)
    draft = fields.String(required=True)
    missing = fields.List(fields.String(), required=True)
    editable = fields.Boolean(required=True)
    goes_on = fields.Date(required=True, allow_none=True)
    delivered = fields.Boolean(required=True)
    opened_at = fields.AwareDateTime(required=True, allow_none=True)
    thanked_at = fields.AwareDateTime(required=True, allow_none=True)
    unread_actions = fields.Integer(required=True)


class ThanksOut(marshmallow.Schema):
    """``new``: nobody of the practice had said so before."""

    new = fields.Boolean(required=True)
