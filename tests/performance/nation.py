"""A directory of any size for the bench: services spread as people are, saying what services say.

Outward codes come from ``REFERRAL_STANDARDS_DIR`` when it is given, else towns are invented. The
same seed gives the same directory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, update

from referral.accounts import passwords, services
from referral.accounts.models import Organisation, User
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, new_id, session, transaction
from referral.directory.needs import NEEDS
from referral.places.services import load_outward_codes
from tests import factories
from tests.support import surroundings
from tests.support.listed import BATCH, listed

SEED = 41
PROVIDERS = 2000
PASSWORD = "only-for-the-bench"
KINDS = (
    "walking group|being_active nature|a gentle walk at an easy pace",
    "lunch club|loneliness food|a hot meal and good company",
    "befriending|loneliness|a weekly visit from a volunteer",
    "choir|arts loneliness|singing together, no experience needed",
    "debt advice|debt money benefits|budgeting help and letters to creditors",
    "money advice|money benefits|checking what people are entitled to",
    "food bank|food money|parcels for three days",
    "carers support|caring stress|respite and time to talk for carers",
    "dementia café|memory caring|tea, music and advice for families",
    "bereavement group|bereavement low_mood|people who have lost somebody",
    "counselling|low_mood stress|twelve sessions with a trained counsellor",
    "stop smoking|smoking|twelve weeks with an adviser",
    "recovery group|alcohol_drugs|meetings for people who want to stop drinking",
    "gardening project|nature low_mood being_active|growing vegetables on the allotment",
    "craft circle|arts loneliness|knitting, sewing and painting",
    "computer class|digital learning|learning to use a phone and the internet",
    "english class|learning immigration|conversation and grammar",
    "job club|work learning|writing applications and practising interviews",
    "housing advice|housing debt|help with landlords, repairs and eviction",
    "warm home visits|energy_bills money|draught proofing and fuel vouchers",
    "strength and balance|falls being_active|exercise for people who have had a fall",
    "cooking class|healthy_eating|simple meals on a small budget",
    "parents group|parenting loneliness|play for toddlers and tea for parents",
    "community transport|transport|a minibus to appointments and shops",
    "men's shed|loneliness arts|woodwork and mending with others",
    "refugee welcome|immigration learning|advice and friendship for new arrivals",
    "domestic abuse support|abuse housing|a safe place to talk",
    "breathing group|long_term_condition being_active|exercise for people with lung disease",
    "volunteer centre|volunteering work|finding something worth doing",
    "relationship counselling|relationships|for couples and families",
)
FIRST = "Riverside Hillview Northgate Parkside Harbour Meadow Station Castle Bridge Market".split()
FILLER = (
    "We meet every week in a hall with a kitchen and a garden. Volunteers make everybody welcome,"
    " introduce newcomers and ring those who were missed. People come by themselves or with"
    " somebody they trust. There is no need to book and nobody is asked to share more than they"
    " wish. The group is run with neighbours, churches, mosques, schools and the surgery."
)
LANGUAGES = ("English", "English, Polish", "English, Urdu", "English, Gaelic", "English, Arabic")
CAPACITIES = ("open", "open", "waiting_list", "unknown", "further_assessment_needed")


@dataclass(frozen=True)
class Town:
    """An outward code: where it is, and how many of the services are there."""

    code: str
    latitude: float
    longitude: float
    name: str
    weight: float


def towns(rng: Random) -> list[Town]:
    """The real outward codes where there are any, else as many invented ones."""
    folder = surroundings.standards()
    found = list(_real(folder, rng)) if folder else list(_invented(rng))
    return sorted(found, key=lambda town: -town.weight)


def _real(folder: Path, rng: Random) -> Iterator[Town]:
    path = folder / "geodata/uk-outcode-centroids-gibbs-2017.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            where = float(row["latitude"]), float(row["longitude"])
            if where[0] > 40:
                yield Town(row["postcode"], *where, row["town"], rng.paretovariate(1.6))


def _invented(rng: Random) -> Iterator[Town]:
    for n in range(230):
        middle = rng.uniform(50.5, 58.0), rng.uniform(-5.0, 1.0)
        for m in range(rng.randint(3, 20)):
            where = rng.gauss(middle[0], 0.04), rng.gauss(middle[1], 0.06)
            letters = "BCDGHLMNSW"[n % 10] + "ABCDEFGHKLMNOPQRSTUVWXY"[n // 10 % 23]
            yield Town(f"{letters}{m + 1}", *where, f"Newtown {n}", rng.paretovariate(1.6))


def fill(database: Database, size: int) -> list[Town]:
    """Outward codes, providers, ``size`` services and somebody to sign in; answers the towns."""
    rng = Random(SEED)
    found = towns(rng)
    with transaction(SYSTEM):
        load_outward_codes(
            {"code": t.code, "latitude": t.latitude, "longitude": t.longitude, "town": t.name}
            for t in found
        )
        world = factories.world()
        hashed = passwords.hashed(PASSWORD)
        session().execute(update(User).values(password_hash=hashed))
        providers = _providers(rng, found)
    rows = _services(rng, found, providers)
    done = 0
    while done < size:
        with transaction(SYSTEM):
            part = [next(rows) for _n in range(min(BATCH, size - done))]
            listed(world.provider_id, None, part)
        done += len(part)
        if done % 10_000 == 0:
            print(f"  {done:,} of {size:,} services", flush=True)
    _settle(database)
    return found


def email_of(database: Database) -> str:
    """Who signs in: the practice staff of the bench's one locality."""
    from sqlalchemy import text

    with database.engine.connect() as connection:
        query = "SELECT email FROM user_account WHERE email LIKE 'practice_staff%'"
        return str(connection.scalar(text(query)))


