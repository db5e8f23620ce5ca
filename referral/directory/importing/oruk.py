"""Open Referral UK 3.0 JSON: a service, an organisation with services, a page of a feed, a list.

A feed's owner is not at hand to mend it, so a fault in one field leaves that field out with a note;
a row is refused only without id, name or organisation. A field a feed does not mention stays as it
is, so that a short list item takes nothing from a full entry. Fields: the ORUK 3.0 schemas, and
``joined_up``, our own feed's extension.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from referral.directory import summary
from referral.directory.facets import ACCESS, access_mask
from referral.directory.importing import own
from referral.directory.importing.locations import access_words, is_remote, places_of
from referral.directory.importing.near import nearest
from referral.directory.importing.parts import Notes, parts_of
from referral.directory.importing.reading import Node, read_json
from referral.directory.importing.records import (
    NAME,
    SHORT,
    BadValue,
    Entry,
    OrganisationRecord,
    Refused,
    ServiceRecord,
    Unreadable,
    line_of,
    paragraph_of,
)
from referral.directory.importing.taxonomy import OWN_ACCESS, OWN_NEEDS, Mapper, Term
from referral.directory.importing.values import age_of, email_of, url_of
from referral.directory.needs import NEEDS
from referral.directory.standing import STATUSES

SERVICES, ORGANISATIONS = "services", "organisations without services"
FIGURES = (SERVICES, ORGANISATIONS)
ID_MAX = 100
REGISTERS = ("GB-CHC", "GB-SC", "GB-NIC")
# Lists of a service that are kept as they are.
LISTS = (
    *("schedules", "languages", "cost_options", "contacts", "phones"),
    *("service_areas", "funding"),
)
# Members by which a service, and an item of a list of organisations, are told.
SERVICE_SIGNS = {"status", "organization", "organization_id"}
HOLDER_SIGNS = {"website", "logo", "uri", "parent_organization_id"}
HOLDER_LISTS = ("organization_identifiers", "funding", "contacts", "phones", "attributes")


def read(path: Path, mapper: Mapper) -> Iterator[Entry | Refused]:
    """Every service (or organisation without services) of the file."""
    yield from entries(read_json(path), mapper)


def entries(found: Any, mapper: Mapper) -> Iterator[Entry | Refused]:
    """The same of what a file or a page of a feed holds."""
    for line, item in items_of(found):
        if isinstance(item, Node):
            yield from _of_item(item, mapper)
        else:
            yield Refused(line, BadValue("is not an object", type(item).__name__))


def items_of(found: Any) -> list[tuple[int, Any]]:
    """What a file holds, each with its line; raise ``Unreadable`` when that is no directory."""
    if isinstance(found, list):
        return _located(found, 1)
    if not isinstance(found, Node):
        raise Unreadable("is not Open Referral UK: neither an object nor a list")
    if "contents" in found:
        if not isinstance(found["contents"], list):
            raise Unreadable("is not a page of a feed: its contents are not a list")
        return _located(found["contents"], found.line)
    if "id" not in found and "name" not in found:
        raise Unreadable("is not Open Referral UK: no service, organisation or contents")
    return [(found.line, found)]


def _located(items: list[Any], line: int) -> list[tuple[int, Any]]:
    placed: list[tuple[int, Any]] = []
    for item in items:
        line = item.line if isinstance(item, Node) else line
        placed.append((line, item))
    return placed


def _of_item(item: Node, mapper: Mapper) -> Iterator[Entry | Refused]:
    is_organisation = "services" in item or (
        "organization_identifiers" in item and "organization" not in item
    )
    if not is_organisation and not SERVICE_SIGNS & item.keys():
        is_organisation = bool(HOLDER_SIGNS & item.keys()) or own.is_holder(item)
    if not is_organisation:
        yield _entry(item.line, item, item.get("organization"), mapper, item)
        return
    services = item.get("services") or []
    if not isinstance(services, list):
        yield Refused(item.line, BadValue("services are not a list"), raw=item)
        return
    for service in services:
        if isinstance(service, Node):
            raw = {"organization": {k: v for k, v in item.items() if k != "services"}, **service}
            yield _entry(service.line, service, item, mapper, raw)
        else:
            yield Refused(item.line, BadValue("a service is not an object"), raw={"was": service})
    if not services:
        yield _alone(item)


def _alone(item: Node) -> Entry | Refused:
    notes = Notes(ours=own.is_ours(item))
    try:
        organisation = _organisation(item, notes)
    except BadValue as why:
        return Refused(item.line, why, raw=item)
    return Entry(
        *(item.line, organisation, None, notes.taken()),
        counts_as=(ORGANISATIONS,),
        strict=False,
        raw=item,
    )


def _entry(
    line: int, item: Node, holder: Any, mapper: Mapper, raw: Mapping[str, Any]
) -> Entry | Refused:
    notes = Notes(ours=own.is_ours(item))
    try:
        if holder is None and isinstance(item.get("organization_id"), str):
            holder = {"id": item["organization_id"]}
        if not isinstance(holder, dict):
            raise BadValue("says no organisation")
        service = _service(item, mapper, notes)
        organisation = _organisation(holder, notes)
    except BadValue as why:
        return Refused(line, why, (SERVICES,), raw=raw)
    return Entry(line, organisation, service, notes.taken(), (SERVICES,), strict=False, raw=raw)


def _id(item: Mapping[str, Any], what: str) -> str:
    return line_of(item.get("id"), f"the id of {what}", ID_MAX, required=True).lower()


def _organisation(item: Mapping[str, Any], notes: Notes) -> OrganisationRecord:
    number = _id(item, "the organisation")
    keys = [("external_id", number)]
    said = _of_holder(item, notes)
    for name in HOLDER_LISTS:
        if name in item:
            said[f"parts.{name}"] = parts_of(item, name, number, notes)
    if "phones" in item:
        said["phone"] = summary.phone_words(said["parts.phones"])[:40]
    said |= own.organisation(item, notes)
    for scheme, given in _identifiers(said.get("parts.organization_identifiers", [])):
        if scheme == "GB-COH":
            said["company_number"] = given[:20]
        elif scheme in REGISTERS:
            keys.append(("register_number", _register(scheme, given)))
    return OrganisationRecord(own.kind(item), tuple(keys), said)


def _of_holder(item: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "name" in item:
        name = notes.plain(item["name"], "the organisation's name")
        said["name"] = line_of(name, "the organisation's name", required=True)
    if "description" in item:
        about = notes.plain(item["description"], "the organisation's description")
        said["description"] = notes.attempt(
            lambda: paragraph_of(about, "the organisation's description")
        )
    if "email" in item:
        said["email"] = notes.attempt(lambda: email_of(item["email"]))
    for column in ("website", "logo", "uri"):
        if column in item:
            said[column] = notes.attempt(lambda: url_of(item[column], f"the {column}"))  # noqa: B023 - called at once
    if "parent_organization_id" in item:
        said["parent_organization_id"] = notes.attempt(
            lambda: _uuid(item["parent_organization_id"], "the parent organisation"), None
        )
    return said


def _register(scheme: str, given: str) -> str:
    number = given.upper()
    return (number if number.startswith(f"{scheme}-") else f"{scheme}-{number}")[:40]


def _identifiers(given: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in given:
        scheme, number = one.get("identifier_scheme"), one.get("identifier")
        if isinstance(scheme, str) and isinstance(number, str):
            yield scheme.strip().upper(), number.strip()


def _service(item: Node, mapper: Mapper, notes: Notes) -> ServiceRecord:
    number = _id(item, "the service")
    said: dict[str, Any] = {
        "name": line_of(notes.plain(item.get("name"), "the name"), "the name", NAME, required=True),
        "status": _status(item.get("status", "active"), notes),
    }
    if "description" in item:
        said["description"] = paragraph_of(
            notes.plain(item["description"], "the description"), "the description"
        )
    for name in ("alert", "accreditations"):
        if name in item:
            said[name] = notes.attempt(lambda: _paragraph(item, name, notes))  # noqa: B023 - called at once
    if "url" in item:
        said["url"] = notes.attempt(lambda: url_of(item["url"], "the web address"))
    if "email" in item:
        said["email"] = notes.attempt(lambda: email_of(item["email"]))
    if "minimum_age" in item or "maximum_age" in item:
        said |= _ages(item, notes)
    for name in LISTS:
        if name in item:
            said[f"parts.{name}"] = parts_of(item, name, number, notes)
    said |= _assurance(item, notes)
    places = places_of(item, number, notes)
    if "service_at_locations" in item:
        said |= {"accessibility": notes.attempt(lambda: _access(item)), "remote": is_remote(item)}
    fees = notes.attempt(lambda: _paragraph(item, "fees", notes)) if "fees" in item else ""
    parts = {name.removeprefix("parts."): value for name, value in said.items() if "." in name}
    elsewhere = [
        one
        for place in places
        for held in (place.at_parts, place.parts)
        for one in held.get("schedules", [])
    ]
    said |= summary.derived(parts, fees=fees, elsewhere=elsewhere)
    needs, features, others = _attributes(item, number, mapper, notes)
    if "attributes" in item:
        said |= {"parts.attributes": others, "access_mask": access_mask(features)}
    extension = own.service(item, notes)
    return ServiceRecord(
        external_id=number,
        said=said | extension.said,
        needs=needs if "attributes" in item else None,
        places=places if "service_at_locations" in item else None,
        at_first=_first(item, number, notes) | extension.at_first,
        terms=tuple(term for one in others if (term := one.get("taxonomy_term"))),
    )


def _status(given: Any, notes: Notes) -> str:
    if given in STATUSES:
        return str(given)
    meant = nearest(given, STATUSES) if isinstance(given, str) else None
    if meant is None:
        raise BadValue("the status is not one of the standard's", given)
    notes.note(f"the status was taken for “{meant}”", given)
    return meant


def _paragraph(item: Mapping[str, Any], name: str, notes: Notes) -> str:
    return paragraph_of(notes.plain(item[name], f"the {name}"), f"the {name}")


def _access(item: Mapping[str, Any]) -> str:
    return line_of(access_words(item), "access", SHORT)


def _ages(item: Mapping[str, Any], notes: Notes) -> dict[str, int | None]:
    low = notes.attempt(lambda: age_of(item.get("minimum_age"), "minimum_age"), None)
    high = notes.attempt(lambda: age_of(item.get("maximum_age"), "maximum_age"), None)
    if low is not None and high is not None and low > high:
        notes.note("left out: the ages are the wrong way round", f"{low}–{high}")
        low = high = None
    return {"minimum_age": low, "maximum_age": high}


def _assurance(item: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """Somebody else's checks: kept to be shown as theirs, and never a reason to take referrals."""
    said: dict[str, Any] = {}
    if "assured_date" in item:
        said["parts.assured_date"] = notes.attempt(
            lambda: _date(item["assured_date"], "assured_date"), None
        )
    if "assurer_email" in item:
        said["parts.assurer_email"] = notes.attempt(lambda: email_of(item["assurer_email"]), None)
    return said


