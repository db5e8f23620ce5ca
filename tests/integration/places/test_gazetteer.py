"""``referral gazetteer``: the map from files, block by block, on both engines."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from referral.cli import main
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session
from referral.places import gazetteer, queries
from referral.places.models import GazetteerLoad, OutwardCode, UnitPostcode
from tests.support import onspd
from tests.support.surroundings import size

ROWS = size(100_000, 2_700_000)
CENTROIDS = "geodata/uk-outcode-centroids-gibbs-2017.csv"


def environment(database: Database, folder: Path) -> dict[str, str]:
    return {
        "REFERRAL_DATA_DIR": str(folder / "data"),
        "REFERRAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "REFERRAL_KEY_FILE": str(folder / "keyring.json"),
    }


def command(database: Database, folder: Path, *arguments: str) -> Result:
    try:
        return CliRunner().invoke(
            main, ["gazetteer", *arguments], env=environment(database, folder)
        )
    finally:
        core_database.use(database)


def resolve(text: str) -> queries.Resolved | None:
    with reading(SYSTEM):
        return queries.resolve(text)


def csv_of(folder: Path, *lines: str, name: str = "places.csv") -> str:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def reported(folder: Path) -> list[tuple[int, str]]:
    """Lines and reasons of every report, in order."""
    found = []
    for path in sorted((folder / "data" / "imports").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
    return found


def test_a_list_of_outward_codes_is_taken_and_what_is_none_is_reported(
    database: Database, tmp_path: Path
) -> None:
    path = csv_of(
        tmp_path,
        "\ufeffTown,Longitude,REGION,Latitude,Postcode",
        "Pickering,-0.76717,North Yorkshire,54.2587,YO18",
        "Pickering,-0.76717,North Yorkshire,54.2588,yo18 ",
        "Nowhere,0,Nowhere,0,YO19",
        "Paris,2.35,France,48.85,QQ1",
        "Far,-74,Far,40.7,YO20",
        "No fixed abode,-1,,54,ZZ99",
        "short",
        "",
        "Whitby,-0.61,,54.48,YO21",
    )
    done = command(database, tmp_path, "import", path)
    assert done.exit_code == 0, done.output
    assert "9 rows: 3 taken, 0 terminated, 1 without a place, 4 refused" in done.output
    assert "On the map: 2 outward codes, 0 postcodes" in done.output
    assert reported(tmp_path) == [
        (4, "it has no grid reference"),
        (5, "its code is not an outward code"),
        (6, "its coordinates are not in the United Kingdom"),
        (8, "it has 1 columns, not 5"),
    ]
    found = resolve("pickering")
    assert found is not None
    assert (found.label, found.point.latitude) == ("Pickering, North Yorkshire", 54.2588)


@pytest.mark.parametrize(
    "header",
    ["PCD7,DOTERM,LAT,LONG", "pcds,doterm,lat,long", "Pcd8,Doterm,Latitude,Longitude",
     "pcd2,doterm,lat,lng", "postcode,doterm,latitude,longitude"],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_names_of_columns_are_known_in_any_case(
    database: Database, tmp_path: Path, header: str
) -> None:
    path = csv_of(tmp_path, header, "YO187JX,,54.2,-0.7", "YO187JY,202601,54.2,-0.7")
    done = command(database, tmp_path, "import", path)
    assert "2 rows: 1 taken, 1 terminated, 0 without a place, 0 refused" in done.output, done.output
    assert "1 outward codes added" in done.output


def test_an_outward_code_we_know_keeps_its_place_and_name(
    database: Database, tmp_path: Path
) -> None:
    codes = csv_of(tmp_path, "postcode,latitude,longitude,town", "YO18,54.25,-0.76,Pickering")
    units = csv_of(tmp_path, "pcds,lat,long", "YO18 7JX,54.9,-0.1", "YO19 5AA,54,-1",
                   "YO19 5AB,54.2,-1.2", name="units.csv")  # fmt: skip
    bare = csv_of(tmp_path, "outcode,lat,long", "YO18,54.26,-0.77", name="bare.csv")
    done = command(database, tmp_path, "import", codes, units, bare)
    assert done.exit_code == 0, done.output
    assert "1 outward codes added, each in the middle of its postcodes" in done.output
    found, added = resolve("Pickering"), resolve("YO19")
    assert found is not None
    assert found.point == queries.Point(54.26, -0.77)
    assert added is not None
    assert added.point.latitude == pytest.approx(54.1)


def test_a_file_read_to_its_end_is_not_read_again_unless_it_must_be(
    database: Database, tmp_path: Path
) -> None:
    path = csv_of(tmp_path, "pcds,lat,long", "YO18 7JX,54.2,-0.7")
    for told in ("1 rows: 1 taken", "already read, nothing changed"):
        assert told in command(database, tmp_path, "import", path).output
    assert "1 rows: 1 taken" in command(database, tmp_path, "import", path, "--restart").output
    status = command(database, tmp_path, "status").output
    assert "places.csv: read to its end, 1 rows: 1 taken" in status
    moved = csv_of(tmp_path, "pcds,lat,long", "YO18 7JX,54.3,-0.7", name="later.csv")
    command(database, tmp_path, "import", moved)
    found = resolve("YO18 7JX")
    assert found is not None
    assert found.point.latitude == 54.3


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_table_inside_a_zip_is_read_as_it_is(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_2026.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Documents/names.csv", "a,b\n")
        archive.writestr("Data/ONSPD_2026_UK.csv", "pcds,lat,long\nYO18 7JX,54.2,-0.7\n")
    done = command(database, tmp_path, "import", str(path))
    assert "ONSPD_2026_UK.csv: 1 rows: 1 taken" in done.output, done.output


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "its first line must name the columns"),
        (b"\x00" * 500_000, "its first line must name the columns"),
        (b"name,age\nx,1\n", "must name a column for the code"),
        (b"PK\x03\x04 not a zip\n\n", "must name a column for the code"),
        (None, "No such file or directory"),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_is_no_list_of_places_says_so(
    database: Database, tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    done = command(database, tmp_path, "import", str(path))
    assert done.exit_code == 1
    assert f"file.csv: {why}" in done.output or why in done.output


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_line_without_an_end_does_not_fill_the_memory(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"pcds,lat,long\nYO18 7JX,54.2,-0.7\n")
        for _block in range(3):
            file.write(b"x" * gazetteer.BLOCK)
        file.write(b"\nYO18 7JY,54.2,-0.7\n")
    done = command(database, tmp_path, "import", str(path))
    assert "3 rows: 2 taken, 0 terminated, 0 without a place, 1 refused" in done.output
    assert reported(tmp_path) == [(3, "it is too long to be a row")]


@pytest.mark.prove
def test_the_whole_postcode_directory_is_read_in_minutes_although_it_is_killed(
    database: Database, engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ONSPD_made_up_UK.csv"
    made = onspd.write(path, ROWS, seed=7)
    read = [sys.executable, "-m", "referral", "gazetteer", "import", str(path)]
    surroundings = os.environ | environment(database, tmp_path)
    began = time.monotonic()
    process = subprocess.Popen(
        read, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and (position() < path.stat().st_size * 0.1):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    stopped = position()
    assert 0 < stopped < path.stat().st_size, "it was killed on the way"
    done = subprocess.run(read, env=surroundings, capture_output=True, text=True, check=True)
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(
            f"\n{engine}: {made.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, killed at"
            f" {stopped / path.stat().st_size:.0%}: {seconds / 60:.2f} minutes,"
            f" {made.rows / seconds:,.0f} rows a second"
        )
    path.unlink()
    assert re.search(r"goes on at \d+%", done.stderr)
    assert (
        f"{made.rows:,} rows: {made.taken:,} taken, {made.terminated:,} terminated,"
        f" {made.pseudo:,} without a place, {made.refused:,} refused"
    ) in done.stdout
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(UnitPostcode)) == made.live
        counts = session().scalars(select(GazetteerLoad)).one()
    assert (counts.lines, counts.taken, counts.refused) == (made.rows, made.taken, made.refused)
    assert len(set(reported(tmp_path))) == made.refused
    assert seconds < 240


def position() -> int:
    """How far the file has been read, in bytes."""
    with reading(SYSTEM):
        return session().scalar(select(GazetteerLoad.position)) or 0


@pytest.mark.standards
def test_the_published_centroids_are_read_and_reading_them_again_changes_nothing(
    database: Database, tmp_path: Path, standards: Path
) -> None:
    first = command(database, tmp_path, "import", str(standards / CENTROIDS))
    # W1M was given up in 2000 and is no code by today's rule.
    assert "2,856 rows: 2,855 taken, 0 terminated, 0 without a place, 1 refused" in first.output
    before = rows()
    again = command(database, tmp_path, "import", str(standards / CENTROIDS))
    assert "already read, nothing changed" in again.output
    command(database, tmp_path, "import", str(standards / CENTROIDS), "--restart")
    assert rows() == before
    for text, label in (
        ("YO18", "YO18"),
        ("Pickering", "Pickering, North Yorkshire"),
        ("York", "York"),
        ("London", "City of London"),
        ("Edinburgh", "City of Edinburgh"),
        ("Newport, Isle of Wight", "Newport, Isle of Wight"),
        ("st albans", "St Albans, Hertfordshire"),
        ("Leeds", "Leeds"),
    ):
        found = resolve(text)
        assert found is not None
        assert found.label == label


def rows() -> list[tuple[object, ...]]:
    with reading(SYSTEM):
        found = session().execute(select(OutwardCode).order_by(OutwardCode.code)).scalars()
        return [(row.code, row.latitude, row.longitude, row.town, row.region) for row in found]
