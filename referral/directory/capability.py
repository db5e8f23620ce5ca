"""What a service can and cannot hold: the capability statement, said so that a referrer can judge.

Each list runs from least to most; "" means that the service has not said.
"""

from __future__ import annotations

from referral.core.i18n import Lazy, _

ROUTES: dict[str, Lazy] = {
    "referral": _("Takes referrals"),
    "signpost": _("Just turn up or ring: no referral needed"),
}
HOLDS: dict[str, dict[str, Lazy]] = {
    "holds_risk": {
        "none_known": _("People with no known risks"),
        "known": _("Known risks, when we are told first"),
        "complex": _("Complex or changing risks"),
    },
    "holds_mental_health": {
        "mild": _("Low mood, worry or stress"),
        "moderate": _("Moderate depression or anxiety"),
        "severe": _("Severe mental illness, with care in place"),
    },
    "holds_mobility": {
        "unaided": _("People who walk without help"),
        "aid": _("People with a stick or frame"),
        "wheelchair": _("Wheelchair users"),
        "assisted": _("People who need help to move"),
    },
    "holds_language": {
        "english": _("Conversation in English is needed"),
        "some_english": _("A little English is enough"),
        "interpreter": _("Other languages, with an interpreter"),
    },
}
LABELS: dict[str, Lazy] = {
    "holds_risk": _("Risk"),
    "holds_mental_health": _("Mental health"),
    "holds_mobility": _("Mobility"),
    "holds_language": _("Language"),
}


def statement(said: dict[str, str]) -> list[tuple[Lazy, Lazy]]:
    """What has been said, as (label, sentence), in the order above; the rest is left out."""
    return [
        (LABELS[name], HOLDS[name][said[name]]) for name in HOLDS if said.get(name) in HOLDS[name]
    ]
