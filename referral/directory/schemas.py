"""Shapes of what is said about services and organisations; one for form, JSON and import."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validate, validates_schema

from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, Choice, Keys, Schema, Text, Whole, Yes
from referral.directory.needs import NEEDS
from referral.directory.search import COSTS, RADIUS_MAX
from referral.directory.standing import AGE_MAX, CAPACITIES, STATUSES, WAIT_MAX
from referral.places import postcodes

SHORT = 400


class Postcode(Text):
    """A full UK postcode, kept in its normal form; with ``outward`` also a first half (``G51``)."""

    def __init__(self, *, outward: bool = False, **kwargs: Any) -> None:
        super().__init__(max=20, **kwargs)
        self.outward = outward

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed:
            return typed
        if self.outward and postcodes.is_valid(typed + "1AA"):
            return typed.upper()
        try:
            return postcodes.parse(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Address(Text):
    """A web address, ``https://`` added when it is missing."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed:
            return typed
        full = typed if "://" in typed else f"https://{typed}"
        try:
            validate.URL(schemes={"http", "https"})(full)
        except ValidationError as error:
            raise ValidationError(
                str(_("must be a web address, such as https://example.org"))
            ) from error
        return full


class Email(Text):
    """An email address in lower case."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed:
            validate.Email(error=str(_("must be an email address, such as name@example.org")))(
                typed
            )
        return typed.lower() if typed else typed


class Radius(fields.Float):
    """Kilometres, more than 0 and at most ``RADIUS_MAX``."""

    default_error_messages = {"invalid": _("must be a number of kilometres")}  # type: ignore[dict-item] # lazy markers

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_nan=False, **kwargs)
        self.validators = [
            validate.Range(
                0,
                RADIUS_MAX,
                min_inclusive=False,
                error=f"must be more than 0 and at most {RADIUS_MAX}",
            )
        ]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Needs(Keys):
    """Keys of needs; a wrong one is an error of the field, not of its place in the list."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            told = [rule for rules in error.messages.values() for rule in rules]
            raise ValidationError(list(dict.fromkeys(told))) from error


class Search(Schema):
    """What a search may ask. A list also takes ``limit`` and ``cursor``."""

    text = Text(load_default="")
    postcode = Postcode(outward=True, load_default="")
    radius_km = Radius(load_default=None, allow_none=True)
    need = Needs(NEEDS, max=10, load_default=list)
    language = Text(max=40, load_default="")
    cost = Choice(COSTS, load_default="")
    capacity = Choice(CAPACITIES, load_default="")
    organisation_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "must be the id of an organisation"}
    )

    @validates_schema
    def radius_needs_a_centre(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("radius_km") is not None and not data.get("postcode"):
            raise ValidationError({"postcode": [str(_("is needed to search within a distance"))]})


class Near(Schema):
    """Where from, when one service is read."""

    postcode = Postcode(outward=True, load_default="")


class Service(Schema):
    """What a provider says of a service. Ages in years, wait in weeks."""

    name = Text(required=True)
    description = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    first_session = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    suits = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    cannot_support = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    needs = Needs(NEEDS, max=10, load_default=list)
    status = Choice(STATUSES, load_default="active")
    schedule = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    place = Text(load_default="", allow_none=True)
    address = Text(max=SHORT, load_default="", allow_none=True)
    postcode = Postcode(load_default="", allow_none=True)
    home_visits = Yes(load_default=False)
    remote = Yes(load_default=False)
    free = Yes(load_default=None, allow_none=True)
    fees = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    minimum_age = Whole(max=AGE_MAX, load_default=None, allow_none=True)
    maximum_age = Whole(max=AGE_MAX, load_default=None, allow_none=True)
    only_for = Choice(("", "female", "male"), load_default="")
    languages = Text(max=SHORT, load_default="", allow_none=True)
    accessibility = Text(max=SHORT, load_default="", allow_none=True)
    contact_name = Text(load_default="", allow_none=True)
    contact_hours = Text(load_default="", allow_none=True)
    phone = Text(max=40, load_default="", allow_none=True)
    email = Email(max=254, load_default="", allow_none=True)
    url = Address(max=SHORT, load_default="", allow_none=True)

    @validates_schema
    def ages_in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        low, high = data.get("minimum_age"), data.get("maximum_age")
        if low is not None and high is not None and low > high:
            raise ValidationError({"maximum_age": [str(_("must not be below the youngest age"))]})


class Capacity(Schema):
    """Room and wait, set in one tap; a wait only with a waiting list."""

    capacity = Choice(CAPACITIES, required=True)
    wait_weeks = Whole(max=WAIT_MAX, load_default=None, allow_none=True)

    @validates_schema
    def wait_of_a_list(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("wait_weeks") is not None and data.get("capacity") != "waiting_list":
            raise ValidationError({"wait_weeks": [str(_("is only for a waiting list"))]})


class Organisation(Schema):
    """What an organisation says of itself."""

    name = Text(required=True)
    description = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    phone = Text(max=40, load_default="", allow_none=True)
    email = Email(max=254, load_default="", allow_none=True)
    website = Address(max=SHORT, load_default="", allow_none=True)
    address = Text(max=SHORT, load_default="", allow_none=True)
    postcode = Postcode(load_default="", allow_none=True)


class Version(Schema):
    """The version of what somebody saw, sent back by a form."""

    version = Whole(required=True, min=1)


class CapacityForm(Capacity, Version):
    """``Capacity`` as a page sends it."""


class ServiceForm(Service, Version):
    """``Service`` as a page sends it."""


class OrganisationForm(Organisation, Version):
    """``Organisation`` as a page sends it."""


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