def token_of(email: str) -> str:
    """A bearer token for the same person."""
    from referral.accounts import queries

    with transaction(SYSTEM):
        return services.issue_token(
            SYSTEM, queries.user_by_email(SYSTEM, email).id, None, "bench", None
        )


def _providers(rng: Random, found: list[Town]) -> list[Any]:
    rows = [
        {
            "id": new_id(),
            "version": 1,
            "kind": "provider",
            "name": f"{rng.choice(FIRST)} {rng.choice(found).name} Trust",
            "status": "active",
            "source": "local",
            "created_at": clock.now(),
        }
        for _n in range(PROVIDERS)
    ]
    session().execute(insert(Organisation), rows)
    return [row["id"] for row in rows]


def _services(rng: Random, found: list[Town], providers: list[Any]) -> Iterator[dict[str, Any]]:
    weights = [town.weight for town in found]
    today = clock.today()
    words = FILLER.split()
    while True:
        for town in rng.choices(found, weights, k=1000):
            name, needs, says = rng.choice(KINDS).split("|")
            start = rng.randrange(len(words) // 2)
            filler = " ".join(words[start : start + rng.randint(20, 45)])
            waits = rng.choice(CAPACITIES)
            spots = [_near(rng, town) for _n in range(1 if rng.random() < 0.9 else 2)]
            yield {
                "organisation_id": rng.choice(providers),
                "name": f"{rng.choice(FIRST)} {name}, {town.name}"[:200],
                "description": f"{says.capitalize()}. {filler}",
                "suits": f"Adults of {town.name} and around",
                "needs": [need for need in needs.split() if need in NEEDS],
                "spots": spots if rng.random() < 0.97 else [],
                "languages": rng.choice(LANGUAGES),
                "free": rng.random() < 0.7,
                "capacity": waits,
                "wait_weeks": rng.randint(1, 12) if waits == "waiting_list" else None,
                "remote": rng.random() < 0.1,
                "minimum_age": rng.choice((None, None, 18, 60)),
                "when_mask": 1 << rng.randrange(21),
                "checked_on": today - timedelta(days=rng.randrange(300)),
                "checked_by": "organisation",
                "listed": rng.random() < 0.5,
            }


def _near(rng: Random, town: Town) -> tuple[float, float]:
    """Somewhere in the town: within a kilometre or two of its middle, as a rule."""
    narrow = cos(radians(town.latitude))
    return rng.gauss(town.latitude, 0.012), rng.gauss(town.longitude, 0.012 / narrow)


def _settle(database: Database) -> None:
    """What a database does by itself after a while."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
