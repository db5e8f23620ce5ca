"""The commands, as whoever runs an installation types them."""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select, update

from referral.accounts import queries, services
from referral.cli import COMMANDS, boot, main
from referral.core import audit, database, encryption
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import Database, new_id, reading, transaction
from referral.core.encryption import Keyring
from referral.directory import queries as directory_queries
from referral.directory import services as directory
from referral.outbox import queries as outbox_queries
from referral.outbox import services as outbox
from referral.outbox.models import OutboxMessage
from referral.people.models import Person, PersonKey
from referral.vetting import queries as vetting_queries
from referral.vetting.models import Evidence
from tests import factories
from tests.factories import vetting


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`run("user", "add", …)` in an installation of its own; settings without prefix."""
    for name in [
        name for name in os.environ if name.startswith("REFERRAL_") and "TEST" not in name
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REFERRAL_DATA_DIR", str(tmp_path / "var"))

    def call(*arguments: str, said: str = "", fails: bool = False, **settings: str) -> str:
        environ = {f"REFERRAL_{name}": value for name, value in settings.items()}
        done: Result = CliRunner().invoke(main, list(arguments), input=said, env=environ)
        told = f"{done.output}\n{done.exception!r}"
        assert (done.exit_code != 0) == fails, told
        assert done.exception is None or isinstance(done.exception, SystemExit), told
        return done.output

    return call


@pytest.fixture
def inside(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run):
    """The same installation with its schema and one user, open in the test between commands."""
    monkeypatch.setenv("REFERRAL_DATABASE_URL", engine_url)
    run("user", "add", "first@town.example", "--name", "First", "--administrator")
    opened = Database(engine_url)
    ring = Keyring.load(tmp_path / "var/keys/keyring.json")
    closing = boot.opened

    @contextmanager
    def reopening(*given: Any, **more: Any) -> Iterator[Any]:
        try:
            with closing(*given, **more) as found:
                yield found
        finally:
            database.use(opened)
            encryption.use(ring)

    monkeypatch.setattr(boot, "opened", reopening)
    database.use(opened)
    encryption.use(ring)
    yield opened
    database.use(None)
    encryption.use(None)
    opened.close()


SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_help_and_version_need_nothing() -> None:
    runner = CliRunner()
    listed = runner.invoke(main, ["--help"]).output
    assert all(name in listed for name in COMMANDS)
    assert re.match(r"referral \S+", runner.invoke(main, ["--version"]).output)
    assert runner.invoke(main, ["nonsense"]).exit_code == 2


def test_the_schema_goes_up_is_checked_and_goes_down(
    blank_url: str, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_DATABASE_URL", blank_url)
    assert "upgrade" in run("user", "add", "a@b.example", "--name", "A", fails=True)
    assert "at nothing" in run("db", "check", fails=True)
    assert "empty →" in run("db", "upgrade")
    assert "no difference" in run("db", "check")
    opened = Database(blank_url)
    with opened.engine.execution_options(write=True).connect() as connection, connection.begin():
        connection.exec_driver_sql("ALTER TABLE team ADD COLUMN extra INTEGER")
    opened.close()
    assert "extra" in run("db", "check", fails=True)
    assert "Aborted" in run("db", "downgrade", "base", said="n\n", fails=True)
    assert "→ empty" in run("db", "downgrade", "base", "--yes")


def test_the_first_user_gets_a_link_and_is_an_administrator(run, inside: Database) -> None:
    told = run("user", "add", "second@town.example", "--name", "Second")
    assert re.search(r"^http://127\.0\.0\.1:8000/invitation/[\w-]{43}$", told.strip()[-200:], re.M)
    with reading(SYSTEM):
        first = queries.user_by_email(SYSTEM, "first@town.example")
        assert [post.roles for post in queries.posts_of(first.id)] == [("administrator",)]
    assert "another account" in run(
        "user", "add", "FIRST@town.example", "--name", "Again", fails=True
    )


def test_a_password_may_be_given_and_must_do(run, inside: Database) -> None:
    add = ("user", "add", "third@town.example", "--name", "Third", "--password-stdin")
    assert "easily guessed" in run(*add, said="password1234\n", fails=True)
    assert "link" not in run(*add, said="quiet lantern orchard\n")
    assert "/password-reset/" in run("user", "reset", "third@town.example")
    run("user", "disable", "third@town.example")
    assert "No account" in run("user", "disable", "nobody@town.example", fails=True)
    assert run("user", "add", "x@y.example", "--name", "X", "--role", "link_worker", fails=True)


def practice() -> str:
    with transaction(SYSTEM):
        return str(services.create_organisation(SYSTEM, kind="practice", name="Northgate"))


def test_a_token_is_the_last_line_and_works_until_revoked(run, inside: Database) -> None:
    where = practice()
    run(
        "user", "add", "gp@town.example", "--name", "GP",
        "--organisation", where, "--role", "practice_staff",
    )  # fmt: skip
    token = run("token", "add", "gp@town.example", "--label", "Test").strip().splitlines()[-1]
    with reading(SYSTEM):
        found = queries.by_bearer(token)
    assert found is not None
    assert str(found.actor.organisation) == where
    listed = run("token", "list", "gp@town.example")
    assert "Northgate" in listed
    assert "Test" in listed
    assert token not in listed
    run("token", "revoke", str(found.actor.client))
    with reading(SYSTEM):
        assert queries.by_bearer(token) is None
    assert run("token", "list", "gp@town.example") == ""
    elsewhere = run("token", "add", "gp@town.example", "--organisation", str(new_id()), fails=True)
    assert "works for" in elsewhere


def person(name: str) -> tuple[object, bytes]:
    """A person with a key, as the people slice keeps one."""
    person_id = new_id()
    key, wrapped = encryption.data_key()
    now = audit.clock.now()
    with transaction(SYSTEM) as session:
        sealed = encryption.seal(key, {"given_name": name}, f"person:{person_id}")
        session.add(
            Person(
                id=person_id,
                group_id=person_id,
                identity_sealed=sealed,
                created_at=now,
                updated_at=now,
            )
        )
        session.flush()
        session.add(PersonKey(person_id=person_id, wrapped=wrapped))
    return person_id, wrapped


def test_rotating_wraps_everything_anew_while_the_site_runs(
    run, inside: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from referral.cli import keys

    monkeypatch.setattr(keys, "BATCH", 3)
    ids = [person(f"Person {n}")[0] for n in range(7)]
    running = encryption.keyring()
    old = running.newest
    with transaction(SYSTEM):
        outbox.enqueue(
            SYSTEM, "reset", "a@b.example", "accounts/messages/reset.txt",
            {"path": "/x/", "minutes": 1}, secret="right",
        )  # fmt: skip
    told = run("keys", "rotate", "--grace", "0")
    assert "Forgot 1 old" in told
    stored = json.loads((tmp_path / "var/keys/keyring.json").read_text())
    assert len(stored["wrapping"]) == 1
    assert encryption.keyring() is running  # a site that was running all the time
    with reading(SYSTEM) as session:
        for person_id in ids:
            wrapped = session.get_one(PersonKey, person_id).wrapped
            assert not wrapped.startswith(old)
            key = encryption.unwrap(wrapped)
            sealed = session.get_one(Person, person_id).identity_sealed
            assert encryption.open_(key, sealed, f"person:{person_id}")
        row = session.scalars(select(OutboxMessage)).one()
        assert "/x/right" in outbox_queries.whole_body(row)
    _, wrapped = person("New")
    assert wrapped.startswith(running.newest) and running.newest != old  # noqa: PT018


def test_rotating_leaves_what_people_wrote_of_entries_readable(run, inside: Database) -> None:
    with transaction(SYSTEM):
        world = factories.world()
        said = ("contact", "Wrong number", "ann@example.org")
        made = directory.suggest(ANONYMOUS, world.service_id, *said)
        claim = {"name": "Ada", "email": "ada@example.org", "role": "Trustee", "check": "Ring"}
        claimed = directory.claim(ANONYMOUS, world.provider_id, claim)
    run("keys", "rotate", "--grace", "0")
    lead = world.link_worker_lead
    with transaction(lead):
        assert directory_queries.correction(lead, made.id).text == "Wrong number"
        assert directory_queries.claim(lead, claimed.id).email == "ada@example.org"
        directory.decide_correction(lead, made.id, 1, "mended", "Done.")
    with reading(SYSTEM) as session:
        assert session.scalars(select(OutboxMessage.to)).all() == ["ann@example.org"]


def test_rotating_leaves_what_was_stated_of_checks_readable(run, inside: Database) -> None:
    with transaction(SYSTEM):
        world = factories.world()
        own = world.provider_id
        told = vetting.answer(world.link_worker, own, "committee", note="Five", told_by="Jean")
    run("keys", "rotate", "--grace", "0")
    with reading(SYSTEM) as session:
        kept = session.get_one(Evidence, told.id)
        assert vetting_queries.stated(kept) == {"note": "Five"}
        assert vetting_queries.told_by(kept) == "Jean"


def test_a_rotation_that_was_stopped_is_resumed(run, inside: Database, tmp_path: Path) -> None:
    path = tmp_path / "var/keys/keyring.json"
    person("Person")
    encryption.keyring().rotate(path)
    assert "resume" in run("doctor", DEMO="1")
    told = run("keys", "rotate", "--resume", "--grace", "0")
    assert "Going on" in told
    assert len(Keyring.load(path).wrapping) == 1


def test_the_doctor_shows_all_and_hides_secrets(run, inside: Database, tmp_path: Path) -> None:
    secrets = {
        "SECRET_KEY": "very-secret-" * 4,
        "SMTP_URL": "smtp://user:mailsecret@127.0.0.1:1",
        "DEMO_PASSWORD": "demosecret",
        "BASE_URL": "https://joined-up.example",
    }
    told = run("doctor", fails=True, **secrets)
    assert not any(word in told for word in ("very-secret", "mailsecret", "demosecret"))
    assert "REFERRAL_DATABASE_URL" in told
    assert "bad   Mail: ConnectionRefusedError" in told
    assert "ok    Key file" in told
    (tmp_path / "var/keys/keyring.json").chmod(0o644)
    told = run("doctor", fails=True, PRODUCT_NAME="My NHS app")
    assert "bad   Name" in told
    assert "bad   Key file: others may read it (mode 644)" in told
    assert "bad   Secret key" in told
    assert "bad   Address" in told
    (tmp_path / "var/keys/keyring.json").chmod(stat.S_IRUSR | stat.S_IWUSR)
    healthy = run("doctor", DEMO="1")
    assert "bad" not in healthy


def test_the_clock_moves_in_demo_and_test_only(run, inside: Database) -> None:
    run("worker", "--once", TIME_SHIFT="P40D", DEMO="1", SECRET_KEY="k" * 40)
    refused = run("worker", "--once", TIME_SHIFT="P40D", SECRET_KEY="k" * 40, fails=True)
    assert "demo and for tests" in refused
    assert "ISO 8601" in run("worker", "--once", TIME_SHIFT="soon", fails=True)
    run("worker", "--once")


@SQLITE
def test_serving_asks_for_a_key_and_the_demo_for_this_machine(run, inside: Database) -> None:
    assert "REFERRAL_SECRET_KEY" in run("serve", fails=True)
    assert "this machine only" in run("serve", "--host", "0.0.0.0", fails=True, DEMO="1")


def test_a_trail_that_is_whole_and_one_that_is_not(run, inside: Database) -> None:
    assert "whole" in run("audit", "verify")
    with transaction(SYSTEM) as session:
        first = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
        assert first is not None
        session.execute(
            update(AuditEvent).where(AuditEvent.id == first.id).values(details='{"a": [1]}')
        )
        audit.record(SYSTEM, "user:tried", ("user", new_id()))
        second = session.scalars(select(AuditEvent.id).order_by(AuditEvent.id.desc())).first()
        session.execute(delete(AuditSubject).where(AuditSubject.event_id == second))
    told = run("audit", "verify", fails=True)
    assert f"event {first.id}: its details are not an object of scalars" in told
    assert f"event {second}: it is about nothing" in told
