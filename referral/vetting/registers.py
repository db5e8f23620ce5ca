"""The public registers of charities and companies: their numbers, their words, their extracts.

An extract is a CSV file with a line for each charity or company. Which of the layouts it has is
seen from its first line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from referral.core.i18n import Lazy, _
from referral.directory.importing.reading import check_text, csv_rows
from referral.directory.importing.records import BadValue, Unreadable

REGISTERS: dict[str, Lazy] = {
    "GB-CHC": _("Charity Commission for England and Wales"),
    "GB-SC": _("Scottish Charity Regulator"),
    "GB-NIC": _("Charity Commission for Northern Ireland"),
    "GB-COH": _("Companies House"),
}
# The charity register of each nation, for a number that comes without its register.
OF_NATION = {
    "england": "GB-CHC",
    "wales": "GB-CHC",
    "scotland": "GB-SC",
    "northern_ireland": "GB-NIC",
}
Status = Literal["registered", "removed", "unknown"]
# The registers' own words, lower case. Anything else ("Liquidation", "In Administration") is
# ``unknown``: somebody should look, and nothing happens by itself.
SAYS: dict[str, Status] = {
    "registered": "registered",
    "active": "registered",
    "active - proposal to strike off": "registered",
    "recently registered": "registered",
    "up-to-date": "registered",
    "late": "registered",
    "in default": "registered",
    "overdue": "registered",
    "documents overdue": "registered",
    "true": "registered",
    "removed": "removed",
    "ceased": "removed",
    "dissolved": "removed",
    "converted / closed": "removed",
    "converted/closed": "removed",
    "false": "removed",
}
NOT_THERE = "Not in the register any more"
_YES_OR_NO = ("true", "false")
_SHAPES = {
    "GB-CHC": re.compile(r"[1-9]\d{5,6}"),
    "GB-SC": re.compile(r"SC\d{6}"),
    "GB-NIC": re.compile(r"1\d{5}"),
    "GB-COH": re.compile(r"\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z]|R\d{7}"),
}


@dataclass(frozen=True)
class Found:
    """What a register says of a number. ``status_on``: since when; ``said``: its own word."""

    register: str
    number: str
    status: Status
    name: str = ""
    said: str = ""
    status_on: date | None = None


class Register(Protocol):
    """Somebody who knows what a register says of a number; None = nobody can say."""

    def status(self, register: str, number: str) -> Found | None: ...


@dataclass(frozen=True)
class Refused:
    """A line that could not be used, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Layout:
    """How one kind of extract is written: the columns that tell it, and what they hold.

    ``number`` with ``register`` None holds the register too (``GB-CHC-1000003``). ``part``: a
    column that is "0" or empty for the charity itself; others are its parts, and passed over.
    """

    needs: tuple[str, ...]
    register: str | None
    number: str
    name: str
    status: str
    ended: str = ""
    part: str = ""


LAYOUTS = (
    # The charities of the UK in one file, as the UK-CAT project writes them.
    Layout(("org_id", "active"), None, "org_id", "name", "active"),
    Layout(
        ("CompanyNumber", "CompanyStatus"), "GB-COH", "CompanyNumber", "CompanyName",
        "CompanyStatus", "DissolutionDate",
    ),
    Layout(
        ("registered_charity_number", "charity_registration_status"), "GB-CHC",
        "registered_charity_number", "charity_name", "charity_registration_status",
        "date_of_removal", "linked_charity_number",
    ),
    Layout(
        ("Reg charity number", "Status"), "GB-NIC", "Reg charity number", "Charity name",
        "Status", "", "Sub charity number",
    ),
    Layout(
        ("Charity Number", "Charity Status"), "GB-SC", "Charity Number", "Charity Name",
        "Charity Status", "Ceased Date",
    ),
)  # fmt: skip


def status_of(said: str) -> Status:
    """What a register's own word means here."""
    return SAYS.get(" ".join(said.lower().split()), "unknown")


