"""Open Referral UK 3.0 JSON: a service, an organisation with services, a page of a feed, a list.

A feed's owner is not at hand to mend it, so a fault in one field leaves that field out with a note;
a row is refused only without id, name or organisation. A field a feed does not mention stays as it
is, so that a short list item takes nothing from a full entry. Fields: the ORUK 3.0 schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from referral.directory.importing.reading import Node, read_json
from referral.directory.importing.records import (
    NAME,
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
from referral.directory.importing.taxonomy import Mapper, Term
from referral.directory.importing.values import (
    age_of,
    email_of,
    number_of,
    point_of,
    postcode_of,
    url_of,
)
from referral.directory.standing import STATUSES
from referral.places import postcodes

SERVICES, ORGANISATIONS = "services", "organisations without services"
FIGURES = (SERVICES, ORGANISATIONS)
ID_MAX = 100
DAYS = dict(
    zip(
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        strict=True,
    )
)
REGISTERS = ("GB-CHC", "GB-SC", "GB-NIC")


def read(path: Path, mapper: Mapper) -> Iterator[Entry | Refused]:
    """Every service (or organisation without services) of the file."""
    for line, item in _items(read_json(path)):
        if isinstance(item, Node):
            yield from _of_item(item, mapper)
        else:
            yield Refused(line, BadValue("is not an object", type(item).__name__))


def _items(found: Any) -> list[tuple[int, Any]]:
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
    if not is_organisation:
        yield _entry(item.line, item, item.get("organization"), mapper)
        return
    services = item.get("services") or []
    if not isinstance(services, list):
        yield Refused(item.line, BadValue("services are not a list"))
        return
    for service in services:
        if isinstance(service, Node):
            yield _entry(service.line, service, item, mapper)
        else:
            yield Refused(item.line, BadValue("a service is not an object"))
    if not services:
        yield _alone(item)


def _alone(item: Node) -> Entry | Refused:
    notes = _Notes()
    try:
        organisation = _organisation(item, notes)
    except BadValue as why:
        return Refused(item.line, why)
    return Entry(
        item.line, organisation, None, notes.taken(), counts_as=(ORGANISATIONS,), strict=False
    )


def _entry(line: int, item: Node, holder: Any, mapper: Mapper) -> Entry | Refused:
    notes = _Notes()
    try:
        if holder is None and isinstance(item.get("organization_id"), str):
            holder = {"id": item["organization_id"]}
        if not isinstance(holder, dict):
            raise BadValue("says no organisation")
        service = _service(item, mapper, notes)
        organisation = _organisation(holder, notes)
    except BadValue as why:
        return Refused(line, why, (SERVICES,))
    return Entry(line, organisation, service, notes.taken(), (SERVICES,), strict=False)


class _Notes:
    """Faults in single fields: what was left out and why."""

    def __init__(self) -> None:
        self.found: list[BadValue] = []

    def attempt(self, read: Callable[[], Any], blank: Any = "") -> Any:
        """What ``read`` gives, or ``blank`` with a note."""
        try:
            return read()
        except BadValue as why:
            self.found.append(why.left_out())
            return blank

    def taken(self) -> tuple[BadValue, ...]:
        return tuple(self.found)


def _id(item: Mapping[str, Any], what: str) -> str:
    return line_of(item.get("id"), f"the id of {what}", ID_MAX, required=True).lower()


def _organisation(item: Mapping[str, Any], notes: _Notes) -> OrganisationRecord:
    said: dict[str, Any] = {}
    keys = [("external_id", _id(item, "the organisation"))]
    if "name" in item:
        said["name"] = line_of(item["name"], "the organisation's name", required=True)
    if "description" in item:
        said["description"] = notes.attempt(
            lambda: paragraph_of(item["description"], "the organisation's description")
        )
    if "email" in item:
        said["email"] = notes.attempt(lambda: email_of(item["email"]))
    if "website" in item:
        said["website"] = notes.attempt(lambda: url_of(item["website"], "the website"))
    for scheme, number in _identifiers(item):
        if scheme == "GB-COH":
            said["company_number"] = number[:20]
        elif scheme in REGISTERS:
            keys.append(("register_number", f"{scheme}-{number}"[:40].upper()))
    return OrganisationRecord("provider", tuple(keys), said)


def _identifiers(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for given in _objects(item, "organization_identifiers"):
        scheme, number = given.get("identifier_scheme"), given.get("identifier")
        if isinstance(scheme, str) and isinstance(number, str) and number.strip():
            yield scheme.strip().upper(), number.strip()


def _service(item: Node, mapper: Mapper, notes: _Notes) -> ServiceRecord:
    number = _id(item, "the service")
    status = item.get("status", "active")
    if status not in STATUSES:
        raise BadValue("the status is not one of the standard's", status)
    said: dict[str, Any] = {
        "name": line_of(item.get("name"), "the name", NAME, required=True),
        "status": status,
    }
    if "description" in item:
        said["description"] = paragraph_of(item["description"], "the description")
    if "url" in item:
        said["url"] = notes.attempt(lambda: url_of(item["url"], "the web address"))
    if "email" in item:
        said["email"] = notes.attempt(lambda: email_of(item["email"]))
    if "minimum_age" in item or "maximum_age" in item:
        said |= _ages(item, notes)
    if "fees" in item or "cost_options" in item:
        said |= _cost(item, notes)
    if "languages" in item:
        said["languages"] = notes.attempt(
            lambda: line_of(", ".join(_named(item, "languages")), "the languages", SHORT)
        )
    if "schedules" in item:
        said["schedule"] = notes.attempt(
            lambda: paragraph_of("\n".join(_schedules(item)), "the schedule")
        )
    if "contacts" in item:
        said |= _contact(item, notes)
    places, access, remote = _places(item, number, notes)
    if "service_at_locations" in item:
        said |= {"accessibility": access, "remote": remote}
    return ServiceRecord(
        external_id=number,
        said=said,
        needs=mapper.needs(_terms(item)) if "attributes" in item else None,
        places=places if "service_at_locations" in item else None,
    )


def _ages(item: Mapping[str, Any], notes: _Notes) -> dict[str, int | None]:
    low = notes.attempt(lambda: age_of(item.get("minimum_age"), "minimum_age"), None)
    high = notes.attempt(lambda: age_of(item.get("maximum_age"), "maximum_age"), None)
    if low is not None and high is not None and low > high:
        notes.found.append(BadValue("left out: the ages are the wrong way round", f"{low}–{high}"))
        low = high = None
    return {"minimum_age": low, "maximum_age": high}


def _cost(item: Mapping[str, Any], notes: _Notes) -> dict[str, Any]:
    """The feed's own words about fees, else its options; free when every amount is 0."""
    options = [_option(option) for option in _objects(item, "cost_options")]
    amounts = [amount for amount, _words in options if amount is not None]
    fees = item.get("fees")
    words = "\n".join(words for _amount, words in options if words)
    if isinstance(fees, str) and fees.strip():
        words = fees
    said: dict[str, Any] = {"fees": notes.attempt(lambda: paragraph_of(words, "the fees"))}
    if "cost_options" in item:
        said["free"] = all(amount == 0 for amount in amounts) if amounts else None
    return said


