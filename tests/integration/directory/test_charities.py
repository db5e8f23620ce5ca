"""The real registers: 4,203 charities, and the nearest of those that work with dementia first.

The list below was computed from the two published files alone: every charity whose record says
"dementia" anywhere, by the great-circle distance between the middle of its outward code and YO18's.
`test_the_list_is_what_the_registers_say` computes it again.
"""

from __future__ import annotations

import csv
import re
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from referral.cli import main
from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import queries, services
from referral.directory.models import Service
from referral.directory.search import Found

pytestmark = pytest.mark.standards
CHARITIES = "directory/uk-charities.csv"
CENTROIDS = "geodata/uk-outcode-centroids-gibbs-2017.csv"
# Register number, name as we write it, outward code, kilometres from the middle of YO18.
WITH_DEMENTIA = (
    ("GB-CHC-1072902", "Accessible Arts & Media", "YO26", 41.2),
    ("GB-CHC-1146358", "Hoot Creative Arts", "HD1", 95.4),
    ("GB-CHC-518113", "Marcus Garvey Day Centre", "NG8", 146.9),
    ("GB-CHC-1166411", "Keystone Palliative Support Centre", "ST7", 163.4),
    ("GB-CHC-1034510", "Age Concern Wirral", "CH41", 176.9),
    ("GB-CHC-1186115", "Dementia Sings Out", "NN16", 206.1),
    ("GB-CHC-1186424", "Henley in Arden and District Dementia Cafe", "B95", 229.5),
    ("GB-CHC-1182454", "Forget Me Not Musicians", "LU1", 266.1),
    ("GB-CHC-1187944", "Ipswich Dementia Action Alliance", "IP2", 276.9),
    ("GB-SC-SC048274", "B.A.D. Foundation", "G33", 281.1),
    ("GB-SC-SC026213", "Baillieston Community Care", "G31", 282.1),
    ("GB-CHC-261726", "Purley Park Trust Limited", "RG8", 307.0),
    ("GB-CHC-1157198", "My Life Films Limited", "TW10", 313.9),
    ("GB-CHC-1105923", "Link Age Southwark", "SE22", 315.3),
    ("GB-CHC-1062723", "Age UK Maidstone", "ME15", 345.3),
    ("GB-CHC-1173729", "The Forget Me Not Club (Crawley)", "RH11", 352.1),
    ("GB-SC-SC044976", "The Garioch Charities Shop", "AB51", 352.2),
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_is_what_the_registers_say(standards: Path) -> None:
    middles = {
        row["postcode"]: (radians(float(row["latitude"])), radians(float(row["longitude"])))
        for row in rows(standards / CENTROIDS)
    }
    up, along = middles["YO18"]
    found = []
    for row in rows(standards / CHARITIES):
        if "dementia" not in " ".join(row.values()).lower():
            continue
        outward = row["postcode"].split(" ")[0]
        there, away = middles[outward]
        half = sin((there - up) / 2) ** 2 + cos(up) * cos(there) * sin((away - along) / 2) ** 2
        km = 2 * 6371.0088 * asin(sqrt(half))
        found.append((km, row["org_id"], outward))
    assert [(number, outward, round(km, 1)) for km, number, outward in sorted(found)] == [
        (number, outward, km) for number, _name, outward, km in WITH_DEMENTIA
    ]


def command(database: Database, folder: Path, *arguments: str) -> str:
    environment = {
        "REFERRAL_DATA_DIR": str(folder / "data"),
        "REFERRAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "REFERRAL_KEY_FILE": str(folder / "keyring.json"),
    }
    done = CliRunner().invoke(main, arguments, env=environment)
    assert done.exit_code == 0, done.output
    core_database.use(database)
    return done.output


def test_dementia_near_yo18_gives_the_nearest_of_the_seventeen_first(
    database: Database, tmp_path: Path, standards: Path
) -> None:
    command(database, tmp_path, "gazetteer", "import", str(standards / CENTROIDS))
    told = command(
        database, tmp_path, "directory", "import", "charities", str(standards / CHARITIES)
    )
    # 99 rows say a charity again; five have no postcode that could be one.
    assert "4,203 charities of 4,203 rows" in told
    assert re.search(r"created +4,099\n", told)
    assert re.search(r"reported +104\n", told)
    for near in ("YO18", "Pickering", "yo18 7jx"):
        page = dementia(near)
        assert [
            (number, found.place, pytest.approx(found.distance_km, rel=0.001))
            for number, found in page
        ] == [(number, outward, km) for number, _name, outward, km in WITH_DEMENTIA], near
        assert [found.name for _number, found in page] == [name for _n, name, *_ in WITH_DEMENTIA]
    for _number, found in page:
        standing = found.standing(clock.today())
        assert not standing.accepts
        assert str(standing.reason) == "Does not take referrals here yet"
    with transaction(SYSTEM):
        services.list_service(SYSTEM, page[0][1].id, accepts=True)
    accepting = [found.standing(clock.today()).accepts for _number, found in dementia("YO18")]
    assert accepting == [True] + [False] * 16


def dementia(near: str) -> list[tuple[str, Found]]:
    """What somebody who is not signed in finds, each with its register number."""
    with reading(ANONYMOUS):
        page = queries.search(ANONYMOUS, text="dementia", near=near, limit=25, counted=True)
        ids = [found.id for found in page.items]
        rows = session().execute(select(Service.id, Service.external_id).where(Service.id.in_(ids)))
        numbers = {row.id: row.external_id for row in rows}
    assert page.total == 17
    assert (page.relaxed, page.corrected) == (False, "")
    return [(str(numbers[found.id]), found) for found in page.items]
