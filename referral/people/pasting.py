"""What somebody copied from a clinical system's screen, read by rules; pure, nothing is kept.

Clinical systems show a patient in one banner (``BEGUM, Amina (Ms)  Born 12-Mar-1951 (75y)  NHS No.
943 476 5919``) or in lines with labels. What is read is shown in the form for checking; ``doubts``
name the fields that could be read in two ways and so were left for a human.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from referral.people import numbers
from referral.places import postcodes

LONGEST = 8000

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(r"(?<!\d)(\d{1,2})[ /.-]{1,2}(\d{1,2}|[A-Za-z]{3,9})[ /.,-]{1,2}(\d{4})(?!\d)")
_TEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){9}(?!\d)")
_PHONE = re.compile(r"(?<![\d+])(?:\+44 ?(?:\(0\) ?)?|0)\d(?:[ ()-]{0,2}\d){8,9}(?!\d)")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_POSTCODE = re.compile(r"(?<!\w)[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}(?!\w)")
_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Master|Rev|Prof|Sir|Dame)"
_WORD = r"[A-Za-zÀ-ÿ'’-]{1,60}"
_NAMES = rf"{_WORD}(?: {_WORD}){{0,3}}"
_LAST_FIRST = re.compile(
    rf"(?P<family>{_NAMES}), ?(?P<given>{_NAMES})(?: ?\((?P<title>{_TITLES})\.?\))?", re.IGNORECASE
)
_TITLE_FIRST = re.compile(
    rf"(?P<title>{_TITLES})\.? (?P<given>{_WORD}(?: {_WORD}){{0,2}}) (?P<family>{_WORD})",
    re.IGNORECASE,
)
_LABELS = {
    "number": r"(?:nhs|chi|h ?& ?c|hsc)(?: (?:no|number))?",
    "born": r"(?:d\.?o\.?b|date of birth|born|birth date)",
    "family_name": r"(?:surname|family name|last name)",
    "given_name": r"(?:forenames?|first names?|given names?)",
    "title": r"title",
    "name": r"(?:patient(?: name)?|full name|name)",
    "mobile": r"(?:mobile|mob)(?: (?:no|number|telephone|phone))?",
    "phone": r"(?:home |work )?(?:telephone|phone|tel)(?: (?:no|number))?",
    "email": r"e-?mail(?: address)?",
    "postcode": r"post ?code",
    "address": r"(?:home |usual )?address",
    "other": r"(?:gender|sex|gp|usual gp|registered|practice|age|ethnicity|next of kin|nok)",
}
_LABEL = re.compile(
    r"(?<![\w])(?:" + "|".join(f"(?P<{key}>{form})" for key, form in _LABELS.items())
    + r")\.? ?(?::|(?<=born)|(?<=dob)|(?<=no)|(?<=no\.)|(?<=number)) *",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class Pasted:
    """What was read; "" or None where nothing was. ``number`` is checked and in normal form."""

    number: str = ""
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    address: str = ""
    postcode: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything was read at all."""
        return any(getattr(self, field.name) for field in fields(self))


def read(text: str, kind: str, *, today: date, demo: bool = False) -> Pasted:
    """Read a paste. ``kind`` is the locality's health number (``numbers.TYPE_OF_NATION``)."""
    text = re.sub(r"[^\S\n]+", " ", text[:LONGEST].replace("\r", "\n"))
    said = _labelled(text)
    doubts: set[str] = set()

    def one(name: str, labelled: Iterable[str], anywhere: Iterable[str]) -> str:
        """The only thing there is; what a label names comes first, two different ones are none."""
        for values in (labelled, anywhere):
            different = list(dict.fromkeys(values))
            if len(different) > 1:
                doubts.add(name)
            if different:
                return different[0] if len(different) == 1 else ""
        return ""

    number = one(
        "number", _numbers(said, kind, demo=demo), _checked(_TEN_DIGITS.findall(text), kind, demo)
    )
    born = one("date_of_birth", _days(said.get("born", ()), today), _days([text], today))
    phones = [value for value in _phones(text) if re.sub(r"\D", "", value) != number]
    mobiles = [value for value in phones if _is_mobile(value)]
    landlines = [value for value in phones if not _is_mobile(value)]
    postcode = one("postcode", _codes(said.get("postcode", ())), _codes([text]))
    title, given, family = _name(said, text)
    return Pasted(
        number=number,
        title=title,
        given_name=given,
        family_name=family,
        date_of_birth=date.fromisoformat(born) if born else None,
        address=_address(said, postcode),
        postcode=postcode,
        phone=one("phone", _phones_of(said, "phone", mobile=False), landlines),
        mobile=one("mobile", _phones_of(said, "mobile", mobile=True), mobiles),
        email=one("email", (), _EMAIL.findall(text)),
        doubts=tuple(sorted(doubts)),
    )


