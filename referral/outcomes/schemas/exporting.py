"""What an organisation asks of its own data, and the places that somebody pays it for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, post_load, validates_schema

from referral.core import clock
from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text, Whole
from referral.outcomes.own_data import COLUMNS, GROUPS, MONTHS_MAX, USUAL, USUAL_GROUPS, WAYS
from referral.referrals.schemas.referral import Id

PEOPLE_MAX = 100_000
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Month(fields.Field[date]):
    """``2026-06``: the first day of a month that has begun."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be a month, such as 2026-06"),
        "future": _("must be a month that has begun"),
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        found = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid")
        first = date(int(found[1]), int(found[2]), 1)
        if first > clock.today():
            raise self.make_error("future")
        return first


class OwnData(Schema):
    """``way`` of ``own_data.WAYS``; months, both counted; columns of one, groups of the other."""

    way = Choice(WAYS, required=True)
    first = Month(required=True)
    last = Month(required=True)
    columns = fields.List(Choice(COLUMNS), load_default=lambda: list(USUAL))
    groups = fields.List(Choice(GROUPS), load_default=lambda: list(USUAL_GROUPS))

    @validates_schema
    def _in_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        months = _number(data["last"]) - _number(data["first"]) + 1
        if months < 1:
            raise ValidationError({"last": [str(_("must not be before the first month"))]})
        if months > MONTHS_MAX:
            raise ValidationError(
                {"last": [str(_("must be within {most} months of the first", most=MONTHS_MAX))]}
            )

    @post_load
    def _to_its_end(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """``last`` is the last day of its month."""
        after = _number(data["last"]) + 1
        following = date(after // 12, after % 12 + 1, 1)
        return data | {"last": date.fromordinal(following.toordinal() - 1)}


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


class Paid(Schema):
    """Places that somebody pays for: ``people`` a year, of one service or of all."""

    funder = Text(required=True)
    people = Whole(min=0, max=PEOPLE_MAX, required=True)
    service_id = Id(load_default=None, allow_none=True)
    first = Day(required=True)
    last = Day(required=True)
    version = Whole(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["last"] < data["first"]:
            raise ValidationError({"last": [str(_("must not be before the first day"))]})


class Remove(Schema):
    """Taken out: the version that was seen."""

    version = Whole(required=True)


class ServiceResultOut(marshmallow.Schema):
    """Of ``people`` who finished, ``met`` got what they needed; ``said_so`` of these said so
    themselves. ``low`` and ``high``: the 95% interval of the share, in per cent.
    """

    service_id = fields.UUID(required=True)
    name = fields.String(required=True)
    people = fields.Integer(required=True)
    met = fields.Integer(required=True)
    said_so = fields.Integer(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    story = fields.String(required=True)
    story_by = fields.String(required=True)


class ServiceResultsOut(marshmallow.Schema):
    """Services with fewer than ten known outcomes are not there."""

    items = fields.List(fields.Nested(ServiceResultOut), required=True)
