"""The needs a service can answer and a person can have: keys that are stored, words people read."""

from __future__ import annotations

from referral.core.i18n import Lazy, _

NEEDS: dict[str, Lazy] = {
    "loneliness": _("Loneliness"),
    "low_mood": _("Low mood"),
    "stress": _("Stress or worry"),
    "bereavement": _("Bereavement"),
    "being_active": _("Being active"),
    "healthy_eating": _("Healthy eating"),
    "food": _("Getting food"),
    "money": _("Money"),
    "debt": _("Debt"),
    "benefits": _("Benefits"),
    "housing": _("Housing"),
    "energy_bills": _("Energy bills"),
    "work": _("Work"),
    "learning": _("Learning"),
    "caring": _("Caring for somebody"),
    "parenting": _("Parenting"),
    "relationships": _("Relationships"),
    "abuse": _("Abuse"),
    "memory": _("Memory"),
    "long_term_condition": _("Living with a long-term condition"),
    "falls": _("Falls"),
    "alcohol_drugs": _("Alcohol or drugs"),
    "smoking": _("Smoking"),
    "volunteering": _("Volunteering"),
    "digital": _("Getting online"),
    "immigration": _("Immigration"),
    "nature": _("Nature and gardening"),
    "arts": _("Arts and music"),
    "transport": _("Transport"),
    "other": _("Something else"),
}


def labels(keys: tuple[str, ...] | list[str]) -> list[Lazy]:
    """The words of ``keys``, in the order of the list above; unknown keys are left out."""
    return [label for key, label in NEEDS.items() if key in keys]
