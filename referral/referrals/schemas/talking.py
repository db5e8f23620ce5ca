"""Notes, files and questions asked first: what people write, and how it is answered."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.core.schema import Choice, Keys, Schema, Text, Whole, Yes
from referral.referrals.codes import FITS, NEEDS, NOTE_KINDS
from referral.referrals.schemas.referral import Id
from referral.referrals.schemas.shown import Named

NOTE_MAX = 4000
WHY_MAX = 300
ASKED_MAX = 1000
SAID_BY_MAX = 100


class NoteForm(Schema):
    kind = Choice(NOTE_KINDS, required=True)
    text = Text(max=NOTE_MAX, line=False, required=True)


class Strike(Schema):
    reason = Text(max=WHY_MAX, required=True)


class AskFirst(Schema):
    """A question about fit. Nobody is named; ``age_band`` is an age, kept as its decade."""

    service_id = Id(required=True)
    needs = Keys(NEEDS, max=3, load_default=list)
    area = Text(max=4, load_default="")
    age_band = Whole(min=0, max=120, load_default=None)
    text = Text(max=ASKED_MAX, line=False, required=True)


class AnswerEnquiry(Schema):
    fits = Choice(FITS, required=True)
    text = Text(max=ASKED_MAX, line=False, load_default="")
    said_by = Text(max=SAID_BY_MAX, load_default="")


class Convert(Schema):
    """Who it was about; without one, the referral begins with the person still to be named."""

    person_id = Id(required=True)


class EnquiryArguments(Schema):
    """``waiting=yes``: only what waits for an answer."""

    waiting = Yes(load_default=False)


class FileOut(marshmallow.Schema):
    id = fields.UUID()
    name = fields.String(allow_none=True)
    size = fields.Integer()
    scan = fields.String()
    at = fields.AwareDateTime()


class NoteOut(marshmallow.Schema):
    id = fields.UUID()
    kind = fields.String()
    text = fields.String(allow_none=True)
    organisation = fields.Nested(Named)
    by = fields.String(allow_none=True)
    at = fields.AwareDateTime()
    struck_at = fields.AwareDateTime(allow_none=True)
    struck_why = fields.String(allow_none=True)
    files = fields.List(fields.Nested(FileOut))


class NotesOut(marshmallow.Schema):
    items = fields.List(fields.Nested(NoteOut))


class EnquiryOut(marshmallow.Schema):
    id = fields.UUID()
    reference = fields.String()
    status = fields.String()
    from_ = fields.Nested(Named, attribute="from", data_key="from")
    to = fields.Nested(Named)
    service = fields.Nested(Named)
    needs = fields.List(fields.String())
    area = fields.String()
    age_band = fields.Integer(allow_none=True)
    text = fields.String(allow_none=True)
    fits = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    answered_by = fields.String(allow_none=True)
    asked_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    referral_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class EnquiriesOut(marshmallow.Schema):
    items = fields.List(fields.Nested(EnquiryOut))


class AlternativeOut(marshmallow.Schema):
    service_id = fields.UUID()
    name = fields.String()
    organisation = fields.String()
    distance_km = fields.Float(allow_none=True)
    room = fields.String()
    checks = fields.String()


class AlternativesOut(marshmallow.Schema):
    items = fields.List(fields.Nested(AlternativeOut))
