"""Shapes of a person's own story."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates

from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text, Whole
from referral.outcomes.stories import LONGEST, SHOWN_AS
from referral.referrals.disclosure import PERSONAL, looks_personal

_TICK = _("Tick this, so that your story may be shown")
_NOT_TICKED: dict[str, Any] = {"required": _TICK, "invalid": _TICK, "null": _TICK}


class GiveStory(Schema):
    """What the person tells, how they are named, and that they agreed to have it shown."""

    text = Text(max=LONGEST, line=False, required=True)
    shown_as = Choice(SHOWN_AS, load_default="nobody")
    agreed = fields.Boolean(
        required=True,
        error_messages=_NOT_TICKED,
    )
    version = Whole(load_default=None)

    @validates("agreed")
    def _is_agreed(self, value: bool, data_key: str) -> None:
        if not value:
            raise ValidationError(str(_TICK))

    @validates("text")
    def _is_fit_to_show(self, value: str, data_key: str) -> None:
        """Everybody will read it."""
        found = looks_personal(value)
        if found:
            raise ValidationError(
                str(_("Please leave this out: {what}. Everybody can read it.",
                      what=", ".join(str(PERSONAL[kind]) for kind in found)))
            )  # fmt: skip


class Decide(Schema):
    """The group shows it or does not; ``version`` is of the story that was read."""

    version = Whole(required=True)
