"""Who sees what of a person, by stage. One page a privacy lead can read.

Before accepting, a provider sees what it needs to answer and nothing that says who the person is;
after accepting, name, birth date, contact details and the full text. The safe link loses identity
again when the referral is over; a signed-in provider keeps its record of people it worked with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from referral.core.i18n import Lazy, _
from referral.places.postcodes import outward
from referral.referrals.lifecycle import STATUSES


class Level(IntEnum):
    """How much of the person a viewer sees; more is greater."""

    NONE = 0
    ANONYMOUS = 1
    IDENTIFIED = 2


# Seen by anybody to whom the referral is addressed. Everything not named here is left out.
ANONYMOUS_FIELDS = (
    "needs", "sex", "risk_known", "risk_text", "urgency", "reach_by", "language", "interpreter",
    "access_needs", "reason",
)  # fmt: skip
# Added once the provider has accepted. A health number is not among them: a CHI number holds the
# birth date and the sex, and no charity needs any of the three kinds to help.
IDENTITY_FIELDS = (
    "title", "given_name", "family_name", "date_of_birth", "address", "postcode", "phone", "email",
    "safe_to_leave_message", "contact_notes",
)  # fmt: skip
# Added for those who share the person's care: the practice and the link-worker team.
CARE_FIELDS = ("health_number",)
# Words in these that say who the person is are blacked out before acceptance.
_FREE_TEXT = ("reason", "risk_text", "language")
BLACKED_OUT = "[…]"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_BEFORE_ANSWER = ("sent", "question_asked", "waiting_list")
_FALLBACK_HOLDS = ("declined", "returned_no_reply", "ended_early")
_KEPT_AS_OWN_RECORD = ("completed", "ended_early", "withdrawn", "closed")


def level(
    viewer: str,
    status: str,
    *,
    recipient_kind: str = "provider",
    signed_in: bool = True,
    ever_accepted: bool = False,
    stopped: bool = False,
) -> Level:
    """What ``viewer`` (``sender``, ``recipient``, ``fallback``, any other) may see in ``status``.

    ``signed_in`` is false for the safe link. ``ever_accepted``: this recipient accepted, and did
    not undo it. ``fallback`` is the link-worker team only while it owns the referral. ``stopped``:
    the person took back the consent to share; the sender's own record stays.
    """
    if viewer == "sender":
        return Level.IDENTIFIED
    if stopped:
        return Level.NONE
    if viewer == "fallback":
        return Level.IDENTIFIED if status in _FALLBACK_HOLDS else Level.NONE
    if viewer != "recipient" or status == "draft":
        return Level.NONE
    care = recipient_kind == "link_worker_team"
    if STATUSES[status].identity_visible and (ever_accepted or care):
        return Level.IDENTIFIED
    if status in _BEFORE_ANSWER:
        return Level.IDENTIFIED if care else Level.ANONYMOUS
    if status in _KEPT_AS_OWN_RECORD and ever_accepted and signed_in:
        return Level.IDENTIFIED
    return Level.NONE


def mask(facts: Mapping[str, Any], seen: Level, *, on: date, provider: bool) -> dict[str, Any]:
    """What a viewer at level ``seen`` gets of ``facts`` on the local date ``on``.

    ``facts`` holds the person's fields (see ``people.models.Person``) and the referral's ``needs``,
    ``reason``, ``risk_known``, ``risk_text``, ``urgency``; unknown keys are dropped. The answer
    adds ``area`` (outward code) and ``age_band``. ``provider``: not part of the person's care team.
    """
    if seen == Level.NONE:
        return {}
    fields: tuple[str, ...] = ANONYMOUS_FIELDS
    if seen == Level.IDENTIFIED:
        fields += IDENTITY_FIELDS + (() if provider else CARE_FIELDS)
    shown = {name: facts[name] for name in fields if name in facts}
    if seen == Level.ANONYMOUS:
        shown |= {name: black_out(shown[name], facts) for name in _FREE_TEXT if shown.get(name)}
    shown["area"] = outward(facts.get("postcode") or "")
    shown["age_band"] = age_band(_day(facts.get("date_of_birth")), on)
    return shown


def note_visible(seen: Level, *, viewer: str, author: str, verb: str) -> bool:
    """May ``viewer`` read the note that ``author`` left with ``verb`` in the history?

    Before acceptance a recipient reads its own notes and the reply to its question, no others.
    """
    if viewer == author:
        return True
    if seen == Level.ANONYMOUS:
        return verb == "reply"
    return seen == Level.IDENTIFIED


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_band(born: date | None, on: date) -> int | None:
    """The first year of the ten-year band: 70 for 70 to 79; everybody from 90 up is in 90."""
    if born is None or born > on:
        return None
    return min(90, age_on(born, on) // 10 * 10)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _fold(text: str) -> str:
    """``text`` without accents and with straight apostrophes, character for character."""
    plain = "".join(unicodedata.normalize("NFD", char)[0] for char in text)
    return plain.translate({0x2018: "'", 0x2019: "'"})


def _words(*values: Any) -> list[str]:
    """Patterns for whole words in that order, whatever separates them; single letters are left."""
    found = []
    for value in values:
        parts = [part for part in re.split(r"[\s,]+", _fold(str(value or ""))) if part]
        if len("".join(parts)) >= 2:
            found.append(r"(?<!\w)" + r"[\s,]*".join(map(re.escape, parts)) + r"(?!\w)")
    return found


_GAP = r"[\s().–-]*"
# Anybody's: a number that is not on file says as well how to find the person.
_ANY_PHONE = rf"(?<!\d)(?:(?:\+|00)44(?:{_GAP}\d){{9,11}}|0(?:{_GAP}\d){{10}})(?!\d)"
_ANY_EMAIL = r"[^\s@]+@[^\s@]+\.\w{2,}"
_ANY_HEALTH_NUMBER = r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)|(?<!\d)\d{6}[\s-]\d{4}(?!\d)"


def _digits(value: Any, prefix: str = "") -> list[str]:
    """Patterns for a number however it is spaced; short ones are left."""
    digits = re.sub(r"\D", "", str(value or ""))
    return [rf"(?<!\d){prefix}{_GAP.join(digits)}(?!\d)"] if len(digits) >= 6 else []


def _street(address: str) -> list[str]:
    """The lines of an address that find a door, with and without its number; not the town."""
    lines = [line.strip() for line in re.split(r"[\n,]", address)]
    doors = [line for n, line in enumerate(lines) if n == 0 or re.search(r"\d", line)]
    bare = [re.sub(r"^\d+\w?\s+", "", line) for line in doors]
    return [line for line in (*doors, *bare) if len(re.findall(r"\w+", line)) > 1]


def _birth_forms(born: date | None) -> list[str]:
    if born is None:
        return []
    year, short = f"{born.year:04}", f"{born.year % 100:02}"
    days, months = {str(born.day), f"{born.day:02}"}, {str(born.month), f"{born.month:02}"}
    figures = [
        mark.join((day, month, end))
        for mark in "/.-"
        for day in sorted(days)
        for month in sorted(months)
        for end in (year, short)
    ]
    name = _MONTHS[born.month - 1]
    written = [f"{day} {word} {year}" for day in sorted(days) for word in (name, name[:3])]
    return [*figures, *written, born.isoformat()]


def _identity_patterns(person: Mapping[str, Any]) -> dict[str, list[re.Pattern[str]]]:
    """What in a (folded) text would say who the person is, by the kind of fact."""
    names = [
        part
        for key in ("given_name", "family_name")
        for part in re.split(r"[\s-]+", str(person.get(key) or ""))
    ]
    number = person.get("health_number")
    number = number.get("value") if isinstance(number, Mapping) else number
    phone = re.sub(r"^(?:0044|44|0)", "", re.sub(r"\D", "", str(person.get("phone") or "")))
    postcode = re.sub(r"\s", "", str(person.get("postcode") or ""))
    inward = f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 4 else ""
    found = {
        "name": _words(person.get("given_name"), person.get("family_name"), *names),
        "health_number": [*_digits(number), _ANY_HEALTH_NUMBER],
        "phone": [
            *_digits(phone, rf"(?:\+?(?:00)?44{_GAP}(?:0{_GAP})?|0{_GAP})?"),
            _ANY_PHONE,
        ],
        "address": _words(
            person.get("address"), inward, *_street(str(person.get("address") or ""))
        ),
        "email": [*_words(person.get("email")), _ANY_EMAIL],
        "date_of_birth": _words(*_birth_forms(_day(person.get("date_of_birth")))),
    }
    return {
        kind: [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        for kind, patterns in found.items()
    }


def reason_contains_identity(reason: str, person: Mapping[str, Any]) -> list[str]:
    """Which of name, health_number, phone, address, email, date_of_birth stand in ``reason``.

    The sender is warned: the reason is read before anybody has accepted.
    """
    folded = _fold(reason)
    return [
        kind
        for kind, patterns in _identity_patterns(person).items()
        if any(pattern.search(folded) for pattern in patterns)
    ]


# What a question about nobody in particular may not hold.
PERSONAL: dict[str, Lazy] = {
    "health_number": _("a health number"),
    "phone": _("a telephone number"),
    "email": _("an email address"),
    "postcode": _("a whole postcode"),
    "address": _("an address"),
    "date_of_birth": _("a date of birth"),
}
_ANYBODYS = {
    "health_number": _ANY_HEALTH_NUMBER,
    "phone": _ANY_PHONE,
    "email": _ANY_EMAIL,
    "postcode": r"(?<!\w)[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}(?!\w)",
    "address": r"(?<!\w)\d{1,4}[a-z]?,?\s+(?:\w+\s+){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|drive|close|court|crescent|place|terrace|gardens?|way)"
    r"(?!\w)",
    "date_of_birth": r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}(?!\d)"
    r"|(?<!\d)\d{1,2}\s+(?:" + "|".join(name[:3] for name in _MONTHS) + r")[a-z]*\s+(?:19|20)\d{2}",
}


def looks_personal(text: str) -> list[str]:
    """Which keys of ``PERSONAL`` seem to stand in ``text``, whoever's they are."""
    folded = _fold(text)
    return [
        kind for kind, pattern in _ANYBODYS.items() if re.search(pattern, folded, re.IGNORECASE)
    ]


