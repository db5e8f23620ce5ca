"""How fast search is, beside raw SQL and a plain Flask view in the same run.

The targets are the issue's: on PostgreSQL with 100,000 services, signed in, the whole HTML page,
one client. Places and words change from run to run, the same for page and raw SQL.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify
from flask.testing import FlaskClient
from sqlalchemy import event

from referral.app import create_app
from referral.config import Settings
from referral.core import database, migrate
from referral.core.database import Database
from referral.directory.pages.searching import PAGE
from tests.performance import nation
from tests.performance.counting import kind_of
from tests.performance.timing import page, plain, sign_in, timed
from tests.support import postgresql

SIZES = {"postgresql": 100_000, "sqlite": 10_000}
WORDS = "walking singing lunch debt gardening counselling dementia cooking befriending job".split()
NEEDS = "being_active arts food debt nature low_mood memory healthy_eating loneliness work".split()
ROUNDS = 40
KM = 8


@dataclass(frozen=True)
class Line:
    """A measurement: milliseconds of each run, and what it must not exceed, with the figure."""

    name: str
    runs: list[float]
    targets: tuple[tuple[str, float, float], ...] = ()

    @property
    def p50(self) -> float:
        return median(self.runs)

    @property
    def p95(self) -> float:
        return quantiles(self.runs, n=20)[-1]

    def __str__(self) -> str:
        told = [
            f"{what} ≤ {most:.1f}: {figure:.1f} {'yes' if figure <= most else 'NO'}"
            for what, most, figure in self.targets
        ]
        return f"{self.name:<34}{self.p50:>8.2f}{self.p95:>8.2f}  {'; '.join(told)}"


def bench(engine: str, data: Path, runs: int, size: int | None = None) -> list[Line]:
    """Fill the directory when that has not been done, and measure."""
    wanted = size or SIZES[engine]
    home = data / f"{engine}-{wanted}"
    home.mkdir(parents=True, exist_ok=True)
    settings = _settings(engine, home)
    site = create_app(settings)
    opened = database.current()
    migrate.upgrade(opened)
    done = home / "filled"
    if not done.exists():
        print(f"Filling a directory of {wanted:,} services on {engine} …", flush=True)
        nation.fill(opened, wanted)
        done.touch()
    email = nation.email_of(opened)
    client = sign_in(site.test_client(), email, nation.PASSWORD)
    program = site.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {nation.token_of(email)}"
    try:
        return list(_lines(engine, client, program, opened, runs))
    finally:
        opened.close()


def _settings(engine: str, home: Path) -> Settings:
    os.environ |= {
        "REFERRAL_DATA_DIR": str(home),
        "REFERRAL_KEY_FILE": str(home / "keyring.json"),
        "REFERRAL_SECRET_KEY": "only-for-the-bench",
        "REFERRAL_LOG_LEVEL": "WARNING",
        "REFERRAL_DATABASE_URL": f"sqlite:///{home / 'bench.sqlite'}",
    }
    if engine == "postgresql":
        os.environ["REFERRAL_DATABASE_URL"] = server(home).url("bench")
    return Settings.from_environ()


def server_of(data: Path, size: int | None = None) -> postgresql.Cluster:
    return postgresql.Cluster(data / f"postgresql-{size or SIZES['postgresql']}" / "pg")


def server(home: Path) -> postgresql.Cluster:
    """The bench's own server, kept between runs with what is in it."""
    found = postgresql.Cluster(home / "pg")
    if found.folder.exists():
        found.resume()
    else:
        found.start()
        found.create("bench")
    return found


def _lines(
    engine: str, client: FlaskClient, program: FlaskClient, opened: Database, runs: int
) -> Iterator[Line]:
    places = [town.code for town in nation.towns(Random(nation.SEED))[:200]]
    rng = Random(7)
    base = Line("plain Flask page", timed(page(plain(), "/"), runs))
    yield base
    bare = Bare(opened)
    for name, asked in _questions(rng, places).items():
        paths = [f"/directory?{urlencode(one)}" for one in asked]
        said = [_statements(opened, page(client, path)) for path in paths]
        raw = Line(f"raw SQL: {name}", _cycled([bare.replay(one) for one in said], runs))
        yield raw
        ours = Line(name, _cycled([page(client, path) for path in paths], runs))
        yield Line(name, ours.runs, _targets(engine, name, ours, raw))
        if name == TEXT_KM_NEED:
            yield from _json(engine, program, bare, asked, said, runs)