def _attributes(
    item: Mapping[str, Any], number: str, mapper: Mapper, notes: Notes
) -> tuple[tuple[str, ...], tuple[str, ...], list[dict[str, Any]]]:
    """Needs, access features, and the attributes that stay as they are."""
    needs: set[str] = set()
    features: list[str] = []
    others: list[dict[str, Any]] = []
    terms: list[Term] = []
    for one in parts_of(item, "attributes", number, notes) if "attributes" in item else []:
        term = one.get("taxonomy_term", {})
        taxonomy, code, name = (str(term.get(key, "")) for key in ("taxonomy", "term", "name"))
        if taxonomy == OWN_NEEDS and code in NEEDS:
            needs.add(code)
        elif taxonomy == OWN_ACCESS and code in ACCESS:
            features.append(code)
        else:
            others.append(one)
            if code or name:
                terms.append((taxonomy, code, name))
    # Our own feed says which needs its services answer; what others mean is looked up.
    meant = () if notes.ours else mapper.needs(terms)
    return tuple(sorted(needs | set(meant))), tuple(features), others


def _first(item: Mapping[str, Any], number: str, notes: Notes) -> dict[str, Any]:
    """What counts only while a service is new: room, and when its source last changed it."""
    said: dict[str, Any] = {}
    for one in parts_of(item, "service_capacity", number, notes)[:1]:
        free, most = one.get("available"), one.get("maximum")
        said["places_available"] = int(free) if free is not None and free >= 0 else None
        said["places_maximum"] = int(most) if most is not None and most >= 0 else None
        said["capacity_on"] = notes.attempt(lambda: _day(one.get("updated")), None)  # noqa: B023 - called at once
    if isinstance(item.get("last_modified"), str):
        said["updated_at"] = notes.attempt(lambda: moment_of(item["last_modified"]), None)
    return {name: value for name, value in said.items() if value is not None}


def moment_of(value: str) -> datetime:
    """A moment of the standard, with its zone; raise ``BadValue``."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise BadValue("last_modified is no moment such as 2026-05-12T10:00:00Z", value) from error
    if found.tzinfo is None or not 1970 <= found.year < 2200:
        raise BadValue("last_modified has no zone, or a year that cannot be", value)
    return found


def _day(value: object) -> date | None:
    return date.fromisoformat(_date(value, "updated")) if value else None


def _date(value: object, name: str) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise BadValue(f"{name} is not a date", value) from error


def _uuid(value: object, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise BadValue(f"{name} is not a UUID", value) from error
