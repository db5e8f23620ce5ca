"""The public registers: extracts loaded by the command, a live service, and who is suspended."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update

from referral import worker
from referral.accounts.models import Organisation
from referral.cli import main
from referral.config import Settings
from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid
from referral.directory.models import Listing
from referral.outbox.models import OutboxMessage
from referral.vetting import services
from referral.vetting.models import Application, Decision, RegisterEntry, RegisterLoad
from referral.vetting.registers import NOT_THERE, Found
from tests import factories
from tests.factories import World, vetting
from tests.integration.vetting.playing import on

CHARITIES = "directory/uk-charities.csv"
REAL, NUMBER = "GB-CHC-1072902", "1072902"
BEGAN = date(2026, 3, 2)
HEADER = "org_id,name,active\n"


@pytest.fixture
def world(database: Database) -> World:
    """An approved provider with a number of the charity register, and a referral under way."""
    with on(BEGAN):
        with transaction(SYSTEM):
            made = factories.world()
            session().get_one(Organisation, made.provider_id).register_number = REAL
            vetting.approved(made)
        with transaction(made.practice_staff):
            factories.referral(made, "started")
        return made


def load(database: Database, folder: Path, file: Path, day: date, *more: str) -> Result:
    given = ("load", str(file), "--register", "GB-CHC", "--as-of", str(day), *more)
    with on(day):
        return command(database, folder, *given)


def command(database: Database, folder: Path, *given: str) -> Result:
    environment = {
        "REFERRAL_DATA_DIR": str(folder / "data"),
        "REFERRAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "REFERRAL_KEY_FILE": str(folder / "keyring.json"),
    }
    done = CliRunner().invoke(main, ("checks", *given), env=environment)
    core_database.use(database)
    return done


def application(world: World) -> Application:
    chosen = select(Application).where(Application.organisation_id == world.provider_id)
    return session().scalars(chosen).one()


def status(world: World) -> str:
    with reading(SYSTEM):
        return application(world).status


def told() -> list[str]:
    """Of suspensions by a register: the subjects."""
    with reading(SYSTEM):
        chosen = select(OutboxMessage.subject).order_by(OutboxMessage.id)
        return [one for one in session().scalars(chosen) if "register" in one]


def entry(number: str = NUMBER) -> RegisterEntry | None:
    with reading(SYSTEM):
        return session().get(RegisterEntry, ("GB-CHC", number))


@pytest.mark.standards
def test_who_is_not_in_the_next_whole_register_is_suspended_and_told_once(
    database: Database, world: World, tmp_path: Path, standards: Path
) -> None:
    done = load(database, tmp_path, standards / CHARITIES, BEGAN, "--whole")
    assert done.exit_code == 0, done.output
    assert "lines of GB-CHC as of 2026-03-02\n0 organisations suspended" in done.output
    lines = (standards / CHARITIES).read_text(encoding="utf-8").splitlines(keepends=True)
    numbers = {one.split(",")[0] for one in lines if one.startswith("GB-CHC-")}
    with reading(SYSTEM):
        known = session().scalar(select(func.count()).select_from(RegisterEntry))
    assert known == len(numbers) == 3409
    assert status(world) == "approved"

    later, day = tmp_path / "april.csv", date(2026, 4, 1)
    later.write_text("".join(one for one in lines if REAL not in one), encoding="utf-8")
    done = load(database, tmp_path, later, day, "--whole")
    assert "1 organisation suspended: removed from a register" in done.output
    gone = entry()
    assert gone is not None
    assert (gone.status, gone.said, gone.status_on) == ("removed", NOT_THERE, day)
    with reading(SYSTEM):
        made = application(world)
        decision = session().get_one(Decision, made.decision_id)
        listing = session().get_one(Listing, world.service_id)
    assert made.status == "suspended"
    assert (decision.decided_by, decision.kind, bool(decision.appeal_route)) == (
        None,
        "suspend",
        True,
    )
    assert decision.reason == (
        "Charity Commission for England and Wales says that 1072902 is not registered any more, "
        "since 2026-04-01"
    )
    assert (listing.accepts_referrals, listing.state) == (False, "suspended")
    assert len(told()) == 2

    # The same file again; then somebody looks into it, and a month later it still is not there.
    assert "0 organisations suspended" in load(database, tmp_path, later, day, "--whole").output
    with on(date(2026, 4, 3)), transaction(SYSTEM):
        vetting.decided(world, application(world), "reinstate")
    for again in (later, standards / CHARITIES):  # nor do older words count
        as_of = date(2026, 5, 1) if again == later else BEGAN
        assert (
            "0 organisations suspended" in load(database, tmp_path, again, as_of, "--whole").output
        )
        assert status(world) == "approved"
    gone = entry()
    assert gone is not None
    assert (gone.status, gone.status_on, gone.as_of) == ("removed", day, date(2026, 5, 1))
    assert len(told()) == 2


def test_a_file_that_is_cut_short_removes_nobody(
    database: Database, world: World, tmp_path: Path
) -> None:
    rows = [f"GB-CHC-{1_000_000 + n},Charity {n},True\n" for n in range(100)]
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    whole.write_text(HEADER + f"{REAL},Ours,True\n" + "".join(rows), encoding="utf-8")
    assert load(database, tmp_path, whole, BEGAN, "--whole").exit_code == 0
    cut.write_text(HEADER + "".join(rows[:50]), encoding="utf-8")
    done = load(database, tmp_path, cut, date(2026, 4, 1), "--whole")
    assert done.exit_code == 1
    assert "51 of 101 numbers are not in it" in done.output
    assert "Nobody was taken out" in done.output
    with reading(SYSTEM):
        loads = session().scalars(select(RegisterLoad).order_by(RegisterLoad.as_of)).all()
        assert [one.whole for one in loads] == [True, False]
    assert status(world) == "approved"
    broken = tmp_path / "broken.csv"
    broken.write_text(HEADER + f'{REAL},Ours,False\nGB-CHC-1,"No', encoding="utf-8")
    done = load(database, tmp_path, broken, date(2026, 4, 1))
    assert "ends inside a quoted field" in done.output
    assert "Nothing was changed" in done.output
    assert status(world) == "approved"
    one = entry()
    assert one is not None
    assert one.status == "registered"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_says_what_is_wrong_and_writes_down_again(
    database: Database, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "extract.csv"
    file.write_text(HEADER + f"{REAL},Ours,True\nGB-CHC-12,Short,True\n", encoding="utf-8")
    with on(BEGAN):
        future = command(
            database, tmp_path, "load", str(file), "--register", "GB-CHC", "--as-of", "2999-01-01"
        )
        assert "--as-of must not be in the future. Nothing was changed." in future.output
        other = command(database, tmp_path, "load", str(file), "--register", "GB-COH")
        assert other.exit_code == 0
        assert "0 lines of GB-COH" in other.output
        done = command(database, tmp_path, "load", str(file), "--register", "GB-CHC")
        assert "line 3: '12' is no number of GB-CHC" in done.output
        assert "1 lines of GB-CHC as of 2026-03-02" in done.output
        with transaction(SYSTEM):
            session().get_one(Listing, world.service_id).state = "lost"
        for changed in ("1 listings", "0 listings"):
            done = command(database, tmp_path, "look")
            assert done.output.endswith(f"1 organisation looked at, {changed} changed\n")


def test_an_extract_says_since_when_and_words_that_end_nothing_suspend_nobody(
    database: Database, world: World
) -> None:
    def say(day: date, **said: Any) -> None:
        found = Found("GB-CHC", NUMBER, **({"status": "registered"} | said))
        with on(day), transaction(SYSTEM):
            services.load_register(SYSTEM, "GB-CHC", [found], source="x", as_of=day, whole=False)
            services.look_up(SYSTEM, application(world).id)

    say(date(2026, 3, 3), name="Accessible Arts", said="Registered")
    say(date(2026, 3, 4), status="unknown", said="Liquidation")
    assert status(world) == "approved"
    say(date(2026, 3, 20), status="removed", status_on=date(2026, 3, 15), said="Removed")
    assert status(world) == "suspended"
    found = entry()
    assert found is not None
    assert (found.name, found.status_on) == ("Accessible Arts", date(2026, 3, 15))
    # Registered again, reinstated, and removed a second time: that is news.
    say(date(2026, 3, 25))
    assert status(world) == "suspended"
    with on(date(2026, 3, 26)), transaction(SYSTEM):
        vetting.decided(world, application(world), "reinstate")
    say(date(2026, 4, 20), status="removed", said="Removed")
    assert status(world) == "suspended"
    assert len(told()) == 4


def test_only_the_installation_loads_and_only_what_makes_sense(world: World) -> None:
    good: dict[str, Any] = {"source": "x", "as_of": clock.today(), "whole": False}
    with transaction(SYSTEM):
        with pytest.raises(Forbidden):
            services.load_register(world.link_worker_lead, "GB-CHC", [], **good)
        with pytest.raises(Forbidden):
            services.look_up(world.link_worker_lead, application(world).id)
        with pytest.raises(Invalid):
            services.load_register(SYSTEM, "GB-XYZ", [], **good)
        with pytest.raises(Invalid):
            services.load_register(SYSTEM, "GB-CHC", [], **good | {"as_of": date(2999, 1, 1)})
        twice = [Found("GB-CHC", NUMBER, "registered"), Found("GB-CHC", NUMBER, "unknown")]
        services.load_register(SYSTEM, "GB-CHC", twice, **good)
        with pytest.raises(Conflict):  # a header alone is no register, however few were known
            services.load_register(SYSTEM, "GB-CHC", [], **good | {"whole": True})
        some = [Found("GB-CHC", str(1_000_000 + n), "registered") for n in range(2500)]
        services.load_register(SYSTEM, "GB-CHC", some, **good)
        with pytest.raises(Conflict):
            services.load_register(SYSTEM, "GB-CHC", [], **good | {"whole": True})


class Live:
    """A live service: what it says of a number, and what it was asked."""

    def __init__(self) -> None:
        self.says: Any = {"status": "registered"}
        self.code = 200
        self.asked: list[tuple[str, str | None]] = []
        self.url = ""


@contextmanager
def live_service(world: World) -> Iterator[Live]:
    said = Live()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked.append((self.path, self.headers.get("Authorization")))
            # Somebody writes meanwhile: whoever asks must not hold the database.
            with transaction(SYSTEM):
                session().execute(
                    update(Organisation)
                    .where(Organisation.id == world.provider_id)
                    .values(phone=f"{len(said.asked)}")
                )
            self.send_response(said.code)
            self.end_headers()
            if said.code == 200:
                self.wfile.write(json.dumps(said.says).encode())

        def log_message(self, *_args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said.url = f"http://127.0.0.1:{server.server_address[1]}/registers"
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()


def test_a_live_service_is_asked_once_a_month_and_what_it_says_counts(
    world: World, tmp_path: Path
) -> None:
    plain = Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path)})
    with live_service(world) as live:
        settings = replace(plain, registers_url=live.url, registers_token="secret")
        assert worker.registers(plain) == 0
        for day, asked in ((1, 1), (2, 1), (30, 1), (31, 2)):
            with on(date(2026, 3, day)):
                worker.registers(settings)
            assert len(live.asked) == asked, day
        assert live.asked[0] == (f"/registers/GB-CHC/{NUMBER}", "Bearer secret")
        assert status(world) == "approved"
        # Trouble is no word: it is asked again in an hour, and what was known stays.
        for code, says in ((500, None), (302, None), (200, []), (200, {"status": "gone"})):
            live.code, live.says = code, says
            with on(date(2026, 6, 1)):
                assert worker.registers(settings) == 0
        assert len(live.asked) == 6
        one = entry()
        assert one is not None
        assert (one.status, one.as_of) == ("registered", date(2026, 3, 31))
        live.code = 404
        with on(date(2026, 6, 1)):
            assert worker.registers(settings) == 1
        assert status(world) == "approved"
        live.code, live.says = 200, {"status": "removed", "since": "2026-06-20", "said": "Removed"}
        with on(date(2026, 7, 1)):
            assert worker.registers(settings) == 2
            assert worker.registers(settings) == 0
    assert status(world) == "suspended"
    assert len(told()) == 2
    assert organisation_in_messages(world) == {world.provider_id, world.team_id}


def organisation_in_messages(world: World) -> set[UUID | None]:
    with reading(SYSTEM):
        chosen = select(OutboxMessage).where(OutboxMessage.subject.contains("register"))
        return {one.organisation_id for one in session().scalars(chosen)}
