"""Shapes of what is said about meeting each other."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.core.i18n import _
from referral.core.schema import Day, Schema, Text, Whole
from referral.directory.schemas import OrganisationOut
from referral.directory.schemas.profiles import Id, Ids

STATUSES = ("waiting", "confirmed", "declined", "withdrawn")
STATUS_LABELS = {
    "waiting": _("Waiting"),
    "confirmed": _("Met"),
    "declined": _("Not so"),
    "withdrawn": _("Taken back"),
}
PEOPLE_MAX = 20
NOTE_MAX = 600


class OwnSide(Schema):
    """Who of one's own side was there: ids of profiles, further names, or both."""

    profiles = Ids(max=PEOPLE_MAX, load_default=list)
    people = Text(load_default="")


class Introduce(OwnSide):
    """Two organisations met: the other one, when and where. No word of anybody referred."""

    organisation_id = Id(required=True)
    met_on = Day(required=True, past=True)
    where = Text(load_default="")
    note = Text(max=NOTE_MAX, line=False, load_default="")


class ConfirmMeeting(OwnSide):
    """Yes, we met."""


class DeclineMeeting(Schema):
    """That was not us, and why we think so."""

    reason = Text(required=True)


class ConfirmMeetingForm(ConfirmMeeting):
    version = Whole(required=True, min=1)


class DeclineMeetingForm(DeclineMeeting):
    version = Whole(required=True, min=1)


class WithdrawMeetingForm(Schema):
    version = Whole(required=True, min=1)


class IntroductionOut(marshmallow.Schema):
    """An introduction as one side sees it: ``people`` are ours, ``other_people`` theirs."""

    id = fields.UUID(required=True)
    organisation = fields.Nested(OrganisationOut, required=True)
    said_by_us = fields.Boolean(required=True)
    status = fields.String(required=True)
    met_on = fields.Date(required=True)
    where = fields.String(required=True)
    people = fields.String(required=True)
    other_people = fields.String(required=True)
    note = fields.String(required=True)
    reason = fields.String(required=True)
    version = fields.Integer(required=True)
