"""The small objects of Open Referral UK 3.0 as people and programs write them.

Names, formats and choices are the standard's (``oruk-3.0-schemas/service.json``); links back to
the owner are left out. An item with the ``id`` of one that is there changes it: a field that is
not given stays, an empty one is cleared. Without an id it is new.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from referral.core.i18n import _
from referral.core.schema import PARAGRAPH, REQUIRED, Choice, Day, Schema, Text, Whole
from referral.directory.schemas.kinds import SHORT, Address, Postcode

AMOUNT_MAX = 100_000
ITEMS_MAX = 50
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_MONTH_DAY = re.compile(r"-?([1-9]|[12][0-9]|3[01])")


class Id(Text):
    """The id of an item: a UUID, in its usual form."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if typed is None:
            return None
        try:
            return str(uuid.UUID(typed))
        except ValueError as error:
            raise ValidationError(str(_("must be the id of an item"))) from error


class DayText(Day):
    """A date that is kept as the standard writes it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).isoformat() if value else None


class Clock(Text):
    """A time of day: ``10:00``; also ``9.30``, and the standard's seconds and zones."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed.replace(" ", ""))
        if found is None or int(found[1]) > 24 or int(found[2]) > 59:
            raise ValidationError(str(_("must be a time of day, such as 10:00")))
        if found[1] == "24" and found[2] != "00":
            raise ValidationError(str(_("must be a time of day, such as 10:00")))
        return f"{int(found[1]):02}:{found[2]}{found[3] or ''}{found[4] or ''}"