def _option(option: Mapping[str, Any]) -> tuple[float | None, str]:
    amount = number_of(option.get("amount"))
    price = f"£{amount:g}" if amount else ""
    about = [option.get("amount_description"), option.get("option")]
    words = " ".join([price, *(part.strip() for part in about if isinstance(part, str))])
    return amount, words.strip()


def _schedules(item: Mapping[str, Any]) -> Iterator[str]:
    for schedule in _objects(item, "schedules"):
        byday = schedule.get("byday")
        days = ", ".join(
            DAYS.get(day.strip()[-2:].upper(), day.strip())
            for day in (byday.split(",") if isinstance(byday, str) else [])
            if day.strip()
        )
        times = "–".join(
            value[:5]
            for name in ("opens_at", "closes_at")
            if isinstance(value := schedule.get(name), str) and value
        )
        told = [
            part.strip()
            for name in ("description", "notes")
            if isinstance(part := schedule.get(name), str) and part.strip()
        ]
        line = ". ".join([" ".join(part for part in (days, times) if part), *told]).strip(". ")
        if line:
            yield line


def _contact(item: Mapping[str, Any], notes: _Notes) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for contact in _objects(item, "contacts")[:1]:
        words = [contact.get(name) for name in ("name", "title")]
        told = ", ".join(part.strip() for part in words if isinstance(part, str) and part.strip())
        said["contact_name"] = notes.attempt(lambda: line_of(told, "the contact"))  # noqa: B023 - called at once
    for phone in _objects(item, "phones")[:1]:
        said["phone"] = notes.attempt(lambda: line_of(phone.get("number"), "the phone", 40))  # noqa: B023 - called at once
    return said


