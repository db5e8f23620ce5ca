"""``make bench``: a plain Flask page, raw SQL and our pages side by side, in one process.

Prints the median of each in milliseconds, its business statements, and how many times a plain
Flask page it takes; then search with 100,000 services on PostgreSQL and 10,000 on SQLite, each
figure beside its target. Data is made once and kept in ``var/bench``; ``--runs N`` for more runs,
``--only search`` for search alone.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from referral.app import create_app
from referral.cli import main
from referral.config import Settings
from referral.core import database
from referral.core.database import Database
from tests.performance import searching
from tests.performance.counting import counting
from tests.performance.timing import page, plain, sign_in, timed
from tests.support import postgresql

HERE = Path(__file__).resolve().parents[2]
PASSWORD = "only-for-the-bench"
WHO = "practice_staff@demo.example"
WHERE_IS = """
    SELECT m.organisation_id FROM membership m JOIN user_account u ON u.id = m.user_id
    WHERE u.email = ?
"""
LIST = """
    SELECT r.id, r.reference, r.status, r.due_on, s.name, p.name, o.name
    FROM referral r
    LEFT JOIN organisation s ON s.id = r.sender_id
    LEFT JOIN organisation p ON p.id = r.recipient_id
    LEFT JOIN organisation o ON o.id = r.owner_id
    WHERE r.sender_id = ? ORDER BY r.due_on, r.id LIMIT 25
"""


@dataclass
class Row:
    """One line of the table: milliseconds of each run, and business statements of one."""

    name: str
    runs: list[float]
    statements: int | None = None


def demo_data(data: Path) -> Settings:
    """The demo's data in ``data``, made when it is not there."""
    os.environ |= {
        "REFERRAL_DATA_DIR": str(data),
        "REFERRAL_DEMO_PASSWORD": PASSWORD,
        "REFERRAL_DEMO": "1",
        "REFERRAL_LOG_LEVEL": "WARNING",
    }
    if not (data / "demo-password").exists():
        main(["db", "upgrade"], standalone_mode=False)
        main(["seed", "demo"], standalone_mode=False)
    return Settings.from_environ()


def measure(settings: Settings, runs: int) -> list[Row]:
    site = create_app(settings)
    client = sign_in(site.test_client(), WHO, PASSWORD)
    raw = sqlite3.connect(Database(settings.database_url).url.database or "")
    practice = raw.execute(WHERE_IS, (WHO,)).fetchone()[0]
    one = raw.execute(
        "SELECT id FROM referral WHERE sender_id = ? AND status = 'started' LIMIT 1", (practice,)
    ).fetchone()[0]
    pages = {
        "home": "/",
        "the list": "/referrals",
        "a referral": f"/referrals/{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}",
        "search": "/directory?text=lunch",
        "dashboard": "/accountability",
    }
    rows = [
        Row("plain Flask page", timed(page(plain(), "/"), runs)),
        Row("raw SQL of the list", timed(lambda: raw.execute(LIST, (practice,)).fetchall(), runs)),
    ]
    for name, path in pages.items():
        with counting(database.current()) as counted:
            page(client, path)()
        rows.append(Row(name, timed(page(client, path), runs), counted.business))
    raw.close()
    return rows


def table(rows: list[Row]) -> str:
    base = median(rows[0].runs)
    lines = [f"{'':<22}{'median ms':>10}{'p95 ms':>9}{'× plain':>9}{'statements':>12}"]
    for row in rows:
        middle, high = median(row.runs), quantiles(row.runs, n=20)[-1]
        statements = "" if row.statements is None else str(row.statements)
        ratio = f"{middle / base:.1f}"
        lines.append(f"{row.name:<22}{middle:>10.2f}{high:>9.2f}{ratio:>9}{statements:>12}")
    return "\n".join(lines)


def bench() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--data", type=Path, default=HERE / "var/bench")
    parser.add_argument("--only", choices=("pages", "search"))
    parser.add_argument("--size", type=int, help="services, for a quick look")
    wished = parser.parse_args()
    data = wished.data.resolve()
    if wished.only != "search":
        print(table(measure(demo_data(data), wished.runs)))
    if wished.only != "pages":
        _search(data, 4 * wished.runs, wished.size)


def _search(data: Path, runs: int, size: int | None) -> None:
    engines = ["postgresql", "sqlite"] if postgresql.programs() else ["sqlite"]
    for engine in engines:
        lines = searching.bench(engine, data / "search", runs, size)
        print(f"\nSearch on {engine}, {size or searching.SIZES[engine]:,} services")
        print(searching.table(lines))
        if engine == "postgresql":
            searching.server_of(data / "search", size).stop()


if __name__ == "__main__":
    bench()
