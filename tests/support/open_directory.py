"""A directory with something of everything the open feed can say, and a check by the standard."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.directory import schemas, services
from referral.directory.models import Location, ServiceAtLocation
from referral.directory.services.indexing import reindex
from tests.factories import World

SCHEMAS = "oruk-3.0-schemas"
EXAMPLES = ("service_full.json", "service_list.json", "organization_full.json")
TERM = {
    "id": "3f0a9d0e-6a0e-4a67-9f5b-2f0d6a4a9e01",
    "name": "Singing – gemeinsam",
    "taxonomy": "Local words",
    "taxonomy_id": "3f0a9d0e-6a0e-4a67-9f5b-2f0d6a4a9e02",
    "term": "L1",
    "term_uri": "https://example.org/terms/L1",
}
WHOLE: dict[str, Any] = {
    "name": "Choir of the “Green Hall”",
    "description": "We sing.\n\nÉveryone  is welcome <b>",
    "first_session": "Tea, then\nsongs",
    "suits": "People who like to sing",
    "cannot_support": "People who need quiet",
    "accreditations": "Making Music",
    "alert": "Closed in August",
    "needs": ["arts", "loneliness"],
    "holds_risk": "known",
    "holds_mental_health": "moderate",
    "holds_mobility": "wheelchair",
    "holds_language": "some_english",
    "home_visits": True,
    "remote": True,
    "minimum_age": 0,
    "maximum_age": 99,
    "only_for": "female",
    "access": ["step_free", "hearing_loop"],
    "accessibility": "A ramp at the back",
    "contact_hours": "Mornings",
    "email": "Choir@Example.org",
    "url": "https://example.org/choir?a=1&b=2",
    "languages": "English, Gàidhlig",
    "places": [
        {
            "name": "Green Hall",
            "address": "2 High Street",
            "city": "Govan",
            "postcode": "G51 1AA",
            "description": "Behind the church",
            "accessibility": [{"description": "Step-free", "url": "https://example.org/map"}],
        },
        {"name": "Library", "address": "Long Row, Cardonald", "postcode": "G52 1AA"},
        {"name": "Meeting point without address"},
    ],
    "schedules": [
        {"freq": "WEEKLY", "byday": "MO,TH", "opens_at": "10:00", "closes_at": "12:00"},
        {"freq": "MONTHLY", "byday": "2TU", "opens_at": "18:30", "notes": "Ring first"},
        {"description": "And at Christmas"},
    ],
    "cost_options": [
        {"option": "Adults", "amount": 3.5, "amount_description": "a session"},
        {"option": "Children", "amount": 0},
    ],
    "service_areas": [{"name": "Govan", "extent_type": "name"}],
    "funding": [{"source": "The council"}],
    "contacts": [{"name": "Ann Jones", "title": "Coordinator"}],
    "phones": [{"number": "0141 496 0000", "description": "Office"}],
    "attributes": [{"link_type": "service", "value": "x", "taxonomy_term": TERM}],
}
HOLDER: dict[str, Any] = {
    "name": "Riverside Befriending",
    "description": "We keep company",
    "email": "Office@Example.org",
    "website": "https://example.org",
    "phone": "0141 496 0001",
    "address": "1 River Road, Govan",
    "postcode": "G51 2AA",
    "logo": "https://example.org/logo.png",
    "uri": "https://example.org/id/1",
    "organization_identifiers": [
        {
            "identifier_scheme": "GB-SC",
            "identifier_type": "Charity number",
            "identifier": "SC012345",
        }
    ],
    "funding": [{"source": "Lottery"}],
    "contacts": [{"name": "The office"}],
}
SPREADSHEET = (
    {
        "organisation_name": "Sheet people",
        "register_number": "GB-CHC-200048",
        "company_number": "01234567",
        "organisation_phone": "0141 496 0002",
        "service_name": "Walks",
        "needs": "being_active",
        "schedule": "Every fine day",
        "days": "Mon;Wed",
        "from": "9:30",
        "to": "11:00",
        "place": "Park gate",
        "address": "Park Road",
        "postcode": "G51 3AA",
        "latitude": "55.86",
        "longitude": "-4.31",
        "free": "yes",
        "languages": "English, Urdu",
        "accessibility": "Level paths",
        "access": "step_free",
        "contact_name": "Bea",
        "phone": "0141 496 0003",
        "capacity": "waiting_list",
        "wait_weeks": "3",
        "checked_on": "2026-05-01",
    },
    {
        "organisation_name": "Sheet people",
        "register_number": "GB-CHC-200048",
        "company_number": "01234567",
        "organisation_phone": "0141 496 0002",
        "service_name": "Talks",
        "free": "no",
        "fees": "By donation",
        "status": "temporarily closed",
    },
    {"organisation_name": "Nothing yet", "organisation_description": "Begins in spring"},
)

# Parameters that break a rule: the list asked, and what is asked of it.
BAD = [
    ("services", {"page": "0"}),
    ("services", {"page": "-1"}),
    ("services", {"page": "x"}),
    ("services", {"page": "1.5"}),
    ("services", {"page": ""}),
    ("services", {"page": "9" * 30}),
    ("services", {"per_page": "0"}),
    ("services", {"per_page": "101"}),
    ("services", {"format": "xml"}),
    ("services", {"full": "perhaps"}),
    ("services", {"minimal": "2"}),
    ("services", {"taxonomy_term_id": "x"}),
    ("services", {"taxonomy_id": "1"}),
    ("services", {"organization_id": "x"}),
    ("services", {"modified_after": "yesterday"}),
    ("services", {"modified_after": "2026-13-01"}),
    ("services", {"modified_after": "0001-01-01T00:00:00+23:00"}),
    ("services", {"search": "x" * 300}),
    ("organizations", {"full_service": "x"}),
    ("organizations", {"page": "0"}),
    ("service_at_locations", {"postcode": "nowhere"}),
    ("service_at_locations", {"proximity": "0", "postcode": "G51 1AA"}),
    ("service_at_locations", {"proximity": "far", "postcode": "G51 1AA"}),
    ("taxonomies", {"page": "a"}),
    ("taxonomy_terms", {"parent_id": "x"}),
    ("taxonomy_terms", {"top_only": "x"}),
]


def build(world: World, folder: Path, standards: Path) -> UUID:
    """Everything of everything, in the database in use; answers the fullest service."""
    with transaction(SYSTEM):
        full = _own(world)
    sheet = folder / "sheet.csv"
    columns = list(dict.fromkeys(name for row in SPREADSHEET for name in row))
    with sheet.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(SPREADSHEET)
    with transaction(SYSTEM):
        services.run_import(SYSTEM, "csv", [sheet])
        for name in EXAMPLES:
            path = standards / "directory" / "oruk-examples" / name
            services.run_import(SYSTEM, "oruk", [path])
    return full


def _own(world: World) -> UUID:
    by = world.provider_manager
    holder = session().get_one(Organisation, world.provider_id)
    said = schemas.Organisation().read(HOLDER)
    services.edit_organisation(by, world.provider_id, holder.version, said)
    made = services.add_service(by, schemas.Service().read(WHOLE))
    services.set_capacity(by, made.id, made.version, "open", None, 3, 12)
    services.pause(by, made.id, made.version, clock.today() + timedelta(days=9), "Holidays")
    services.list_service(
        *(SYSTEM, made.id),
        accepts=True,
        assured_date=date(2026, 4, 2),
        assurer_email="checks@example.org",
    )
    waiting = services.add_service(
        by, schemas.Service().read({"name": "Chess", "free": True, "phone": "0141 496 0004"})
    )
    services.set_capacity(by, waiting.id, waiting.version, "waiting_list", 6)
    walk = services.add_service(
        by, schemas.Service().read({"name": "Garden", "route": "signpost", "fees": "£2"})
    )
    session().flush()
    shared = session().query(Location).filter_by(name="Green Hall").one()
    schedule = {"id": "5f0a9d0e-6a0e-4a67-9f5b-2f0d6a4a9e11", "byday": "FR", "freq": "WEEKLY"}
    session().add(
        ServiceAtLocation(
            service_id=walk.id, location_id=shared.id, parts={"schedules": [schedule]}
        )
    )
    session().flush()
    reindex(SYSTEM, [walk.id])
    return made.id


def many(world: World, count: int) -> None:
    """``count`` short services more."""
    with transaction(SYSTEM):
        for number in range(count):
            said = {"name": f"Group {number}", "needs": ["loneliness"]}
            services.add_service(world.provider_manager, schemas.Service().read(said))


@cache
def checker(standards: Path, name: str) -> Any:
    """The validator of one schema file, formats included."""
    import jsonschema

    formats = jsonschema.FormatChecker()
    formats.checks("uri")(is_uri)
    formats.checks("date-time")(is_moment)
    schema = json.loads((standards / SCHEMAS / name).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=formats)


def check(standards: Path, name: str, item: Any) -> None:
    """Hold an object against a schema of the standard, and against its word on empty fields."""
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in checker(standards, name).iter_errors(item)
    ]
    assert not faults, (name, faults[:5])
    assert not list(empty(item)), list(empty(item))


def empty(item: Any, path: str = "") -> Iterator[str]:
    """Members of the standard that are there without saying anything."""
    if isinstance(item, dict):
        for key, value in item.items():
            if key != "joined_up":
                yield from empty(value, f"{path}/{key}")
    elif isinstance(item, list) and item:
        for number, value in enumerate(item):
            yield from empty(value, f"{path}/{number}")
    elif item in (None, "", [], {}) and not path.endswith("/contents"):
        yield path


def is_uri(value: object) -> bool:
    """RFC 3986, with a scheme and a host."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    legal = re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", value)
    return bool(legal and parts.scheme and parts.netloc)


def is_moment(value: object) -> bool:
    """RFC 3339."""
    if not isinstance(value, str):
        return True
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    if not re.fullmatch(shape, value):
        return False
    return datetime.fromisoformat(value).tzinfo is not None
