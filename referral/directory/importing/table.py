"""A spreadsheet of organisations and their services: the CSV of ``docs/directory-import.md``.

One row is one service with its organisation, or an organisation alone. The owner of the file can
mend it, so any fault refuses the row. A column that is not in the file is not spoken of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

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
from referral.directory.importing.values import age_of, email_of, point_of, postcode_of, url_of
from referral.directory.needs import NEEDS
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
)
COLUMNS = (*ORGANISATION_COLUMNS, *SERVICE_COLUMNS)
NEEDED = ("organisation_name", "service_name")
PLACE_COLUMNS = ("place", "address", "postcode", "latitude", "longitude")
PARAGRAPHS = ("description", "first_session", "suits", "cannot_support", "schedule", "fees")
LINES = {"languages": SHORT, "accessibility": SHORT, "contact_name": 200, "contact_hours": 200}
KEY = 90


def read(path: Path, mapper: Mapper, encoding: str = "utf-8") -> Iterator[Entry | Refused]:
    """Every row, taken or refused."""
    rows = csv_rows(path, encoding)
    _line, header = next(rows, (1, []))
    names = [fold(cell).replace(" ", "_") for cell in header] if isinstance(header, list) else []
    _check(names)
    for line, row in rows:
        if isinstance(row, BadValue):
            yield Refused(line, row)
        elif len(row) != len(names):
            yield Refused(line, BadValue(f"has not {len(names)} columns", len(row)))
        else:
            try:
                yield _entry(line, dict(zip(names, row, strict=True)), mapper)
            except BadValue as why:
                yield Refused(line, why)


def _check(names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing:
        raise Unreadable(f"has the wrong header: no column {', '.join(missing)}")
    if unknown:
        raise Unreadable(f"has the wrong header: unknown column {', '.join(unknown)[:200]}")
    if twice:
        raise Unreadable(f"has the wrong header: {', '.join(twice)} twice")


def _entry(line: int, row: Mapping[str, str], mapper: Mapper) -> Entry:
    organisation = _organisation(row)
    if not row["service_name"].strip():
        if any(row.get(name, "").strip() for name in SERVICE_COLUMNS):
            raise BadValue("service_name is missing")
        return Entry(line, organisation, counts_as=(ORGANISATIONS,))
    return Entry(
        line, organisation, _service(row, organisation.keys[0][1], mapper), counts_as=(SERVICES,)
    )


def _organisation(row: Mapping[str, str]) -> OrganisationRecord:
    name = line_of(row["organisation_name"], "organisation_name", required=True)
    own = line_of(row.get("organisation_id"), "organisation_id", KEY)
    keys = [("external_id", own or f"csv:{fold(name)}"[:KEY])]
    register = line_of(row.get("register_number"), "register_number", 40).upper()
    if register:
        keys.append(("register_number", register))
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


def _service(row: Mapping[str, str], holder: str, mapper: Mapper) -> ServiceRecord:
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
    if "phone" in row:
        said["phone"] = line_of(row["phone"], "phone", 40)
    if "email" in row:
        said["email"] = email_of(row["email"])
    if "url" in row:
        said["url"] = url_of(row["url"], "url")
    said |= _choices(row)
    said |= _ages(row)
    return ServiceRecord(
        external_id=number,
        said=said,
        needs=_needs(row["needs"], mapper) if "needs" in row else None,
        places=_places(row, number) if any(name in row for name in PLACE_COLUMNS) else None,
        at_first=_at_first(row),
    )


def _choices(row: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "status" in row:
        said["status"] = _one_of(row["status"].strip() or "active", "status", STATUSES)
    if "only_for" in row:
        said["only_for"] = _one_of(row["only_for"], "only_for", ("", "female", "male"))
    for column in ("home_visits", "remote"):
        if column in row:
            said[column] = bool(_yes(row[column], column))
    if "free" in row:
        said["free"] = _yes(row["free"], "free")
    return said


def _ages(row: Mapping[str, str]) -> dict[str, int | None]:
    found = {
        column: age_of(_whole(row[column], column), column)
        for column in ("minimum_age", "maximum_age")
        if column in row
    }
    low, high = found.get("minimum_age"), found.get("maximum_age")
    if low is not None and high is not None and low > high:
        raise BadValue("the ages are the wrong way round", f"{low}–{high}")
    return found


def _needs(value: str, mapper: Mapper) -> tuple[str, ...]:
    """Keys of needs, or words our mapping knows, divided by semicolons."""
    found: set[str] = set()
    for part in value.split(";"):
        word = fold(part)
        if not word:
            continue
        key = word.replace(" ", "_")
        meant = {key} if key in NEEDS else set(mapper.of_words(part))
        if not meant:
            raise BadValue("a need is not one of ours", part.strip())
        found |= meant
    return tuple(sorted(found))


def _places(row: Mapping[str, str], number: str) -> tuple[PlaceRecord, ...]:
    name = line_of(row.get("place"), "place")
    address = line_of(row.get("address"), "address", SHORT)
    postcode = postcode_of(row.get("postcode", ""), "postcode")
    latitude, longitude = _point(row)
    if not (name or address or postcode or latitude is not None):
        return ()
    outcode = postcodes.outward(postcode)
    return (PlaceRecord(number, name, address, postcode, outcode, latitude, longitude),)


def _point(row: Mapping[str, str]) -> tuple[float | None, float | None]:
    given = row.get("latitude", "").strip(), row.get("longitude", "").strip()
    if given == ("", ""):
        return None, None
    try:
        return point_of(float(given[0]), float(given[1]))
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("latitude and longitude are not two numbers", ", ".join(given)) from error


def _at_first(row: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if row.get("capacity", "").strip():
        said["capacity"] = _one_of(row["capacity"], "capacity", CAPACITIES)
    weeks = _whole(row.get("wait_weeks", ""), "wait_weeks")
    if weeks is not None:
        if not 0 <= weeks <= WAIT_MAX:
            raise BadValue(f"wait_weeks is not between 0 and {WAIT_MAX}", weeks)
        said["wait_weeks"] = weeks
    if row.get("checked_on", "").strip():
        try:
            said["checked_on"] = date.fromisoformat(row["checked_on"].strip())
        except ValueError as error:
            raise BadValue(
                "checked_on is not a date such as 2026-05-12", row["checked_on"]
            ) from error
        said["checked_by"] = "import"
    return said


def _whole(value: str, name: str) -> int | None:
    given = value.strip()
    if not given:
        return None
    if len(given) > 12 or not given.lstrip("-").isascii() or not given.lstrip("-").isdigit():
        raise BadValue(f"{name} is not a whole number", given)
    return int(given)


def _one_of(value: str, name: str, keys: tuple[str, ...]) -> str:
    given = value.strip().lower()
    if given not in keys:
        raise BadValue(f"{name} is not one of {', '.join(key for key in keys if key)}", given)
    return given


def _yes(value: str, name: str) -> bool | None:
    match value.strip().lower():
        case "":
            return None
        case "yes" | "y" | "true" | "1":
            return True
        case "no" | "n" | "false" | "0":
            return False
        case other:
            raise BadValue(f"{name} is neither yes nor no", other)
