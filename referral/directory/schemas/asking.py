"""What a search may ask."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text
from referral.directory.needs import NEEDS
from referral.directory.schemas.kinds import Needs, Postcode, Radius
from referral.directory.search import COSTS
from referral.directory.standing import CAPACITIES


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
