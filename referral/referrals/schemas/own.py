"""What a person changes about their own referral, at their page or through staff."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from referral.core.i18n import LANGUAGES, _
from referral.core.schema import Choice, Keys, Schema, Text, Whole, Yes
from referral.people.codes import ACCESS_NEEDS, REACH_BY
from referral.people.schemas import Email, Phone
from referral.referrals import plain
from referral.referrals.codes import SAID_MAX
from referral.referrals.schemas.agreeing import NAME_MAX

WORDS_MAX = 500


class ReachMe(Schema):
    """How they are reached; all of it, so that what is left out is taken away.

    ``wants_changed``: a new number or address, in their words: somebody rings back about it.
    """

    version = Whole(min=1, required=True)
    reach_by = Keys(REACH_BY, load_default=list)
    access_needs = Keys(ACCESS_NEEDS, load_default=list)
    language = Text(max=40, load_default="")
    written_in = Choice(LANGUAGES, load_default="en")
    wants_changed = Text(max=WORDS_MAX, line=False, load_default="")

    @post_load
    def knows_the_interpreter(self, data: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        """One need among others here, and a field of its own in the record."""
        return data | {"interpreter": "interpreter" in data["access_needs"]}


class Touch(Schema):
    """Whether anybody has been in touch."""

    kind = Choice(("in_touch", "not_in_touch"), required=True)
    text = Text(max=WORDS_MAX, line=False, load_default="")


class Mind(Schema):
    """They changed their mind: a key of ``plain.MINDS``, and why."""

    mind = Choice(plain.MINDS, required=True)
    text = Text(max=WORDS_MAX, line=False, load_default="")

    @validates_schema
    def says_what(self, data: dict[str, object], **_kwargs: object) -> None:
        if data.get("mind") == "else" and not data.get("text"):
            raise ValidationError({"text": [str(_("Please write what it is"))]})


class Stop(Schema):
    """``what``: all of it, or only what the practice hears. ``sure`` must be ticked."""

    what = Choice(plain.STOPS, required=True)
    why = Text(max=300, line=False, load_default="")
    sure = Yes(load_default=False)

    @validates_schema
    def is_sure(self, data: dict[str, object], **_kwargs: object) -> None:
        if data.get("what") and not data.get("sure"):
            raise ValidationError({"sure": [str(_("Tick the box if you are sure"))]})


class SupporterForm(Schema):
    """Somebody who may hear, or speak for them."""

    name = Text(max=NAME_MAX, required=True)
    relation = Text(max=60, load_default="")
    phone = Phone(load_default="")
    email = Email(load_default="")
    may = Choice(plain.MAY, required=True)


class OwnResult(Schema):
    """How it went by their own word; ``about`` is ``overall`` or a goal."""

    about = Text(max=36, load_default="overall")
    outcome = Choice(plain.OUTCOMES, required=True)
    said = Text(max=WORDS_MAX, line=False, load_default="")
    version = Whole(min=1, load_default=None)


class Words(Schema):
    """A few words of their own."""

    text = Text(max=SAID_MAX, line=False, required=True)
