"""``make bench``: a plain Flask page, raw SQL and our pages side by side, in one process.

Prints the median of each in milliseconds, its business statements, and how many times a plain
Flask page it takes. The demo's data is made once and kept in ``var/bench``; ``--runs N`` for more
runs.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from referral.app import create_app
from referral.cli import main
from referral.config import Settings
from referral.core import database
from referral.core.database import Database
from tests.performance.counting import counting

HERE = Path(__file__).resolve().parents[2]
PASSWORD = "only-for-the-bench"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PAGE = "<!doctype html><title>Plain</title><ul>{% for n in rows %}<li>{{ n }}</li>{% endfor %}</ul>"
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


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each of ``runs`` runs, after two to warm up."""
    found = []
    for n in range(runs + 2):
        start = time.perf_counter()
        work()
        if n > 1:
            found.append(1000 * (time.perf_counter() - start))
    return found


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


def plain() -> FlaskClient:
    """A Flask page that does nothing but render a list."""
    app = Flask("plain")
    app.add_url_rule("/", "page", lambda: render_template_string(PAGE, rows=range(25)))
    return app.test_client()


def signed_in(client: FlaskClient, email: str) -> FlaskClient:
    found = TOKEN.search(client.get("/sign-in").get_data(as_text=True))
    answer = client.post(
        "/sign-in",
        data={"csrf_token": found[1] if found else "", "email": email, "password": PASSWORD},
    )
    if answer.status_code != 303:
        raise SystemExit(f"signing in as {email} answered {answer.status_code}")
    return client


def page(client: FlaskClient, path: str) -> Callable[[], object]:
    def work() -> object:
        answer = client.get(path)
        answer.get_data()
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return answer

    return work


def measure(settings: Settings, runs: int) -> list[Row]:
    site = create_app(settings)
    client = signed_in(site.test_client(), WHO)
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
    wished = parser.parse_args()
    print(table(measure(demo_data(wished.data.resolve()), wished.runs)))


if __name__ == "__main__":
    bench()