def black_out(text: str, person: Mapping[str, Any]) -> str:
    """``text`` without the words that say who the person is, should a warning have gone unheeded.

    A name that is also a word ("Rose") goes too: better a gap in a sentence than a name.
    """
    folded = _fold(text)
    spans = sorted(
        match.span()
        for patterns in _identity_patterns(person).values()
        for pattern in patterns
        for match in pattern.finditer(folded)
    )
    shown, reached = "", 0
    for start, end in spans:
        if end > reached:
            shown += text[reached : max(start, reached)]
            shown += "" if start < reached else BLACKED_OUT
            reached = end
    return shown + text[reached:]


# At these the practice is shown what it is asked to do.
ACTIONS_SHARED = ("full", "summary")


def shares_actions(consent: str) -> bool:
    """Whether the practice is shown what it is asked to do, and so can be waited for."""
    return consent in ACTIONS_SHARED


def words_wait(referral: Any, now: datetime) -> bool:
    """Whether the person reads first what was written, and the practice not yet."""
    until: datetime | None = referral.summary_from
    return bool(referral.sees_first) and until is not None and now < until


def feedback_view(
    outcome: Mapping[str, Any] | None,
    consent: str,
    *,
    written_for: str = "full",
    waits: bool = False,
) -> dict[str, Any] | None:
    """What of the outcome the practice sees, by what the person agreed to.

    ``full``: all of ``outcome`` (``overall, told_by, actions_for_practice[], summary`` and what
    else is there); ``summary``: these four, the words only where they were ``written_for`` no more
    than that; ``codes``: only that it finished, so all four empty; ``none``: None, as if nothing
    had been told. ``waits``: the person reads first, so only actions are there.
    """
    if outcome is None or consent == "none":
        return None
    if consent == "full" and not waits:
        return dict(outcome)
    kept: dict[str, Any] = dict.fromkeys(("overall", "told_by", "summary"))
    if not shares_actions(consent):
        return kept | {"actions_for_practice": []}
    if not waits:
        kept = {name: outcome.get(name) for name in ("overall", "told_by")}
        kept["summary"] = None if written_for == "full" else outcome.get("summary")
    return kept | {"actions_for_practice": list(outcome.get("actions_for_practice") or [])}
