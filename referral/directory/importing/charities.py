"""An extract of the charity registers (the layout of ``uk-charities.csv`` of the UK-CAT project).

Each charity becomes an organisation and one service, so that it can be found: what it does, where,
and the needs its UK-CAT and ICNPTSO codes mean here. It takes no referrals until somebody lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from referral.core.schema import PARAGRAPH
from referral.directory.importing.parts import id_of
from referral.directory.importing.reading import csv_rows
from referral.directory.importing.records import (
    BadValue,
    Entry,
    OrganisationRecord,
    PlaceRecord,
    Refused,
    ServiceRecord,
    Unreadable,
    line_of,
    paragraph_of,
    printable,
    titled,
)
from referral.directory.importing.taxonomy import Mapper
from referral.directory.importing.values import postcode_of, url_of
from referral.places import postcodes

NEEDED = ("org_id", "name", "postcode")
KNOWN = (*NEEDED, "reg_number", "active", "activities", "objects", "web", "company_number")
CODES = {"UKCAT": "ukcat", "ICNPTSO": "icnptso"}
CHARITIES, ACTIVE = "charities", "of them active"
FIGURES = (CHARITIES, ACTIVE)
_ORG_ID = re.compile(r"GB-[A-Z]{2,5}-[A-Z0-9]{1,20}")


def read(path: Path, mapper: Mapper, encoding: str = "utf-8") -> Iterator[Entry | Refused]:
    """Every row as a charity, or refused with the reason."""
    rows = csv_rows(path, encoding)
    _line, header = next(rows, (1, []))
    names = [cell.strip() for cell in header] if isinstance(header, list) else []
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Unreadable(f"is not a charity register extract: no column {', '.join(missing)}")
    for line, row in rows:
        if isinstance(row, BadValue):
            yield Refused(line, row, raw=dict.fromkeys(names, ""))
        elif len(row) != len(names):
            raw = dict.fromkeys(names, "") | dict(zip(names, row, strict=False))
            yield Refused(line, BadValue(f"has not {len(names)} columns", len(row)), raw=raw)
        else:
            yield _taken(line, dict(zip(names, row, strict=True)), mapper)


def _taken(line: int, row: Mapping[str, str], mapper: Mapper) -> Entry | Refused:
    figures: tuple[str, ...] = ()
    try:
        number = line_of(row["org_id"], "org_id", 40, required=True).upper()
        if not _ORG_ID.fullmatch(number):
            raise BadValue("org_id is no register number such as GB-CHC-1000003", number)
        active = _active(row.get("active", "True"))
        figures = (CHARITIES, ACTIVE) if active else (CHARITIES,)
        return _entry(line, number, row, mapper, figures, active=active)
    except BadValue as why:
        return Refused(line, why, figures, raw=row)


def _entry(
    line: int,
    number: str,
    row: Mapping[str, str],
    mapper: Mapper,
    figures: tuple[str, ...],
    *,
    active: bool,
) -> Entry:
    name = titled(line_of(row["name"], "the name", required=True))
    postcode = postcode_of(row["postcode"])
    activities = paragraph_of(printable(row.get("activities")), "activities")
    objects = paragraph_of(printable(row.get("objects")), "objects")
    description = activities or objects
    website, notes = _website(row.get("web", ""))
    organisation = OrganisationRecord(
        "provider",
        (("register_number", number),),
        {
            "name": name,
            "description": description,
            "website": website,
            "postcode": postcode,
            "company_number": line_of(row.get("company_number"), "company_number", 20) or None,
            "status": "active" if active else "closed",
        },
    )
    at = id_of("", f"{number}/{number}")
    spots = (PlaceRecord(number, "", "", postcode, postcodes.outward(postcode), at_id=at),)
    terms = [
        (taxonomy, code.strip(), "")
        for column, taxonomy in CODES.items()
        for code in row.get(column, "").split(";")
        if code.strip()
    ]
    service = ServiceRecord(
        external_id=number,
        said={
            "name": name,
            "description": _what_and_what_for(activities, objects),
            "url": website,
            "status": "active" if active else "inactive",
        },
        needs=mapper.needs(terms),
        places=spots if postcode else (),
    )
    return Entry(line, organisation, service, notes, figures, raw=row)


def _what_and_what_for(activities: str, objects: str) -> str:
    """What a charity does, then what it was set up to do: some say whom they help only there."""
    if not (activities and objects) or objects.lower() in activities.lower():
        return activities or objects
    return f"{activities}\n\nSet up for: {objects}"[:PARAGRAPH].strip()


def _active(value: str) -> bool:
    match value.strip().lower():
        case "true" | "yes" | "1" | "":
            return True
        case "false" | "no" | "0":
            return False
        case other:
            raise BadValue("active is neither True nor False", other)


def _website(value: str) -> tuple[str, tuple[BadValue, ...]]:
    try:
        return url_of(value, "the web address"), ()
    except BadValue as why:
        return "", (why.left_out(),)
