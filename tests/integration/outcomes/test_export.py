"""An organisation takes out its own people and results: only what it may, and nothing that runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select, update

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, NotFound
from referral.outcomes import own_data, queries, services
from referral.outcomes.models import Funding
from referral.outcomes.schemas.exporting import Paid
from referral.people.models import PersonKey
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.factories.finished import like
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting
from tests.support import api

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NASTY = ("=1+1", "+44 141 496 0000", "-2", "@SUM(A1)", "\t=1", "Zoë “Ó” 李")
EVERY = "&".join(f"columns={key}" for key in own_data.COLUMNS)


def person(n: int, given: str) -> dict[str, object]:
    named = {"given_name": given, "family_name": "Canary"}
    return api.person(n, phone="+44 141 496 0000", **named)


@pytest.fixture
def people(world: World) -> list[UUID]:
    """One for each thing a spreadsheet might run, finished today."""
    with transaction(world.practice_staff):
        return [
            factories.referral(world, "completed", 8400 + n, person=person(8400 + n, given)).id
            for n, given in enumerate(NASTY)
        ]


def months() -> str:
    this = f"{clock.today():%Y-%m}"
    return f"first={this}&last={this}"


def as_csv(doors: Doors, actor: Actor, query: str) -> list[list[str]]:
    answer = doors.by(actor).get(f"/our-data/people.csv?{months()}&{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert "Canary" not in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def as_xlsx(doors: Doors, actor: Actor, query: str) -> list[list[str]]:
    answer = doors.by(actor).get(f"/our-data/people.xlsx?{months()}&{query}")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(f".//{SHEET}f")
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def test_own_people_come_out_whole_without_anything_that_runs(
    doors: Doors, world: World, people: list[UUID]
) -> None:
    manager = world.provider_manager
    with transaction(SYSTEM):
        stopped = {"consent_withdrawn_at": clock.now()}
        session().execute(update(Referral).where(Referral.id == people[2]).values(**stopped))
    with transaction(world.practice_staff):
        factories.referral(world, "declined", 8450, person=person(8450, "Declined"))
        factories.referral(world, "sent", 8451, person=person(8451, "Asked"))
    head, *rows = as_csv(doors, manager, f"way=identified&{EVERY}")
    assert len(head) == len(own_data.COLUMNS)
    assert not {"Health number", "NHS number"} & set(head)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for cell in cells if "999" in cell.replace(" ", "")], "no health number"
    names = {row[head.index("Name")] for row in rows}
    assert "Zoë “Ó” 李 Canary" in names
    assert not [name for name in names if "Declined" in name or "Asked" in name or "-2" in name]
    assert len(rows) == len(NASTY), "not who stopped, not who was declined; the one sent unnamed"
    assert {row[head.index("Phone")] for row in rows} == {"0141 496 0000", ""}
    assert {row[head.index("Outcome")] for row in rows} == {"Got what they needed", ""}
    both = as_xlsx(doors, manager, f"way=identified&{EVERY}")
    assert both[0] == head
    assert {row[head.index("Name")] for row in rows if row[head.index("Name")]} <= {
        cell for row in both for cell in row
    }
    with reading(SYSTEM):
        event, found = (
            session()
            .execute(
                select(AuditEvent.event, func.count())
                .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
                .where(AuditEvent.actor_id == manager.id)
                .group_by(AuditEvent.id, AuditEvent.event)
                .order_by(AuditEvent.id.desc())
            )
            .first()
        ) or ("", 0)
    assert (event, found) == ("own_data:listed", len(rows))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_else_takes_it_out_and_mistakes_are_said_on_the_page(
    doors: Doors, world: World, people: list[UUID]
) -> None:
    path = f"/our-data/people.csv?{months()}&way=identified"
    for actor in (world.provider_worker, world.practice_manager, world.commissioner):
        assert doors.by(actor).get(path).status_code == 403
    assert len(as_csv(doors, world.link_worker_lead, "way=identified")) == 1, "none of another's"
    day, lead = clock.today(), world.link_worker_lead
    with reading(lead), pytest.raises(NotFound):
        queries.rows(lead, world.provider_id, ["name"], own_data.IDENTIFIED, day, day)
    with reading(world.provider_worker), pytest.raises(Forbidden):
        queries.rows(
            world.provider_worker, world.provider_id, ["name"], own_data.IDENTIFIED, day, day
        )
    manager = doors.by(world.provider_manager)
    assert manager.get(f"{path}&columns=health_number").status_code == 422
    for wrong in ("first=2026-13&last=2026-01", "first=2026-02&last=2026-01", "first=&last=",
                  "first=2020-01&last=2026-01", "first=9999-12&last=9999-12",
                  "first=0001-01&last=0001-12"):  # fmt: skip
        answer = manager.get(f"/our-data/people.csv?way=identified&{wrong}")
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.text
    assert manager.get(f"/our-data/people.pdf?{months()}&way=identified").status_code == 404


def test_a_funders_form_has_no_small_number_and_no_name(
    doors: Doors, world: World, people: list[UUID]
) -> None:
    with transaction(SYSTEM):
        like(people[0], 6, area="G51")
        like(people[0], 3, area="G52", outcome="not_met")
    text = "way=suppressed&groups=area&groups=month"
    head, everybody, *rows = as_csv(doors, world.provider_manager, text)
    assert head[:2] == ["By", "Group"]
    assert everybody[:2] == ["Everybody", ""]
    assert everybody[3] == str(len(NASTY) + 9), "who stopped is counted, for nobody knows them"
    districts = {row[1]: row for row in rows if row[0] == "District"}
    assert set(districts) == {"G51", "ZZ99", "Others"}
    numbers = [cell for row in (everybody, *rows) for cell in row[2:] if cell]
    assert not [cell for cell in numbers if 0 < int(cell) < 5]
    assert everybody[4] == "", "of 15, three did not get it: 12 would tell"
    assert not [cell for row in rows for cell in row if "Canary" in cell]
    assert as_xlsx(doors, world.provider_manager, text)[0] == head


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_longer_file_costs_no_more_statements(
    doors: Doors, world: World, people: list[UUID], database: Database
) -> None:
    with transaction(SYSTEM):
        key = session().get_one(PersonKey, session().get_one(Referral, people[0]).person_id)
        assert key.wrapped
    client, path = doors.by(world.provider_manager), f"/our-data/people.csv?{months()}"
    with counting(database) as few:
        client.get(f"{path}&way=identified&{EVERY}")
    with transaction(SYSTEM):
        like(people[0], 60, accepted_at=None)
    with counting(database) as many:
        client.get(f"{path}&way=identified&{EVERY}")
    assert few.business == many.business
    with counting(database) as counted:
        client.get(f"{path}&way=suppressed")
    assert counted.business <= 5, counted.report()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_people_who_started_stand_beside_the_places_somebody_pays_for(
    doors: Doors, world: World, people: list[UUID]
) -> None:
    manager, own = world.provider_manager, world.provider_id
    client = doors.by(manager)
    year = {"first-day": "1", "first-month": "1", "first-year": "2020"}
    year |= {"last-day": "31", "last-month": "12", "last-year": "2039"}
    paid = {"funder": "Eldermuir Council", "people": "4", **year}
    assert client.post("/our-data/funding", data=paid).status_code == 303
    assert client.post("/our-data/funding", data=paid | {"people": "-1"}).status_code == 422
    wrong = paid | {"last-year": "2019"}
    assert "must not be before the first day" in client.post("/our-data/funding", data=wrong).text
    with clock.at(clock.now() + timedelta(days=31)):
        with reading(manager):
            found = queries.unfunded(manager, own)
        assert (found.whole.started, found.whole.paid_for, found.whole.unpaid) == (6, 4, 2)
        assert "2 people started whom nobody pays for" in client.get("/our-data/funding").text
    with reading(SYSTEM):
        row = session().scalars(select(Funding)).one()
    where = f"/our-data/funding/{row.id}"
    assert client.post(where, data=paid | {"people": "9", "version": "1"}).status_code == 303
    stale = client.post(where, data=paid | {"people": "1", "version": "1"})
    assert stale.status_code == 409
    assert "9 a year" in stale.text
    elsewhere = Paid().read(
        {"funder": "x", "people": 1, "first": "2026-01-01", "last": "2026-12-31"}
    )
    for actor, refused in ((world.link_worker_lead, NotFound), (world.provider_worker, Forbidden)):
        with pytest.raises(refused), transaction(actor):
            services.change_funding(actor, row.id, elsewhere | {"version": 2})
    assert client.post(where, data=paid | {"remove": "yes", "version": "2"}).status_code == 303
    assert "Eldermuir Council" not in client.get("/our-data/funding").text
