"""Shapes of input: one marshmallow schema serves the form, JSON, CSV and FHIR doors.

Unknown fields are refused, text is cleaned and bounded, integers fit both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validate

from referral.core import clock, text
from referral.core.errors import Invalid
from referral.core.i18n import _

INTEGER_MAX = 2**31 - 1
LINE = 200
PARAGRAPH = 4000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Ofcom's plan: 070 are personal numbers and 076 pagers, but for the Isle of Man's 07624.
_MOBILE = re.compile(r"(?:\+44|0044|0)0?(7(?:[1-57-9][0-9]|624)[0-9]+)")
_MOBILE_DIGITS = 10
_BETWEEN_DIGITS = re.compile(r"[\s().-]+")
_WHOLE = re.compile(r"\s{0,9}[+-]?[0-9]{1,11}\s{0,9}")


class Schema(marshmallow.Schema):
    """Base of every input schema."""

    class Meta:
        unknown = marshmallow.RAISE

    error_messages: dict[str, Any] = {
        "unknown": _("is not a field of this request"),
        "type": _("must be an object with named fields"),
    }

    def read(self, data: Any) -> dict[str, Any]:
        """Load ``data``; raise ``Invalid`` with plain messages, dotted names for nested fields."""
        try:
            loaded: dict[str, Any] = self.load(data)
        except ValidationError as error:
            raise Invalid(flatten(error.messages)) from error
        return loaded


def flatten(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested marshmallow messages as ``{"person.postcode": ["…"]}``."""
    if isinstance(messages, dict):
        found: dict[str, list[str]] = {}
        for name, inner in messages.items():
            own = "" if name == "_schema" else str(name)
            path = ".".join(part for part in (prefix, own) if part)
            for key, rules in flatten(inner, path).items():
                found.setdefault(key, []).extend(rules)
        return found
    rules = messages if isinstance(messages, list) else [messages]
    return {prefix or "request": [str(rule) for rule in rules]}


REQUIRED: dict[str, Any] = {"required": _("is required"), "null": _("is required")}


class Text(fields.String):
    """At most ``max`` characters; ``line`` folds it to one line; empty counts as missing."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be text"),
        "invalid_utf8": _("must be text"),
        "empty": _("is required"),
        "long": _("must be {max} characters or fewer"),
        "unprintable": _("contains characters that cannot be used"),
    }

    def __init__(self, *, max: int = LINE, line: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max, self.line = max, line

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        raw = super()._deserialize(value, attr, data, **kwargs)
        if len(raw) > 20 * self.max + 1000:
            raise ValidationError(str(_("must be {max} characters or fewer", max=self.max)))
        try:
            cleaned = text.one_line(raw) if self.line else text.clean(raw)
        except ValueError as error:
            raise self.make_error("unprintable") from error
        if not cleaned and self.required:
            raise self.make_error("empty")
        if len(cleaned) > self.max:
            raise ValidationError(str(_("must be {max} characters or fewer", max=self.max)))
        return cleaned if cleaned or not self.allow_none else None


def as_mobile(typed: str) -> str:
    """A UK mobile number as ``+447700900123``; "" when it is none."""
    found = _MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", typed)) if typed.isascii() else None
    return f"+44{found[1]}" if found and len(found[1]) == _MOBILE_DIGITS else ""


class Mobile(Text):
    """A UK mobile number, as ``+447700900123``."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed and not self.required:
            return typed
        mobile = as_mobile(typed)
        if not mobile:
            raise ValidationError(str(_("must be a UK mobile number, such as 07700 900123")))
        return mobile


class Day(fields.Date):
    """A date from 1900 to 2199, ISO 8601; ``past`` and ``future`` (today is both) narrow it."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be a real date, such as 2026-06-09"),
    }

    def __init__(self, *, past: bool = False, future: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.past, self.future = past, future

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value):  # no week dates, no looser form
            raise self.make_error("invalid")
        found: date = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= found.year <= 2199:
            raise ValidationError(str(_("must have a year from 1900 to 2199")))
        if self.past and found > clock.today():
            raise ValidationError(str(_("must be today or in the past")))
        if self.future and found < clock.today():
            raise ValidationError(str(_("must be today or in the future")))
        if self.future and found > clock.today() + timedelta(days=731):
            raise ValidationError(str(_("must be within two years")))
        return found


class _OneOf(validate.OneOf):
    """The rule in the reader's language, written when it is broken."""

    def _format_error(self, value: Any) -> str:
        return str(_("must be one of: {keys}", keys=self.choices_text))


class _Range(validate.Range):
    """As above."""

    def _format_error(self, value: Any, message: str) -> str:
        return str(_("must be a whole number from {min} to {max}", min=self.min, max=self.max))


class _Length(validate.Length):
    """As above."""

    def _format_error(self, value: Any, message: str) -> str:
        if self.min:
            return str(_("choose {min} to {max}", min=self.min, max=self.max))
        return str(_("choose at most {max}", max=self.max))


class Choice(fields.String):
    """One of a fixed list of keys."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be text")}

    def __init__(self, keys: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keys = tuple(keys)
        self.validators = [_OneOf(self.keys)]


class Whole(fields.Integer):
    """A whole number within bounds that both databases hold."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be a whole number"),
        "too_large": _("is too large"),
    }

    def __init__(self, *, min: int = 0, max: int = INTEGER_MAX, **kwargs: Any) -> None:
        super().__init__(strict=False, **kwargs)
        self.validators = [_Range(min, max)]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | float) or (
            isinstance(value, str) and not _WHOLE.fullmatch(value)
        ):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Yes(fields.Boolean):
    """True or false; JSON booleans, or ``yes``/``no`` from a form."""

    truthy = {True, "true", "yes", "on", "1"}
    falsy = {False, "false", "no", "off", "0", ""}
    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be true or false")}


class Keys(fields.List[str]):
    """A list of distinct keys from a fixed list, at most ``max``."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list")}

    def __init__(self, keys: Iterable[str], *, min: int = 0, max: int = 30, **kwargs: Any) -> None:
        super().__init__(Choice(keys), **kwargs)
        self.validators = [_Length(min, max)]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))
