"""What is held about somebody, as lines they can read: one shape for every slice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.core.i18n import Lazy, _

# The parts in the order they are read, with their headings in words to the person.
PARTS: dict[str, Lazy] = {
    "you": _("Who you are and how to reach you"),
    "referral": _("Why you were put in touch"),
    "agreed": _("What you agreed to"),
    "said": _("What you told us"),
    "steps": _("What happened"),
    "contacts": _("Calls, visits and days set"),
    "talk": _("What was asked and answered about you"),
    "notes": _("Notes about you"),
    "plan": _("Your plan"),
    "measures": _("Questions you answered"),
    "results": _("What changed"),
    "story": _("Your story"),
    "supporters": _("Who you named to help"),
    "complaints": _("What you complained of"),
    "notices": _("What we sent you"),
}


@dataclass(frozen=True)
class Held:
    """One thing that is held: in which part (a key of ``PARTS``), what it is, its words, since
    when, by which organisation, and on which referral (its reference; "" for all).
    """

    part: str
    label: str
    text: str
    at: datetime | None = None
    by: str = ""
    reference: str = ""


def words(value: Any) -> str:
    """Whatever was sealed, as text: lists with commas, yes and no, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Mapping):
        return ", ".join(said for said in (words(one) for one in value.values()) if said)
    if isinstance(value, list | tuple):
        return ", ".join(said for said in (words(one) for one in value) if said)
    return str(value).strip()


def lines(
    part: str,
    sealed: Any,
    labels: Mapping[str, Lazy],
    otherwise: Lazy,
    *,
    at: datetime | None = None,
    by: str = "",
    reference: str = "",
    without: Iterable[str] = (),
) -> list[Held]:
    """A line for every field of an opened text that says something.

    Those of ``labels`` come first; a field nobody named here is there too, as ``otherwise``:
    nothing that is held may be left out because it is new.
    """
    fields = dict(sealed) if isinstance(sealed, Mapping) else {"": sealed}
    order = [*(name for name in labels if name in fields), *(n for n in fields if n not in labels)]
    return [
        Held(part, str(labels.get(name, otherwise)), said, at, by, reference)
        for name in order
        if name not in without and (said := words(fields[name]))
    ]


def in_order(found: Iterable[Held]) -> list[Held]:
    """By part, then by time; what has no time first."""
    places = {part: number for number, part in enumerate(PARTS)}
    return sorted(found, key=lambda one: (places[one.part], one.at.timestamp() if one.at else 0.0))
