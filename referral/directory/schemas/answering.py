"""Who answers for a group without an account; one shape for form and JSON."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, post_load

from referral.core.i18n import _
from referral.core.schema import Choice, Day, Keys, Mobile, Schema, Text, Whole, Yes
from referral.directory.schemas.kinds import Email
from referral.directory.schemas.profiles import Ids

SERVICES_MAX = 50
WEEKDAYS = "0123456"


class AnswerContact(Schema):
    """``pin``: ``new`` for a PIN in the place of a second way to reach them."""

    name = Text(required=True)
    email = Email(max=254, load_default="")
    mobile = Mobile(max=40, load_default="")
    service_ids = Ids(max=SERVICES_MAX, required=True)
    away_until = Day(future=True, load_default=None, allow_none=True)
    pin = Choice(("new",), load_default=None, allow_none=True)

    @post_load
    def answers_for_something(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if not data["service_ids"]:
            raise ValidationError({"service_ids": [str(_("choose at least one"))]})
        return data


class AnswerContactForm(AnswerContact):
    version = Whole(min=1, load_default=None, allow_none=True)


class Answering(Schema):
    """How a group wants to be asked. ``open_weekdays``: ``"0"`` is Monday."""

    answers_by = Choice(("link", "account"), required=True)
    paper = Yes(load_default=False)
    open_weekdays = Keys(WEEKDAYS, min=1, max=7, required=True)

    @post_load
    def in_one_word(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        data["open_weekdays"] = "".join(sorted(data["open_weekdays"]))
        return data


class AnsweringForm(Answering):
    version = Whole(min=1, required=True)


class AnsweringOut(marshmallow.Schema):
    answers_by = fields.String(required=True)
    paper = fields.Boolean(required=True)
    open_weekdays = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)


class AnswerContactOut(marshmallow.Schema):
    """``state``: ``new`` until a first code was right, ``well``, ``away`` or ``lost``."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    mobile = fields.String(required=True)
    link_by = fields.String(required=True)
    code_by = fields.String(required=True)
    service_ids = fields.List(fields.UUID(), required=True)
    away_until = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)


class AnswerContactsOut(marshmallow.Schema):
    items = fields.List(fields.Nested(AnswerContactOut), required=True)


class PinOut(marshmallow.Schema):
    """Shown this once."""

    pin = fields.String(required=True)
    version = fields.Integer(required=True)
