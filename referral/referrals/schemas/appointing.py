"""The bodies of appointments: days and times are local."""

from __future__ import annotations

import re
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text, Whole, Yes
from referral.referrals.codes import APPOINTMENTS, CHANNELS, MISSED_REASONS, PLACES, RESULTS

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
NOTE = 1000
# Kinds of ``codes.APPOINTMENTS`` at which no group is met for the first time.
ALONE = tuple(kind for kind in APPOINTMENTS if kind not in ("joint", "turn_up"))
DAY_LONG = 24 * 60


class TimeOfDay(Text):
    """``9:30`` or ``09.30``, as ``09:30``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=5, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        found = _CLOCK.fullmatch(typed)
        if found is None:
            raise ValidationError(str(_("must be a time such as 10:30")))
        return f"{int(found[1]):02d}:{found[2]}"


class When(Schema):
    """A new day and time."""

    on = Day(future=True, required=True)
    time = TimeOfDay(required=True)
    minutes = Whole(min=5, max=DAY_LONG, load_default=60)


class Appoint(When):
    """A day with the person alone; with a group it is ``schemas.introducing``'s."""

    kind = Choice(ALONE, required=True)
    place = Choice(PLACES, required=True)
    where = Text(max=200, load_default="")
    note = Text(max=NOTE, line=False, load_default="")
    remind = Yes(load_default=True)


class HowItWent(Schema):
    """How it went; it is logged as a contact of the referral."""

    result = Choice(RESULTS, required=True, error_messages=REQUIRED)
    reason = Choice(MISSED_REASONS)
    channel = Choice(CHANNELS)
    note = Text(max=NOTE, line=False)

    @validates_schema
    def reason_fits(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("reason") and data.get("result") != "did_not_attend":
            raise ValidationError({"reason": [str(_("is only for somebody who did not come"))]})


class AppointmentOut(marshmallow.Schema):
    """An appointment as its referral's page and a program read it."""

    id = fields.UUID()
    referral_id = fields.UUID()
    reference = fields.String()
    kind = fields.String()
    place = fields.String()
    at = fields.AwareDateTime(format="iso")
    minutes = fields.Integer()
    state = fields.String()
    remind = fields.Boolean()
    where = fields.String()
    note = fields.String()
    joint_with_id = fields.UUID(allow_none=True)
    service_id = fields.UUID(allow_none=True)
    version = fields.Integer()
