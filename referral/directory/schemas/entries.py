"""What is said of services and organisations; one shape for form, JSON and import."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, Choice, Schema, Text, Whole, Yes
from referral.directory.needs import NEEDS
from referral.directory.schemas.kinds import SHORT, Address, Email, Needs, Postcode
from referral.directory.standing import AGE_MAX, CAPACITIES, STATUSES, WAIT_MAX


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
