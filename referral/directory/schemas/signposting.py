"""To whom a service is told, and which way."""

from __future__ import annotations

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, post_load

from referral.core.schema import Choice, Mobile, Schema, Text
from referral.directory.schemas.kinds import Email
from referral.directory.signpost import CHANNELS

ADDRESSES: dict[str, Text] = {
    "email": Email(max=254, required=True),
    "text": Mobile(max=40, required=True),
}


class Signpost(Schema):
    """``to``: an email address or a UK mobile number, as the channel has it; none for paper."""

    channel = Choice(CHANNELS, required=True)
    to = Text(max=254, load_default="")

    @post_load
    def address_fits(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        field = ADDRESSES.get(data["channel"])
        if field is None:
            return data | {"to": ""}
        try:
            return data | {"to": field.deserialize(data["to"])}
        except ValidationError as error:
            raise ValidationError({"to": error.messages}) from error


class SignpostOut(marshmallow.Schema):
    """That a service was told; never to whom."""

    id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