def _places(
    item: Mapping[str, Any], service: str, notes: _Notes
) -> tuple[tuple[PlaceRecord, ...], str, bool]:
    """The physical places, what is said of access, and whether one of them is virtual."""
    found: dict[str, PlaceRecord] = {}
    access: list[str] = []
    remote = False
    for at in _objects(item, "service_at_locations"):
        location = at.get("location")
        if not isinstance(location, dict):
            continue
        remote = remote or location.get("location_type") == "virtual"
        for part in _objects(location, "accessibility"):
            words = part.get("description") or part.get("accessibility")
            if isinstance(words, str) and words.strip():
                access.append(words.strip())
        if location.get("location_type") != "virtual":
            place = notes.attempt(lambda: _place(location, notes), None)  # noqa: B023 - called at once
            if place is not None:
                found[place.external_id] = place
    shown = notes.attempt(lambda: line_of(" ".join(dict.fromkeys(access)), "access", SHORT))
    return tuple(found[key] for key in sorted(found)), shown, remote


def _place(location: Mapping[str, Any], notes: _Notes) -> PlaceRecord:
    latitude, longitude = notes.attempt(lambda: _point(location), (None, None))
    address, postcode = "", ""
    for given in _objects(location, "addresses")[:1]:
        parts = [given.get(name) for name in ("address_1", "address_2", "city", "state_province")]
        told = ", ".join(
            part.strip() for part in parts if isinstance(part, str) and part.strip(" –")
        )
        address = notes.attempt(lambda: line_of(told, "the address", SHORT))  # noqa: B023 - called at once
        postcode = notes.attempt(lambda: postcode_of(given.get("postal_code")))  # noqa: B023 - called at once
    return PlaceRecord(
        external_id=_id(location, "a location"),
        name=notes.attempt(lambda: line_of(location.get("name"), "a location's name")),
        address=address,
        postcode=postcode,
        outcode=postcodes.outward(postcode),
        latitude=latitude,
        longitude=longitude,
    )


def _point(location: Mapping[str, Any]) -> tuple[float | None, float | None]:
    pair = location.get("latitude"), location.get("longitude")
    if pair == (None, None):
        return None, None
    latitude, longitude = (number_of(value) for value in pair)
    if latitude is None or longitude is None:
        raise BadValue("the coordinates are not numbers", f"{pair[0]}, {pair[1]}")
    return point_of(latitude, longitude)


def _named(item: Mapping[str, Any], key: str) -> list[str]:
    names = [given.get("name") for given in _objects(item, key)]
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]


def _terms(item: Mapping[str, Any]) -> Iterator[Term]:
    for attribute in _objects(item, "attributes"):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict):
            words = [term.get(name) for name in ("taxonomy", "term", "name")]
            taxonomy, code, name = (word if isinstance(word, str) else "" for word in words)
            if code or name:
                yield taxonomy, code, name


def _objects(item: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list; anything else counts as none."""
    found = item.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
