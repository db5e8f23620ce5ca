"""Cells of a spreadsheet as people fill them: slips, several values, ages and days in words.

What is meant without doubt is taken with a note; anything else is a ``BadValue``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from referral.directory.facets import ACCESS, DAYS
from referral.directory.importing.near import nearest
from referral.directory.importing.parts import Notes
from referral.directory.importing.records import BadValue
from referral.directory.importing.taxonomy import Mapper
from referral.directory.importing.values import age_of, point_of
from referral.directory.needs import NEEDS
from referral.directory.words import fold

_BETWEEN = re.compile(r"\s*(?:[;,/|&+\n]|\band\b)\s*", re.IGNORECASE)
_AGE = re.compile(r"(?:over|from|aged?|under|up to)?\s*(\d{1,12})\s*(?:\+|plus|years?(?: old)?)*")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?(?::00)?\s*(am|pm|noon)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
ONES = (
    "nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DAY_WORDS = {
    **{key: (key,) for key in DAYS},
    **{str(label.message).upper(): (key,) for key, label in DAYS.items()},
    "WEEKDAY": ("MO", "TU", "WE", "TH", "FR"),
    "WEEKEND": ("SA", "SU"),
    "EVERY DAY": tuple(DAYS),
    "EVERYDAY": tuple(DAYS),
    "DAILY": tuple(DAYS),
}
LANGUAGE_WORDS = 3


def one_of(value: str, name: str, keys: tuple[str, ...], notes: Notes) -> str:
    """One of ``keys``; a slip of the pen is mended with a note."""
    given = value.strip().lower().replace("-", "_")
    for key in keys:
        if given in (key, key.replace("_", " ")):
            return key
    meant = nearest(given, [key for key in keys if key])
    if meant is None:
        raise BadValue(f"{name} is not one of {', '.join(key for key in keys if key)}", given)
    notes.note(f"{name} was taken for “{meant}”", given)
    return meant


def yes(value: str, name: str, notes: Notes) -> bool | None:
    given = value.strip().lower().rstrip(".!")
    match given:
        case "":
            return None
        case "yes" | "y" | "true" | "1":
            return True
        case "no" | "n" | "false" | "0":
            return False
    meant = nearest(given, ("yes", "true", "false"))
    if meant is None:
        raise BadValue(f"{name} is neither yes nor no", given)
    notes.note(f"{name} was taken for “{meant}”", given)
    return meant != "false"


def whole(value: str, name: str) -> int | None:
    given = value.strip()
    if not given:
        return None
    if len(given) > 12 or not given.lstrip("-").isascii() or not given.lstrip("-").isdigit():
        raise BadValue(f"{name} is not a whole number", given)
    return int(given)


def age(value: str, name: str, notes: Notes) -> int | None:
    """``18``, ``18+``, ``over 60``, ``eighteen``, ``sixty-five years``."""
    given = " ".join(value.strip().lower().split())
    if not given or given.lstrip("-").isdigit():
        return age_of(whole(given, name), name)
    match = _AGE.fullmatch(given)
    found = int(match[1]) if match else _spelled(given)
    if found is None:
        raise BadValue(f"{name} is not a whole number", value.strip())
    notes.note(f"{name} was read as {found}", value.strip())
    return age_of(found, name)


def _spelled(given: str) -> int | None:
    words = re.sub(r"\b(?:over|from|aged?|under|up to|years?|old|and|plus)\b", " ", given)
    total = 0
    parts = words.replace("-", " ").split()
    for part in parts:
        if part in ONES:
            total += ONES.index(part)
        elif part in TENS:
            total += 10 * (TENS.index(part) + 2)
        else:
            return None
    return total if parts and len(parts) < 3 else None


def day(value: str, name: str, notes: Notes) -> date | None:
    """``2026-05-12``; the British way round is taken with a note."""
    given = value.strip()
    if not given:
        return None
    british = _BRITISH.fullmatch(given)
    try:
        if british is None:
            return date.fromisoformat(given)
        found = date(int(british[3]), int(british[2]), int(british[1]))
    except ValueError as error:
        raise BadValue(f"{name} is not a date such as 2026-05-12", given) from error
    notes.note(f"{name} was read as {found.isoformat()}", given)
    return found


def point(row: Mapping[str, str]) -> tuple[float | None, float | None]:
    given = row.get("latitude", "").strip(), row.get("longitude", "").strip()
    if given == ("", ""):
        return None, None
    try:
        return point_of(float(given[0]), float(given[1]))
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("latitude and longitude are not two numbers", ", ".join(given)) from error


def needs(value: str, mapper: Mapper, notes: Notes) -> tuple[str, ...]:
    """Keys of needs, or words our mapping knows, divided by semicolons or as people divide."""

    def read(word: str) -> Iterable[str]:
        key = fold(word).replace(" ", "_")
        return (key,) if key in NEEDS else tuple(mapper.of_words(word))

    return _several(value, "need", read, tuple(NEEDS), notes)


def access(value: str, notes: Notes) -> tuple[str, ...]:
    """Keys or labels of access features, divided as people divide."""
    labels = {fold(str(label.message)).replace(" ", "_"): key for key, label in ACCESS.items()}

    def read(word: str) -> Iterable[str]:
        key = fold(word).replace(" ", "_")
        return (key,) if key in ACCESS else (labels[key],) if key in labels else ()

    return _several(value, "access feature", read, tuple(ACCESS), notes)


def days(value: str, notes: Notes) -> tuple[str, ...]:
    """``MO;WE``, ``Mondays and Wednesdays``, ``Mon-Fri``, ``weekdays``."""
    return tuple(
        key
        for key in DAYS
        if key in _several(value, "day", _days, tuple(str(d.message) for d in DAYS.values()), notes)
    )


def _days(word: str) -> tuple[str, ...]:
    given = " ".join(word.upper().replace(".", "").split())
    ends = re.split(r"\s*(?:-|–|\bTO\b)\s*", given)
    if len(ends) == 2 and all(len(_days(end)) == 1 for end in ends):
        order = list(DAYS)
        first, last = (order.index(_days(end)[0]) for end in ends)
        return tuple(order[first : last + 1]) if first <= last else ()
    for asked in (given, given.removesuffix("S")):
        if asked in DAY_WORDS:
            return DAY_WORDS[asked]
    stem = given.removesuffix("S")
    short = [key for word, key in DAY_WORDS.items() if len(stem) > 2 and word.startswith(stem)]
    return short[0] if short and stem not in ("WEEK", "EVERY") else ()


def _several(
    value: str,
    what: str,
    read: Callable[[str], Iterable[str]],
    keys: tuple[str, ...],
    notes: Notes,
) -> tuple[str, ...]:
    found: set[str] = set()
    for given in value.split(";"):
        if not given.strip():
            continue
        meant = set(read(given))
        pieces = [piece for piece in _BETWEEN.split(given) if piece.strip()]
        if len(pieces) > 1 and (not meant or all(set(read(piece)) for piece in pieces)):
            meant = set().union(*(_one(piece, what, read, keys, notes) for piece in pieces))
            notes.note(f"several {what}s in one cell were taken apart", given.strip())
        found |= meant or _one(given, what, read, keys, notes)
    return tuple(sorted(found))


def _one(
    given: str,
    what: str,
    read: Callable[[str], Iterable[str]],
    keys: tuple[str, ...],
    notes: Notes,
) -> set[str]:
    meant = set(read(given))
    if meant:
        return meant
    slip = nearest(given.replace("_", " "), keys)
    if slip is None:
        raise BadValue(
            f"a{'n' if what[0] in 'aeiou' else ''} {what} is not one of ours", given.strip()
        )
    notes.note(f"a {what} was taken for “{slip}”", given.strip())
    return set(read(slip))


def languages(value: str, notes: Notes) -> str:
    """``Urdu/Punjabi and English`` → ``Urdu, Punjabi, English``; a sentence stays as it is."""
    pieces = [piece.strip() for piece in _BETWEEN.split(value) if piece.strip()]
    plain = ", ".join(pieces)
    if plain == value.strip():
        return plain
    if any(len(piece.split()) > LANGUAGE_WORDS for piece in pieces):
        notes.note("languages are a sentence: not sure which they are, left as written", value)
        return value
    if len(pieces) > 1 and not re.fullmatch(r"[^;/|&+\n]*", value):
        notes.note("several languages in one cell were taken apart", value.strip())
    return plain


def clock(value: str, name: str) -> str:
    """``10:00``, ``10``, ``2.30pm`` → ``10:00``, ``10:00``, ``14:30``."""
    given = value.strip().lower()
    if not given:
        return ""
    match = _CLOCK.fullmatch(given)
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3] == "pm" and hour < 12:
        hour += 12
    if match and match[3] == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        raise BadValue(f"{name} is not a time such as 14:30", value.strip())
    return f"{hour:02}:{minute:02}"


def plain_row(row: Mapping[str, Any], notes: Notes) -> dict[str, str]:
    """The row without HTML."""
    return {name: notes.plain(value, name) for name, value in row.items()}
