"""What is left to decide in the directory on the first day of the demonstration."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import session
from referral.directory import queries, schemas
from referral.directory import services as directory
from referral.directory.models import Service
from referral.directory.search import Wish
from referral.outbox import bundling
from referral.outbox import queries as messages
from referral.outbox import services as outbox
from referral.outbox.models import BundleItem
from referral.places import queries as places
from referral.seed import calendar, entries, reading
from referral.seed.acquainted import KEEPERS
from referral.seed.reading import Table
from referral.seed.town import Town

EVERYTHING = 1000


def leave(town: Town) -> None:
    """A pause, changes and remarks that wait, a claim, a feed, searches in vain; then the clock."""
    said = reading.table("known")
    with clock.at(calendar.at(calendar.ago(clock.today(), 0), 14)):
        _unclaimed(town, said["unclaimed"])
        _pauses(town, said["pauses"])
        _changes(town, said["waiting_changes"])
        _corrections(town, said["corrections"])
        _feed(said["feed"])
    for miss in said["misses"]:
        _missed(town, miss)
    # What has not been confirmed for long is asked about, and room said long ago is not known.
    for organisation_id in set(dict(queries.due_entries(SYSTEM, EVERYTHING)).values()):
        directory.look_at(SYSTEM, organisation_id)
    _send_what_is_asked()


def _send_what_is_asked() -> None:
    """Each group's message of the month came on its day, so that the mailbox has them."""
    today = clock.today()
    day = bundling.day_of(today, calendar.TOWN)
    if day > today:
        day = bundling.day_of(today.replace(day=1) - timedelta(days=1), calendar.TOWN)
    moment = min(calendar.at(day, calendar.OPENS), clock.now())
    session().execute(update(BundleItem).values(kept_at=moment))
    with clock.at(moment):
        for organisation_id in messages.asked_of(SYSTEM):
            outbox.send_bundle(SYSTEM, organisation_id, calendar.TOWN)


def _unclaimed(town: Town, said: Table) -> None:
    """A group whose entry the link workers keep, because nobody of it has an account."""
    link_worker = town.who("eldermuir", "link_worker")[0]
    organisation = accounts.create_organisation(
        SYSTEM,
        kind="provider",
        name=said["name"],
        locality_id=town.locality,
        description=said["description"],
        phone=said["phone"],
        address=said["address"],
        postcode=said["postcode"],
    )
    town.organisations[said["key"]] = organisation
    row = said | {"email": "", "website": ""}
    made = directory.add_service(link_worker, entries.read(row, said["service"]), organisation)
    entries.place(made, said["service"]["at"], {})
    directory.reindex(SYSTEM, [made.id])
    profile = {"name": said["contact"], "ring_hours": said["hours"], "role": "started the group"}
    directory.add_profile(link_worker, organisation, schemas.Profile().read(profile))
    directory.claim(ANONYMOUS, organisation, schemas.Claim().read(said["claim"]))


def _pauses(town: Town, rows: list[Table]) -> None:
    for row in rows:
        found = _service(town, row)
        keeper = town.who(row["at"], *KEEPERS)[0]
        until = clock.today() + timedelta(days=row["days"])
        directory.pause(keeper, found.id, found.version, until, row["reason"])


def _changes(town: Town, rows: list[Table]) -> None:
    for row in rows:
        found = _service(town, row)
        keeper = town.who(row["at"], *KEEPERS)[0]
        said = {"description": row["description"]}
        directory.propose_edit(keeper, found.id, found.version, said)


def _corrections(town: Town, rows: list[Table]) -> None:
    for row in rows:
        sender = town.who("northgate", "care_navigator")[0]
        directory.suggest(sender, _service(town, row).id, row["about"], row["text"])


def _feed(row: Table) -> None:
    """Listed, and found not to answer: nothing on this machine asks a stranger."""
    made = directory.add_feed(SYSTEM, row["name"], row["url"])
    asked = directory.begin_feed(SYSTEM, made.id)
    session().flush()
    directory.stop_feed(SYSTEM, asked, row["error"])


def _missed(town: Town, row: Table) -> None:
    seeker = town.who("northgate", "practice_staff")[0]
    found = places.resolve(row["near"])
    wish = Wish(
        text=row["text"],
        needs=tuple(row["needs"]),
        area=row["near"],
        near=found.point if found else None,
    )
    with clock.at(calendar.at(clock.today() - timedelta(days=row["days"]), 15)):
        directory.note_miss(seeker, wish)


def _service(town: Town, row: Table) -> Service:
    organisation: UUID = town.organisations[row["at"]]
    return (
        session()
        .scalars(
            select(Service).where(
                Service.organisation_id == organisation, Service.name == row["service"]
            )
        )
        .one()
    )
