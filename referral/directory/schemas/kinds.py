"""Fields of the directory's shapes: postcodes, addresses, distances, needs."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from referral.core.i18n import _
from referral.core.schema import Keys, Text
from referral.directory.search import RADIUS_MAX
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
