"""The three steps of referring somebody, as the forms send them."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, pre_load, validates_schema

from referral.core.i18n import Lazy, _
from referral.core.schema import Choice, Day, Keys, Schema, Text, Yes
from referral.outcomes.schemas.stories import GiveStory
from referral.people.codes import SEXES
from referral.people.numbers import NAMES
from referral.referrals.codes import AUTHORITIES, FEEDBACK, IF_NOT, NEEDS, URGENCIES
from referral.referrals.schemas.for_her import Heard
from referral.referrals.schemas.referral import Id

NEEDS_MAX = 3
REASON_MAX = 300


def said(words: Lazy) -> dict[str, str]:
    """One sentence for an answer that was left out."""
    shown: Any = words  # marshmallow says str; a lazy marker is translated when it is shown
    return dict.fromkeys(("required", "null", "empty"), shown)


class Who(Schema):
    """Step 1: enough to know whether the person is known here."""

    number = Text(max=40, required=True)
    date_of_birth = Day(past=True, required=True)


class HandedOver(Schema):
    """What a clinical system posts: for which practice and user, and who is on its screen.

    ``practice`` is its ODS code, ``referrer`` the user's email address. The number is checked at
    step 1, as any that is typed.
    """

    practice = Text(max=10, required=True)
    referrer = Text(max=254, required=True)
    number = Text(max=40, required=True)
    number_type = Choice(NAMES, required=True)
    born = Day(past=True, required=True)
    title = Text(max=20)
    given_name = Text(max=100)
    family_name = Text(max=100)
    sex = Choice(SEXES)
    address = Text(max=400, line=False)
    postcode = Text(max=10)
    phone = Text(max=40)
    email = Text(max=254)


class Where(Schema):
    """By the reference on the card, or by health number and birth date."""

    reference = Text(max=20, load_default="")
    number = Text(max=40, load_default="")
    date_of_birth = Day(past=True, load_default=None)

    @validates_schema
    def is_enough(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("reference"):
            return
        if not data.get("number") and not data.get("date_of_birth"):
            rule = str(_("Give the reference, or the number and the date of birth"))
            raise ValidationError(rule, "reference")
        for name in ("number", "date_of_birth"):
            if not data.get(name):
                raise ValidationError(str(_("is required")), name)


class Risk(Schema):
    """Must be said: ``no`` none known, ``yes`` with what."""

    known = Choice(
        ("no", "yes"),
        required=True,
        error_messages=said(_("Say whether you know of a risk")),
    )
    text = Text(max=REASON_MAX, load_default="")

    @validates_schema
    def say_what(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("known") == "yes" and not data.get("text"):
            raise ValidationError(str(_("Say what the risk is")), "text")


class WhatHelps(Schema):
    """Step 2. ``who`` is a service's id, or ``draft.LINK_WORKER``."""

    needs = Keys(
        NEEDS,
        min=1,
        max=NEEDS_MAX,
        required=True,
        error_messages=said(_("Pick what matters most, up to three")),
    )
    who = Text(max=40, required=True, error_messages=said(_("Choose who should help")))
    reason = Text(
        max=REASON_MAX,
        required=True,
        error_messages=said(_("Write in one line why this would help")),
    )
    risk = fields.Nested(Risk, required=True)
    urgency = Choice(URGENCIES, load_default="routine")
    if_not = Choice(IF_NOT, load_default="link_worker")

    @pre_load
    def ask_about_risk(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Nothing said about risk is an error of the question, not of the whole."""
        return {"risk": {}, **data}


class Agreed(Schema):
    """Step 3. Choosing what comes back says that the person agreed to be referred at all."""

    feedback = Choice(
        FEEDBACK,
        required=True,
        error_messages=said(_("Choose what the person agreed may come back to you")),
    )
    authority = Choice(AUTHORITIES, load_default="self")
    how = Choice(("in_person", "phone", "video", "letter"), load_default="in_person")
    given_by = Text(max=200, load_default="")
    why = Text(max=REASON_MAX, load_default="")
    evaluation = Yes(load_default=False)
    # The inbox it comes back to, where there is more than the shared one.
    return_to = Id(allow_none=True, load_default=None)
    confirm_duplicate = Yes(load_default=False)


class Listed(Schema):
    """The filters of the list of referrals."""

    box = Choice(("to_me", "from_me", "caseload"), load_default="")
    status = Text(max=30, load_default="")
    cursor = Text(max=600, load_default="")


class StoryFor(GiveStory, Heard):
    """A person's own story, written down by who hears it."""
