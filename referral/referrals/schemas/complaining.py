"""A complaint: what the person says went wrong, and what is answered."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.core.schema import Choice, Schema, Text
from referral.referrals import complaints
from referral.referrals.codes import SAID_HOW
from referral.referrals.schemas.agreeing import NAME_MAX
from referral.referrals.schemas.referral import Id
from referral.referrals.schemas.shown import Named


class Complain(Schema):
    """What went wrong, by the person at their page. ``wants``: what should happen now."""

    kind = Choice(complaints.KINDS, required=True)
    about = Choice(complaints.ABOUT, required=True)
    text = Text(max=complaints.TEXT_MAX, line=False, required=True)
    wants = Text(max=complaints.WANTS_MAX, line=False, load_default="")


class ComplainFor(Complain):
    """The same, written down by who heard it; ``spoken_by`` is who said it for the person."""

    how = Choice([key for key in SAID_HOW if key != "page"], required=True)
    spoken_by = Text(max=NAME_MAX, load_default="")


class AnswerComplaint(Schema):
    """The answer, in words for the person."""

    text = Text(max=complaints.TEXT_MAX, line=False, required=True)


class PassOn(Schema):
    """Who is to answer it instead."""

    owner_id = Id(required=True)


class ComplaintPerson(marshmallow.Schema):
    name = fields.String()
    date_of_birth = fields.Date(allow_none=True)
    phone = fields.String()


class ComplaintOut(marshmallow.Schema):
    """A complaint that your organisation answers, with the words and who said them."""

    id = fields.UUID()
    version = fields.Integer()
    reference = fields.String()
    referral_id = fields.UUID()
    kind = fields.String()
    state = fields.String()
    how = fields.String()
    owner = fields.Nested(Named)
    about = fields.Nested(Named, allow_none=True)
    made_at = fields.AwareDateTime()
    acknowledge_by = fields.Date()
    late = fields.Boolean()
    acknowledged_at = fields.AwareDateTime(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    text = fields.String()
    wants = fields.String()
    answer = fields.String()
    person = fields.Nested(ComplaintPerson, allow_none=True)
    allowed_actions = fields.List(fields.String())
