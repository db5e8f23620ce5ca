"""Answers from a file: row by row, twice changes nothing, and nothing hostile comes in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from referral.cli import boot, main, measures
from referral.core import clock, encryption
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.encryption import Keyring
from referral.core.errors import Forbidden, Invalid
from referral.outcomes import queries, services
from referral.outcomes.models import Assessment
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors
from tests.support import surroundings

HEAD = "reference,measure,edition,moment,answered_on,satisfaction,worthwhile,happy,anxious"


@pytest.fixture
def two(world: World) -> list[tuple[UUID, str]]:
    """Two referrals a group said yes to, with what they are called."""
    found = []
    with transaction(world.practice_staff):
        for n in (7, 8):
            made = factories.referral(world, "accepted", n)
            found.append((made.id, made.reference))
    with transaction(SYSTEM):
        for id_, _reference in found:
            session().get_one(Referral, id_).sent_at = clock.now() - timedelta(days=40)
    return found


def lines(report: services.Report) -> list[tuple[int, str, str]]:
    return [(line.line, line.what, line.why) for line in report.lines]


def bring(world: World, raw: bytes, dry: bool = False) -> services.Report:
    with transaction(world.provider_worker):
        rows, encoding = services.read_measures(world.provider_worker, raw)
        return services.bring_measures(world.provider_worker, rows, dry=dry, encoding=encoding)


def test_each_row_is_taken_or_refused_alone_and_twice_changes_nothing(
    world: World, two: list[tuple[UUID, str]]
) -> None:
    (id_, one), (_other, second) = two
    today = clock.today()
    start, end = (today - timedelta(days=n) for n in (30, 3))
    text = "\n".join(
        [
            HEAD,
            f"{one},ons4,1,baseline,{start},3,4,5,not said",
            f"{one.lower().replace('-', ' ')},ONS4,1,At the end,{end:%d/%m/%Y},7,8,,don't know",
            f"{one},ons4,1,baseline,{start},3,4,5,not said",
            f"{one},ons4,1,baseline,{start},9,4,5,not said",
            f"{second},ons4,1,baseline,{start},11,4,5,1",
            f"{second},ons4,2,baseline,{start},1,4,5,1",
            f"{second},ucla3,1,baseline,{start},1,,,",
            f"JU-2222-222,ons4,1,baseline,{start},1,4,5,1",
            f'"=HYPERLINK(""x"")",ons4,1,baseline,{start},1,4,5,1',
            f"{second},ons4,1,baseline,{start},=1+1,4,5,1",
            f"{second},ons4,1,baseline,1999-01-01,1,4,5,1",
            f"{second},ons4,1,never,{start},1,4,5,1",
            f"{second},ons4,1,baseline,{start},1,4",
            f"{second},ons4,1,baseline,{start},,,,",
        ]
    ).encode()
    wanted = [
        (2, "kept", ""),
        (3, "kept", ""),
        (4, "unchanged", ""),
        (5, "refused", "answers: differ from those that came before: strike those out first"),
        (6, "refused", "satisfaction: must be from 0 to 10"),
        (7, "refused", "edition: is not the one asked now, which is 1"),
        (8, "refused", "satisfaction: is not a question of this measure"),
        (9, "refused", "reference: is none that you can see"),
        (10, "refused", "reference: is not one such as JU-4K7Q-9WX"),
        (11, "refused", "satisfaction: must be a whole number, “not said” or “don’t know”"),
        (12, "refused", "answered_on: is before the referral"),
        (13, "refused", "moment: must be one of baseline, review, end"),
        (14, "refused", "has 7 cells where the first row has 9"),
        (15, "refused", "satisfaction: Answer at least one of the questions"),
    ]
    tried = bring(world, text, dry=True)
    assert [
        (a, b, c[: len(w)]) for (a, b, c), (_a, _b, w) in zip(lines(tried), wanted, strict=True)
    ] == wanted
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Assessment)) == 0
    assert lines(bring(world, text)) == lines(tried)
    again = bring(world, b"\xef\xbb\xbf" + text.replace(b",", b";"))
    assert [line.what for line in again.lines[:3]] == ["unchanged"] * 3
    with transaction(world.provider_worker):
        shown = queries.sheet(world.provider_worker, id_)
        said = [one.said() for one in shown.changed]
        assert len(shown.answered) == 2
        assert {row.entered for row in shown.answered} == {"file"}
        first = shown.answered[-1]
        services.strike(world.provider_worker, first.id, first.version, "typed_wrong")
    assert said == [
        "Life satisfaction 3 → 7 (better)",
        "Worthwhile 4 → 8 (better)",
    ]
    mended = bring(world, text)
    assert lines(mended)[0] == (2, "unchanged", "was struck out here")
    assert lines(mended)[3] == (5, "kept", "")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_no_such_file_is_refused_whole(world: World) -> None:
    row = "JU-4K7Q-9WX,ons4,1,baseline,2026-01-01,1,1,1,1"
    for raw, why in (
        (b"  \n", "is empty"),
        (b"PK\x03\x04zip", "is a spreadsheet or a zip file"),
        (f"{HEAD}\n\x00".encode(), "is not text"),
        (f"{HEAD},surname\n{row},x".encode(), "has a column we do not know: surname"),
        (b"reference,measure\nx,y", "has no column edition, moment, answered_on"),
        (f"{HEAD},happy\n{row},1".encode(), "has the column happy twice"),
        (f'{HEAD}\n"{row}'.encode(), "has a quotation mark out of place near line 2"),
    ):
        with transaction(world.provider_worker), pytest.raises(Invalid) as error:
            services.read_measures(world.provider_worker, raw)
        assert error.value.errors["file"][0].startswith(why), raw
    for raw, encoding in (
        (f"{HEAD}\n{row}".encode("utf-16"), "UTF-16"),
        (f"{HEAD}\n{row}\nMr\xe9".encode("cp1252"), "Windows-1252"),
    ):
        with transaction(world.provider_worker):
            assert services.read_measures(world.provider_worker, raw)[1] == encoding
    for nobody in (world.practice_staff, world.commissioner):
        with transaction(nobody), pytest.raises(Forbidden):
            services.read_measures(nobody, f"{HEAD}\n{row}".encode())


def test_the_page_and_the_program_take_the_same(
    world: World, doors: Doors, two: list[tuple[UUID, str]]
) -> None:
    (id_, one), (other, second) = two
    day = clock.today().isoformat()
    text = f"{HEAD}\n{one},ons4,1,baseline,{day},3,4,5,6\n{second},ons4,1,baseline,{day},3,4,5,66\n"
    page = doors.by(world.provider_worker)

    def post(do: str, raw: bytes = text.encode()) -> str:
        sent = {"file": (BytesIO(raw), "answers.csv"), "do": do}
        return page.post("/measures/bring", data=sent, content_type="multipart/form-data").text

    tried = post("try")
    assert "Tried, nothing kept: 1 would be written down" in tried
    assert "0 are here already, 1 would not be taken" in tried
    shown = post("bring")
    assert "Done: 1 written down, 0 here already, 1 not taken" in shown
    assert "anxious: must be from 0 to 10" in shown
    assert "The file is empty" in post("bring", b"   ")
    assert "has more than 500 rows" in post("try", (HEAD + "\n" + "x,y,1,a,b,,,,\n" * 501).encode())

    program = doors.by(world.provider_worker, "api_client")
    row = {
        "measure": "ons4",
        "edition": "1",
        "moment": "end",
        "answered_on": day,
        "answers": {"satisfaction": 7, "anxious": "not_said"},
    }
    address = f"/api/v1/referrals/{id_}/measures"
    made = program.post(address, json=row)
    assert (made.status_code, made.json["score"], made.json["answers"]) == (
        201,
        None,
        row["answers"],
    )
    bad = program.post(address, json=row | {"answers": {"satisfaction": 7, "left_out": 1}})
    assert bad.json["errors"] == {"answers.left_out": ["is not a question of this measure"]}
    found = program.get(address).json
    assert [line["said"] for line in found["changed"]] == ["Life satisfaction 3 → 7 (better)"]
    assert found["offered"] == ["ons4", "ucla3", "ons_direct_loneliness", "after"]
    rows = [row | {"reference": second}, {"reference": second}, 7, row | {"reference": second}]
    report = program.post("/api/v1/measures/import", json={"rows": rows}).json
    assert [line["what"] for line in report["lines"]] == ["kept", "refused", "refused", "unchanged"]
    assert "measure: is required" in report["lines"][1]["why"]
    asked = {one["key"]: one for one in program.get("/api/v1/measures").json["items"]}
    assert asked["ons4"]["items"][3]["better"] == "lower"
    assert "swemwbs" not in asked
    strike = f"/api/v1/measures/{made.json['id']}/strike"
    assert program.post(strike, json={"reason": "twice"}).status_code == 428
    struck = program.post(strike, json={"reason": "twice"}, headers={"If-Match": '"1"'})
    assert (struck.json["struck"], struck.json["answers"]) == (True, {})
    for stranger in (world.practice_staff, world.commissioner):
        refused = doors.by(stranger, "api_client").get(address)
        assert refused.status_code in (403, 404)
    with reading(SYSTEM):
        kept = session().scalars(select(Assessment).where(Assessment.referral_id == other))
        assert [row.entered for row in kept] == ["file"]


@pytest.mark.prove
def test_the_command_prints_each_row_as_it_is_done(
    database: Database,
    keyring: Keyring,
    engine_url: str,
    world: World,
    two: list[tuple[UUID, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = surroundings.full_size()
    monkeypatch.setattr(measures, "TOGETHER", 200 if full else 7)
    (tmp_path / boot.DEMO_MARK).touch()
    monkeypatch.setenv("REFERRAL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REFERRAL_DATABASE_URL", engine_url)
    monkeypatch.setenv("REFERRAL_KEY_FILE", str(tmp_path / "keyring.json"))
    file = tmp_path / "answers.csv"
    days = [(clock.today() - timedelta(days=n)).isoformat() for n in range(10)]
    reference = two[0][1]
    wanted = 1_500 if full else 25
    rows = [f"{reference},ons4,1,review,{days[n % 10]},3,4,5,6" for n in range(wanted)]
    file.write_text("\n".join([HEAD, *rows, f"{reference},ons4,1,baseline,{days[0]},3,4,5,66"]))

    def run(*more: str) -> tuple[int, str]:
        asked = ["measures", "import", str(file), "--organisation", str(world.provider_id)]
        done = CliRunner().invoke(main, [*asked, *more])
        core_database.use(database)
        encryption.use(keyring)
        return done.exit_code, done.output

    code, told = run("--dry-run")
    assert (code, "Nothing was kept." in told) == (1, True)
    code, told = run()
    assert f"kept 10, unchanged {wanted - 10}, refused 1" in told
    assert f"{wanted + 2}\trefused\t{reference} anxious: must be from 0 to 10" in told
    assert f"kept 0, unchanged {wanted}, refused 1" in run()[1]
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Assessment)) == 10
