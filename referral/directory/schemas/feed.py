"""What a reader of the open feed may ask: the parameters of Open Referral UK 3.0.

A parameter that the standard does not know is passed over, for readers of other feeds send some.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import INTEGER_MAX, Choice, Schema, Text, Whole, Yes
from referral.directory.schemas.kinds import Postcode

PER_PAGE = 50
PER_PAGE_MAX = 100
METRES_MAX = 1_000_000
FORMATS = ("json", "ndjson")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.,]+([Zz]|[ +-][0-9:]+)?)?")


class Moment(fields.Field[datetime]):
    """A moment as ISO 8601 writes it; without a zone it is UTC, without a time midnight."""

    default_error_messages: dict[str, Any] = {
        "invalid": _("must be a date and time such as 2026-05-12T10:00:00Z")
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        given = str(value).strip()
        if not _MOMENT.fullmatch(given):
            raise self.make_error("invalid")
        day, clock = given[:10], given[11:].replace(" ", "+")  # a plus that was not escaped
        try:
            found = datetime.fromisoformat(f"{day}T{clock}" if clock else day)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error


def _id() -> fields.UUID:
    told: dict[str, Any] = dict.fromkeys(("invalid_uuid", "invalid"), _("must be a UUID"))
    return fields.UUID(load_default=None, error_messages=told)


class _Asked(Schema):
    class Meta:
        unknown = marshmallow.EXCLUDE


class Listed(_Asked):
    """Of every list."""

    page = Whole(min=1, max=INTEGER_MAX, load_default=1)
    per_page = Whole(min=1, max=PER_PAGE_MAX, load_default=PER_PAGE)
    format = Choice(FORMATS, load_default="json")
    search = Text(load_default="")


class _Narrowed(Listed):
    taxonomy_term_id = _id()
    taxonomy_id = _id()
    organization_id = _id()
    modified_after = Moment(load_default=None)
    full = Yes(load_default=False)


class Services(_Narrowed):
    """``minimal`` has all of them on one page, unless ``per_page`` is said."""

    minimal = Yes(load_default=False)


class Organizations(Listed):
    full = Yes(load_default=False)
    full_service = Yes(load_default=False)


class Organization(_Asked):
    full_service = Yes(load_default=False)


class ServiceAtLocations(_Narrowed):
    """``proximity`` is metres from the middle of ``postcode``."""

    postcode = Postcode(outward=True, load_default="")
    proximity = Whole(min=1, max=METRES_MAX, load_default=None)

    @validates_schema
    def proximity_needs_a_centre(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("proximity") is not None and not data.get("postcode"):
            raise ValidationError({"postcode": [str(_("is needed with proximity"))]})


class Taxonomies(Listed):
    pass


class TaxonomyTerms(Listed):
    taxonomy_id = _id()
    parent_id = _id()
    top_only = Yes(load_default=False)
