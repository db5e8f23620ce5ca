"""What programs are answered."""

from __future__ import annotations

import marshmallow
from marshmallow import fields


class OrganisationOut(marshmallow.Schema):
    """An organisation by name."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ServiceItem(marshmallow.Schema):
    """A service in a list. Kilometres are null without a postcode or where the place is unknown."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation = fields.Nested(OrganisationOut, required=True)
    needs = fields.List(fields.String(), required=True)
    accepts_referrals = fields.Boolean(required=True)
    not_accepting_because = fields.String(required=True, allow_none=True)
    accepts_until = fields.Date(required=True, allow_none=True)
    capacity = fields.String(required=True)
    wait_weeks = fields.Integer(required=True, allow_none=True)
    distance_km = fields.Float(required=True, allow_none=True)
    free = fields.Boolean(required=True, allow_none=True)
    fees = fields.String(required=True)
    minimum_age = fields.Integer(required=True, allow_none=True)
    maximum_age = fields.Integer(required=True, allow_none=True)
    only_for = fields.String(required=True)
    languages = fields.String(required=True)
    home_visits = fields.Boolean(required=True)
    remote = fields.Boolean(required=True)
    checked_on = fields.Date(required=True, allow_none=True)
    checked_by = fields.String(required=True)
    checks = fields.String(required=True)


class PlaceOut(marshmallow.Schema):
    """Where a service happens; ``exact`` false: the middle of the outward code."""

    name = fields.String(required=True)
    address = fields.String(required=True)
    postcode = fields.String(required=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    exact = fields.Boolean(required=True)


class ServiceOut(ServiceItem):
    """A whole service."""

    status = fields.String(required=True)
    first_session = fields.String(required=True)
    suits = fields.String(required=True)
    cannot_support = fields.String(required=True)
    schedule = fields.String(required=True)
    accessibility = fields.String(required=True)
    contact_name = fields.String(required=True)
    contact_hours = fields.String(required=True)
    phone = fields.String(required=True)
    email = fields.String(required=True)
    url = fields.String(required=True)
    places = fields.List(fields.Nested(PlaceOut), required=True)
    version = fields.Integer(required=True)
