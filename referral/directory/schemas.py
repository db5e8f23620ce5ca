"""Shapes of what is said about services and organisations; one for form, JSON and import."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, Choice, Keys, Schema, Text, Whole, Yes
from referral.directory.models import CAPACITIES
from referral.directory.needs import NEEDS
from referral.directory.search import COSTS, RADIUS_MAX
from referral.directory.standing import WAIT_MAX
from referral.places import postcodes

AGE_MAX = 120
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
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


class Search(Schema):
    """What a search may ask. A list also takes ``limit`` and ``cursor``."""

    text = Text(load_default="")
    postcode = Postcode(outward=True, load_default="")
    radius_km = Radius(load_default=None, allow_none=True)
    need = Choice(NEEDS, load_default="")
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
    needs = Keys(NEEDS, max=10, load_default=list)
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
