"""Group sessions, in and out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text
from referral.referrals.codes import ATTENDED, MISSED_REASONS
from referral.referrals.schemas.referral import Id

MARKS_MAX = 200
RESULTS = (*sorted(ATTENDED), "did_not_attend")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


class Time(Text):
    """A local time of day, ``10:30``; "" when it is not said."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        found = _TIME.fullmatch(typed) if typed else None
        if typed and found is None:
            raise ValidationError(str(_("must be a time, such as 10:30")))
        return f"{int(found[1]):02}:{found[2]}" if found else ""


class SessionForm(Schema):
    """When it was; who came is posted beside it, a choice for each person."""

    held_on = Day(past=True, required=True)
    starts = Time(max=5, load_default="")


class MarkOf(Schema):
    """``result`` null: nobody is marked, and what was marked is taken back."""

    referral_id = Id(required=True)
    result = Choice(RESULTS, required=True, allow_none=True)
    reason = Choice(MISSED_REASONS, allow_none=True)

    @validates_schema
    def reason_fits(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data.get("reason") and data.get("result") != "did_not_attend":
            rule = str(_("is only for somebody who did not come"))
            raise ValidationError({"reason": [rule]})


_MARKS_MESSAGES: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list")}


class Session(SessionForm):
    """One session of a service and who came."""

    service_id = Id(required=True)
    marks = fields.List(
        fields.Nested(MarkOf),
        required=True,
        error_messages=_MARKS_MESSAGES,
    )

    @validates_schema
    def is_not_endless(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        marks = data.get("marks", ())
        if len(marks) > MARKS_MAX:
            raise ValidationError({"marks": [str(_("must be 200 or fewer"))]})
        if len({mark["referral_id"] for mark in marks}) < len(marks):
            raise ValidationError({"marks": [str(_("must name each referral once"))]})


class SessionArguments(Schema):
    service_id = Id(required=True)


class MarkOut(marshmallow.Schema):
    referral_id = fields.UUID()
    result = fields.String()
    reason = fields.String(allow_none=True)


class SessionOut(marshmallow.Schema):
    id = fields.UUID()
    service_id = fields.UUID()
    held_on = fields.Date()
    starts = fields.String()
    version = fields.Integer()
    marks = fields.List(fields.Nested(MarkOut))


class SessionsOut(marshmallow.Schema):
    items = fields.List(fields.Nested(SessionOut))
