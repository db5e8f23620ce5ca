"""What a keeper says of a change that waits, and what programs are answered."""

from __future__ import annotations

import marshmallow
from marshmallow import fields

from referral.core.schema import Schema, Text, Whole, Yes
from referral.directory.schemas.entries import Version
from referral.directory.schemas.shown import OrganisationOut

REASON = 1000


class Acceptance(Schema):
    """Accepting a change. ``entry_version`` is the entry's as it was looked at."""

    entry_version = Whole(load_default=None, allow_none=True)
    trusting = Yes(load_default=False)


class AcceptanceForm(Acceptance, Version):
    """``Acceptance`` as a page sends it."""


class Refusal(Schema):
    """Why a change is refused; the organisation reads it."""

    reason = Text(max=REASON, line=False, required=True)


class RefusalForm(Refusal, Version):
    """``Refusal`` as a page sends it."""


class Trust(Schema):
    """Whether what the organisation says shows at once."""

    trusted = Yes(required=True)


class ChangedField(marshmallow.Schema):
    """One field of a change; null ``before``: it was empty."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    now = fields.String(required=True)
    after = fields.String(required=True)
    changed_meanwhile = fields.Boolean(required=True)


class ChangeOut(marshmallow.Schema):
    """A change that waits, or has been decided."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True, allow_none=True)
    proposed_at = fields.DateTime(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    reason = fields.String(required=True)
    version = fields.Integer(required=True)


class WholeChangeOut(ChangeOut):
    """One change, field by field. ``entry_version`` is the entry's version now; 0 when new."""

    entry_version = fields.Integer(required=True)
    fields_ = fields.List(fields.Nested(ChangedField), required=True, data_key="fields")


class HistoryField(marshmallow.Schema):
    """One field that changed."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class HistoryLine(marshmallow.Schema):
    """One line of an entry's history; ``by`` is a name where the reader may see it."""

    id = fields.UUID(required=True)
    at = fields.DateTime(required=True)
    how = fields.String(required=True)
    organisation = fields.String(required=True)
    by = fields.String(required=True)
    fields_ = fields.List(fields.Nested(HistoryField), required=True, data_key="fields")


class OrganisationWhole(OrganisationOut):
    """What the directory says of an organisation."""

    kind = fields.String(required=True)
    description = fields.String(required=True)
    phone = fields.String(required=True)
    email = fields.String(required=True)
    website = fields.String(required=True)
    address = fields.String(required=True)
    postcode = fields.String(required=True)
    logo = fields.String(required=True)
    uri = fields.String(required=True)
    trusted = fields.Boolean(required=True)
    organization_identifiers = fields.List(fields.Dict(), required=True)
    funding = fields.List(fields.Dict(), required=True)
    contacts = fields.List(fields.Dict(), required=True)
    phones = fields.List(fields.Dict(), required=True)
    attributes = fields.List(fields.Dict(), required=True)
    version = fields.Integer(required=True)
