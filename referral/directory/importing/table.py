"""A spreadsheet of organisations and their services: the CSV of ``docs/directory-import.md``.

One row is one service with its organisation, or an organisation alone. What is meant without doubt
is taken, with a note where a slip was mended (``cells.py``); the owner of the file can mend the
rest, so any other fault refuses the row. A column that is not in the file is not spoken of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from referral.directory import summary
from referral.directory.capability import HOLDS, ROUTES
from referral.directory.facets import access_mask, when_mask
from referral.directory.importing import cells
from referral.directory.importing.near import Names
from referral.directory.importing.parts import Notes, id_of
from referral.directory.importing.reading import csv_rows
from referral.directory.importing.records import (
    SHORT,
    BadValue,
    Entry,
    OrganisationRecord,
    PlaceRecord,
    Refused,
    ServiceRecord,
    Unreadable,
    line_of,
    paragraph_of,
)
from referral.directory.importing.taxonomy import Mapper
from referral.directory.importing.values import email_of, postcode_of, url_of
from referral.directory.standing import CAPACITIES, STATUSES, WAIT_MAX
from referral.directory.words import fold
from referral.places import postcodes

SERVICES, ORGANISATIONS = "services", "organisations without services"
FIGURES = (SERVICES, ORGANISATIONS)
ORGANISATION_COLUMNS = (
    "organisation_id",
    "organisation_name",
    "organisation_description",
    "organisation_phone",
    "organisation_email",
    "organisation_website",
    "organisation_address",
    "organisation_postcode",
    "register_number",
    "company_number",
)
SERVICE_COLUMNS = (
    "service_id",
    "service_name",
    "description",
    "first_session",
    "suits",
    "cannot_support",
    "needs",
    "status",
    "schedule",
    "place",
    "address",
    "postcode",
    "latitude",
    "longitude",
    "home_visits",
    "remote",
    "free",
    "fees",
    "minimum_age",
    "maximum_age",
    "only_for",
    "languages",
    "accessibility",
    "contact_name",
    "contact_hours",
    "phone",
    "email",
    "url",
    "capacity",
    "wait_weeks",
    "checked_on",
    "route",
    "holds_risk",
    "holds_mental_health",
    "holds_mobility",
    "holds_language",
    "access",
    "days",
    "from",
    "to",
    "alert",
    "accreditations",
    "paused_until",
)
COLUMNS = (*ORGANISATION_COLUMNS, *SERVICE_COLUMNS)
NEEDED = ("organisation_name", "service_name")
# In the file of rows to be mended: what was wrong. Passed over when it comes back.
PROBLEM = "problem"
OPENING = ("days", "from", "to")
PLACE_COLUMNS = ("place", "address", "postcode", "latitude", "longitude")
PARAGRAPHS = (
    *("description", "first_session", "suits", "cannot_support", "fees"),
    *("alert", "accreditations"),
)
LINES = {"accessibility": SHORT, "contact_name": 200, "contact_hours": 200}
CHOICES: dict[str, tuple[str, ...]] = {
    "only_for": ("", "female", "male"),
    **{name: ("", *keys) for name, keys in HOLDS.items()},
}
KEY = 90


def read(
    path: Path, mapper: Mapper, encoding: str = "utf-8", names: Names | None = None
) -> Iterator[Entry | Refused]:
    """Every row, taken or refused. ``names``: the organisations that are here already."""
    rows = csv_rows(path, encoding)
    _line, header = next(rows, (1, []))
    columns = [fold(cell).replace(" ", "_") for cell in header] if isinstance(header, list) else []
    _check(columns)
    blank = dict.fromkeys(columns, "")
    known = names or Names()
    for line, row in rows:
        if isinstance(row, BadValue):
            yield Refused(line, row, raw=blank)
        elif len(row) != len(columns):
            raw = blank | dict(zip(columns, row, strict=False))
            yield Refused(line, BadValue(f"has not {len(columns)} columns", len(row)), raw=raw)
        else:
            raw = dict(zip(columns, row, strict=True))
            try:
                yield _entry(line, raw, mapper, known)
            except BadValue as why:
                yield Refused(line, why, raw=raw)


def _check(names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in (*COLUMNS, PROBLEM)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing:
        raise Unreadable(f"has the wrong header: no column {', '.join(missing)}")
    if unknown:
        raise Unreadable(f"has the wrong header: unknown column {', '.join(unknown)[:200]}")
    if twice:
        raise Unreadable(f"has the wrong header: {', '.join(twice)} twice")


def _entry(line: int, raw: Mapping[str, str], mapper: Mapper, names: Names) -> Entry:
    notes = Notes()
    row = cells.plain_row(raw, notes)
    organisation = _organisation(row, names)
    if not row["service_name"].strip():
        if any(row.get(name, "").strip() for name in SERVICE_COLUMNS):
            raise BadValue("service_name is missing")
        return Entry(line, organisation, None, notes.taken(), (ORGANISATIONS,), raw=raw)
    service = _service(row, organisation.keys[0][1], mapper, notes)
    return Entry(line, organisation, service, notes.taken(), (SERVICES,), raw=raw)


def _organisation(row: Mapping[str, str], names: Names) -> OrganisationRecord:
    name = line_of(row["organisation_name"], "organisation_name", required=True)
    own = line_of(row.get("organisation_id"), "organisation_id", KEY)
    register = line_of(row.get("register_number"), "register_number", 40).upper()
    keys = [("external_id", own or f"csv:{fold(name)}"[:KEY])]
    if register:
        keys.append(("register_number", register))
    elif not own:
        _refuse_alike(name, keys[0][1], names)
    names.add(name, keys[0][1])
    said: dict[str, Any] = {"name": name}
    readers: dict[str, Callable[[str], str]] = {
        "description": lambda v: paragraph_of(v, "organisation_description"),
        "phone": lambda v: line_of(v, "organisation_phone", 40),
        "email": email_of,
        "website": lambda v: url_of(v, "organisation_website"),
        "address": lambda v: line_of(v, "organisation_address", SHORT),
        "postcode": lambda v: postcode_of(v, "organisation_postcode"),
    }
    for column, reader in readers.items():
        # Left empty, these mean "as on the organisation's other rows".
        if row.get(f"organisation_{column}", "").strip():
            said[column] = reader(row[f"organisation_{column}"])
    if row.get("company_number", "").strip():
        said["company_number"] = line_of(row["company_number"], "company_number", 20)
    return OrganisationRecord("provider", tuple(keys), said)


def _refuse_alike(name: str, key: str, names: Names) -> None:
    """A name that looks like one that is here is for a person to judge, never merged unasked."""
    like = names.like(name)
    if like is not None and like[1] != key:
        raise BadValue(
            "organisation_name looks like one that is here: if it is the same, put this in "
            "organisation_id, else a key of your own",
            f"{like[1]} ({like[0]})",
        )


def _service(row: Mapping[str, str], holder: str, mapper: Mapper, notes: Notes) -> ServiceRecord:
    name = line_of(row["service_name"], "service_name", required=True)
    own = line_of(row.get("service_id"), "service_id", KEY)
    number = own or f"csv:{fold(holder)}:{fold(name)}"[:KEY]
    said: dict[str, Any] = {"name": name}
    for column in PARAGRAPHS:
        if column in row:
            said[column] = paragraph_of(row[column], column)
    for column, longest in LINES.items():
        if column in row:
            said[column] = line_of(row[column], column, longest)
    if "languages" in row:
        said["languages"] = line_of(cells.languages(row["languages"], notes), "languages", SHORT)
    if "phone" in row:
        said["phone"] = line_of(row["phone"], "phone", 40)
    if "email" in row:
        said["email"] = email_of(row["email"])
    if "url" in row:
        said["url"] = url_of(row["url"], "url")
    said |= _choices(row, notes)
    said |= _ages(row, notes)
    said |= _opening(row, number, notes)
    if "access" in row:
        said["access_mask"] = access_mask(cells.access(row["access"], notes))
    return ServiceRecord(
        external_id=number,
        said=said,
        needs=cells.needs(row["needs"], mapper, notes) if "needs" in row else None,
        places=_places(row, number, notes) if any(name in row for name in PLACE_COLUMNS) else None,
        at_first=_at_first(row, notes),
    )


def _choices(row: Mapping[str, str], notes: Notes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "status" in row:
        said["status"] = cells.one_of(row["status"].strip() or "active", "status", STATUSES, notes)
    if "route" in row:
        said["route"] = cells.one_of(
            row["route"].strip() or "referral", "route", tuple(ROUTES), notes
        )
    for column, keys in CHOICES.items():
        if column in row:
            said[column] = cells.one_of(row[column], column, keys, notes)
    for column in ("home_visits", "remote"):
        if column in row:
            said[column] = bool(cells.yes(row[column], column, notes))
    if "free" in row:
        said["free"] = cells.yes(row["free"], "free", notes)
    return said


def _ages(row: Mapping[str, str], notes: Notes) -> dict[str, int | None]:
    found = {
        column: cells.age(row[column], column, notes)
        for column in ("minimum_age", "maximum_age")
        if column in row
    }
    low, high = found.get("minimum_age"), found.get("maximum_age")
    if low is not None and high is not None and low > high:
        raise BadValue("the ages are the wrong way round", f"{low}–{high}")
    return found


def _opening(row: Mapping[str, str], number: str, notes: Notes) -> dict[str, Any]:
    """The words of ``schedule``; ``days``, ``from`` and ``to`` make a schedule of the standard."""
    said: dict[str, Any] = {}
    words = paragraph_of(row.get("schedule"), "schedule")
    if "schedule" in row:
        said["schedule"] = words
    if "days" not in row:
        return said
    byday = cells.days(row["days"], notes)
    opens, closes = cells.clock(row.get("from", ""), "from"), cells.clock(row.get("to", ""), "to")
    if not byday:
        if opens or closes:
            raise BadValue("from and to need days")
        return said | {"parts.schedules": [], "when_mask": 0}
    made = {"id": id_of("", f"{number}/schedules"), "freq": "WEEKLY", "byday": ",".join(byday)}
    made |= {name: time for name, time in (("opens_at", opens), ("closes_at", closes)) if time}
    shown = summary.schedule_words([made])
    if words and words != shown:
        made["description"] = words
    return said | {
        "schedule": words or shown,
        "parts.schedules": [made],
        "when_mask": when_mask([made]),
    }


def opening_of(parts: Mapping[str, Any]) -> dict[str, str]:
    """``days``, ``from`` and ``to`` of what ``parts`` hold, for the CSV that goes out."""
    for schedule in summary.items(parts, "schedules")[:1]:
        told = (schedule.get(name) or "" for name in ("byday", "opens_at", "closes_at"))
        byday, opens, closes = (str(one) for one in told)
        days = [day.strip()[-2:] for day in byday.split(",") if day.strip()]
        return {"days": ";".join(days), "from": opens[:5], "to": closes[:5]}
    return dict.fromkeys(OPENING, "")


def _places(row: Mapping[str, str], number: str, notes: Notes) -> tuple[PlaceRecord, ...]:
    name = line_of(row.get("place"), "place")
    address = line_of(row.get("address"), "address", SHORT)
    postcode = postcode_of(row.get("postcode", ""), "postcode")
    latitude, longitude = cells.point(row)
    if not (name or address or postcode or latitude is not None):
        return ()
    if not postcode and latitude is None:
        notes.note("has no postcode and no coordinates: it is on no map")
    return (
        PlaceRecord(
            *(number, name, address, postcode, postcodes.outward(postcode), latitude, longitude),
            at_id=id_of("", f"{number}/{number}"),
        ),
    )


def _at_first(row: Mapping[str, str], notes: Notes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if row.get("capacity", "").strip():
        said["capacity"] = cells.one_of(row["capacity"], "capacity", CAPACITIES, notes)
    weeks = cells.whole(row.get("wait_weeks", ""), "wait_weeks")
    if weeks is not None:
        if not 0 <= weeks <= WAIT_MAX:
            raise BadValue(f"wait_weeks is not between 0 and {WAIT_MAX}", weeks)
        said["wait_weeks"] = weeks
    checked = cells.day(row.get("checked_on", ""), "checked_on", notes)
    if checked is not None:
        said |= {"checked_on": checked, "checked_by": "import"}
    paused = cells.day(row.get("paused_until", ""), "paused_until", notes)
    if paused is not None:
        said["paused_until"] = paused
    return said
