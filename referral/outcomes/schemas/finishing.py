"""Finishing a support, a person's own word on how it went, how a referral fitted: their shapes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Schema, Text, Whole, Yes
from referral.outcomes.codes import REASONS
from referral.outcomes.drafting import LONGEST, words
from referral.outcomes.schemas.measuring import MeasureIn
from referral.outcomes.schemas.planning import GOALS_MAX, Rows
from referral.referrals.codes import END_REASONS, OUTCOMES, SAID_HOW, SAID_MAX, TOLD_BY
from referral.referrals.schemas.bodies import ACTION_MAX, ACTIONS_MAX, SUMMARY_MAX, says_none
from referral.referrals.schemas.bodies import Complete as Body

VERBS = ("complete", "end")
OVERALL = "overall"
MEASURES_MAX = 20


class GoalSaid(Schema):
    """What became of a goal. ``told_by`` is the whole's where it is left out."""

    outcome = Choice(OUTCOMES, required=True)
    reason = Choice(("", *REASONS), load_default="")
    told_by = Choice(TOLD_BY, allow_none=True, load_default=None)
    person_says = Choice(OUTCOMES, allow_none=True, load_default=None)


class Goals(fields.Dict):
    """``{goal's id: an outcome, or what GoalSaid takes}``."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be an object")}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        if len(value) > GOALS_MAX:
            raise ValidationError(str(_("must be {max} or fewer", max=GOALS_MAX)))
        found: dict[uuid.UUID, dict[str, Any]] = {}
        broken: dict[str, Any] = {}
        for name, said in value.items():
            try:
                inner = {"outcome": said} if isinstance(said, str) else said
                found[uuid.UUID(str(name))] = GoalSaid().load(inner)
            except ValidationError as error:
                broken[str(name)] = error.messages
            except ValueError:
                broken[str(name)[:40]] = [str(_("is not a goal of this plan"))]
        if broken:
            raise ValidationError(broken)
        return found


class FitIn(Schema):
    """How the referral fitted, in three taps."""

    right_person = Yes(required=True)
    enough_said = Yes(required=True)
    ready = Yes(required=True)


class _More(Schema):
    """What is welcome beside the outcome and never asked for.

    ``why``: what stood behind the outcome. ``person_says``: their word where it differs from the
    group's; ``her_words``: theirs, as they said it. ``summary``: a paragraph instead of the draft.
    """

    why = Choice(("", *REASONS), load_default="")
    person_says = Choice(OUTCOMES, allow_none=True, load_default=None)
    her_words = Text(max=SAID_MAX, line=False, load_default="")
    goals = Goals(load_default=dict)
    done = Text(max=SUMMARY_MAX, line=False, load_default="")
    not_worked = Text(max=SUMMARY_MAX, line=False, load_default="")
    summary = Text(max=SUMMARY_MAX, line=False, load_default="")
    fit = fields.Nested(FitIn, allow_none=True, load_default=None, error_messages=REQUIRED)

    @validates_schema
    def is_told_once(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        says = data.get("person_says")
        if data.get("told_by") == "person" and says and says != data.get("outcome"):
            rule = _("The outcome is their word already: leave this out, or say whose it is")
            raise ValidationError(str(rule), "person_says")

    @validates_schema
    def is_short(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if words(data.get("summary") or "") > LONGEST:
            rule = _("must be {max} words or fewer", max=LONGEST)
            raise ValidationError(str(rule), "summary")


class Finish(_More, Body):
    """Finished, or with ``end`` ended early (then with a ``reason``): what ``finish`` takes.

    ``actions_for_practice`` must be said: ``[]`` means none.
    """

    verb = Choice(VERBS, load_default="complete")
    reason = Choice(END_REASONS, allow_none=True, load_default=None)
    measures = Rows(MeasureIn, max=MEASURES_MAX)

    @validates_schema(skip_on_field_errors=False)
    def says_why_it_ended(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        _ends_with_reason(data)


class FinishForm(_More):
    """The same on a page. ``do``: ``none`` is the ticked sentence "Nothing for the practice to
    do"; ``asked`` goes with ``actions``, one a line.
    """

    verb = Choice(VERBS, load_default="complete")
    reason = Choice(END_REASONS, allow_none=True, load_default=None)
    outcome = Choice(OUTCOMES, required=True)
    told_by = Choice(TOLD_BY, required=True)
    do = Choice(("none", "asked"))
    actions = Text(max=ACTIONS_MAX * ACTION_MAX, line=False, load_default="")

    @validates_schema(skip_on_field_errors=False)
    def actions_are_said(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        lines, do = lines_of(data.get("actions") or ""), data.get("do")
        if do == "none" and lines:
            rule = _("You wrote something for the practice: choose that, or take it out")
            raise ValidationError(str(rule), "actions")
        if do != "none" and not lines and not says_none(data.get("actions") or ""):
            rule = _("Say what the practice should do, or that there is nothing")
            raise ValidationError(str(rule), "actions" if do == "asked" else "do")

    @validates_schema(skip_on_field_errors=False)
    def says_why_it_ended(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        _ends_with_reason(data)


def _ends_with_reason(data: Mapping[str, Any]) -> None:
    if data.get("verb") == "end" and not data.get("reason"):
        raise ValidationError(str(_("is required")), "reason")


def lines_of(typed: str) -> list[str]:
    """The actions of a text, one a line; none where it says so."""
    if says_none(typed):
        return []
    return [line for raw in typed.split("\n") if (line := raw.strip(" -•\t"))]


def body_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``services.finish`` takes, from what ``FinishForm`` read; raise ``Invalid``."""
    said = {name: value for name, value in data.items() if name not in ("do", "actions")}
    goals = {str(id_): one for id_, one in said.pop("goals").items()}
    actions = lines_of(data.get("actions") or "")
    return Finish().read({**said, "goals": goals, "actions_for_practice": actions})