TEXT_KM_NEED, TEXT_KM, KM_ONLY = "text + 8 km + need", "text + 8 km", "8 km only"


def _questions(rng: Random, places: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Questions of each kind, around places where there are many services and few."""
    found: dict[str, list[dict[str, Any]]] = {TEXT_KM_NEED: [], TEXT_KM: [], KM_ONLY: []}
    for n in range(ROUNDS):
        where = {"near": rng.choice(places), "radius_km": KM}
        text = {"text": WORDS[n % len(WORDS)]}
        found[TEXT_KM_NEED].append(where | text | {"need": NEEDS[n % len(NEEDS)]})
        found[TEXT_KM].append(where | text)
        found[KM_ONLY].append(where)
    return found


def _targets(engine: str, name: str, ours: Line, raw: Line) -> tuple[tuple[str, float, float], ...]:
    if engine == "sqlite":
        return (("p50", 15.0, ours.p50),)
    return {
        TEXT_KM_NEED: (("p50", 1.3 * raw.p50 + 5, ours.p50), ("p95", 10.0, ours.p95)),
        TEXT_KM: (("p95", 25.0, ours.p95),),
        KM_ONLY: (("p50", 6.0, ours.p50),),
    }[name]


def _json(
    engine: str,
    program: FlaskClient,
    bare: Bare,
    asked: list[dict[str, Any]],
    said: list[list[tuple[str, Any]]],
    runs: int,
) -> Iterator[Line]:
    """JSON search beside a Flask view that runs the same statements and answers their rows."""
    app = Flask("plain")
    raw = [bare.replay(one) for one in said]

    def view(n: int) -> Any:
        return jsonify([list(map(str, row)) for row in raw[n]()])

    app.add_url_rule("/<int:n>", "view", view)
    plain_client = app.test_client()
    flask = _cycled([page(plain_client, f"/{n}") for n in range(len(raw))], runs)
    yield Line("Flask view of the same SQL", flask)
    paths = [f"/api/v1/services?{urlencode(one | {'limit': PAGE})}" for one in asked]
    ours = _cycled([page(program, path) for path in paths], runs)
    times = ("× Flask", 3.0, median(ours) / median(flask))
    yield Line("JSON search", ours, (times,) if engine == "postgresql" else ())


def _cycled(works: list[Callable[[], object]], runs: int) -> list[float]:
    """Every question in turn, round and round, ``runs`` measurements in all: never the same twice
    running.
    """
    for work in works:
        work()
    turns = cycle(works)
    return timed(lambda: next(turns)(), runs)


def _statements(opened: Database, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements of search itself that a page runs: those that read the directory's index."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
        if kind_of(statement) == "business" and "search_" in statement:
            seen.append((statement, given))

    event.listen(opened.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(opened.engine, "before_cursor_execute", note)
    return seen


class Bare:
    """A connection of the driver alone, for statements that were seen on a page."""

    def __init__(self, opened: Database) -> None:
        self.fairy = opened.engine.raw_connection()
        self.fairy.detach()
        self.cursor = self.fairy.cursor()

    def replay(self, statements: list[tuple[str, Any]]) -> Callable[[], list[Any]]:
        """Running them again, one after the other, to the last row."""

        def work() -> list[Any]:
            rows: list[Any] = []
            for statement, given in statements:
                self.cursor.execute(statement, given)
                rows += self.cursor.fetchall()
            return rows

        return work


def table(lines: list[Line]) -> str:
    head = f"{'':<34}{'p50 ms':>8}{'p95 ms':>8}  target: figure"
    return "\n".join([head, *map(str, lines)])
