"""What a person tells for others to read: the words of the consent, and who is said to tell. Pure.

The consent is of its own: it is asked for apart from being referred and taken back apart from it.
"""

from __future__ import annotations

from referral.core.i18n import Lazy, _
from referral.people.codes import table
from referral.people.identity import Identity

LONGEST = 600
SHOWN_AS = table(
    ("nobody", _("Nobody’s name")),
    ("age", _("My age, as in “a woman in her 70s”")),
    ("first_name", _("My first name")),
)
# Changed words get a new key: a row names what was said.
WORDING = "story-1"
WORDINGS: dict[str, Lazy] = {
    WORDING: _(
        "The group reads my story first. Then everybody can read it on the group’s page. I can "
        "take it back at any time, and it goes at once."
    ),
}
_IN_THEIR: dict[str, Lazy] = {
    "female": _("a woman in her {decade}s"),
    "male": _("a man in his {decade}s"),
}
_SOMEBODY = _("somebody in their {decade}s")
_YOUNG, _ADULT_BAND = _("a young person"), 20


def told_by(shown_as: str, sex: str, age_band: int | None, identity: Identity) -> str:
    """``a woman in her 70s``, ``Amina``, or nothing: as the person chose."""
    if shown_as == "first_name":
        return identity.given_name
    if shown_as == "age" and age_band is not None and age_band < _ADULT_BAND:
        return str(_YOUNG)
    if shown_as == "age" and age_band is not None:
        words = _IN_THEIR.get(sex, _SOMEBODY)
        return str(Lazy(words.message, decade=age_band))
    return ""
