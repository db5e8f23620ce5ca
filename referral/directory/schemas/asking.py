"""What a search may ask."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Choice, Keys, Schema, Text, Whole, Yes
from referral.directory.facets import ACCESS, ATTEND, DAYS, TIMES
from referral.directory.needs import NEEDS
from referral.directory.schemas.kinds import Needs, Postcode, Radius
from referral.directory.search import COSTS
from referral.directory.standing import AGE_MAX, CAPACITIES

NEAR = 100


class Search(Schema):
    """What a search may ask. A list also takes ``limit`` and ``cursor``.

    ``near`` is a postcode, an outward code or the name of a place; ``postcode`` only the first two.
    Of ``need``, ``attend``, ``day`` and ``time`` any fits; of ``access`` all must.
    """

    text = Text(load_default="")
    near = Text(max=NEAR, load_default="")
    postcode = Postcode(outward=True, load_default="")
    radius_km = Radius(load_default=None, allow_none=True)
    need = Needs(NEEDS, max=10, load_default=list)
    language = Text(max=40, load_default="")
    cost = Choice(COSTS, load_default="")
    age = Whole(max=AGE_MAX, load_default=None, allow_none=True)
    access = Keys(ACCESS, load_default=list)
    attend = Keys(ATTEND, load_default=list)
    day = Keys(DAYS, load_default=list)
    time = Keys(TIMES, load_default=list)
    capacity = Choice(CAPACITIES, load_default="")
    accepting = Yes(load_default=False)
    organisation_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "must be the id of an organisation"}
    )

    @validates_schema
    def radius_needs_a_centre(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("radius_km") is not None and not (data.get("near") or data.get("postcode")):
            raise ValidationError({"postcode": [str(_("is needed to search within a distance"))]})


class Near(Schema):
    """Where from, when one service is read."""

    postcode = Postcode(outward=True, load_default="")
