"""A caseload comes across once, row by row, and nobody is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from referral.caseload import queries, services
from referral.cli import boot, main
from referral.core import clock, encryption
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.encryption import Keyring
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.outbox.models import OutboxMessage
from referral.people.models import Person
from referral.referrals import queries as referrals
from referral.referrals import schemas
from referral.referrals import services as verbs
from referral.referrals.models import Consent, PersonNotice, Referral
from tests import factories
from tests.factories import World, caseloads
from tests.integration.caseload.conftest import Brought


def counts() -> tuple[int, ...]:
    """People, referrals, consents; messages and notices."""
    with reading(SYSTEM):
        models = (Person, Referral, Consent, OutboxMessage, PersonNotice)
        return tuple(session().scalar(select(func.count()).select_from(m)) or 0 for m in models)


def test_a_file_twice_changes_nothing_and_each_row_stands_alone(
    world: World, bring: Brought
) -> None:
    soon = (clock.today() + timedelta(days=30)).isoformat()
    rows = [
        caseloads.row(1),
        caseloads.row(2, status="waiting_list", review_on=soon),
        caseloads.row(3, number="999 123 4560"),  # a wrong check digit
        caseloads.row(4, consent="no"),
        caseloads.row(5, worker_email="nobody@example.org"),
        caseloads.row(6, practice_ods="Z99999"),
        caseloads.row(7, date_of_birth="2020-01-01"),
        caseloads.row(1, external_id="again"),  # the same person twice in the file
        caseloads.row(8, family_name="=1+1"),
        caseloads.row(9, external_id="", status="accepted"),
    ]
    before = counts()
    tried = bring(rows, dry=True)
    assert counts() == before
    done = bring(rows)
    assert [line.what for line in done.lines] == [line.what for line in tried.lines]
    assert [(line.line, line.what) for line in done.lines if line.what != "refused"] == [
        (2, "brought"),
        (3, "brought"),
        (11, "brought"),
    ]
    refused = {line.line: line.why for line in done.lines if line.what == "refused"}
    for line, column in (
        *((4, "number"), (5, "consent"), (6, "worker_email"), (7, "practice_ods")),
        *((8, "date_of_birth"), (9, "line 2"), (10, "formula")),
    ):
        assert column in refused[line]
    after = counts()
    assert [new - old for new, old in zip(after, before, strict=True)] == [3, 3, 3, 0, 0]
    again = bring(rows)
    assert counts() == after
    assert [line.what for line in again.lines if line.what != "refused"] == ["unchanged"] * 3
    assert again.lines[0].reference == done.lines[0].reference
    # Another number under an id that is known is for a human.
    other = bring([caseloads.row(20, external_id="old-1")])
    assert "came before" in other.lines[0].why
    with reading(world.link_worker_lead):
        page = queries.caseload(world.link_worker_lead, "unassigned")
        shown = referrals.view(world.link_worker_lead, page.lines[0].rows[0]["id"])
    assert len(page.lines) == 3
    assert shown["reason"] == "Wants company in the daytime"


def test_a_person_the_team_has_already_is_not_taken_twice(world: World, bring: Brought) -> None:
    with transaction(world.practice_staff):
        data = factories.answers(None, 30)
        made = verbs.create(world.practice_staff, schemas.Create().read(data))
        reference = made.reference
    (line,) = bring([caseloads.row(30, date_of_birth="1952-03-04")]).lines
    assert (line.what, reference in line.why) == ("refused", True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_the_teams_own_lead_brings_people_across(world: World) -> None:
    raw = caseloads.written([caseloads.row(1)])
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    for actor, refusal in (
        (world.link_worker, Forbidden),
        (other.link_worker_lead, NotFound),
        (world.practice_staff, NotFound),
    ):
        with pytest.raises(refusal), transaction(actor):
            services.bring_across(actor, world.team_id, raw)
    with pytest.raises(Invalid) as refused, transaction(world.link_worker_lead):
        services.bring_across(world.link_worker_lead, world.team_id, b"PK\x03\x04")
    assert "file" in refused.value.errors


def test_the_command_prints_each_row_and_a_second_run_changes_nothing(
    database: Database,
    keyring: Keyring,
    engine_url: str,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / boot.DEMO_MARK).touch()
    monkeypatch.setenv("REFERRAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REFERRAL_DATABASE_URL", engine_url)
    monkeypatch.setenv("REFERRAL_KEY_FILE", str(tmp_path / "keyring.json"))
    file = tmp_path / "people.csv"
    file.write_bytes(caseloads.written([caseloads.row(1), caseloads.row(2, consent="")]))

    def run(*more: str) -> tuple[int, str]:
        asked = ["caseload", "import", str(file), "--team", str(world.team_id), *more]
        done = CliRunner().invoke(main, asked)
        core_database.use(database)
        encryption.use(keyring)
        return done.exit_code, done.output

    before = counts()
    code, told = run("--dry-run")
    assert (code, "Nothing was kept." in told, counts()) == (1, True, before)
    code, told = run()
    assert "brought 1, unchanged 0, refused 1" in told
    assert "3\trefused\told-2 consent: is missing" in told
    assert "Canary" not in told
    after = counts()
    assert after[0] == before[0] + 1
    assert "brought 0, unchanged 1, refused 1" in run()[1]
    assert counts() == after
