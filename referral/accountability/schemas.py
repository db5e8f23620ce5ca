"""The shape of the figures as programs ask for them and read them."""

from __future__ import annotations

import marshmallow
from marshmallow import fields, validate

from referral.accountability.figures import MONTHS
from referral.core.schema import Schema, Whole


class Wish(Schema):
    """``months``: 3, 6 or 12. ``organisation_id``: not one's own, where that is allowed."""

    months = Whole(load_default=6, validate=validate.OneOf(MONTHS))
    organisation_id = fields.UUID(load_default=None)


class PeriodOut(marshmallow.Schema):
    """First and last day, both counted."""

    months = fields.Integer(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)


class FigureOut(marshmallow.Schema):
    """``value`` is null when there is nothing to say, or too few for a number (``suppressed``)."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.Float(required=True, allow_none=True)
    unit = fields.String(required=True)
    n = fields.Integer(required=True, allow_none=True)
    definition = fields.String(required=True)
    side = fields.String(required=True)
    suppressed = fields.Boolean(required=True)


class ReportOut(marshmallow.Schema):
    period = fields.Nested(PeriodOut, required=True)
    as_at = fields.AwareDateTime(required=True, format="iso")
    figures = fields.List(fields.Nested(FigureOut), required=True)
