"""The page of who answers for a group without an account, and the same for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.queries import Who
from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.outbox import channels
from referral.outbox.models import OutboxMessage
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact
from tests.integration.directory.conftest import Doors, send
from tests.performance.counting import counting
from tests.support.audit import events

PIN = re.compile(r'class="app-pin">(\d{3} \d{3})<')


@pytest.fixture(autouse=True)
def _texts() -> Iterator[None]:
    """A gateway for texts is set."""
    channels.configure(Settings.from_environ({"REFERRAL_SMS_URL": "https://sms.example"}))
    yield
    channels.configure(Settings.from_environ({}))


def contacts(world: World) -> list[Who]:
    with reading(SYSTEM):
        return accounts.contacts_of(SYSTEM, world.provider_id)


def test_a_manager_says_who_answers_and_sees_a_pin_once(world: World, doors: Doors) -> None:
    manager = doors.by(world.provider_manager)
    page = f"/organisations/{world.provider_id}/answering"
    assert "Nobody yet" in manager.get(page).text
    service = str(world.service_id)
    jean: dict[str, Any] = {"name": "Jean <b>", "email": "jean@example.org", "service_ids": service}
    wrong = send(manager, f"{page}/contacts/new", {"name": "", "mobile": "123"})
    assert wrong.status_code == 422
    assert "Name is required" in wrong.text
    assert "Mobile must be a UK mobile number, such as 07700 900123" in wrong.text
    first = send(manager, f"{page}/contacts/new", jean)
    assert first.status_code == 200
    assert PIN.search(first.text)
    [kept] = contacts(world)
    with counting() as counted:
        shown = manager.get(page).text
    assert counted.business <= 5, counted.report()
    assert "Jean &lt;b&gt;" in shown
    assert not PIN.search(shown)
    own = f"{page}/contacts/{kept.id}"
    again = send(manager, f"{own}/pin", {"version": kept.version})
    assert PIN.search(again.text)
    assert PIN.findall(again.text) != PIN.findall(first.text)
    assert send(manager, f"{own}/pin", {"version": kept.version}).status_code == 409
    [kept] = contacts(world)
    changed = jean | {"mobile": "07700 900123", "version": kept.version}
    assert send(manager, own, changed).status_code == 303
    assert "Link by email, code by text" in manager.get(page).text
    assert send(manager, f"{own}/link", {}).status_code == 303
    with reading(SYSTEM):
        told = session().query(OutboxMessage).filter_by(kind="link_to_try").one()
        assert (told.to, told.forget_to) == ("jean@example.org", True)
        assert "Jean" not in told.body
    assert send(manager, f"{own}/remove", {"version": 1}).status_code == 409
    [kept] = contacts(world)
    assert send(manager, f"{own}/remove", {"version": kept.version}).status_code == 303
    assert contacts(world) == []
    assert events("answer_contact:removed") == 1


def test_a_group_chooses_how_it_is_asked(world: World, doors: Doors) -> None:
    manager, worker = doors.by(world.provider_manager), doors.by(world.link_worker)
    page = f"/organisations/{world.provider_id}/answering"
    assert "Answering referrals" in worker.get(page).text
    entry = worker.get(f"/directory/organisations/{world.provider_id}").text
    assert page in entry
    with reading(SYSTEM):
        version = accounts.organisation(SYSTEM, world.provider_id).version
    said = {"answers_by": "link", "paper": "yes", "version": version}
    none = send(manager, page, said)
    assert none.status_code == 422
    assert "Opening days is required" in none.text
    assert send(manager, page, said | {"open_weekdays": ["1", "4"]}).status_code == 303
    with reading(SYSTEM):
        found = accounts.organisation(SYSTEM, world.provider_id)
        assert (found.paper, found.open_weekdays) == (True, "14")
    assert send(manager, page, said | {"open_weekdays": ["1"]}).status_code == 409
    for who in (world.practice_staff, world.provider_worker, world.commissioner):
        assert doors.by(who).get(page).status_code == 403
    assert doors.by(world.link_worker).get(f"/organisations/{uuid4()}/answering").status_code == 404


def test_programs_keep_contacts_too(world: World, doors: Doors) -> None:
    manager = doors.by(world.provider_manager, "api_client")
    base = f"/api/v1/organisations/{world.provider_id}"
    about = manager.get(f"{base}/answering")
    assert about.json["open_weekdays"] == ["0", "1", "2", "3", "4"]
    body = {"answers_by": "link", "paper": True, "open_weekdays": ["2"]}
    match = {"If-Match": about.headers["ETag"]}
    assert manager.put(f"{base}/answering", json=body).status_code == 428
    chosen = manager.put(f"{base}/answering", json=body, headers=match)
    assert (chosen.status_code, chosen.json["paper"]) == (200, True)
    assert manager.put(f"{base}/answering", json=body, headers=match).status_code == 409
    jean = {"name": "Jean", "mobile": "07700 900123", "service_ids": [str(world.service_id)]}
    refused = manager.post(f"{base}/answer-contacts", json=jean)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"pin"})
    made = manager.post(f"{base}/answer-contacts", json=jean | {"pin": "new"})
    assert (made.status_code, made.json["mobile"]) == (201, "+447700900123")
    own = f"{base}/answer-contacts/{made.json['id']}"
    pin = manager.post(f"{own}/pin", headers={"If-Match": made.headers["ETag"]})
    assert re.fullmatch(r"\d{6}", pin.json["pin"])
    assert manager.post(f"{own}/link").status_code == 204
    both = jean | {"email": "jean@example.org", "name": "Jean Q"}
    edited = manager.put(own, json=both, headers={"If-Match": pin.headers["ETag"]})
    assert (edited.json["link_by"], edited.json["code_by"]) == ("email", "text")
    assert [one["name"] for one in manager.get(f"{base}/answer-contacts").json["items"]] == [
        "Jean Q"
    ]
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    stranger = doors.by(other.provider_manager, "api_client")
    assert stranger.delete(own, headers={"If-Match": '"1"'}).status_code == 403
    assert manager.delete(own, headers={"If-Match": edited.headers["ETag"]}).status_code == 204
    assert manager.get(f"{base}/answer-contacts").json["items"] == []


def test_a_contact_of_another_group_is_not_found_under_this_one(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    theirs = contact(other).id
    worker = doors.by(world.link_worker)
    page = f"/organisations/{world.provider_id}/answering/contacts/{theirs}"
    assert worker.get(page).status_code == 404
    for verb in ("pin", "link", "remove"):
        assert send(worker, f"{page}/{verb}", {"version": 1}).status_code == 404
    said = {"name": "X", "email": "x@example.org", "service_ids": str(world.service_id)}
    assert send(worker, page, said).status_code == 404
    assert [one.name for one in contacts(other)] == ["Jean"]


def test_a_group_hears_of_contacts_that_somebody_else_writes_down(
    world: World, doors: Doors
) -> None:
    jean = {"name": "Jean", "email": "jean@example.org", "mobile": "07700 900123"}
    jean["service_ids"] = str(world.service_id)
    page = f"/organisations/{world.provider_id}/answering/contacts/new"

    def told() -> list[tuple[str, str]]:
        with reading(SYSTEM):
            chosen = OutboxMessage.kind == "contact_set_up"
            rows = session().scalars(select(OutboxMessage).where(chosen).order_by(OutboxMessage.id))
            return [(row.reader, row.to) for row in rows]

    assert send(doors.by(world.provider_manager), page, jean).status_code in (200, 303)
    assert told() == []
    other = jean | {"name": "Mallory", "email": "mallory@example.org", "mobile": "07700 900124"}
    assert send(doors.by(world.link_worker), page, other).status_code in (200, 303)
    box, contact = told()
    assert box[0] == "organisation"
    assert contact == ("contact", "jean@example.org")
