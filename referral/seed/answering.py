"""Who answers for the groups of the town, and how: most by a link, some in another way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import count
from uuid import UUID

from referral.accounts import services as accounts
from referral.accounts.models import Locality, Organisation
from referral.accounts.roles import GROUP_CONTACT
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.seed import calendar, reading
from referral.seed.reading import Table
from referral.seed.town import Town

# Working days before today when the links came to the town.
BEGAN = 8
_numbers = count(510)


def began() -> datetime:
    """When the groups were asked how they want to answer."""
    return calendar.at(calendar.ago(clock.today(), BEGAN), 8.5)


def open_doors(town: Town) -> None:
    """Write down everybody's contacts and ways; from now on groups are told by their own links."""
    said = reading.table("desks")
    second = {row["at"]: row for row in said["contacts"]}
    for row in reading.providers():
        if row["key"] in said["ways"]["accounts"]:
            continue
        offers = [offer.id for offer in town.offers if offer.provider == row["key"]]
        town.contacts[row["key"]] = [
            _contact(town, row["key"], one, offers)
            for one in (
                {"name": row["contact"]},
                *([second[row["key"]]] if row["key"] in second else []),
            )
        ]
    _ways(town, said["ways"])
    lines = {f"safeguarding_{kind}": text.strip() for kind, text in said["safeguarding"].items()}
    version = session().get_one(Locality, town.locality).version
    accounts.change_locality(SYSTEM, town.locality, version, **lines)


def _contact(town: Town, at: str, said: Table, services: Collection[UUID]) -> Actor:
    """A contact by email and text, or by email and a PIN that the link worker said."""
    keeper = town.who(at, "provider_manager")[0]
    name = said["name"].lower().replace(" ", ".").replace("-", "")
    ways = {"pin": "new"} if said.get("pin") else {"mobile": f"07700 900{next(_numbers):03d}"}
    made = accounts.keep_contact(
        keeper,
        town.organisations[at],
        {
            "name": said["name"],
            "email": f"{name}@{at.replace('_', '-')}.demo.example",
            "service_ids": list(services),
            **ways,
        },
    )
    if said.get("pin"):
        accounts.new_pin(keeper, made.id, made.version)
    return Actor(
        kind="safe_link",
        id=made.id,
        organisation=town.organisations[at],
        organisation_kind="provider",
        locality=town.locality,
        roles=frozenset({GROUP_CONTACT}),
        services=frozenset(services),
        demo=True,
    )


def _ways(town: Town, ways: Table) -> None:
    for key in ways["paper"]:
        _set(town.organisations[key], paper=True)
    for key in ways["accounts"]:
        _set(town.organisations[key], answers_by="account")
    for key, days in ways["open_weekdays"].items():
        _set(town.organisations[key], open_weekdays=days)


def _set(organisation_id: UUID, **changes: object) -> None:
    found = session().get_one(Organisation, organisation_id)
    accounts.choose_answering(
        SYSTEM,
        organisation_id,
        found.version,
        str(changes.get("answers_by", found.answers_by)),
        bool(changes.get("paper", found.paper)),
        str(changes.get("open_weekdays", found.open_weekdays)),
    )
