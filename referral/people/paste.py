"""What a person's details look like when copied from a practice's record; read by rules, not kept.

Understands labelled lines (``NHS No: 999 000 0018``), the one-line banner of clinical systems
(``BEGUM, Amina (Ms)  Born 04-Mar-1952 (74y)  NHS No. 999 …``) and loose lines.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from referral.people.numbers import TYPE_OF_NATION
from referral.places import postcodes

LONGEST = 4000
_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"(?<!\d)(\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)")
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})[ ./-](\d{1,2}|[A-Za-z]{3,9})[ ./-]((?:19|20)\d{2})(?!\d)"
    r"|(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)"
)
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)((?:\+44 ?|0)\d(?:[ ()-]?\d){8,9})(?!\d)")
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b")
_LABELS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"^\s*(?:{words})\s*[:=]\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
    for name, words in {
        "given_name": r"(?:first|given)(?: ?name)?s?|forename\(?s?\)?",
        "family_name": r"(?:last|family)(?: ?name)?|surname",
        "name": r"(?:full |patient )?name|patient",
        "title": r"title",
        "address": r"(?:home |usual )?address",
        "language": r"(?:main |preferred |spoken )?language",
    }.items()
}
_BANNER = re.compile(
    r"^\s*([A-Z][A-Z'’ -]+),\s*([A-Za-zÀ-ÿ'’ -]+?)\s*(?:\((\w+)\.?\))?"
    r"(?=\s{2,}|\s*$|\s+(?:born|dob))",
    re.MULTILINE,
)
_SEX = re.compile(r"\b(?:sex|gender)\s*[:=]?\s*(female|male|f|m)\b", re.IGNORECASE)
_SEXES = {"f": "female", "female": "female", "m": "male", "male": "male"}


def read(text: str, nation: str = "england") -> dict[str, Any]:
    """The fields of ``schemas.Person`` recognised in ``text``, as a form shows them for checking.

    ``date_of_birth`` is a date; nothing is guessed, what is not recognised is not there.
    """
    text = text[:LONGEST]
    found: dict[str, Any] = {}
    number = _NUMBER.search(text)
    if number:
        digits = re.sub(r"\D", "", number[1])
        found["health_number"] = {"type": TYPE_OF_NATION[nation], "value": digits}
    born = _birth_date(text)
    if born:
        found["date_of_birth"] = born
    for name, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        match = pattern.search(text if name == "email" else _without_numbers(text, number))
        if match:
            found[name] = match[0].strip()
    found |= _names(text)
    found |= _address(text)
    sex = _SEX.search(text)
    if sex:
        found["sex"] = _SEXES[sex[1].lower()]
    language = _labelled(text, "language")
    if language:
        found["language"] = language[:40]
    return found


def _without_numbers(text: str, number: re.Match[str] | None) -> str:
    return text if number is None else text.replace(number[1], " ")


def _labelled(text: str, name: str) -> str | None:
    match = _LABELS[name].search(text)
    return " ".join(match[1].split()) if match else None


def _birth_date(text: str) -> date | None:
    near = re.search(r"(?:born|dob|d\.o\.b\.?|date of birth|birth)\W{0,4}(.{6,40})", text, re.I)
    for part in (near[1] if near else "", text):
        match = _DAY.search(part)
        if match and (day := _as_date(match)):
            return day
    return None


def _as_date(match: re.Match[str]) -> date | None:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    if iso_year:
        day, month, year = iso_day, iso_month, iso_year
    number = int(month) if month.isdigit() else _month(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _month(word: str) -> int:
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _names(text: str) -> dict[str, str]:
    given, family = _labelled(text, "given_name"), _labelled(text, "family_name")
    title = _labelled(text, "title")
    if not (given and family):
        banner = _BANNER.search(text)
        if banner:
            family, given = banner[1].strip().title(), banner[2].strip()
            title = title or banner[3]
        elif whole := _labelled(text, "name"):
            title, given, family = _split(whole, title)
    found = {"given_name": given, "family_name": family, "title": title}
    return {name: value for name, value in found.items() if value}


def _split(whole: str, title: str | None) -> tuple[str | None, str | None, str | None]:
    """``Ms Amina Begum`` or ``Begum, Amina (Ms)``."""
    bracketed = re.search(r"\((\w+)\.?\)\s*$", whole)
    if bracketed:
        title, whole = title or bracketed[1], whole[: bracketed.start()].strip()
    if "," in whole:
        family, _comma, given = whole.partition(",")
        return title, given.strip() or None, family.strip()
    words = whole.split()
    if words and words[0].lower().rstrip(".") in _TITLES:
        title, words = title or words[0].rstrip("."), words[1:]
    if len(words) < 2:
        return title, None, " ".join(words) or None
    return title, " ".join(words[:-1]), words[-1]


def _address(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    match = _POSTCODE.search(text)
    if match and postcodes.is_valid(match[1]):
        found["postcode"] = postcodes.normalise(match[1])
    address = _labelled(text, "address")
    if address:
        without = address.replace(match[1], "") if match else address
        found["address"] = without.strip(" ,")[:400]
    return found
