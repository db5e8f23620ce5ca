"""The pages and the API of notes, files, concerns, questions first, consent and studies."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.files import stores
from referral.files.folder import Folder
from referral.referrals import queries, services
from referral.referrals.models import Enquiry, Evaluation
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact, signed_in_contact
from tests.performance.counting import counting
from tests.support import documents

At = Callable[[Actor], FlaskClient]
Ask = Callable[..., Any]
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def at(site: Any, monkeypatch: pytest.MonkeyPatch) -> At:
    """A client that is at work as ``actor``; forms need no token here."""
    site.config["WTF_CSRF_METHODS"] = set[str]()

    def signed_in(actor: Actor) -> FlaskClient:
        monkeypatch.setattr(site, "load_actor", lambda _request: actor)
        client: FlaskClient = site.test_client()
        return client

    return signed_in


def started(world: World) -> UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, "started").id


def version(referral_id: UUID) -> str:
    with reading(SYSTEM):
        return str(queries.view(SYSTEM, referral_id)["version"])


@ONE_ENGINE
def test_a_note_with_a_file_is_written_read_and_struck_on_its_page(
    world: World, at: At, tmp_path: Path
) -> None:
    stores.use(Folder(tmp_path))
    sent = started(world)
    path = f"/referrals/{sent}/notes"
    page = at(world.provider_worker)
    assert "No notes yet." in page.get(path).text
    form = {"kind": "shared", "text": "", "files": (io.BytesIO(documents.pdf()), "letter.pdf")}
    refused = page.post(path, data=form)
    assert refused.status_code == 422
    assert "In your words is required" in refused.text
    assert "Choose the files again" in refused.text
    bad = {"kind": "shared", "text": "A letter", "files": (io.BytesIO(b"MZ"), "letter.pdf")}
    assert page.post(path, data=bad).status_code == 422
    good = {"kind": "shared", "text": "A letter", "files": (io.BytesIO(documents.pdf()), "l.pdf")}
    assert page.post(path, data=good).status_code == 303
    with reading(world.provider_worker):
        (note,) = queries.view(world.provider_worker, sent)["notes"]
    staff = at(world.practice_staff)
    assert "A letter" in staff.get(f"/referrals/{sent}").text
    got = f"/referrals/{sent}/files/{note['files'][0]['id']}"
    assert "was not scanned" in staff.get(got).text
    given = staff.post(got)
    assert given.headers["Content-Disposition"] == "attachment; filename=l.pdf"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert given.data == documents.pdf()
    page = at(world.provider_worker)
    assert page.get(f"{path}/{note['id']}").status_code == 200
    assert page.post(f"{path}/{note['id']}", data={"reason": "Wrong one"}).status_code == 303
    assert "Wrong one" in page.get(path).text


@ONE_ENGINE
def test_the_local_route_stands_before_the_words_and_the_concern_is_told(
    world: World, at: At
) -> None:
    lead, sent = at(world.link_worker_lead), started(world)
    route = {"adults": "Ring 01632 960 111", "children": "Ring 01632 960 222", "version": "1"}
    assert lead.post("/safeguarding", data=route).status_code == 303
    stale = lead.post("/safeguarding", data=route | {"adults": "Other"})
    assert stale.status_code == 409
    assert "Ring 01632 960 111" in stale.text
    page = at(world.provider_worker)
    shown = page.get(f"/referrals/{sent}/safeguarding").text
    link = 'Ring <a href="tel:01632960111">01632 960 111</a>'
    assert shown.index("999") < shown.index(link) < shown.index("<textarea")
    assert "960 222" not in shown
    assert page.post(f"/referrals/{sent}/safeguarding", data={"text": ""}).status_code == 422
    told = page.post(f"/referrals/{sent}/safeguarding", data={"text": "Bruises"})
    assert told.status_code == 303
    assert "Bruises" in at(world.practice_staff).get(f"/referrals/{sent}").text
    assert at(world.practice_manager).get("/safeguarding").status_code == 403
    own = f"/organisations/{world.practice_id}/clinician"
    manager = at(world.practice_manager)
    with reading(SYSTEM):
        known = str(world.practice_staff.id)
    naming = {"clinician": known, "words": "", "version": "1"}
    assert manager.post(own, data=naming).status_code == 303
    stranger = naming | {"clinician": str(world.link_worker.id), "version": "2"}
    assert manager.post(own, data=stranger).status_code == 422


@ONE_ENGINE
def test_a_question_is_asked_answered_by_telephone_and_referred(world: World, at: At) -> None:
    contact(world)
    staff = at(world.practice_staff)
    assert "No questions yet." in staff.get("/enquiries").text
    new = f"/enquiries/new?service={world.service_id}"
    assert staff.get(new).status_code == 200
    asked = {"service_id": str(world.service_id), "text": "Ring 01632 960001?"}
    refused = staff.post("/enquiries/new", data=asked)
    assert refused.status_code == 422
    assert "a telephone number" in refused.text
    asked |= {"text": "Would a shy woman fit?", "age_band": "70", "area": "G51"}
    made = staff.post("/enquiries/new", data=asked)
    assert made.status_code == 303
    here = made.headers["Location"]
    desk = at(world.link_worker)
    assert "Would a shy woman fit?" in desk.get("/enquiries").text
    answer = {"fits": "yes", "text": "We are all shy", "version": "1"}
    assert desk.post(here, data=answer).status_code == 422
    assert desk.post(here, data=answer | {"said_by": "Jo"}).status_code == 303
    assert desk.post(here, data=answer | {"said_by": "Jo"}).status_code == 409
    assert "We are all shy" in at(world.practice_staff).get(here).text
    staff = at(world.practice_staff)
    who = {
        "number": "000", "date_of_birth-day": "4", "date_of_birth-month": "3",
        "date_of_birth-year": "1952",
    }  # fmt: skip
    assert staff.post(f"{here}/convert", data=who).status_code == 422
    with transaction(world.practice_staff):
        factories.person(world.practice_staff, 77)
    number = factories.answers(None, 77)["person"]["health_number"]["value"]
    draft = staff.post(f"{here}/convert", data=who | {"number": number})
    assert draft.status_code == 303
    with reading(SYSTEM):
        row = session().scalars(select(Enquiry)).one()
        assert row.status == "converted"
    assert str(row.referral_id) in draft.headers["Location"]
    assert at(world.commissioner).get("/enquiries").status_code == 403


@ONE_ENGINE
def test_what_was_agreed_is_shown_taken_back_and_what_was_said_is_kept(
    world: World, at: At
) -> None:
    sent = started(world)
    desk = at(world.care_navigator)
    page = f"/referrals/{sent}/agreement"
    assert "The words that were said" in desk.get(page).text
    said = {"kind": "other", "how": "phone", "text": ""}
    assert desk.post(f"/referrals/{sent}/said", data=said).status_code == 422
    said["text"] = "She likes it there"
    assert desk.post(f"/referrals/{sent}/said", data=said).status_code == 303
    assert "She likes it there" in desk.get(page).text
    back = {"what": "refer", "how": "phone", "by": "self", "version": "1"}
    assert desk.post(f"{page}/take-back", data=back).status_code == 409
    back["version"] = version(sent)
    assert desk.post(f"{page}/take-back", data=back).status_code == 303
    assert "Sharing was stopped" in desk.get(page).text
    worker = at(world.provider_worker)
    assert "She likes it there" not in worker.get(page).text
    assert worker.get(f"/referrals/{sent}").status_code == 200
    assert worker.get(f"/referrals/{sent}/notes").status_code == 200


@ONE_ENGINE
def test_a_study_is_registered_and_ended(world: World, at: At) -> None:
    lead = at(world.privacy_lead)
    assert "None is registered." in lead.get("/evaluations").text
    first = {"asked_from-day": "1", "asked_from-month": "6", "asked_from-year": "2026"}
    study = {"name": "Company", "led_by": "University", "words": "May we count you?", **first}
    assert lead.post("/evaluations/new", data=study | {"name": ""}).status_code == 422
    assert lead.post("/evaluations/new", data=study).status_code == 303
    with reading(SYSTEM):
        made = session().scalars(select(Evaluation.id)).one()
    ends = {"asked_until-day": "1", "asked_until-month": "5", "asked_until-year": "2026"}
    one = f"/evaluations/{made}"
    assert lead.post(one, data=study | ends | {"version": "1"}).status_code == 422
    ends["asked_until-month"] = "7"
    assert lead.post(one, data=study | ends | {"version": "1"}).status_code == 303
    assert lead.post(one, data=study | ends | {"version": "1"}).status_code == 409
    assert at(world.link_worker_lead).get("/evaluations").status_code == 403


@ONE_ENGINE
def test_a_contact_fetches_the_file_of_a_shared_note(
    world: World, site: Any, tmp_path: Path
) -> None:
    stores.use(Folder(tmp_path))
    site.config["WTF_CSRF_METHODS"] = set[str]()
    sent = started(world)
    with transaction(world.practice_staff):
        staff = world.practice_staff
        services.write_note(staff, sent, "shared", "Map", [("map.pdf", documents.pdf())])
    phone: FlaskClient = site.test_client()
    jean = signed_in_contact(phone, world)
    with reading(jean):
        file = queries.view(jean, sent)["notes"][0]["files"][0]["id"]
    path = f"/answer/referrals/{sent}/files/{file}"
    assert "was not scanned" in phone.get(path).text
    assert phone.post(path).data == documents.pdf()
    assert site.test_client().get(path).status_code in (302, 401, 404)


@ONE_ENGINE
def test_programs_do_the_same(world: World, ask: Ask) -> None:
    contact(world)
    sent, worker, staff = started(world), world.provider_worker, world.practice_staff
    note = ask(worker, "POST", f"referrals/{sent}/notes", json={"kind": "shared", "text": "Hello"})
    assert (note.status_code, note.json["text"]) == (201, "Hello")
    path = f"referrals/{sent}/notes"
    assert [one["text"] for one in ask(staff, "GET", path).json["items"]] == ["Hello"]
    struck = ask(worker, "POST", f"{path}/{note.json['id']}/strike", json={"reason": "No"})
    assert struck.json["struck_why"] == "No"
    assert ask(staff, "GET", f"referrals/{sent}/consents").json["items"][0]["how"] == "program"
    said = {"kind": "in_touch", "how": "phone"}
    assert ask(staff, "POST", f"referrals/{sent}/said", json=said).status_code == 201
    question = {"service_id": str(world.service_id), "text": "Would it fit?"}
    made = ask(staff, "POST", "enquiries", json=question)
    assert made.status_code == 201
    one = f"enquiries/{made.json['id']}"
    answer = {"fits": "no"}
    assert ask(worker, "POST", f"{one}/answer", json=answer).status_code == 428
    assert ask(worker, "POST", f"{one}/answer", json=answer, match=1).json["fits"] == "no"
    assert ask(staff, "POST", f"{one}/close", match=2).json["status"] == "closed"
    assert ask(staff, "GET", "enquiries?waiting=yes").json["items"] == []
    seen = ask(staff, "GET", f"referrals/{sent}").json["version"]
    back = f"referrals/{sent}/consent-withdrawals"
    assert ask(staff, "POST", back, json={"what": "refer"}, match=seen + 5).status_code == 409
    stopped = ask(staff, "POST", back, json={"what": "refer"}, match=seen)
    assert (stopped.status_code, stopped.json["status"]) == (200, "withdrawn")
    assert ask(worker, "GET", f"referrals/{sent}").json["person"] == {}


@ONE_ENGINE
def test_others_are_ready_where_nobody_answered_and_pages_cost_little(
    world: World, ask: Ask, at: At, database: Database
) -> None:
    with transaction(SYSTEM):
        factories.service(world.provider_id, name="Lunch club")
    with transaction(world.practice_staff):
        gone = factories.referral(world, "returned_no_reply").id
    found = ask(world.link_worker, "GET", f"referrals/{gone}/alternatives").json["items"]
    assert [one["name"] for one in found] == ["Lunch club"]
    assert ask(world.provider_worker, "GET", f"referrals/{gone}/alternatives").json["items"] == []
    team = at(world.link_worker)
    assert "Lunch club" in team.get(f"/referrals/{gone}").text
    sent = started(world)
    with transaction(world.provider_worker):
        say(world.provider_worker, sent, "raise", kind="practical", text="Which door?")
    for path in (
        f"/referrals/{gone}/others",
        f"/referrals/{sent}/notes",
        f"/referrals/{sent}/agreement",
        f"/referrals/{sent}/safeguarding",
        "/enquiries",
    ):
        client = at(world.practice_staff)
        with counting(database) as counted:
            assert client.get(path).status_code == 200
        assert counted.business <= 5, (path, counted.statements["business"])