def _labelled(text: str) -> dict[str, list[str]]:
    """What stands behind each label, up to the next one or an empty line."""
    found: dict[str, list[str]] = {}
    labels = list(_LABEL.finditer(text))
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=False):
        value = text[label.end() : end].split("\n\n")[0].strip(" ,;|\n")
        if value and label.lastgroup:
            found.setdefault(label.lastgroup, []).append(value)
    return found


def _numbers(said: dict[str, list[str]], kind: str, *, demo: bool) -> list[str]:
    return _checked(
        [match for value in said.get("number", ()) for match in _TEN_DIGITS.findall(value)],
        kind,
        demo,
    )


def _checked(typed: Iterable[str], kind: str, demo: bool) -> list[str]:
    found = []
    for value in typed:
        try:
            found.append(numbers.parse(kind, value, demo=demo).value)
        except ValueError:
            continue
    return found


def _days(values: Iterable[str], today: date) -> list[str]:
    """Dates that can be somebody's birth, as ISO: not to come, and not before 1900."""
    found = []
    for value in values:
        for day, month, year in _DATE.findall(value):
            name = month[:3].lower()
            number = _MONTHS.index(name) + 1 if name in _MONTHS else month
            try:
                made = date(int(year), int(number), int(day))
            except ValueError:
                continue
            if date(1900, 1, 1) <= made <= today:
                found.append(made.isoformat())
    return found


def _phones(text: str) -> list[str]:
    return [match.strip() for match in _PHONE.findall(text)]


def _phones_of(said: dict[str, list[str]], label: str, *, mobile: bool) -> list[str]:
    found = [phone for value in said.get(label, ()) for phone in _phones(value)]
    return [phone for phone in found if _is_mobile(phone) == mobile]


def _is_mobile(phone: str) -> bool:
    digits = re.sub(r"\D", "", phone)
    return re.match(r"(?:440?)?0?7", digits) is not None


def _codes(values: Iterable[str]) -> list[str]:
    return [
        postcodes.normalise(match)
        for value in values
        for match in _POSTCODE.findall(value)
        if postcodes.is_valid(match)
    ]


def _name(said: dict[str, list[str]], text: str) -> tuple[str, str, str]:
    """(title, given, family): from their labels, or the first line that reads as a name."""
    family, given, title = (
        next(iter(said.get(key, ())), "").split("\n")[0].strip()
        for key in ("family_name", "given_name", "title")
    )
    if family and given:
        return title.rstrip("."), _case(given), _case(family)
    for value in (*said.get("name", ()), *text.split("\n")):
        line = value.strip()
        match = _LAST_FIRST.match(line) or _TITLE_FIRST.match(line)
        if match:
            parts = match.groupdict()
            return (
                (parts["title"] or "").capitalize(),
                _case(parts["given"]),
                _case(parts["family"]),
            )
    return "", "", ""


def _case(name: str) -> str:
    """``BEGUM`` as people write it; ``McKay`` stays."""
    return name.title().replace("’S", "’s").replace("'S", "'s") if name.isupper() else name


def _address(said: dict[str, list[str]], postcode: str) -> str:
    """The lines behind "Address", without the postcode."""
    value = next(iter(said.get("address", ())), "")
    if postcode:
        value = _POSTCODE.sub("", value)
    parts = [part.strip(" ,") for part in re.split(r"[\n,]", value)]
    return "\n".join(part for part in parts if part)
