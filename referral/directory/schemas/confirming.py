"""Shapes of confirming: pauses, and what comes back by the link of a message."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import ValidationError

from referral.core.i18n import _
from referral.core.schema import INTEGER_MAX, Choice, Day, Schema, Text
from referral.directory.schemas.entries import Capacity, Version
from referral.directory.standing import CAPACITIES

LINK_MAX = 100
SEEN_MAX = 200


class ServicePause(Schema):
    """The last day on which the service takes nobody, and why."""

    until = Day(required=True, future=True)
    reason = Text(max=200, load_default="", allow_none=True)


class ServicePauseForm(ServicePause, Version):
    """``ServicePause`` as a page sends it."""


class Seen(Text):
    """``<id>:<version>`` of an entry on the page, several with a blank between; read as a dict."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=SEEN_MAX * 50, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **kwargs)
        found: dict[uuid.UUID, int] = {}
        for pair in typed.split():
            word, _colon, version = pair.partition(":")
            if not (version.isascii() and version.isdigit() and int(version) <= INTEGER_MAX):
                raise ValidationError(str(_("must be an entry of this page")))
            try:
                found[uuid.UUID(word)] = int(version)
            except ValueError as error:
                raise ValidationError(str(_("must be an entry of this page"))) from error
        return found


class ByLink(Schema):
    """The word of the link, hidden in the page's forms."""

    link = Text(max=LINK_MAX, required=True)
    seen = Seen(required=True)


class RightByLink(ByLink):
    """Entries of the page are still right."""


class RoomByLink(ByLink, Capacity):
    """How much room one entry has."""

    capacity = Choice([key for key in CAPACITIES if key != "unknown"], required=True)
