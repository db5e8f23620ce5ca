"""What is said of services and organisations; one shape for form, JSON and import."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, Choice, Schema, Text, Whole, Yes
from referral.directory.capability import HOLDS, ROUTES
from referral.directory.facets import ACCESS
from referral.directory.needs import NEEDS
from referral.directory.schemas import parts
from referral.directory.schemas.kinds import SHORT, Address, Email, Needs, Postcode
from referral.directory.standing import AGE_MAX, CAPACITIES, PLACES_MAX, STATUSES, WAIT_MAX


def _paragraph() -> Text:
    return Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)


def _holds(name: str) -> Choice:
    return Choice(("", *HOLDS[name]), load_default="")


class Service(Schema):
    """What a provider says of a service. Ages in years.

    What need not be given and has no value here stays as it is when it is left out: the lists of
    the standard, and the words that are made into them (``schedule``, ``languages``, ``fees``,
    ``contact_name``, ``phone``, ``area_served``, ``funded_by``).
    """

    name = Text(required=True)
    description = _paragraph()
    first_session = _paragraph()
    suits = _paragraph()
    cannot_support = _paragraph()
    accreditations = _paragraph()
    alert = _paragraph()
    needs = Needs(NEEDS, max=10, load_default=list)
    status = Choice(STATUSES, load_default="active")
    route = Choice(ROUTES, load_default="referral")
    holds_risk = _holds("holds_risk")
    holds_mental_health = _holds("holds_mental_health")
    holds_mobility = _holds("holds_mobility")
    holds_language = _holds("holds_language")
    home_visits = Yes(load_default=False)
    remote = Yes(load_default=False)
    free = Yes(load_default=None, allow_none=True)
    minimum_age = Whole(max=AGE_MAX, load_default=None, allow_none=True)
    maximum_age = Whole(max=AGE_MAX, load_default=None, allow_none=True)
    only_for = Choice(("", "female", "male"), load_default="")
    access = Needs(ACCESS, load_default=list)
    accessibility = Text(max=SHORT, load_default="", allow_none=True)
    contact_hours = Text(load_default="", allow_none=True)
    email = Email(max=254, load_default="", allow_none=True)
    url = Address(max=SHORT, load_default="", allow_none=True)
    # Words beside the lists below: opening times "in words", names of languages …
    schedule = Text(max=PARAGRAPH, line=False, allow_none=True)
    fees = Text(max=PARAGRAPH, line=False, allow_none=True)
    contact_name = Text(allow_none=True)
    phone = Text(max=40, allow_none=True)
    area_served = Text(max=PARAGRAPH, line=False, allow_none=True)
    funded_by = Text(max=PARAGRAPH, line=False, allow_none=True)
    languages = parts.LanguagesField(allow_none=True)
    places = parts.Items(parts.Place, max=30)
    schedules = parts.Items(parts.Schedule)
    cost_options = parts.Items(parts.CostOption, max=30)
    service_areas = parts.Items(parts.ServiceArea)
    funding = parts.Items(parts.Funding, max=20)
    contacts = parts.Items(parts.Contact, max=20)
    phones = parts.Items(parts.Phone, max=20)
    attributes = parts.Items(parts.Attribute, max=100)

    @validates_schema
    def ages_in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        low, high = data.get("minimum_age"), data.get("maximum_age")
        if low is not None and high is not None and low > high:
            raise ValidationError({"maximum_age": [str(_("must not be below the youngest age"))]})

    @validates_schema
    def free_fits_the_prices(self, data: dict[str, Any], **_kwargs: Any) -> None:
        prices = [
            one["amount"] for one in data.get("cost_options", ()) if one.get("amount") is not None
        ]
        if not prices or data.get("free") is None:
            return
        if data["free"] and min(prices) > 0:
            raise ValidationError({"free": [str(_("cannot be yes when everything has a price"))]})
        if not data["free"] and max(prices) == 0:
            raise ValidationError({"free": [str(_("cannot be no when every price is 0"))]})


class Capacity(Schema):
    """Room and wait, set in one tap; a wait only with a waiting list."""

    capacity = Choice(CAPACITIES, required=True)
    wait_weeks = Whole(max=WAIT_MAX, load_default=None, allow_none=True)
    places_available = Whole(max=PLACES_MAX, load_default=None, allow_none=True)
    places_maximum = Whole(max=PLACES_MAX, load_default=None, allow_none=True)

    @validates_schema
    def places_fit(self, data: dict[str, Any], **_kwargs: Any) -> None:
        free, most = data.get("places_available"), data.get("places_maximum")
        if free is not None and most is not None and free > most:
            raise ValidationError({"places_available": [str(_("must not be above all places"))]})
        if free and data.get("capacity") not in ("open", "further_assessment_needed"):
            raise ValidationError(
                {"places_available": [str(_("are only free where there is room"))]}
            )

    @validates_schema
    def wait_of_a_list(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("wait_weeks") is not None and data.get("capacity") != "waiting_list":
            raise ValidationError({"wait_weeks": [str(_("is only for a waiting list"))]})


class NewService(Service):
    """A service of the organisation named, one's own by default."""

    organisation_id = fields.UUID(
        load_default=None,
        allow_none=True,
        error_messages={"invalid_uuid": _("must be the id of an organisation")},  # type: ignore[dict-item] # lazy markers
    )


class Organisation(Schema):
    """What an organisation says of itself."""

    name = Text(required=True)
    description = Text(max=PARAGRAPH, line=False, load_default="", allow_none=True)
    phone = Text(max=40, allow_none=True)
    email = Email(max=254, load_default="", allow_none=True)
    website = Address(max=SHORT, load_default="", allow_none=True)
    address = Text(max=SHORT, load_default="", allow_none=True)
    postcode = Postcode(load_default="", allow_none=True)
    logo = Address(max=SHORT, allow_none=True)
    uri = Address(max=SHORT, allow_none=True)
    funded_by = Text(max=PARAGRAPH, line=False, allow_none=True)
    organization_identifiers = parts.Items(parts.OrganizationIdentifier, max=20)
    funding = parts.Items(parts.Funding, max=20)
    contacts = parts.Items(parts.Contact, max=20)
    phones = parts.Items(parts.Phone, max=20)
    attributes = parts.Items(parts.Attribute, max=100)


class Version(Schema):
    """The version of what somebody saw, sent back by a form."""

    version = Whole(required=True, min=1)


class CapacityForm(Capacity, Version):
    """``Capacity`` as a page sends it."""


class ServiceForm(Service, Version):
    """``Service`` as a page sends it."""


class OrganisationForm(Organisation, Version):
    """``Organisation`` as a page sends it."""
