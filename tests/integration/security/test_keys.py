"""A database and its keys belong together: nothing starts with one of them missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from referral.app import create_app
from referral.cli import main
from referral.config import Settings
from referral.core import audit, keys
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, new_id, transaction


@pytest.fixture
def settings(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation without a key file, on a database with the whole schema and no rows."""
    monkeypatch.setenv("REFERRAL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("REFERRAL_DATABASE_URL", engine_url)
    monkeypatch.setenv("REFERRAL_SECRET_KEY", "a secret of tests, long enough for them")
    return Settings.from_environ()


@pytest.fixture
def used(settings: Settings, database: Database) -> Settings:
    """Something has happened in its database."""
    with transaction(SYSTEM):
        audit.record(SYSTEM, "user:added", ("user", new_id()))
    return settings


def test_new_keys_are_made_where_nothing_has_happened(settings: Settings) -> None:
    create_app(settings)
    core_database.current().close()
    assert settings.key_file.exists()


def test_new_keys_are_made_before_there_is_a_schema(blank_url: str, tmp_path: Path) -> None:
    opened = Database(blank_url)
    keys.of(opened, tmp_path / "keys.json")
    opened.close()
    assert (tmp_path / "keys.json").exists()


def test_the_site_does_not_start_without_the_keys_of_its_database(used: Settings) -> None:
    with pytest.raises(keys.Missing, match="missing"):
        create_app(used)
    assert not used.key_file.exists()


@pytest.mark.parametrize(
    "command",
    [["serve"], ["worker", "--once"], ["keys", "rotate"],
     ["user", "add", "a@b.example", "--name", "A"]],
)  # fmt: skip
def test_no_command_makes_new_keys_for_a_used_database(used: Settings, command: list[str]) -> None:
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1, done.output
    assert "put back your copy" in done.output
    assert not used.key_file.exists()


def test_doctor_says_so(used: Settings) -> None:
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "is missing and the database needs it" in done.output
