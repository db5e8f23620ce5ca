"""``referral directory``."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from click.testing import CliRunner, Result
from sqlalchemy import func, select

from referral.cli import main
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session
from referral.directory.models import Service
from tests.factories import World

API = "/api/v1/services"


def command(database: Database, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main,
        ["directory", *arguments],
        env={
            "REFERRAL_DATA_DIR": str(folder),
            "REFERRAL_DATABASE_URL": url_of(database),
            "REFERRAL_KEY_FILE": str(folder.parent / "keyring.json"),
        },
    )


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_the_command_prints_what_became_of_every_row(database: Database, tmp_path: Path) -> None:
    rows = ["org_id,name,postcode"]
    rows += [f"GB-CHC-{n},CHARITY {n},{'NOWHERE' if n < 30 else ''}" for n in range(40)]
    path = tmp_path / "register.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    for results in (("10", "0", "0", "30"), ("0", "0", "10", "30")):
        done = command(database, tmp_path / "data", "import", "charities", str(path))
        assert done.exit_code == 0, done.output
        assert "register.csv line 2: the postcode is not a UK postcode: “NOWHERE”" in done.output
        assert "and 10 more reported: the postcode is not a UK postcode" in done.output
        assert "40 charities of 40 rows" in done.output
        counted = re.findall(
            r"^  (?:created|updated|unchanged|reported) +(\d+)$", done.output, re.M
        )
        assert tuple(counted) == results
        report = Path(re.findall(r"note: (.*)$", done.output, re.M)[0])
        assert len(report.read_text(encoding="utf-8").splitlines()) == 31
    core_database.use(database)


def test_the_command_says_why_a_file_cannot_be_read(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('{"id": "s1", "name": "cut', encoding="utf-8")
    done = command(database, tmp_path / "data", "import", "oruk", str(path))
    assert done.exit_code == 1
    assert "feed.json: is not whole JSON (line 1): it is cut short. Nothing was changed." in (
        done.output
    )
    assert not list((tmp_path / "data" / "imports").iterdir())
    missing = command(database, tmp_path / "data", "import", "csv", str(tmp_path / "no.csv"))
    assert missing.exit_code == 1
    assert "cannot be opened" in missing.output
    core_database.use(database)
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Service)) == 0


def test_other_commands(database: Database, world: World, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shown = command(database, data, "export", "--format", "csv")
    assert shown.exit_code == 0, shown.output
    assert "Befriending" in shown.output
    written = command(database, data, "export", str(tmp_path / "out.json"))
    assert "1 services written" in written.output
    refused = command(database, data, "list", str(world.service_id), "--refuses", "--reason", "X")
    assert refused.exit_code == 0, refused.output
    assert command(database, data, "list", str(uuid4())).exit_code == 1
    assert command(database, data, "need", "word", "juggling", "arts").exit_code == 0
    assert command(database, data, "need", "word", "juggling", "circus").exit_code == 1
    core_database.use(database)
