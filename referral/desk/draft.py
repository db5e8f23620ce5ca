"""A referral while it is being written: what the steps show of it, and what will be shared.

Pure. A draft is read from the whole view of the referral (``referrals.queries.view``).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from referral.core import clock
from referral.core.i18n import Lazy, _, format_day_long
from referral.people import codes as people_codes
from referral.people import numbers
from referral.people.codes import Code
from referral.places.postcodes import outward
from referral.referrals import codes, consent, snomed
from referral.referrals.disclosure import (
    Level,
    age_on,
    mask,
    reason_contains_identity,
)

# Who should help: nobody in particular, the link worker finds it with the person.
LINK_WORKER = "link_worker"
# The first few are offered as they are, the rest behind "More".
USUAL_NEEDS = (
    "loneliness", "money", "being_active", "housing", "low_mood", "caring", "bereavement",
)  # fmt: skip
# Who agreed, in the line of step 3.
SPOKEN_BY: dict[str, Lazy] = {
    "self": _("the person"),
    "parent": _("a parent"),
    "attorney": _("attorney or guardian"),
    "best_interests": _("best interests: they could not decide"),
}
IDENTITY_WORDS: dict[str, Lazy] = {
    "name": _("the person’s name"),
    "health_number": _("a health number"),
    "phone": _("a telephone number"),
    "address": _("an address"),
    "email": _("an email address"),
    "date_of_birth": _("a date of birth"),
}


def id_of(given: object) -> uuid.UUID | None:
    """The service that somebody chose; None for the link worker, or for what names none."""
    try:
        return uuid.UUID(str(given))
    except ValueError:
        return None


@dataclass(frozen=True)
class Draft:
    """``view`` as ``referrals.queries.view`` gives it; ``today`` the local date.

    ``team`` is the name of the link-worker team the sender may ask; None when there is none.
    ``nation`` says from when somebody is an adult.
    """

    view: Mapping[str, Any]
    today: date
    team: str | None = None
    nation: str = "england"

    @property
    def id(self) -> uuid.UUID:
        found: uuid.UUID = self.view["id"]
        return found

    @property
    def version(self) -> int:
        return int(self.view["version"])

    @property
    def sent(self) -> bool:
        return bool(self.view["status"] != "draft")

    @property
    def person(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.view["person"] or {}
        return found

    @property
    def name(self) -> str:
        """``Ms Amina Begum``."""
        return str(self.person.get("name") or "")

    @property
    def age(self) -> int | None:
        born = self.person.get("date_of_birth")
        return age_on(born, self.today) if isinstance(born, date) else None

    @property
    def area(self) -> str:
        return outward(self.person.get("postcode") or "")

    def how_to_reach(self) -> list[Lazy]:
        """What the person strip says: ways to reach the person, access needs, interpreter."""
        found = [
            people_codes.REACH_BY[key].label
            for key in self.person.get("reach_by") or ()
            if key in people_codes.REACH_BY
        ]
        found += [
            people_codes.ACCESS_NEEDS[key].label
            for key in self.person.get("access_needs") or ()
            if key in people_codes.ACCESS_NEEDS
        ]
        return found

    def read_lines(self) -> list[str]:
        """What a paste or another system said, for one look: nothing of it was typed."""
        number = (self.person.get("health_number") or {}).get("value") or ""
        lines = [
            numbers.display(number) if number else "",
            str(_("born {day}", day=f"{self.born:%d/%m/%Y}")) if self.born else "",
            ", ".join(_lines(self.person.get("address"), self.person.get("postcode"))),
            str(self.person.get("phone") or self.person.get("email") or ""),
        ]
        return [line for line in lines if line]

    def helps(self, service: str | None = None) -> dict[str, Any]:
        """The answers of step 2 as they stand; ``service`` was just chosen in the directory."""
        view = self.view
        chosen = service or (str(view["service"]["id"]) if view.get("service") else LINK_WORKER)
        risk = view.get("risk") or {}
        said = risk.get("said", True)
        return {
            "needs": list(view.get("needs") or ()),
            "who": chosen,
            "reason": view.get("reason") or "",
            "risk.known": ("yes" if risk.get("known") else "no") if said else "",
            "risk.text": risk.get("text") or "",
            "urgency": view.get("urgency") or "routine",
            "if_not": view.get("if_not") or "link_worker",
        }

    def agreed(self) -> dict[str, Any]:
        """The answers of step 3: nothing is ticked beforehand but who usually speaks, and here."""
        return {"authority": self.authorities[0], "how": "in_person"}

    @property
    def unsafe(self) -> bool:
        """Writing to the person directly may harm them, or they have died."""
        flags = self.view.get("flags") or {}
        return bool(flags.get("do_not_contact") or flags.get("deceased_on"))

    @property
    def born(self) -> date | None:
        found = self.person.get("date_of_birth")
        return found if isinstance(found, date) else None

    @property
    def authorities(self) -> tuple[str, ...]:
        """Who may answer for this person, the usual one first."""
        return consent.authorities(self.born, self.today, self.nation)

    def missing(self) -> bool:
        """Step 2 is not complete yet."""
        return not (self.view.get("reason") and self.view.get("needs"))

    def warnings(self) -> list[Lazy]:
        """What in the sentence would say who the person is, before anybody has said yes."""
        text = f"{self.view.get('reason') or ''}\n{(self.view.get('risk') or {}).get('text') or ''}"
        return [IDENTITY_WORDS[kind] for kind in reason_contains_identity(text, self.person)]

    def facts(self) -> dict[str, Any]:
        """The referral and the person as ``disclosure.mask`` takes them."""
        risk = self.view.get("risk") or {}
        return dict(self.person) | {
            "needs": self.view.get("needs") or (),
            "reason": self.view.get("reason") or "",
            "risk_known": bool(risk.get("known")),
            "risk_text": risk.get("text") or "",
            "urgency": self.view.get("urgency") or "routine",
        }


@dataclass(frozen=True)
class Asking:
    """What step 3 says and asks, by who answers: (authority, label, words, name?, reason?)."""

    authority: str
    label: Lazy
    words: str
    asks_name: bool
    asks_why: bool


def asked(draft: Draft, whose: str) -> list[Asking]:
    """The words to say to whoever may answer, the usual one first. ``whose``: who receives it."""
    service = draft.view.get("service")
    to = whose
    if service and service["name"] != whose:
        to = str(_("{service} of {organisation}", service=service["name"], organisation=whose))
    return [
        Asking(
            key,
            SPOKEN_BY[key],
            str(Lazy(_wording(draft, key).text.message, to=to, person=draft.name)),
            consent.asks_name(key),
            consent.asks_why(key, draft.born, draft.today),
        )
        for key in draft.authorities
    ]


def wording_key(draft: Draft, authority: str) -> str:
    """Which words were shown: kept with what was agreed."""
    return _wording(draft, authority).key


def _wording(draft: Draft, authority: str) -> consent.Wording:
    team = not draft.view.get("service")
    current = consent.CURRENT_FOR_TEAM if team else consent.CURRENT
    return consent.WORDINGS[current[consent.audience(authority, draft.born, draft.today)]]


@dataclass(frozen=True)
class Preview:
    """Exactly what is shared: rows of (what, said) now, and what comes after yes."""

    now: list[tuple[Lazy, str]]
    after: list[tuple[Lazy, str]]


def preview(draft: Draft) -> Preview:
    """What whoever receives it reads before and after saying yes.

    A link-worker team shares the person's care and so reads everything at once.
    """
    team = not draft.view.get("service")
    whole = mask(draft.facts(), Level.IDENTIFIED, on=draft.today, provider=not team)
    if team:
        return Preview(rows(whole), [])
    before = mask(draft.facts(), Level.ANONYMOUS, on=draft.today, provider=True)
    more = {key: value for key, value in whole.items() if key not in before}
    return Preview(rows(before), rows(more))


def rows(shown: Mapping[str, Any]) -> list[tuple[Lazy, str]]:
    """A masked view in words, in the order people read it; what is not known is left out."""
    found: list[tuple[Lazy, str]] = []
    name = " ".join(
        str(shown[key]) for key in ("title", "given_name", "family_name") if shown.get(key)
    )
    born = shown.get("date_of_birth")
    number = shown.get("health_number") or {}
    lines: list[tuple[Lazy, Any]] = [
        (_("Name"), name),
        (_("Born"), f"{born:%d/%m/%Y}" if isinstance(born, date) else ""),
        (_("Health number"), numbers.display(number["value"]) if number.get("value") else ""),
        (_("Address"), ", ".join(_lines(shown.get("address"), shown.get("postcode")))),
        (_("Telephone"), shown.get("phone")),
        (_("Email"), shown.get("email")),
        (_("Person"), who(shown) if "given_name" not in shown and "needs" in shown else ""),
        (_("Help with"), _labels(codes.NEEDS, shown.get("needs"))),
        (_("Why"), shown.get("reason")),
        (_("Risks"), risk_words(shown) if "risk_known" in shown else ""),
        (_("Reach by"), _labels(people_codes.REACH_BY, shown.get("reach_by"))),
        (_("Access"), _labels(people_codes.ACCESS_NEEDS, shown.get("access_needs"))),
        (_("Language"), language_words(shown)),
    ]
    for label, said in lines:
        if said:
            found.append((label, str(said)))
    return found


def who(shown: Mapping[str, Any]) -> str:
    """``Woman, 70s, G51``: somebody without a name."""
    sex = shown.get("sex")
    band = shown.get("age_band")
    words = [
        str(people_codes.SEXES[sex].label) if sex in ("female", "male") else str(_("Person")),
        "" if band is None else str(_("90 or over")) if band in (90, "90+") else _decade(band),
        str(shown.get("area") or ""),
    ]
    return ", ".join(word for word in words if word)


def _decade(band: Any) -> str:
    if isinstance(band, str):
        return band
    return str(_("under 10")) if band == 0 else str(_("{decade}s", decade=band))


def risk_words(shown: Mapping[str, Any]) -> str:
    if shown.get("risk_known") is None:
        return str(_("Nobody has said yet"))
    if not shown.get("risk_known"):
        return str(_("None known"))
    return str(shown.get("risk_text") or _("Yes"))


def language_words(shown: Mapping[str, Any]) -> str:
    spoken = str(shown.get("language") or "")
    if not shown.get("interpreter"):
        return spoken
    if not spoken:
        return str(_("Needs an interpreter"))
    return str(_("{language}, with an interpreter", language=spoken))


def _labels(table: Mapping[str, Code], keys: Any) -> str:
    return ", ".join(str(table[key].label) for key in keys or () if key in table)


def _lines(*values: Any) -> list[str]:
    parts = [part.strip() for value in values for part in str(value or "").split("\n")]
    return [part for part in parts if part]


def record(draft: Draft) -> str:
    """Plain text for the practice's own record: what was sent where, why, and what was agreed."""
    view = draft.view
    to = (view.get("service") or {}).get("name") or (view.get("to") or {}).get("name") or ""
    whose = (view.get("to") or {}).get("name") or ""
    consent = view.get("consent") or {}
    due = view.get("due_on")
    lines = [
        f"{snomed.REFERRED}.",
        _(
            "Social prescribing referral {reference} sent {day}.",
            reference=view["reference"],
            day=format_day_long(draft.today),
        ),
        _("To: {to}.", to=to if to == whose else f"{to} ({whose})"),
        _("For: {needs}.", needs=_labels(codes.NEEDS, view.get("needs"))),
        _("Why: {reason}", reason=_sentence(view.get("reason") or "")),
        _("Risks: {risks}.", risks=risk_words(draft.facts()).rstrip(".").lower()),
        _(
            "Consent: agreed to be referred ({authority}); comes back to us: {feedback}.",
            authority=_lower(codes.AUTHORITIES, consent.get("authority")),
            feedback=_lower(codes.FEEDBACK, consent.get("feedback")),
        ),
    ]
    if due:
        lines.append(_("Answer expected by {day}.", day=format_day_long(due)))
    return "\n".join(str(line) for line in lines)


def _sentence(text: str) -> str:
    """What was typed, with a full stop where it has no end of its own."""
    return text if not text or text[-1] in ".!?" else f"{text}."


def record_declined(at: datetime, need: str, reason: str) -> str:
    """Plain text for the practice's own record: offered, and the person said no."""
    lines = [
        f"{snomed.DECLINED}.",
        _(
            "Social prescribing offered and declined, {day}.",
            day=format_day_long(clock.local(at).date()),
        ),
        _("Reason: {reason}.", reason=_lower(codes.DECLINED_OFFER, reason)),
    ]
    if need:
        lines.append(_("About: {needs}.", needs=_labels(codes.NEEDS, [need])))
    return "\n".join(str(line) for line in lines)


def _lower(table: Mapping[str, Code], key: Any) -> str:
    return str(table[key].label).lower() if key in table else ""
