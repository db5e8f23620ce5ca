"""The bodies of a first meeting together, and of a first visit to a group."""

from __future__ import annotations

from marshmallow import ValidationError, validates

from referral.core.i18n import _
from referral.core.schema import Choice, Text, Yes
from referral.referrals.codes import PLACES
from referral.referrals.schemas.appointing import NOTE, When
from referral.referrals.schemas.referral import Id

FIRST_NAME = 40


class Together(When):
    """When and where the link worker, the person and the group meet for the first time."""

    place = Choice(PLACES, required=True)
    where = Text(max=200, load_default="")
    note = Text(max=NOTE, line=False, load_default="")
    remind = Yes(load_default=True)


class Visit(When):
    """Which group expects the person, when, and by which first name."""

    service_id = Id(required=True)
    first_name = Text(max=FIRST_NAME, required=True)
    note = Text(max=NOTE, line=False, load_default="")
    remind = Yes(load_default=True)
    agreed = Yes(required=True)

    @validates("first_name")
    def one_name_only(self, value: str, **_kwargs: object) -> None:
        if any(character.isdigit() or character in "@/" for character in value):
            raise ValidationError(str(_("must be a first name and nothing else")))

    @validates("agreed")
    def they_said_yes(self, value: bool, **_kwargs: object) -> None:
        if not value:
            raise ValidationError(str(_("must be yes: without it nothing is told to the group")))
