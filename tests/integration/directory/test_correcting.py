"""Corrections and claims: anybody speaks, a person decides, nobody's address is shown."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.directory import queries, services
from referral.directory.models import Claim, Correction, EntryChange
from referral.outbox.models import OutboxMessage
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, send, version_of
from tests.performance.counting import counting

SAID = {"about": "contact", "text": "The number is wrong: Mrs Example told me"}
CLAIMED = {
    "name": "Ada Example",
    "email": "ada@riverside.example.org",
    "role": "Coordinator",
    "check": "Ring the office",
}


def fill(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Fill in the form of the page at ``path`` as a browser does."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token is not None
    return client.post(path, data=data | {"csrf_token": token[1]})


def messages(subject_id: UUID) -> list[OutboxMessage]:
    with reading(SYSTEM):
        chosen = select(OutboxMessage).where(OutboxMessage.subject_id == subject_id)
        return list(session().scalars(chosen.order_by(OutboxMessage.id)))


def corrections_of(actor: Any) -> list[queries.CorrectionShown]:
    with reading(actor):
        return queries.corrections(actor)


def test_somebody_without_an_account_writes_and_is_answered(world: World, doors: Doors) -> None:
    visitor = doors.site.test_client()
    path = f"/directory/services/{world.service_id}/correction"
    assert fill(visitor, path, about="contact", text="Wrong", email="nobody").status_code == 422
    sent = fill(visitor, path, **SAID, email="Ann@Example.org")
    assert sent.status_code == 303
    (found,) = corrections_of(world.link_worker)
    assert found.text == SAID["text"]
    assert str(found.sender) == "Somebody who was not signed in"
    keeper = doors.by(world.link_worker)
    shown = keeper.get(f"/directory/corrections/{found.id}").text
    assert "ann@example.org" not in shown.lower()
    answered = fill(
        keeper,
        f"/directory/corrections/{found.id}",
        outcome="mended",
        reply="It has the new number now.",
        version="1",
    )
    assert answered.status_code == 303
    (message,) = messages(world.service_id)
    assert message.to == "ann@example.org"
    assert "it has been mended" in message.body
    assert "It has the new number now." in message.body
    assert "Mrs Example" not in message.body
    with reading(SYSTEM):
        row = session().scalars(select(Correction)).one()
        assert row.reply_to_sealed is None
        assert b"Mrs Example" not in row.text_sealed
        changes = select(func.count()).select_from(EntryChange)
        assert session().scalar(changes.where(EntryChange.how == "edited")) == 0


def test_somebody_signed_in_is_answered_at_their_own_address(world: World, doors: Doors) -> None:
    gp = doors.by(world.practice_staff)
    page = gp.get(f"/directory/services/{world.service_id}/correction").text
    assert "The reply comes to your email address" in page
    assert 'name="email"' not in page
    fill(gp, f"/directory/services/{world.service_id}/correction", **SAID)
    (found,) = corrections_of(world.link_worker)
    assert found.sender == "Northgate Surgery"
    with transaction(world.link_worker):
        services.decide_correction(world.link_worker, found.id, 1, "left", "The number is right.")
    (message,) = messages(world.service_id)
    with reading(SYSTEM):
        assert world.practice_staff.id is not None
        assert message.to == accounts.email_of(world.practice_staff.id)
    assert "it stays as it is" in message.body


def test_a_provider_sees_what_is_said_of_its_own_entries_but_not_by_whom(
    world: World, doors: Doors
) -> None:
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    with transaction(world.practice_staff):
        services.suggest(world.practice_staff, world.service_id, **SAID)
    (found,) = corrections_of(world.provider_manager)
    assert str(found.sender) == "Somebody who works with the directory"
    assert not found.may_decide
    assert corrections_of(other.provider_manager) == []
    provider = doors.by(world.provider_manager)
    page = provider.get(f"/directory/corrections/{found.id}").text.partition("<main")[2]
    assert "Somebody who works with the directory" in page
    assert "Northgate" not in page
    with pytest.raises(Forbidden), transaction(world.provider_manager):
        services.decide_correction(world.provider_manager, found.id, 1, "left", "No")
    with pytest.raises(NotFound), transaction(other.provider_manager):
        services.decide_correction(other.provider_manager, found.id, 1, "left", "No")
    with pytest.raises(Forbidden):
        corrections_of(world.practice_staff)
    assert doors.by(world.practice_staff).get("/directory/corrections").status_code == 403


def test_a_correction_is_answered_once_and_without_personal_data(world: World) -> None:
    keeper = world.link_worker
    with transaction(ANONYMOUS):
        made = services.suggest(ANONYMOUS, world.service_id, **SAID)
    with pytest.raises(Invalid) as refused, transaction(keeper):
        services.decide_correction(keeper, made.id, 1, "mended", "Write to ann@example.org")
    assert "reply" in refused.value.errors
    with pytest.raises(StaleVersion), transaction(keeper):
        services.decide_correction(keeper, made.id, 9, "mended", "Done")
    with transaction(keeper):
        services.decide_correction(keeper, made.id, 1, "mended", "Done")
    with pytest.raises(Conflict), transaction(keeper):
        services.decide_correction(keeper, made.id, 2, "left", "Done")
    assert messages(world.service_id) == []


def test_another_locality_neither_sees_nor_answers(world: World) -> None:
    with transaction(SYSTEM):
        far = factories.world()
    with transaction(ANONYMOUS):
        made = services.suggest(ANONYMOUS, world.service_id, **SAID)
    assert corrections_of(far.link_worker) == []
    with pytest.raises(NotFound), reading(far.link_worker):
        queries.correction(far.link_worker, made.id)
    with pytest.raises(NotFound), transaction(far.practice_staff):
        services.suggest(far.practice_staff, world.service_id, **SAID)


def test_an_address_is_forgotten_after_ninety_days(world: World) -> None:
    with transaction(ANONYMOUS):
        services.suggest(ANONYMOUS, world.service_id, **SAID, reply_to="ann@example.org")
    for days, gone in ((89, 0), (91, 1)):
        with clock.at(clock.now() + timedelta(days=days)), transaction(SYSTEM):
            assert services.forget_old(SYSTEM) == gone
    (found,) = corrections_of(world.link_worker)
    assert not found.wants_reply


def test_a_program_that_fills_every_field_leaves_nothing(world: World, doors: Doors) -> None:
    visitor = doors.site.test_client()
    path = f"/directory/services/{world.service_id}/correction"
    assert fill(visitor, path, **SAID, website="https://spam.example").status_code == 303
    claim = f"/directory/organisations/{world.provider_id}/claim"
    assert fill(visitor, claim, **CLAIMED, website="x").status_code == 303
    assert corrections_of(world.link_worker) == []
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Claim)) == 0


def test_who_is_not_signed_in_is_slowed_down(world: World, doors: Doors) -> None:
    path = f"/directory/services/{world.service_id}/correction"
    visitor = doors.site.test_client()
    answers = [fill(visitor, path, **SAID).status_code for _n in range(21)]
    assert answers == [303] * 20 + [429]
    gp = doors.by(world.practice_staff)
    assert fill(gp, path, **SAID).status_code == 303


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "x"}, "What is wrong?"),
        ({"about": "colour", "text": "x"}, "must be one of"),
        ({"about": "other"}, "What should it say?"),
        ({"about": "other", "text": "x" * 4001}, "must be 4000 characters or fewer"),
        ({"about": "other", "text": "x", "colour": "red"}, "is not a field of this request"),
    ],
)
def test_a_wrong_correction_is_explained(
    world: World, doors: Doors, data: dict[str, str], words: str
) -> None:
    path = f"/directory/services/{world.service_id}/correction"
    answer = fill(doors.site.test_client(), path, **data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_claim_is_approved_by_a_person_and_invites_a_manager(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        place = factories.organisation("provider", "Harbour Trust", world.locality_id)
    visitor = doors.site.test_client()
    page = visitor.get(f"/directory/organisations/{place}/claim")
    assert "Somebody manages this entry already" not in page.text
    sent = fill(visitor, f"/directory/organisations/{place}/claim", **CLAIMED)
    assert sent.status_code == 303
    with transaction(ANONYMOUS):
        second = services.claim(ANONYMOUS, place, CLAIMED | {"name": "Bo Example"})
    lead = doors.by(world.link_worker_lead)
    with reading(world.link_worker_lead):
        first = queries.claims(world.link_worker_lead)[0]
    shown = lead.get(f"/directory/claims/{first.id}").text
    assert "Ada Example" in shown
    assert "Bo Example" in shown
    with reading(SYSTEM):
        assert accounts.users_with_roles(place) == []
    decided = fill(lead, f"/directory/claims/{first.id}", outcome="approved", version="1")
    assert decided.status_code == 303
    with reading(SYSTEM):
        (person,) = accounts.users_with_roles(place)
        assert (person.name, person.roles) == ("Ada Example", ("provider_manager",))
        assert [message.to for message in messages(person.id)] == [CLAIMED["email"]]
        how = select(EntryChange.how).where(EntryChange.subject_id == place)
        assert session().scalars(how).all() == ["claimed"]
        kept = session().get_one(Claim, second.id)
        assert (kept.status, b"Example" in kept.said_sealed) == ("waiting", False)
    assert (
        "Somebody manages this entry already"
        in visitor.get(f"/directory/organisations/{place}/claim").text
    )


def test_a_claim_is_refused_with_a_reason(world: World) -> None:
    lead = world.link_worker_lead
    with transaction(ANONYMOUS):
        made = services.claim(ANONYMOUS, world.provider_id, CLAIMED)
    with pytest.raises(Invalid), transaction(lead):
        services.decide_claim(lead, made.id, 1, "refused")
    with transaction(lead):
        services.decide_claim(lead, made.id, 1, "refused", "Nobody there knows the name.")
    (message,) = messages(world.provider_id)
    assert message.to == CLAIMED["email"]
    assert "Nobody there knows the name." in message.body
    with pytest.raises(Conflict), transaction(lead):
        services.decide_claim(lead, made.id, 2, "approved")
    for days, gone in ((89, 0), (91, 1)):
        with clock.at(clock.now() + timedelta(days=days)), transaction(SYSTEM):
            assert services.forget_old(SYSTEM) == gone
    with pytest.raises(NotFound), reading(lead):
        queries.claim(lead, made.id)


def test_only_a_lead_of_the_locality_or_an_administrator_decides_claims(
    world: World, doors: Doors
) -> None:
    with transaction(SYSTEM):
        far = factories.world()
    with transaction(ANONYMOUS):
        made = services.claim(ANONYMOUS, world.provider_id, CLAIMED)
    for other in (world.link_worker, world.provider_manager, world.practice_staff):
        with pytest.raises(Forbidden), transaction(other):
            services.decide_claim(other, made.id, 1, "approved")
        assert doors.by(other).get("/directory/claims").status_code == 403
    with pytest.raises(NotFound), transaction(far.link_worker_lead):
        services.decide_claim(far.link_worker_lead, made.id, 1, "approved")
    with pytest.raises(NotFound), transaction(ANONYMOUS):
        services.claim(ANONYMOUS, world.practice_id, CLAIMED)


def test_corrections_and_claims_over_the_api(world: World, doors: Doors) -> None:
    gp = doors.by(world.practice_staff, "api_client")
    path = f"/api/v1/services/{world.service_id}/corrections"
    assert gp.post(path, json={"about": "other"}).status_code == 422
    made = gp.post(path, json=SAID)
    assert made.status_code == 201
    keeper = doors.by(world.link_worker_lead, "api_client")
    listed = keeper.get("/api/v1/corrections?limit=1").json
    assert [row["id"] for row in listed["items"]] == [made.json["id"]]
    assert "reply_to" not in listed["items"][0]
    decide = f"/api/v1/corrections/{made.json['id']}/decide"
    body = {"outcome": "mended", "reply": "Done."}
    assert keeper.post(decide, json=body).status_code == 428
    assert gp.post(decide, json=body, headers={"If-Match": '"1"'}).status_code == 403
    done = keeper.post(decide, json=body, headers={"If-Match": '"1"'})
    assert (done.status_code, done.json["status"]) == (200, "mended")

    claims = f"/api/v1/organisations/{world.provider_id}/claims"
    asked = gp.post(claims, json=CLAIMED)
    assert asked.status_code == 201
    assert gp.get("/api/v1/claims").status_code == 403
    assert keeper.get("/api/v1/claims").json["items"][0]["check"] == "Ring the office"
    decide = f"/api/v1/claims/{asked.json['id']}/decide"
    refused = keeper.post(decide, json={"outcome": "refused"}, headers={"If-Match": '"1"'})
    assert refused.status_code == 422
    body = {"outcome": "refused", "reason": "Not known there."}
    done = keeper.post(decide, json=body, headers={"If-Match": '"1"'})
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')


def test_room_and_pauses_over_the_api(world: World, doors: Doors) -> None:
    provider = doors.by(world.provider_manager, "api_client")
    path = f"/api/v1/services/{world.service_id}"

    def match(version: int) -> dict[str, str]:
        return {"If-Match": f'"{version}"'}

    body = {"capacity": "open", "places_available": 3, "places_maximum": 12}
    assert provider.put(f"{path}/capacity", json=body).status_code == 428
    done = provider.put(f"{path}/capacity", json=body, headers=match(1))
    assert (done.status_code, done.json["capacity"]) == (200, "open")
    wrong = {"capacity": "open", "places_available": 13, "places_maximum": 12}
    refused = provider.put(f"{path}/capacity", json=wrong, headers=match(2))
    assert "places_available" in refused.json["errors"]
    assert provider.put(f"{path}/capacity", json=body, headers=match(1)).status_code == 409
    assert provider.post(f"{path}/confirm", headers=match(2)).status_code == 200
    past = provider.put(f"{path}/pause", json={"until": "2020-01-01"}, headers=match(3))
    assert "until" in past.json["errors"]
    until = (clock.today() + timedelta(days=9)).isoformat()
    paused = provider.put(f"{path}/pause", json={"until": until}, headers=match(3))
    assert paused.json["accepts_referrals"] is False
    assert "Takes nobody until" in paused.json["not_accepting_because"]
    opened = provider.delete(f"{path}/pause", headers=match(4))
    assert opened.json["accepts_referrals"] is True
    gp = doors.by(world.practice_staff, "api_client")
    assert gp.put(f"{path}/capacity", json=body, headers=match(5)).status_code == 403


def test_room_and_pauses_on_the_page(world: World, doors: Doors) -> None:
    provider = doors.by(world.provider_manager)
    path = f"/directory/services/{world.service_id}"
    wrong = send(
        provider,
        f"{path}/capacity",
        {"capacity": "open", "places_available": "5", "places_maximum": "4", "version": "1"},
    )
    assert wrong.status_code == 422
    assert "Places free must not be above all places" in wrong.text
    send(
        provider,
        f"{path}/capacity",
        {"capacity": "open", "places_available": "4", "places_maximum": "5", "version": "1"},
    )
    shown = provider.get(path).text
    assert "4 of 5 places free" in shown
    assert "said today" in shown
    assert "believed until" in shown
    until = clock.today() + timedelta(days=9)
    parts = {"until-day": until.day, "until-month": until.month, "until-year": until.year}
    fill(provider, f"{path}/pause", **{k: str(v) for k, v in parts.items()}, version="2")
    shown = provider.get(path).text
    assert "Paused until" in shown
    assert "Takes nobody until" in shown
    send(provider, f"{path}/reopen", {"version": str(version_of(world.service_id))})
    assert "Pause until a day" in provider.get(path).text
    assert doors.by(world.practice_staff).get(f"{path}/pause").status_code == 403


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "/directory/services/{service}/correction",
        "/directory/services/{service}/pause",
        "/directory/organisations/{provider}/claim",
        "/directory/corrections",
        "/directory/corrections/{correction}",
        "/directory/claims",
        "/directory/claims/{claim}",
    ],
)
def test_a_page_costs_at_most_five_statements(world: World, doors: Doors, path: str) -> None:
    with transaction(ANONYMOUS):
        said = services.suggest(ANONYMOUS, world.service_id, **SAID)
        claimed = services.claim(ANONYMOUS, world.provider_id, CLAIMED)
    named = {
        "service": world.service_id,
        "provider": world.provider_id,
        "correction": said.id,
        "claim": claimed.id,
    }
    client = doors.by(world.link_worker_lead)
    with counting() as counted:
        assert client.get(path.format(**named)).status_code == 200
    assert counted.business <= 5, counted.report()
