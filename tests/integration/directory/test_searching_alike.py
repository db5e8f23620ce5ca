"""Both engines give the same services in the same order: one list, one set of questions, compared.

The list is made from words in a fixed order, so that each engine holds exactly the same entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, reading, transaction
from referral.core.encryption import Keyring
from referral.directory import queries
from referral.places.services import load_outward_codes
from tests import factories
from tests.integration.directory.conftest import CODES
from tests.performance.nation import FIRST, KINDS, LANGUAGES
from tests.support import databases
from tests.support.listed import listed

SIZE = 360
WORDS = (
    "walking",
    "walks",
    "wlaking",
    "lonely",
    "lonley",
    "befreinding",
    "skint",
    "in debt",
    "gp fit note",
    "dad's group",
    "dementia",
    "dementia café",
    "DEMENTIA CAFE",
    "bereavemnt support",
    "riverside choir",
    "couns",
    "nothing says this",
    "walking nothing",
    "lunch club govan",
    "AND OR NOT",
    'walking" OR "choir',
    "choir* -walking",
    "100%",
    "refugee welcome",
    "of the",
)
ASKED: list[dict[str, Any]] = [
    *({"text": words} for words in WORDS),
    *({"text": words, "near": "G51"} for words in WORDS[:10]),
    *({"text": words, "near": "G51 1AA", "radius_km": 8} for words in WORDS[:6]),
    {},
    {"near": "G52"},
    {"near": "G3", "radius_km": 3},
    {"near": "EH1", "radius_km": 100},
    {"near": "G51", "need": ["loneliness", "debt"]},
    {"need": ["memory"], "language": "gaelic"},
    {"near": "G51", "day": ["MO", "TU"], "time": ["morning"]},
    {"near": "G51", "age": 17, "cost": "free"},
    {"access": ["step_free"], "attend": ["remote", "home"]},
    {"near": "G51", "accepting": True, "capacity": "waiting_list"},
]


def rows() -> Iterator[dict[str, Any]]:
    """Services around four places, some nowhere, old and new, open and closed."""
    rng, today = Random(5), clock.today()
    for n in range(SIZE):
        name, needs, says = KINDS[n % len(KINDS)].split("|")
        code = rng.choice(CODES)
        spots: list[Any] = [
            (rng.gauss(code["latitude"], 0.03), rng.gauss(code["longitude"], 0.03))  # type: ignore[arg-type]
            for _n in range(rng.choice((1, 1, 1, 2)))
        ]
        yield {
            "name": f"{rng.choice(FIRST)} {name}",
            "description": f"{says} in {code['town']}",
            "needs": needs.split(),
            "spots": rng.choice((spots, spots, spots, [f"{code['code']} 1AA"], [])),
            "languages": rng.choice(LANGUAGES),
            "free": rng.choice((True, False, None)),
            "capacity": rng.choice(("open", "waiting_list", "unknown", "closed")),
            "wait_weeks": rng.choice((None, 1, 6)),
            "remote": rng.random() < 0.2,
            "minimum_age": rng.choice((None, 18)),
            "when_mask": rng.getrandbits(21),
            "access_mask": rng.getrandbits(4),
            "checked_on": today - timedelta(days=rng.randrange(400)),
            "paused_until": rng.choice((None, None, today + timedelta(days=9))),
            "listed": rng.random() < 0.7,
        }


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[None]:
    with databases.fresh(engine, folder) as url:
        database = Database(url)
        core_database.use(database)
        try:
            with transaction(SYSTEM):
                load_outward_codes(CODES)
                world = factories.world()
                listed(world.provider_id, None, rows())
            yield
        finally:
            core_database.use(None)
            database.close()


def answers() -> list[tuple[object, ...]]:
    """For each question: how it was read, how many, and names, places and reasons in order."""
    found = []
    for asked in ASKED:
        with reading(ANONYMOUS):
            page = queries.search(ANONYMOUS, **asked, limit=30, counted=True)
        found.append(
            (
                page.total,
                page.relaxed,
                page.corrected,
                [
                    (
                        one.name,
                        one.distance_km and round(one.distance_km, 3),
                        list(map(str, one.why)),
                    )
                    for one in page.items
                ],
            )
        )
    return found


@pytest.mark.postgres
def test_both_engines_answer_alike(tmp_path: Path, keyring: Keyring) -> None:
    told = {}
    for engine in ("sqlite", "postgresql"):
        folder = tmp_path / engine
        folder.mkdir()
        with opened(engine, folder):
            told[engine] = answers()
    assert len(ASKED) >= 40
    for asked, ours, theirs in zip(ASKED, told["sqlite"], told["postgresql"], strict=True):
        assert ours == theirs, asked
    assert sum(bool(answer[3]) for answer in told["sqlite"]) >= 40