def number_of(register: str, written: str) -> str | None:
    """The number as its register writes it; None when it cannot be one of its numbers."""
    number = re.sub(r"[^0-9A-Z]", "", written.upper())
    if register == "GB-SC" and number.isdecimal():
        number = f"SC{number.zfill(6)}"
    elif register == "GB-NIC":
        number = number.removeprefix("NIC").removeprefix("NI")
    elif register == "GB-COH" and number.isdecimal():
        number = number.zfill(8)
    elif register == "GB-CHC":
        number = number.lstrip("0")
    return number if _SHAPES[register].fullmatch(number) else None


def split(written: str) -> tuple[str, str] | None:
    """``GB-CHC-1000003`` as register and number; None for anything else."""
    for register in REGISTERS:
        if written.strip().upper().startswith(f"{register}-"):
            number = number_of(register, written.strip()[len(register) + 1 :])
            return (register, number) if number else None
    return None


def numbers_of(
    register_number: str | None, company_number: str | None, stated: str, nation: str
) -> tuple[tuple[str, str], ...]:
    """Where an organisation is to be looked up: (register, number), each once.

    ``register_number`` and ``company_number`` are those of its entry; ``stated`` is what it
    answered to "what kind of group are you", with or without its register.
    """
    found: list[tuple[str, str] | None] = [split(register_number or "")]
    if company_number and (number := number_of("GB-COH", company_number)):
        found.append(("GB-COH", number))
    if stated.strip():
        bare = number_of(OF_NATION[nation], stated)
        found.append(split(stated) or ((OF_NATION[nation], bare) if bare else None))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def read(path: Path, register: str, encoding: str = "utf-8") -> Iterator[Found | Refused]:
    """What an extract says of each number of ``register``, and the lines that say nothing.

    Lines of other registers are passed over. Raise ``Unreadable`` when it is no such file.
    """
    check_text(path, encoding)
    rows = csv_rows(path, encoding)
    _line, header = next(rows, (1, []))
    names = [cell.strip() for cell in header] if isinstance(header, list) else []
    layout = next((one for one in LAYOUTS if set(one.needs) <= set(names)), None)
    if layout is None:
        raise Unreadable("is not an extract of a register of charities or companies")
    if layout.register not in (None, register):
        raise Unreadable(f"is an extract of {layout.register}, not of {register}")
    for line, row in rows:
        # Some registers end each line with a comma more than their first.
        if isinstance(row, BadValue) or len(row) < len(names) or any(row[len(names) :]):
            yield Refused(line, f"has not {len(names)} columns")
            continue
        found = _understood(layout, register, line, dict(zip(names, row, strict=False)))
        if found is not None:
            yield found


def _understood(
    layout: Layout, register: str, line: int, row: Mapping[str, str]
) -> Found | Refused | None:
    written = row[layout.number].strip()
    if layout.part and row.get(layout.part, "").strip() not in ("", "0"):
        return None
    if layout.register is None:
        if not written.upper().startswith(f"{register}-"):
            return None
        written = written[len(register) + 1 :]
    number = number_of(register, written)
    if number is None:
        return Refused(line, f"{written[:40]!r} is no number of {register}")
    said = " ".join(row[layout.status].split())[:100]
    status = status_of(said)
    said = "" if said.lower() in _YES_OR_NO else said
    ended = _day(row.get(layout.ended, "")) if layout.ended else None
    if ended is not None and status == "unknown":
        status = "removed"
    name = " ".join(row.get(layout.name, "").split())[:300]
    return Found(register, number, status, name, said, ended if status == "removed" else None)


def _day(written: str) -> date | None:
    """``2020-03-31``, ``2020-03-31T00:00:00`` or ``31/03/2020``; None for anything else."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written.strip()[:10], form).date()  # noqa: DTZ007 - only the day
        except ValueError:
            continue
    return None
