"""Fields of personal data, planted with words of their own, and where none of them may turn up.

A referral is played from the first form to the last outcome by everybody who has to do with it.
Then every row of the database is read as it lies there (messages, audit trail, news, jobs), every
file, every line of the log and every address that was asked for or offered. Before the yes, what
whoever answers may open is searched for who the person is.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Base, reading, session
from referral.web.security import limiter
from referral.worker import run_once
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.support import planted
from tests.support.everybody import build
from tests.support.planted import AFTERWARDS, IDENTITY, WRITTEN, Life, found_in
from tests.support.surroundings import size

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)][: size(1, 2)]
# What the person said of how to talk with them stands outside: it is read before the yes.
LEAST_FIELDS = 32


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_what_is_planted_in_a_referral_turns_up_nowhere(
    desk: Desk, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limiter.enabled = False
    desk.site.load_actor = desk.site.extensions["accounts"].load_actor
    try:
        life = Life(build(world, desk.site, referrals=False))
        planted.refer(life)
        planted.before_the_yes(life)
        planted.after_the_yes(life)
        planted.at_their_page(life, desk.site.test_client())
        planted.at_the_desk(life)
        look_around(life)
        planted.somebody_is_not_safe(life)
        tell_everybody(tmp_path)
    finally:
        limiter.enabled = True
    rows = look_through_the_rows(life)
    files = look_through_the_files(life, tmp_path)
    for url in sorted(life.urls):
        if leaked := found_in(url):
            life.wrong.append(f"the address {url} holds {leaked}")
    printed = capsys.readouterr()
    if leaked := found_in(printed.out + printed.err):
        life.wrong.append(f"the log holds {leaked}")
    fields = len(IDENTITY) + len(WRITTEN) + len(AFTERWARDS)
    print(
        f"{fields} fields planted; looked through {rows} rows, "
        f"{files} files, {len(life.urls)} addresses, {life.seen_early} pages before the yes"
    )
    assert fields >= LEAST_FIELDS
    assert not life.wrong, "\n".join(life.wrong)


def look_around(life: Life) -> None:
    """Everybody opens whatever leads to the referral: all addresses are noted."""
    own, desk = f"/referrals/{life.id}", f"/referrals/{life.desk}"
    for who in life.town.people:
        if who.may("see_referrals") and who.actor and who.actor.kind == "user":
            for path in ("/", "/referrals", "/api/v1/referrals"):
                life.open(who.name, "GET", path)
    for name in ("own practice_staff", "own provider_worker"):
        for path in ("", "/seen", "/notes", "/agreement", "/said"):
            life.open(name, "GET", own + path)
    for path in (desk, f"/plans/{life.desk}", f"/plans/{life.desk}/copy", f"{desk}/appointments"):
        life.open("own link_worker", "GET", path)
    for path in ("", "/triage", "/team", "/exceptions", "/appointments", "/supervision", "/asked"):
        life.open("own link_worker_lead", "GET", f"/caseload{path}")
    for name, path in (
        ("own practice_staff", "/letters"),
        ("own practice_staff", "/tell"),
        ("own practice_staff", "/enquiries"),
        ("own care_navigator", "/where"),
        ("own provider_manager", "/sessions"),
    ):
        life.open(name, "GET", path)


def tell_everybody(folder: Path) -> None:
    """The worker, a working day later in office hours: all messages leave."""
    settings = Settings.from_environ({"REFERRAL_DATA_DIR": str(folder), "REFERRAL_DEMO": "1"})
    with clock.at(clock.now() + timedelta(hours=1)):
        run_once(settings)
    for days in (1, 3, 7):
        later = clock.local(clock.now() + timedelta(days=days)).replace(hour=11)
        with clock.at(later):
            run_once(settings)


def look_through_the_rows(life: Life) -> int:
    """Every cell of every table as it lies there; what is sealed is not read, but looked at too."""
    count = 0
    with reading(SYSTEM):
        for table in Base.metadata.sorted_tables:
            for row in session().execute(select(table)):
                count += 1
                look_at_row(life, table, row._mapping)
    return count


def look_at_row(life: Life, table: Table, row: Any) -> None:
    for column in table.columns:
        value = row[column]
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if leaked := found_in(text):
            life.wrong.append(f"{table.name}.{column.name} holds {leaked}")


def look_through_the_files(life: Life, folder: Path) -> int:
    """Every file the program keeps, but the database itself."""
    kept = [path for path in folder.rglob("*") if path.is_file() and ".sqlite" not in path.name]
    for path in kept:
        if leaked := found_in(path.read_bytes().decode("latin-1")):
            life.wrong.append(f"the file {path.relative_to(folder)} holds {leaked}")
    return len(kept)
