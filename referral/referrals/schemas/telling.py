"""Letters, calls and what the person was told: what comes in and what programs read."""

from __future__ import annotations

from marshmallow import fields

from referral.core.schema import Choice, Schema, Text, Whole
from referral.referrals import telling

NOTE_MAX = 500


class Told(Schema):
    """Somebody told the person."""

    how = Choice(telling.HOW_TOLD, required=True)
    note = Text(max=NOTE_MAX, line=False, load_default="")


class ToldForm(Told):
    """The same on the page."""

    version = Whole(min=1, required=True)


class NotToldForm(Schema):
    """It was tried, and nobody was reached."""

    note = Text(max=NOTE_MAX, line=False, load_default="")
    version = Whole(min=1, required=True)


class NoticeOut(Schema):
    """What the person is told of one step: never the words, never the person."""

    id = fields.UUID()
    version = fields.Integer()
    referral_id = fields.UUID()
    event = fields.String(metadata={"description": ", ".join(telling.EVENTS)})
    channel = fields.String(metadata={"description": ", ".join(telling.CHANNELS)})
    state = fields.String(metadata={"description": ", ".join(telling.STATES)})
    due_on = fields.Date(allow_none=True)
    made_at = fields.AwareDateTime()
    done_at = fields.AwareDateTime(allow_none=True)
    how = fields.String(allow_none=True)
    tries = fields.Integer()


class DeliveryOut(Schema):
    """One message about a referral: for whom and whether it arrived, without an address."""

    id = fields.UUID()
    kind = fields.String()
    reader = fields.String(metadata={"description": "contact, user, organisation or person"})
    channel = fields.String()
    state = fields.String(metadata={"description": "waiting, sent or lost"})
    at = fields.AwareDateTime()
    tries = fields.Integer()
