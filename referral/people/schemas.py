"""A person, in and out: the fields of every door."""

from __future__ import annotations

import re
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from referral.core.i18n import _
from referral.core.schema import REQUIRED, Choice, Day, Keys, Schema, Text, Whole, Yes
from referral.people.codes import ACCESS_NEEDS, REACH_BY, SEXES
from referral.people.numbers import NAMES
from referral.places import postcodes

_PHONE = re.compile(r"\+?[0-9 ()./-]{6,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


class Postcode(Text):
    """A UK postcode in normal form; ``ZZ99 3VZ`` for no fixed abode."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=10, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed:
            return typed
        try:
            return postcodes.parse(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Phone(Text):
    """A telephone number as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=40, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed and (not _PHONE.fullmatch(typed) or sum(c.isdigit() for c in typed) < 6):
            raise ValidationError(str(_("must be a telephone number, such as 0141 496 0000")))
        return typed


class Email(Text):
    """An email address by its form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=254, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed and not _EMAIL.fullmatch(typed):
            raise ValidationError(str(_("must be an email address, such as name@example.com")))
        return typed


class HealthNumber(Schema):
    """``value`` is checked by ``people.numbers`` in the service, which knows about the demo."""

    type = Choice(NAMES, required=True)
    value = Text(max=40, required=True)


class Person(Schema):
    """Somebody who is referred."""

    health_number = fields.Nested(HealthNumber, required=True, error_messages=REQUIRED)
    given_name = Text(max=100, required=True)
    family_name = Text(max=100, required=True)
    title = Text(max=20)
    date_of_birth = Day(past=True, required=True)
    sex = Choice(SEXES)
    address = Text(max=400, line=False)
    postcode = Postcode()
    phone = Phone()
    email = Email()
    safe_to_leave_message = Yes()
    interpreter = Yes()
    language = Text(max=40)
    reach_by = Keys(REACH_BY)
    access_needs = Keys(ACCESS_NEEDS)


class Lookup(Schema):
    """Find somebody already known here: by number, or by name; always with the birth date."""

    health_number = fields.Nested(HealthNumber)
    given_name = Text(max=100)
    family_name = Text(max=100)
    date_of_birth = Day(past=True, required=True)


class Unsafe(Schema):
    """``note`` is what everybody who is to be in touch reads: "do not contact directly: …"."""

    unsafe = Yes(required=True)
    note = Text(max=200, load_default="")


class Deceased(Schema):
    on = Day(past=True, allow_none=True, required=True)


class Decision(Schema):
    """A reviewer's decision on a match."""

    version = Whole(min=1, required=True)
    keep = fields.UUID(allow_none=True, load_default=None)


class HealthNumberOut(marshmallow.Schema):
    type = fields.String()
    value = fields.String()


class PersonOut(marshmallow.Schema):
    """A person as answered to somebody who may see them."""

    id = fields.UUID()
    health_number = fields.Nested(HealthNumberOut, allow_none=True)
    given_name = fields.String()
    family_name = fields.String()
    title = fields.String()
    date_of_birth = fields.Date()
    sex = fields.String()
    address = fields.String()
    postcode = fields.String()
    phone = fields.String()
    email = fields.String()
    safe_to_leave_message = fields.Boolean()
    interpreter = fields.Boolean()
    language = fields.String()
    reach_by = fields.List(fields.String())
    access_needs = fields.List(fields.String())
    contact_notes = fields.String()
    deceased_on = fields.Date(allow_none=True)
    unsafe_to_contact = fields.Boolean()
    version = fields.Integer()
