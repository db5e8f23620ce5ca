"""Shapes of a plan, in and out: one schema for the form and for programs."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Schema, Text, Whole
from referral.outcomes.codes import CHOSEN, HIGHEST, LOWEST, STATES, WHO
from referral.outcomes.sections import SECTIONS
from referral.referrals.codes import AUTHORITIES, NEEDS
from referral.referrals.schemas.referral import Id

TEXT_MAX = 500
NAME_MAX = 200
GOALS_MAX = 20
ACTIONS_MAX = 60
# Whether the person agreed to the plan, as it is stored and as it is said.
ANSWERS: dict[bool | None, str] = {True: "yes", False: "no", None: "not_asked"}

# Every section by its key; one that is left out is blank.
About: type[Schema] = type(
    "PlanAbout",
    (Schema,),
    {
        "__doc__": "What the person says of themselves, by the sections of the standard.",
        **{
            key: Text(max=section.longest, line=False, load_default="")
            for key, section in SECTIONS.items()
        },
    },
)


class Rows(fields.List[Any]):
    """A list of at most ``max`` objects; none where it is left out."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list")}

    def __init__(self, schema: type[Schema], *, max: int) -> None:
        super().__init__(fields.Nested(schema, error_messages=REQUIRED), load_default=list)
        self.max = max

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and len(value) > self.max:
            raise ValidationError(str(_("must be {max} or fewer", max=self.max)))
        return super()._deserialize(value, attr, data, **kwargs)


class Goal(Schema):
    """What the person wants, in their words; how much it matters, how sure they feel.

    ``chosen``: whose idea it was; left out, it stays as it is.
    """

    text = Text(max=TEXT_MAX, line=False, required=True)
    need = Choice(("", *NEEDS), load_default="")
    importance = Whole(min=LOWEST, max=HIGHEST, allow_none=True, load_default=None)
    confidence = Whole(min=LOWEST, max=HIGHEST, allow_none=True, load_default=None)
    state = Choice(STATES, load_default="open")
    chosen = Choice(("", *CHOSEN), allow_none=True, load_default=None)


class Action(Schema):
    """Who does what, by when, and whether it is done."""

    text = Text(max=TEXT_MAX, line=False, required=True)
    who = Choice(WHO, required=True)
    referral_id = Id(allow_none=True, load_default=None)
    due_on = Day(allow_none=True, load_default=None)
    done_on = Day(past=True, allow_none=True, load_default=None)

    @validates_schema
    def referral_is_to_a_service(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("referral_id") and data.get("who") != "service":
            rule = _("goes only with a group or service")
            raise ValidationError(str(rule), "referral_id")


class ActionForm(Action):
    """``goal_id``: the goal it is for; without one it is for the plan as a whole."""

    goal_id = Id(allow_none=True, load_default=None)


class Agreed(Schema):
    """When the plan is looked at again, and whether the person, or who may, agreed to it."""

    review_on = Day(future=True, allow_none=True, load_default=None)
    agreed = Choice(ANSWERS.values(), load_default="not_asked")
    authority = Choice(AUTHORITIES, load_default="self")
    name = Text(max=NAME_MAX, load_default="")

    @validates_schema
    def somebody_else_has_a_name(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("agreed") == "yes" and data.get("authority") != "self" and not data.get("name"):
            raise ValidationError(str(_("is required when it is not the person")), "name")


class ActionIn(Action):
    """``id``: one that is there already."""

    id = Id(load_default=None)


class GoalIn(Goal):
    """``id``: one that is there already. What is left out is taken out."""

    id = Id(load_default=None)
    actions = Rows(ActionIn, max=ACTIONS_MAX)


class PlanIn(Agreed):
    """The whole plan as it is to be: goals with their actions, and ``actions`` without a goal."""

    review_on = Day(allow_none=True, load_default=None)
    about = fields.Nested(About, load_default=lambda: About().read({}))
    goals = Rows(GoalIn, max=GOALS_MAX)
    actions = Rows(ActionIn, max=ACTIONS_MAX)


class ActionOut(marshmallow.Schema):
    id = fields.UUID(required=True)
    text = fields.String(required=True)
    who = fields.String(required=True)
    name = fields.String(required=True)
    referral_id = fields.UUID(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    done_on = fields.Date(required=True, allow_none=True)


class GoalOut(marshmallow.Schema):
    id = fields.UUID(required=True)
    text = fields.String(required=True)
    need = fields.String(required=True)
    importance = fields.Integer(required=True, allow_none=True)
    confidence = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True)
    chosen = fields.String(required=True)
    actions = fields.List(fields.Nested(ActionOut), required=True)


class PlanOut(marshmallow.Schema):
    """``about`` holds the sections that say something and no others; ``paths`` their names in
    PRSB's standard. A plan nobody has written yet has the first version and no ``made_at``.
    """

    referral_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    about = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    paths = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    goals = fields.List(fields.Nested(GoalOut), required=True)
    actions = fields.List(fields.Nested(ActionOut), required=True)
    review_on = fields.Date(required=True, allow_none=True)
    agreed = fields.String(required=True)
    agreed_on = fields.Date(required=True, allow_none=True)
    authority = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True, allow_none=True)
    updated_at = fields.AwareDateTime(required=True, allow_none=True)
