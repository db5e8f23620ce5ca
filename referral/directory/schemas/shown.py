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
    route = fields.String(required=True)
    paused_until = fields.Date(required=True, allow_none=True)
    capacity_on = fields.Date(required=True, allow_none=True)
    schedule = fields.String(required=True)
    stale = fields.Boolean(required=True)
    # The reader's organisation has met the provider.
    met_on = fields.Date(required=True, allow_none=True)


class ServiceFound(ServiceItem):
    """A service in the list of a search, and why it is there."""

    why = fields.List(fields.String(), required=True)
    access = fields.List(fields.String(), required=True)
    place = fields.String(required=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)


class Understood(marshmallow.Schema):
    """How a question was read: the place it named, a typing error mended, words left out."""

    place = fields.String(required=True)
    place_known = fields.Boolean(required=True)
    corrected = fields.String(required=True)
    # Nothing fits all the words: these fit some of them.
    relaxed = fields.Boolean(required=True)


class PlaceOut(marshmallow.Schema):
    """Where a service happens; ``exact`` false: the middle of the outward code."""

    id = fields.UUID(required=True)
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
    alert = fields.String(required=True)
    accreditations = fields.String(required=True)
    holds_risk = fields.String(required=True)
    holds_mental_health = fields.String(required=True)
    holds_mobility = fields.String(required=True)
    holds_language = fields.String(required=True)
    access = fields.List(fields.String(), required=True)
    # The standard's own lists, each item with its id.
    schedules = fields.List(fields.Dict(), required=True)
    cost_options = fields.List(fields.Dict(), required=True)
    service_areas = fields.List(fields.Dict(), required=True)
    funding = fields.List(fields.Dict(), required=True)
    contacts = fields.List(fields.Dict(), required=True)
    phones = fields.List(fields.Dict(), required=True)
    attributes = fields.List(fields.Dict(), required=True)
    places = fields.List(fields.Nested(PlaceOut), required=True)
    version = fields.Integer(required=True)