class Listed(Text):
    """Words divided by commas, each of a pattern."""

    def __init__(self, pattern: re.Pattern[str], rule: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.rule = pattern, rule

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        words = [word.strip().upper() for word in (typed or "").split(",") if word.strip()]
        if not all(self.pattern.fullmatch(word) for word in words):
            raise ValidationError(str(self.rule))
        return ",".join(dict.fromkeys(words)) or None


class Amount(fields.Field[Any]):
    """Pounds: a number, or ``£3.50`` as a form sends it."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be an amount in pounds, such as 3.50"),
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            typed = value.strip().removeprefix("£").replace(",", "").strip()
            if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", typed):
                raise self.make_error("invalid")
            value = float(typed)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        if not 0 <= value <= AMOUNT_MAX:
            raise ValidationError(str(_("must be from 0 to {max}", max=AMOUNT_MAX)))
        return int(value) if value == int(value) else round(float(value), 2)


class _Count(validate.Length):
    def _format_error(self, value: Any, message: str) -> str:
        return str(_("must be at most {max}", max=self.max))


class Items(fields.List[Any]):
    """A list of items of one kind, each id once."""

    default_error_messages: dict[str, Any] = {**REQUIRED, "invalid": _("must be a list")}

    def __init__(self, schema: type[Schema], *, max: int = ITEMS_MAX, **kwargs: Any) -> None:
        super().__init__(fields.Nested(schema), **kwargs)
        self.validators = [_Count(max=max)]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        seen: set[str] = set()
        for place, item in enumerate(found):
            if item.get("id") in seen:
                raise ValidationError({place: {"id": [str(_("comes twice"))]}})
            seen |= {item["id"]} if "id" in item else set()
        return found


class Part(Schema):
    """What every item has. Empty fields come out as None: they clear what was there."""

    id = Id(max=40)

    @post_load
    def nothing_is_none(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {
            name: None if value == "" else value
            for name, value in data.items()
            if name != "id" or value
        }


class Dated(Part):
    """Something that is true for a while."""

    valid_from = DayText(allow_none=True)
    valid_to = DayText(allow_none=True)

    @validates_schema
    def days_in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            raise ValidationError({"valid_to": [str(_("must not be before the first day"))]})


class Schedule(Dated):
    """When it happens: a line of the week or the month (RFC 5545), or words alone."""

    dtstart = DayText(allow_none=True)
    freq = Choice(("WEEKLY", "MONTHLY"), allow_none=True)
    interval = Whole(min=1, max=52, allow_none=True)
    byday = Listed(
        _BYDAY, _("must be days such as TU,TH, or 2TU for the second Tuesday"), allow_none=True
    )
    bymonthday = Listed(_MONTH_DAY, _("must be days of the month, such as 1,15"), allow_none=True)
    description = Text(max=PARAGRAPH, line=False, allow_none=True)
    opens_at = Clock(max=20, allow_none=True)
    closes_at = Clock(max=20, allow_none=True)
    schedule_link = Address(max=SHORT, allow_none=True)
    attending_type = Text(allow_none=True)
    notes = Text(max=PARAGRAPH, line=False, allow_none=True)

    @validates_schema
    def hours_have_a_day(self, data: dict[str, Any], **_kwargs: Any) -> None:
        timed = data.get("opens_at") or data.get("closes_at")
        no_day = "byday" in data or "id" not in data
        if timed and no_day and not data.get("byday") and not data.get("bymonthday"):
            raise ValidationError({"byday": [str(_("is required"))]})
        if data.get("closes_at") and "opens_at" in data and not data["opens_at"]:
            raise ValidationError({"opens_at": [str(_("is required"))]})


class CostOption(Dated):
    """What it costs: for whom, how much, for what."""

    option = Text(allow_none=True)
    amount = Amount(allow_none=True)
    amount_description = Text(allow_none=True)


class Language(Part):
    """A language spoken there."""

    name = Text(max=100, required=True)
    code = Text(max=20, allow_none=True)
    note = Text(allow_none=True)


class Funding(Part):
    """Who pays for it."""

    source = Text(max=SHORT, required=True)


class ServiceArea(Part):
    """Where the people it is for live."""

    name = Text(allow_none=True)
    extent = Text(max=PARAGRAPH, line=False, allow_none=True)
    extent_type = Text(max=50, allow_none=True)
    uri = Address(max=SHORT, allow_none=True)
    service_area = Text(allow_none=True)


class Contact(Part):
    """Somebody to ask."""

    name = Text(allow_none=True)
    title = Text(allow_none=True)


class Phone(Part):
    """A number to ring."""

    number = Text(max=40, required=True)
    description = Text(allow_none=True)


class Accessibility(Part):
    """What access there is at a place."""

    description = Text(max=SHORT, allow_none=True)
    details = Text(max=SHORT, allow_none=True)
    url = Address(max=SHORT, allow_none=True)


class Term(Part):
    """A word of somebody's taxonomy, as attributes carry it."""

    name = Text(required=True)
    description = Text(max=PARAGRAPH, line=False, allow_none=True)
    parent_id = Id(max=40, allow_none=True)
    taxonomy = Text(allow_none=True)
    taxonomy_id = Id(max=40, allow_none=True)
    term_uri = Address(max=SHORT, allow_none=True)
    term = Text(allow_none=True)


class Attribute(Part):
    """A word of a taxonomy that is said of the entry."""

    link_type = Text(allow_none=True)
    value = Text(allow_none=True)
    taxonomy_term = fields.Nested(Term, required=True, error_messages=REQUIRED)


class OrganizationIdentifier(Part):
    """The organisation's number on a register, such as ``GB-SC``."""

    identifier_scheme = Text(max=50, allow_none=True)
    identifier_type = Text(max=100, required=True)
    identifier = Text(max=100, required=True)


class Place(Part):
    """Where it happens; ``id`` is the location's."""

    name = Text(allow_none=True)
    address = Text(max=SHORT, allow_none=True)
    city = Text(max=100, allow_none=True)
    postcode = Postcode(allow_none=True)
    description = Text(max=PARAGRAPH, line=False, allow_none=True)
    accessibility = Items(Accessibility, max=20)

    @validates_schema
    def is_somewhere(self, data: dict[str, Any], **_kwargs: Any) -> None:
        shown = ("name", "address", "city", "postcode")
        if not any(data.get(name) for name in shown) and (
            "id" not in data or set(shown) <= set(data)
        ):
            raise ValidationError({"name": [str(_("is required"))]})


class LanguagesField(fields.Field[Any]):
    """Languages as a list of items, or as words divided by commas."""

    default_error_messages: dict[str, Any] = {
        **REQUIRED,
        "invalid": _("must be a list, or words divided by commas"),
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return Text(max=SHORT).deserialize(value, attr, data, **kwargs)
        if isinstance(value, list):
            return Items(Language, max=30).deserialize(value, attr, data, **kwargs)
        raise self.make_error("invalid")
