"""Shapes of corrections and claims."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.core.schema import PARAGRAPH, Choice, Schema, Text
from referral.directory.remarks import ABOUT, CLAIM_ENDS, CORRECTION_ENDS
from referral.directory.schemas.confirming import ByLink
from referral.directory.schemas.entries import Version
from referral.directory.schemas.kinds import Email

REPLY_MAX = 1000


class Correction(Schema):
    """What somebody says is wrong with an entry, and where the reply may go."""

    about = Choice(ABOUT, required=True)
    text = Text(max=PARAGRAPH, line=False, required=True)


class CorrectionForm(Correction):
    """``Correction`` from somebody who is not signed in: the reply goes to an address they give."""

    email = Email(max=254, load_default="", allow_none=True)


class CorrectionByLink(ByLink, Correction):
    """``Correction`` by the link of a "still correct?" message; it needs no further words."""

    text = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)


class CorrectionAnswer(Schema):
    """What became of a correction, in words for whoever wrote it."""

    outcome = Choice(CORRECTION_ENDS, required=True)
    reply = Text(max=REPLY_MAX, line=False, required=True)


class CorrectionAnswerForm(CorrectionAnswer, Version):
    """``CorrectionAnswer`` as a page sends it."""


class Claim(Schema):
    """Somebody says that an organisation of the directory is theirs."""

    name = Text(required=True)
    email = Email(max=254, required=True)
    role = Text(required=True)
    check = Text(max=1000, line=False, required=True)


class ClaimDecision(Schema):
    """Whether the claim holds; a refusal says why."""

    outcome = Choice(CLAIM_ENDS, required=True)
    reason = Text(max=REPLY_MAX, line=False, load_default="", allow_none=True)


class ClaimDecisionForm(ClaimDecision, Version):
    """``ClaimDecision`` as a page sends it."""


class CorrectionOut(marshmallow.Schema):
    """A correction, as those who keep the entry see it: never where the reply goes."""

    id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    service = fields.String(required=True)
    about = fields.String(required=True)
    text = fields.String(required=True)
    sender = fields.String(required=True)
    wants_reply = fields.Boolean(required=True)
    status = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reply = fields.String(required=True)
    version = fields.Integer(required=True)


class ClaimOut(marshmallow.Schema):
    """A claim, as those who decide it see it."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    check = fields.String(required=True)
    status = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True)
    version = fields.Integer(required=True)


class Kept(marshmallow.Schema):
    """What was written down and waits to be looked at."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
