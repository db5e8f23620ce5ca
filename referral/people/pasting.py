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
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_TEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){9}(?!\d)")
_PHONE = re.compile(r"(?<![\d+])(?:\+44 ?(?:\(0\) ?)?|0)\d(?:[ ()-]{0,2}\d){8,9}(?!\d)")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_POSTCODE = re.compile(r"(?<!\w)[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}(?!\w)")
_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Master|Rev|Prof|Sir|Dame)"
_WORD = r"[A-Za-zÀ-ÿ'’-]{1,60}"
_NAMES = rf"{_WORD}(?: {_WORD}){{0,3}}"
_LAST_FIRST = re.compile(
    rf"(?P<family>{_NAMES}), ?(?:(?P<before>{_TITLES})\.? )?(?P<given>{_NAMES})"
    rf"(?: ?\((?P<title>{_TITLES})\.?\))?",
    re.IGNORECASE,
)
_TITLE_FIRST = re.compile(
    rf"(?P<title>{_TITLES})\.? (?P<given>{_WORD}(?: {_WORD}){{0,4}}) (?P<family>{_WORD})",
    re.IGNORECASE,
)
_CAPITALS_LAST = re.compile(rf"(?P<given>{_WORD}(?: {_WORD}){{0,2}}) (?P<family>[A-Z'’-]{{2,60}})")
_ONLY_TITLE = re.compile(rf"{_TITLES}\.?", re.IGNORECASE)
# What a name in a banner is never part of.
_AFTER_NAME = re.compile(r" (?:-|–|\||(?:fe)?male\b|[FM]\b(?!['’-])|aged?\b|\d)", re.IGNORECASE)
_NEVER_A_NAME = re.compile(r"dear|thank|seen|re|history|problem|consultation", re.IGNORECASE)
_AGE_BESIDE = re.compile(r"\d{4},? {0,2}\(?\d{1,3} ?y", re.IGNORECASE)
_SEX = re.compile(r"(?<!\w)(female|male|f|m)(?!\w)", re.IGNORECASE)
_SEX_WORD = re.compile(r"(?<!\w)(Female|Male)(?!\w)|(?:^|\t| - |\) )([FM])(?=\s|$)", re.MULTILINE)
_LABELS = {
    # Somebody else's, or not of the person: what stands behind these is not looked at.
    "other": r"(?:(?:usual|registered|named|accountable|responsible|referring)? ?(?:gp|doctor)"
    r"(?: (?:name|practice|surgery|details))?|registered(?: practice| at)?|(?:gp )?practice|surgery"
    r"|age|ethnicity|next of kin|nok|carer|emergency contact|main contact|spouse|parent|guardian"
    r"|preferred name|known as|previous (?:name|surname|address)s?|former (?:name|surname)"
    r"|maiden name|work (?:telephone|phone|tel)(?: (?:no|number))?|(?:main )?language|allergies)",
    "died": r"(?:died|deceased|date of death)",
    "sex": r"(?:gender|sex(?: at birth)?)",
    "number": r"(?:nhs|chi|h ?& ?c|hsc)(?: (?:no|number))?",
    "born": r"(?:d\.?o\.?b|date of birth|born|birth date)",
    "family_name": r"(?:surname|family name|last name)",
    "given_name": r"(?:forenames?|first names?|given names?)",
    "title": r"title",
    "name": r"(?:patient(?: name)?|full name|name)",
    "both": r"phone and email",
    "mobile": r"(?:mobile|mob)(?: (?:no|number|telephone|phone|tel))?",
    "phone": r"(?:home |main |landline )?(?:telephone|phone|tel|landline)(?: (?:no|number))?",
    "email": r"e-?mail(?: address)?",
    "postcode": r"post ?code",
    "address": r"(?:home |usual |main |patient )?address",
}  # fmt: skip
_LABEL = re.compile(
    r"(?<![\w])(?:" + "|".join(f"(?P<{key}>{form})" for key, form in _LABELS.items())
    + r")\.? ?(?::|\t|(?<=born)|(?<=dob)|(?<=d\.o\.b)|(?<=no)|(?<=no\.)|(?<=number)) *",
    re.IGNORECASE,
)  # fmt: skip
# Banners by the NHS's own design guide write labels without a colon, each at the start of its cell.
_LABEL_OF_CELL = re.compile(
    r"(?:(?<=\n)|(?<=\t)|\A)(?:"
    + "|".join(f"(?P<{key}>{_LABELS[key]})" for key in _LABELS if key not in ("name", "title"))
    + r")\.? +(?=[\w+(])",
    re.IGNORECASE,
)
ADDRESS_LINES = 6
# A cell that is an address without a label: a house, a street, a postcode at the end.
_HOUSE = re.compile(r"(?:(?:flat|apartment|unit) )?\d{1,4}[A-Za-z]?,? [A-Za-z].*", re.IGNORECASE)


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
    sex: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything was read at all."""
        return any(getattr(self, field.name) for field in fields(self))


def read(text: str, kind: str, *, today: date, demo: bool = False) -> Pasted:
    """Read a paste. ``kind`` is the locality's health number (``numbers.TYPE_OF_NATION``).

    ``doubts`` may also name ``died``: the paste says that the person has.
    """
    text = re.sub(r"\t+|[^\S\n\t]{2,}", "\t", text[:LONGEST].replace("\r", "\n"))
    text = re.sub(r"[^\S\n\t]", " ", text)
    said, rest = _labelled(text)
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
        "number", _numbers(said, kind, demo=demo), _checked(_TEN_DIGITS.findall(rest), kind, demo)
    )
    born = one("date_of_birth", _days(said.get("born", ()), today), _days([rest], today))
    phones = [value for value in _phones(rest) if re.sub(r"\D", "", value) != number]
    postcode = one(
        "postcode",
        _codes((*said.get("postcode", ()), *(_own(v) for v in said.get("address", ())))),
        _codes([rest]),
    )
    title, given, family, sure = _name(said, rest)
    if not sure:
        doubts.add("name")
    if kind == "chi" and number and born and not demo and number[:6] != _six(born):
        doubts |= {"number", "date_of_birth"}  # a CHI number begins with the birth date
    if born and not said.get("born") and not _AGE_BESIDE.search(rest):
        doubts.add("date_of_birth")  # some date, which nothing says is the birth date
    if "died" in said:
        doubts.add("died")
    return Pasted(
        number=number,
        title=title,
        given_name=given,
        family_name=family,
        date_of_birth=date.fromisoformat(born) if born else None,
        address=_address(said, postcode) or _unlabelled(rest, postcode),
        postcode=postcode,
        phone=one(
            "phone",
            _phones_of(said, "phone", mobile=False),
            [value for value in phones if not _is_mobile(value)],
        ),
        mobile=one(
            "mobile",
            _phones_of(said, "mobile", mobile=True),
            [value for value in phones if _is_mobile(value)],
        ),
        email=one(
            "email",
            [found for value in said.get("email", ()) for found in _EMAIL.findall(value)],
            _EMAIL.findall(rest),
        ),
        sex=_sex(said, rest),
        doubts=tuple(sorted(doubts)),
    )


def _labelled(text: str) -> tuple[dict[str, list[str]], str]:
    """What stands behind each label, up to the next one or an empty line; and the text without
    what is somebody else's.
    """
    found: dict[str, list[str]] = {}
    by_place = {label.start(): label for label in _LABEL_OF_CELL.finditer(text)}
    by_place |= {label.start(): label for label in _LABEL.finditer(text)}
    labels: list[re.Match[str]] = []
    for label in (by_place[place] for place in sorted(by_place)):
        if not labels or label.start() >= labels[-1].end():
            labels.append(label)
    ends = [label.start() for label in labels[1:]] + [len(text)]
    rest, done = [], 0
    for label, end in zip(labels, ends, strict=False):
        value = text[label.end() : end].split("\n\n")[0]
        if label.lastgroup in ("other", "died"):
            # One line of it: what stands below may be the person's again.
            line = value.split("\n")[0]
            rest.append(text[done : label.start()])
            done = label.end() + len(line)
            value = line
        value = value.strip(" ,;|\n\t")
        if label.lastgroup and (value or label.lastgroup == "died"):
            found.setdefault(label.lastgroup, []).append(value)
    return found, "".join([*rest, text[done:]])


def _own(address: str) -> str:
    """An address as far as its first postcode: what follows belongs to something else."""
    code = _POSTCODE.search(address)
    return address[: code.end()] if code else address


def _six(iso: str) -> str:
    """``120351`` for 12 March 1951."""
    return f"{iso[8:]}{iso[5:7]}{iso[2:4]}"


def _sex(said: dict[str, list[str]], rest: str) -> str:
    """``female`` or ``male``; "" when it is not said, or both are."""
    words = [match for value in said.get("sex", ()) for match in _SEX.findall(value)[:1]]
    if not words:
        words = [full or short for full, short in _SEX_WORD.findall(rest)]
    found = {word[:1].lower() for word in words}
    return {"f": "female", "m": "male"}[found.pop()] if len(found) == 1 else ""


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
        written = [(day, month, year) for year, month, day in _ISO.findall(value)]
        for day, month, year in (*_DATE.findall(value), *written):
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
    values = (*said.get(label, ()), *said.get("both", ()))
    found = [phone for value in values for phone in _phones(value)]
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


def _name(said: dict[str, list[str]], rest: str) -> tuple[str, str, str, bool]:
    """(title, given, family, sure): from their labels, or from what reads as a name.

    Without a label a name is sure when a title or capitals mark it and there is no other.
    """
    family, given, title = (
        re.split(r"[\n\t]", next(iter(said.get(key, ())), ""))[0].strip()
        for key in ("family_name", "given_name", "title")
    )
    if family and given:
        return title.rstrip(".").capitalize(), _case(given), _case(family), True
    for value in said.get("name", ()):
        if (read := _name_of(value.split("\n")[0])) is not None:
            return *read[:3], True
    found: dict[tuple[str, str], tuple[str, str, str, bool]] = {}
    for line in rest.split("\n"):
        read = _name_of(line)
        if read is not None:
            key = (read[1].lower(), read[2].lower())
            if key not in found or (read[3] and not found[key][3]):
                found[key] = read
    marked = [read for read in found.values() if read[3]] or list(found.values())
    if len(marked) != 1:
        return "", "", "", not marked
    return marked[0]


def _name_of(line: str) -> tuple[str, str, str, bool] | None:
    """The name a line begins with. ``sure``: a title or capitals say that it is one."""
    label = _LABEL.search(line)
    cells = line[: label.start() if label else None].strip().split("\t")
    first = cells[0].strip()
    end = _AFTER_NAME.search(first)
    first = first[: end.start()].strip() if end else first
    if _NEVER_A_NAME.match(first):
        return None
    match = _LAST_FIRST.fullmatch(first) or _TITLE_FIRST.fullmatch(first)
    sure = match is not None
    if match is None:
        match, sure = _CAPITALS_LAST.fullmatch(first), False
    if match is None:
        return None
    parts = {key: value or "" for key, value in match.groupdict().items()}
    given, family = parts["given"], parts["family"]
    title = parts.get("title") or parts.get("before") or ""
    if match.re is _TITLE_FIRST:
        given, family = _capitals_apart(given, family)
    if not title:
        beside = [cell for cell in cells[1:] if _ONLY_TITLE.fullmatch(cell.strip())]
        title = beside[0].strip(" .") if beside else ""
    marked = bool(title) or (family.isupper() and len(family) > 1)
    return title.rstrip(".").capitalize(), _case(given), _case(family), sure and marked


def _capitals_apart(given: str, family: str) -> tuple[str, str]:
    """``Maria DE LA`` ``CRUZ``: all that stands in capitals at the end is the family name."""
    words = [*given.split(" "), family]
    first = len(words)
    while first > 1 and words[first - 1].isupper() and len(words[first - 1]) > 1:
        first -= 1
    if first == len(words) or words[0].isupper():
        first = len(words) - 1
    return " ".join(words[:first]), " ".join(words[first:])


def _case(name: str) -> str:
    """``BEGUM`` as people write it; ``McKay`` stays."""
    if not name.isupper() or len(name) < 2:
        return name
    made = name.title().replace("’S", "’s").replace("'S", "'s")
    return re.sub(r"(?<![A-Za-z])Mc([a-z])", lambda found: f"Mc{found[1].upper()}", made)


def _address(said: dict[str, list[str]], postcode: str) -> str:
    """The lines behind "Address", without the postcode."""
    value = _own(next(iter(said.get("address", ())), ""))
    if postcode:
        value = _POSTCODE.sub("", value)
    parts = [part.strip(" ,") for part in re.split(r"[\n\t,]", value)]
    return "\n".join([part for part in parts if part][:ADDRESS_LINES])


def _unlabelled(rest: str, postcode: str) -> str:
    """The only cell that reads as a house in a street and ends with the postcode."""
    found = []
    for cell in re.split(r"[\n\t]", rest) if postcode else ():
        code = _POSTCODE.search(cell)
        if code is None or cell[code.end() :].strip(" ,.") or _LABEL.search(cell):
            continue
        before = cell[: code.start()].strip(" ,")
        if _HOUSE.fullmatch(before) and not _DATE.search(before):
            found.append(before)
    parts = [part.strip() for part in found[0].split(",")] if len(set(found)) == 1 else []
    return "\n".join([part for part in parts if part][:ADDRESS_LINES])
