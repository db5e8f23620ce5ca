"""To whom a service is told, and which way."""

from __future__ import annotations

import re
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, post_load

from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text
from referral.directory.schemas.kinds import Email
from referral.directory.signpost import CHANNELS

_SPACES = re.compile(r"[\s().-]+")
# Ofcom's plan: 070 are personal numbers and 076 pagers, but for the Isle of Man's 07624.
_MOBILE = re.compile(r"(?:\+44|0044|0)0?(7(?:[1-57-9][0-9]|624)[0-9]+)")
DIGITS = 10


class Mobile(Text):
    """A UK mobile number, as ``+447700900123``."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        found = _MOBILE.fullmatch(_SPACES.sub("", typed)) if typed.isascii() else None
        if found is None or len(found[1]) != DIGITS:
            raise ValidationError(str(_("must be a UK mobile number, such as 07700 900123")))
        return f"+44{found[1]}"


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