class ResultIn(Schema):
    """How it went by the person's own word, written down for them.

    ``about`` is ``overall`` or a goal's id; ``version`` that of their word before, where there was
    one.
    """

    about = Text(max=36, load_default=OVERALL)
    outcome = Choice(OUTCOMES, required=True)
    how = Choice([way for way in SAID_HOW if way != "page"], required=True)
    said = Text(max=SAID_MAX, line=False, load_default="")
    version = Whole(min=1, allow_none=True, load_default=None)


class ResultOut(marshmallow.Schema):
    """One word, of ``person`` or ``provider``; ``how`` it came is ``form`` for the group's own."""

    about = fields.String(required=True)
    told_by = fields.String(required=True)
    outcome = fields.String(required=True)
    reason = fields.String(required=True)
    said = fields.String(required=True)
    how = fields.String(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ResultSaidOut(marshmallow.Schema):
    """What both say together: one line where they agree, else each, the person's first."""

    outcome = fields.String(required=True)
    told_by = fields.String(required=True)
    reason = fields.String(required=True)


class GoalResultOut(marshmallow.Schema):
    text = fields.String(required=True)
    results = fields.List(fields.Nested(ResultSaidOut), required=True)


class AttendanceOut(marshmallow.Schema):
    came = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    first = fields.Date(required=True, allow_none=True)
    last = fields.Date(required=True, allow_none=True)


class ResultsOut(marshmallow.Schema):
    """What came of a referral, as far as the reader may have it; blank until it is finished."""

    referral_id = fields.UUID(required=True)
    results = fields.List(fields.Nested(ResultSaidOut), required=True)
    told_apart = fields.Boolean(required=True)
    goals = fields.List(fields.Nested(GoalResultOut), required=True)
    words = fields.List(fields.Nested(ResultOut), required=True)
    attendance = fields.Nested(AttendanceOut, required=True, allow_none=True)


class FitOut(marshmallow.Schema):
    referral_id = fields.UUID(required=True)
    right_person = fields.Boolean(required=True)
    enough_said = fields.Boolean(required=True)
    ready = fields.Boolean(required=True)
    at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)
