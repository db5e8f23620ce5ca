"""Asking for help oneself or for somebody one cares for, and what the team makes of it."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Keys, Schema, Text, Whole, Yes
from referral.people.codes import ACCESS_NEEDS, REACH_BY
from referral.people.schemas import Email, Phone, Postcode
from referral.referrals.codes import (
    ASKED_REFUSED,
    AUTHORITIES,
    DECLINED_OFFER,
    NEEDS,
    RELATIONS,
)
from referral.referrals.schemas.referral import REASON_MAX, Id, Risk

NEEDS_MAX = 3
# No number in the United Kingdom is shorter, with its area.
WHOLE_NUMBER = 10


class WholeNumber(Phone):
    """A telephone number that can be rung from anywhere: who asks for help may leave no other."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed and sum(char.isdigit() for char in typed) < WHOLE_NUMBER:
            raise ValidationError(str(_("must be the whole number, such as 0141 496 0000")))
        return typed


class AskForHelp(Schema):
    """What somebody says of themselves on the public page. One way of reaching them is a must."""

    given_name = Text(max=100, required=True)
    family_name = Text(max=100, required=True)
    date_of_birth = Day(past=True, required=True)
    practice = Text(max=200, load_default="")
    address = Text(max=400, line=False, load_default="")
    postcode = Postcode(required=True)
    phone = WholeNumber(load_default="")
    email = Email(load_default="")
    reach_by = Keys(REACH_BY, load_default=list)
    access_needs = Keys(ACCESS_NEEDS, load_default=list)
    language = Text(max=40, load_default="")
    needs = Keys(NEEDS, min=1, max=NEEDS_MAX, required=True)
    reason = Text(max=REASON_MAX, line=False, required=True)
    tell_practice = Yes(required=True)
    agreed = Yes(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def can_be_reached(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not any(data.get(name) for name in ("phone", "email", "address")):
            rule = str(_("Give a telephone number, an email address or your address"))
            raise ValidationError(rule, "phone")

    @validates_schema(skip_on_field_errors=False)
    def agrees(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("agreed"):
            raise ValidationError(
                str(_("Tick that this is all right, or nothing is sent")), "agreed"
            )


class Asker(Schema):
    """Who asks for somebody else."""

    name = Text(max=200, required=True)
    relation = Choice(RELATIONS, required=True)
    phone = WholeNumber(required=True)
    email = Email(load_default="")


class AskForAnother(AskForHelp):
    """The same by who cares for the person. ``knows``: whether the person agreed to it."""

    asker = fields.Nested(Asker, required=True, error_messages=REQUIRED)
    knows = Choice(("agreed", "cannot_decide"), required=True)

    @validates_schema(skip_on_field_errors=False)
    def can_be_reached(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Whoever asks gave a number of their own."""


class Take(Schema):
    """Making it a referral to one's own team: of whom, and what is not known from the page.

    ``person_id`` is one of the possible same persons; without it a new record is made.
    ``use_given``: keep what they wrote now of how to reach them. ``practice_id``: where registered.
    ``given_by``: who agreed for them, when it was not who asked.
    """

    person_id = Id()
    practice_id = Id()
    use_given = Yes(load_default=False)
    authority = Choice(AUTHORITIES, load_default="self")
    given_by = Text(max=200, load_default="")
    risk = fields.Nested(Risk, required=True, error_messages=REQUIRED)
    urgent = Yes(load_default=False)
    confirm_duplicate = Yes(load_default=False)


class TakeForm(Take):
    """As the page sends it: ``who`` is a person's id or ``new``."""

    version = Whole(min=1, required=True)
    who = Text(max=40, load_default="new")


class Refuse(Schema):
    """``told``: the person has heard of it from the team."""

    reason = Choice(ASKED_REFUSED, required=True)
    told = Yes(load_default=False)


class RefuseForm(Refuse):
    version = Whole(min=1, required=True)


class DeclinedOffer(Schema):
    """Help was offered and the person said no. ``person_id`` is somebody known here, if anybody."""

    person_id = Id()
    need = Choice(NEEDS, load_default="")
    reason = Choice(DECLINED_OFFER, required=True)


class DeclinedOfferOut(marshmallow.Schema):
    """An offer that was declined."""

    id = fields.UUID()
    need = fields.String()
    reason = fields.String()
    at = fields.DateTime()


class AskedPerson(marshmallow.Schema):
    given_name = fields.String()
    family_name = fields.String()
    date_of_birth = fields.String()
    address = fields.String()
    postcode = fields.String()
    phone = fields.String()
    email = fields.String()
    reach_by = fields.List(fields.String())
    access_needs = fields.List(fields.String())
    language = fields.String()


class AskedBy(marshmallow.Schema):
    name = fields.String()
    relation = fields.String()
    phone = fields.String()
    email = fields.String()


class AskedOut(marshmallow.Schema):
    """Somebody who asked for help; what they said is there as long as it waits, and 30 days on."""

    id = fields.UUID()
    reference = fields.String()
    asked_by = fields.String()
    status = fields.String()
    asked_at = fields.DateTime()
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    person = fields.Nested(AskedPerson, allow_none=True)
    asker = fields.Nested(AskedBy, allow_none=True)
    practice = fields.String()
    needs = fields.List(fields.String())
    reason_for_asking = fields.String(attribute="reason")
    reason = fields.String(attribute="refused_because")
    referral_id = fields.UUID(allow_none=True)
    version = fields.Integer()
