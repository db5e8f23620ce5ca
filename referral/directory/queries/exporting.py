"""Giving the directory away: Open Referral UK 3.0 services, or the CSV that ``import csv`` takes.

Both are written a service at a time; ids are those a service came with, so that what was imported
goes out under the same name. Organisations without services follow in the former.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory import open_referral
from referral.directory.facets import access_keys
from referral.directory.importing.table import COLUMNS, opening_of
from referral.directory.open_referral import Row
from referral.directory.queries import feed

BATCH = 200
# A spreadsheet would run a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def every_service(actor: Actor) -> Iterator[Row]:
    """Every service in the actor's scope, in the order they were made."""
    permit(actor, Permission.READ_DIRECTORY)
    after = None
    while rows := feed.services_after(actor, after, BATCH):
        yield from rows
        after = rows[-1].service.id
        session().expunge_all()


def write_oruk(actor: Actor, out: IO[str]) -> int:
    """One page of a feed with every service, then the organisations that have none.

    Answers how many services. The same directory is always written the same.
    """
    count = total = 0
    out.write('{"contents": [')
    for item in _every_item(actor):
        out.write(",\n" if total else "\n")
        json.dump(item, out, ensure_ascii=False)
        total += 1
        count += "status" in item
    page = open_referral.envelope(total, 1, max(total, 1), total)
    out.write("\n], " + json.dumps(page)[1:] + "\n")
    return count


def _every_item(actor: Actor) -> Iterator[dict[str, Any]]:
    for row in every_service(actor):
        yield open_referral.in_full(row)
    for holder, entry in feed.idle_organisations(actor):
        yield open_referral.organisation_in_full(holder, entry)


def write_csv(actor: Actor, out: IO[str]) -> int:
    """The documented CSV; only a service's first place fits in it. Answers how many rows."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    found = every_service(actor)
    while batch := list(islice(found, BATCH)):
        writer.writerows(
            {name: _safe(value) for name, value in row_of(listed).items()} for listed in batch
        )
        count += len(batch)
    return count


def row_of(listed: Row) -> dict[str, Any]:
    """A service as a row of the CSV."""
    one, holder = listed.service, listed.organisation
    places = sorted((place for _at, place in listed.places), key=_key)
    row: dict[str, Any] = {name: getattr(one, name) for name in COLUMNS if hasattr(one, name)}
    for name in ("name", "description", "phone", "email", "website", "address", "postcode"):
        row[f"organisation_{name}"] = getattr(holder, name)
    row |= {
        "organisation_id": holder.external_id or str(holder.id),
        "register_number": holder.register_number,
        "company_number": holder.company_number,
        "service_id": one.external_id or str(one.id),
        "service_name": one.name,
        "needs": ";".join(listed.needs),
        "access": ";".join(access_keys(one.access_mask)),
        **opening_of(one.parts or {}),
    }
    for name in ("address", "postcode", "latitude", "longitude"):
        row[name] = getattr(places[0], name) if places else ""
    row["place"] = places[0].name if places else ""
    return {name: row[name] for name in COLUMNS}


def _key(place: Any) -> str:
    return place.external_id or str(place.id)


def _safe(value: Any) -> Any:
    """What a spreadsheet would take for a formula, made text; yes and no as people write them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value
