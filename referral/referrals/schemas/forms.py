"""What a page asks where people say it otherwise than a program: read into the verb's body.

Weeks instead of a date, a button that says that there is nothing for the practice to do, a try that
was made on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from referral.core import clock
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.core.schema import Choice, Day, Schema, Text, Whole
from referral.referrals.codes import (
    ATTENDED,
    CHANNELS,
    END_REASONS,
    MISSED_REASONS,
    OUTCOMES,
    RESULTS,
    TOLD_BY,
)
from referral.referrals.schemas.bodies import ACTIONS_MAX, BODIES, NOTE_MAX, SUMMARY_MAX

WEEKS_MAX = 100
# About when it was, for who does not remember the minute.
PARTS = {"morning": time(10), "afternoon": time(14), "evening": time(18)}
# Somebody who came, or did not, was met in person, or where people can meet.
IN_PERSON = ATTENDED | {"did_not_attend"}
MEETS = frozenset({"visit", "video", "phone"})


class Waitlist(Schema):
    """Weeks are what people say; the date follows."""

    weeks = Whole(min=1, max=WEEKS_MAX, required=True)
    note = Text(max=NOTE_MAX, line=False)


class ContactMade(Schema):
    """``on`` and ``part``: not just now, but that day; without ``on`` it was now."""

    channel = Choice(CHANNELS)
    result = Choice(RESULTS, required=True)
    reason = Choice(MISSED_REASONS)
    on = Day(past=True)
    part = Choice(PARTS)
    note = Text(max=NOTE_MAX, line=False)

    @validates_schema
    def says_how(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not data.get("channel") and data.get("result") not in IN_PERSON:
            raise ValidationError(str(_("is required")), "channel")


class Complete(Schema):
    """``do`` is the button: ``none`` says that there is nothing for the practice to do."""

    outcome = Choice(OUTCOMES, required=True)
    told_by = Choice(TOLD_BY, required=True)
    summary = Text(max=SUMMARY_MAX, line=False)
    actions = Text(max=ACTIONS_MAX * 300, line=False, load_default="")
    do = Choice(("none", "asked"), required=True)

    @validates_schema
    def button_fits(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        asked = bool(data.get("actions"))
        if data.get("do") == "none" and asked:
            rule = _("You wrote something for the practice: use the other button, or take it out")
            raise ValidationError(str(rule), "actions")
        if data.get("do") == "asked" and not asked:
            raise ValidationError(str(_("Write what the practice should do")), "actions")


class End(Complete):
    reason = Choice(END_REASONS, required=True)


FORMS: dict[str, type[Schema]] = BODIES | {
    "waitlist": Waitlist,
    "contact": ContactMade,
    "complete": Complete,
    "end": End,
}


def body_of(verb: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the service takes, from what ``FORMS[verb]`` read; raise ``Invalid``."""
    found = dict(data)
    if verb == "waitlist":
        expected = clock.today() + timedelta(weeks=found.pop("weeks"))
        return BODIES[verb]().read(found | {"expected_on": expected.isoformat()})
    if verb == "contact":
        return _contact(found)
    if verb in ("complete", "end"):
        return _finish(verb, found)
    return found


def _contact(found: dict[str, Any]) -> dict[str, Any]:
    day, part = found.pop("on", None), found.pop("part", None)
    if found["result"] != "did_not_attend":
        found.pop("reason", None)
    if found["result"] in IN_PERSON and found.get("channel") not in MEETS:
        found["channel"] = "visit"
    body = BODIES["contact"]().read(found)
    if day is not None:
        then = datetime.combine(day, PARTS[part or "morning"], clock.UK)
        body["at"] = min(clock.now(), then.astimezone(clock.now().tzinfo))
        if body["at"] < clock.now() - timedelta(days=366):
            raise Invalid({"on": [str(_("must be in the past, at most a year ago"))]})
    return body


def _finish(verb: str, found: dict[str, Any]) -> dict[str, Any]:
    lines = [line.strip(" -•\t") for line in found.pop("actions").split("\n")]
    found.pop("do")
    actions = [line for line in lines if line]
    try:
        return BODIES[verb]().read(found | {"actions_for_practice": actions})
    except Invalid as error:
        raise Invalid(
            {k.replace("actions_for_practice", "actions"): v for k, v in error.errors.items()}
        ) from error
