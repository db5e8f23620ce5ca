"""What each verb takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from referral.core import clock
from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Keys, Schema, Text, Yes
from referral.people.codes import ACCESS_NEEDS, REACH_BY
from referral.people.schemas import Email, Phone, Postcode
from referral.referrals.codes import (
    CHANNELS,
    DECLINE_REASONS,
    END_REASONS,
    MESSAGE_WORDS,
    MISSED_REASONS,
    NEEDS,
    OUTCOMES,
    RESULTS,
    THREAD_KINDS,
    TOLD_BY,
    URGENCIES,
)
from referral.referrals.schemas.referral import NEEDS_MAX, REASON_MAX, Id, Risk

NOTE_MAX = 1000
SUMMARY_MAX = 2000
ACTIONS_MAX = 10
ACTION_MAX = 300


class Moment(fields.DateTime):
    """A moment that has passed, at most a year ago; without a zone it is local time."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be a moment, such as 2026-06-09T10:14:00Z"),
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not 10 <= len(value) <= 40:
            raise self.make_error("invalid", input=value, obj_type="datetime")
        found: datetime = super()._deserialize(value, attr, data, **kwargs)
        if found.tzinfo is None:
            found = found.replace(tzinfo=clock.UK)
        try:
            found = found.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error
        now = clock.now()
        if not now - timedelta(days=366) <= found <= now + timedelta(minutes=5):
            raise ValidationError(str(_("must be in the past, at most a year ago")))
        return found


class Note(Schema):
    note = Text(max=NOTE_MAX, line=False)


class Nothing(Schema):
    """``{}``."""


class Send(Schema):
    """``{}``; ``confirm_duplicate`` when the person is to be referred a second time."""

    confirm_duplicate = Yes(load_default=False)


class Waitlist(Note):
    expected_on = Day(future=True, required=True)


class Ask(Schema):
    question = Text(max=NOTE_MAX, line=False, required=True)


class Reply(Schema):
    answer = Text(max=NOTE_MAX, line=False, required=True)


class Decline(Note):
    reason = Choice(DECLINE_REASONS, required=True)
    suggestion = Text(max=NOTE_MAX, line=False)


class ContactMade(Note):
    """``reason``: why somebody did not come, as far as is known."""

    channel = Choice(CHANNELS, required=True)
    result = Choice(RESULTS, required=True)
    reason = Choice(MISSED_REASONS)
    at = Moment()

    @validates_schema
    def reason_fits(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data.get("reason") and data.get("result") != "did_not_attend":
            rule = str(_("is only for somebody who did not come"))
            raise ValidationError({"reason": [rule]})


class Pause(Schema):
    until = Day(future=True, required=True)
    note = Text(max=NOTE_MAX, line=False, required=True)


# What somebody writes who was asked for actions and has none.
_NONE = frozenset({"none", "nothing", "no", "nil", "n/a", "no action", "no actions"})


def says_none(typed: str) -> bool:
    """Whether somebody wrote that there is nothing: "None."."""
    return " ".join(typed.split()).strip(" .-!•").lower() in _NONE


_ACTIONS_MESSAGES: dict[str, Any] = {
    "required": _("say what the practice should do, or that there is nothing"),
    "null": _("say what the practice should do, or that there is nothing"),
    "invalid": _("must be a list"),
}


class Complete(Schema):
    """``actions_for_practice`` must be said: ``[]`` means none, and so does ``["None"]``."""

    outcome = Choice(OUTCOMES, required=True)
    told_by = Choice(TOLD_BY, required=True)
    actions_for_practice = fields.List(
        Text(max=ACTION_MAX, required=True),
        required=True,
        error_messages=_ACTIONS_MESSAGES,
    )
    summary = Text(max=SUMMARY_MAX, line=False)

    @validates_schema
    def is_not_endless(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        actions = data.get("actions_for_practice", ())
        if len(actions) > ACTIONS_MAX:
            raise ValidationError({"actions_for_practice": [str(_("must be 10 or fewer"))]})

    @validates_schema
    def is_short(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if len((data.get("summary") or "").split()) > MESSAGE_WORDS:
            rule = _("must be {max} words or fewer", max=MESSAGE_WORDS)
            raise ValidationError({"summary": [str(rule)]})

    @post_load
    def means_none(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """A practice does not wait for an action called "None"."""
        if all(map(says_none, data["actions_for_practice"])):
            data["actions_for_practice"] = []
        return data


class End(Complete):
    reason = Choice(END_REASONS, required=True)


class Redirect(Schema):
    """Either a service or ``triage: true``."""

    service_id = Id()
    triage = Yes()
    confirm_duplicate = Yes(load_default=False)

    @validates_schema
    def chooses_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if bool(data.get("service_id")) == bool(data.get("triage")):
            rule = str(_("choose a service, or ask the link worker"))
            raise ValidationError({"service_id": [rule]})


class Withdraw(Schema):
    reason = Text(max=NOTE_MAX, line=False, required=True)


class Raise(Schema):
    kind = Choice(THREAD_KINDS, required=True)
    text = Text(max=NOTE_MAX, line=False, required=True)
    wanted_by = Day(future=True)


class Answer(Schema):
    thread_id = Id(required=True)
    text = Text(max=NOTE_MAX, line=False, required=True)


class Amend(Schema):
    """What the sender corrects: the person's contact details, or the referral's own answers."""

    phone = Phone()
    email = Email()
    address = Text(max=400, line=False)
    postcode = Postcode()
    safe_to_leave_message = Yes()
    interpreter = Yes()
    language = Text(max=40)
    reach_by = Keys(REACH_BY)
    access_needs = Keys(ACCESS_NEEDS)
    needs = Keys(NEEDS, min=1, max=NEEDS_MAX)
    reason = Text(max=REASON_MAX, line=False, required=False)
    risk = fields.Nested(Risk)
    urgency = Choice(URGENCIES)

    @validates_schema
    def says_something(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not data:
            raise ValidationError([str(_("say at least one thing that changed"))])
        if data.get("reason") == "":
            raise ValidationError({"reason": [str(_("is required"))]})


class Assign(Schema):
    user_id = Id(required=True)


BODIES: dict[str, type[Schema]] = {
    "send": Send,
    "accept": Note,
    "waitlist": Waitlist,
    "ask": Ask,
    "reply": Reply,
    "decline": Decline,
    "contact": ContactMade,
    "start": Note,
    "pause": Pause,
    "resume": Nothing,
    "complete": Complete,
    "end": End,
    "redirect": Redirect,
    "withdraw": Withdraw,
    "acknowledge": Nothing,
    "correct": Withdraw,
    "raise": Raise,
    "answer": Answer,
    "amend": Amend,
    "assign": Assign,
    "undo": Nothing,
}
