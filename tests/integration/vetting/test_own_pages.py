"""An organisation's own pages: how little is asked, what is kept of it, and what is never taken."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden
from referral.directory.models import Service
from referral.files.models import StoredFile
from referral.vetting import queries, services
from referral.vetting.models import Application, Evidence
from tests import factories
from tests.factories import World, vetting
from tests.performance.counting import counting
from tests.support.browsers import At


def pages(at: FlaskClient, path: str = "/vetting") -> list[str]:
    """The pages of the questions that are still open, as the list of them offers."""
    shown = at.get(path).text
    asked = shown.partition('id="asked"')[2].partition("</section>")[0]
    return re.findall(r'href="(/vetting/(?:answers|about)[^"]*)"', asked)


def answered(at: FlaskClient, page: str) -> TestResponse:
    """Send a page with good answers to whatever stands on it."""
    shown = at.get(page)
    assert shown.status_code == 200, page
    today = clock.today()
    hidden = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
    said: dict[str, Any] = dict(re.findall(hidden, shown.text.partition("take-back")[0]))
    for name in re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', shown.text):
        if name.endswith("-day") and "expires" in name:
            said |= {name: "27", name[:-3] + "month": "3", name[:-3] + "year": str(today.year + 1)}
        elif name.endswith("-day"):
            said |= {name: str(today.day), name[:-3] + "month": str(today.month)}
            said[name[:-3] + "year"] = str(today.year)
    words = {
        "note": "Five of us run it", "lead_name": "Jean Blair", "lead_phone": "0141 496 0000",
        "issuer": "Mutual", "number": "EP-1", "cover": "£5 million", "count": "4",
        "services.0.accessibility": "No steps", "services.0.way": "referral",
    }  # fmt: skip
    said |= {name: value for name, value in words.items() if f'name="{name}"' in shown.text}
    if 'name="level"' in shown.text:
        said |= {"level": "enhanced", "update_service": "yes"}
    return at.post(page, data=said)


def go_through(at: FlaskClient) -> int:
    """Answer page after page until nothing is asked any more; how many there were."""
    assert at.post("/vetting/apply").status_code == 303
    asked = 0
    while left := pages(at):
        done = answered(at, left[0])
        assert done.status_code == 303, done.text
        asked += 1
        assert asked < 40
    return asked


def test_a_group_people_just_come_to_answers_three_questions(world: World, at: At) -> None:
    with transaction(SYSTEM):
        entry = session().get_one(Service, world.service_id)
        entry.route, entry.checked_on = "signpost", None
    manager = at(world.provider_manager)
    assert "There are 3 questions" in manager.get("/vetting").text
    # Saying how people get in is saying that the entry is right: one visit less.
    assert go_through(manager) <= 3
    home = manager.get("/vetting").text
    assert "Everything is answered" in home
    with reading(SYSTEM):
        version = session().scalars(select(Application.version)).one()
    assert manager.post("/vetting/submit", data={"version": version}).status_code == 303
    assert "The link workers have it since" in manager.get("/vetting").text
    again = manager.post("/vetting/submit", data={"version": version})
    assert again.status_code == 409


def test_a_hosted_club_that_takes_referrals_answers_at_most_six(world: World, at: At) -> None:
    with transaction(SYSTEM):
        vetting.approved(world)
        club = factories.organisation("provider", "Elder Park Bowls", world.locality_id)
        chair = factories.user("provider_manager", club, "provider", world.locality_id)
        factories.service(club)
    own, anchor = at(chair), at(world.provider_manager)
    found = own.get("/vetting/hosting?find=riverside&side=hosted").text
    assert f"with={world.provider_id}" in found
    form = own.get(f"/vetting/hosting?side=hosted&with={world.provider_id}").text
    checks = re.findall(r'name="checks" type="checkbox" value="([a-z_]+)"', form)
    sent = own.post(
        "/vetting/hosting",
        data={"anchor_id": world.provider_id, "hosted_id": club, "checks": checks},
    )
    assert sent.status_code == 303, sent.text
    assert "1 request waits for your word" in anchor.get("/vetting").text
    asked = anchor.get("/vetting/hosting").text
    agree = re.search(r"/vetting/hosting/[0-9a-f-]+/agree", asked)
    assert agree, asked
    assert anchor.post(agree[0], data={"version": "1"}).status_code == 303
    assert go_through(own) <= 6
    assert "Riverside Befriending answers part of the questions for you" in own.get("/vetting").text
    ended = anchor.post(agree[0].replace("agree", "end"), data={"version": "2", "reason": ""})
    assert ended.status_code == 422
    assert "Why?" in ended.text


def test_who_renews_is_asked_only_for_what_changed(world: World, at: At) -> None:
    with transaction(SYSTEM):
        vetting.approved(world)
        insured = (
            session()
            .scalars(
                select(Evidence).where(
                    Evidence.check_key == "public_liability", Evidence.state == "accepted"
                )
            )
            .one()
        )
        insured.expires_on = clock.today() + timedelta(days=24)
    manager = at(world.provider_manager)
    assert pages(manager) == ["/vetting/answers/public_liability"]
    form = manager.get("/vetting/answers/public_liability").text
    assert 'value="Mutual of Elder Park"' in form
    day = re.search(r"<input[^>]*expires_on-day[^>]*>", form)
    assert day
    assert 'value=""' in day[0]
    other = factories.world(locality_id=world.locality_id).provider_id
    for page in (
        "/vetting",
        "/vetting/about",
        "/vetting/answers/public_liability",
        "/vetting/answers/listing_accuracy",
        "/vetting/hosting?find=river",
        f"/vetting/hosting?with={other}",
    ):
        with counting() as counted:
            assert manager.get(page).status_code == 200
        assert counted.business <= 5, page + counted.report()
    assert answered(manager, "/vetting/answers/public_liability").status_code == 303
    assert pages(manager) == []
    assert "new answer waiting" in manager.get("/vetting").text


def test_of_criminal_records_there_is_a_number_and_never_a_file(world: World, at: At) -> None:
    with transaction(SYSTEM):
        vetting.confirmed(world)
        services.begin(world.provider_manager)
        vetting.about(world, doing=["home_visits"])
    manager = at(world.provider_manager)
    form = manager.get("/vetting/answers/dbs").text
    assert 'type="file"' not in form
    assert "Never send a certificate" in form
    said = {"level": "enhanced", "count": "4", "update_service": "yes"}
    said |= _today("issued_on")
    with_file = said | {"files": (io.BytesIO(b"%PDF-1.7"), "jean.pdf")}
    refused = manager.post("/vetting/answers/dbs", data=with_file)
    assert refused.status_code == 422
    assert "Do not send the certificate" in refused.text
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(StoredFile)) == 0
        assert session().scalar(select(func.count()).select_from(Evidence)) == 0
    assert manager.post("/vetting/answers/dbs", data=said).status_code == 303
    none = {"not_applicable": "yes", "why_not": ""}
    refused = manager.post("/vetting/answers/dbs", data=none)
    assert refused.status_code == 422
    assert "why_not" in refused.text
    none["why_not"] = "Nobody here has a role that may be checked"
    assert manager.post("/vetting/answers/dbs", data=none).status_code == 303


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(world: World, at: At) -> None:
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        vetting.about(world)
    manager = at(world.provider_manager)
    said = {"issuer": "Mutual", "number": "EP-1", "cover": "lots"}
    said |= {"expires_on-day": "30", "expires_on-month": "2", "expires_on-year": "2027"}
    refused = manager.post("/vetting/answers/public_liability", data=said)
    assert refused.status_code == 422
    for words in ("There is a problem", "Cover must be a whole number", "must be a real date"):
        assert words in refused.text
    assert 'value="EP-1"' in refused.text
    future = {"lead_name": "Jean", **_today("issued_on", timedelta(days=2))}
    refused = manager.post("/vetting/answers/safeguarding_adults", data=future)
    assert refused.status_code == 422
    assert "must be today or in the past" in refused.text
    assert manager.get("/vetting/answers/nothing").status_code == 404
    assert manager.get("/vetting/answers/dbs").status_code == 404
    assert manager.get("/vetting?locality=x").status_code == 404
    wrong = {"services.0.service_id": str(UUID(int=1)), "services.0.way": "referral", "version": 1}
    assert manager.post("/vetting/about", data=wrong).status_code == 422
    strange = {f"services.{'9' * 5000}.way": "referral", "version": 1}
    assert manager.post("/vetting/about", data=strange).status_code == 422


def test_what_was_not_accepted_is_asked_again_with_the_reason(world: World, at: At) -> None:
    with transaction(SYSTEM):
        vetting.applied(world)
    manager, lead = at(world.provider_manager), world.link_worker_lead
    with transaction(SYSTEM):
        made = queries.dossier(SYSTEM, world.provider_id, world.locality_id)
        told = "Page two of {} is missing"
        one, other = made.open["complaints"], made.open["equality"]
        services.review(lead, one.id, one.version, "reject", reason=told.format("complaints"))
        services.review(lead, other.id, other.version, "ask", reason=told.format("equality"))
    home = manager.get("/vetting").text
    assert "Page two of complaints is missing" in home
    assert "Page two of equality is missing" in home
    assert set(pages(manager)) == {"/vetting/answers/complaints", "/vetting/answers/equality"}
    for page in pages(manager):
        assert answered(manager, page).status_code == 303
    assert "Nothing to do now" in manager.get("/vetting").text
    taken = re.search(
        r'action="(/vetting/answers/[0-9a-f-]+/take-back)"',
        manager.get("/vetting/answers/equality").text,
    )
    assert taken
    assert manager.post(taken[1], data={"version": "1"}).status_code == 303
    assert pages(manager) == ["/vetting/answers/equality"]


def test_each_role_comes_to_its_own_page_and_nobody_to_anothers(world: World, at: At) -> None:
    other = factories.world(locality_id=world.locality_id)
    page = f"/vetting/answers/legal_form?organisation={world.provider_id}"
    worker = at(world.provider_worker)
    assert "A manager of your organisation starts it" in worker.get("/vetting").text
    assert worker.post("/vetting/apply").status_code == 403
    assert worker.get("/vetting/hosting").status_code == 403
    assert at(other.provider_manager).get(page).status_code == 404
    assert at(world.practice_staff).get(page).status_code == 403
    assert "What the checks mean" in at(world.practice_staff).get("/vetting").text
    assert at(world.link_worker).get("/vetting").location == "/vetting/queue"
    assert at(world.commissioner).get("/vetting").location == "/vetting/overview"
    # A link worker writes down what a group without an account says.
    link_worker = at(other.link_worker)
    refused = link_worker.post(page, data={"note": "A club, run by four"})
    assert refused.status_code == 422
    assert "Who told you?" in refused.text
    told = {"note": "A club, run by four", "told_by": "Jean, by telephone"}
    listed = f"/vetting?organisation={world.provider_id}"
    assert "/vetting/answers/legal_form?organisation=" in link_worker.get(listed).text
    assert link_worker.post(page, data=told).location == listed
    assert "/vetting/answers/legal_form?organisation=" not in link_worker.get(listed).text
    with reading(SYSTEM):
        made = session().scalars(select(Evidence)).one()
    assert (made.submitted_by, made.organisation_id) == (other.link_worker.id, world.provider_id)
    assert b"Jean" not in (made.told_by_sealed or b"")


def _today(name: str, more: timedelta = timedelta()) -> dict[str, str]:
    day = clock.today() + more
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month),
            f"{name}-year": str(day.year)}  # fmt: skip


def test_a_group_without_an_account_is_written_down_and_handed_in_for(world: World, at: At) -> None:
    with transaction(SYSTEM):
        club = factories.organisation("provider", "Elder Park Bowls", world.locality_id)
        entry = session().get_one(Service, factories.service(club))
        entry.route, entry.checked_on, entry.accessibility = "signpost", clock.today(), "No steps"
    link_worker = at(world.link_worker)
    listed = f"/vetting?organisation={club}"
    assert "They are not invited yet" in link_worker.get(listed).text
    invited = link_worker.post("/vetting/invite", data={"organisation_id": club})
    assert listed in link_worker.get(invited.location).text
    told = {"note": "A club, run by four", "told_by": "Jean, by telephone"}
    page = f"/vetting/answers/legal_form?organisation={club}"
    assert link_worker.post(page, data=told).status_code == 303
    hand_in = f"/vetting/submit?organisation={club}"
    assert "Hand it in for them" in link_worker.get(listed).text
    assert at(world.provider_worker).post(hand_in, data={"version": 1}).status_code == 404
    far = at(factories.world().link_worker)
    assert far.post(hand_in, data={"version": 1}).status_code == 404
    assert link_worker.post(hand_in, data={"version": 1}).location == listed
    with transaction(SYSTEM):
        made = session().scalars(select(Application)).one()
        assert (made.status, made.submitted_by) == ("submitted", world.link_worker.id)
        one = session().scalars(select(Evidence)).one()
        with pytest.raises(Forbidden):
            services.review(world.link_worker, one.id, one.version, "accept")


def test_the_page_says_where_one_stands_and_what_to_do(world: World, at: At) -> None:
    manager = at(world.provider_manager)
    later = clock.today() + timedelta(days=30)
    with transaction(SYSTEM):
        made = vetting.approved(
            world,
            "approve_with_conditions",
            conditions="Ten people at most",
            waived={"complaints": later},
        )
    home = manager.get("/vetting").text
    for words in ("You are approved", "Ten people at most", "People can be sent"):
        assert words in home
    with transaction(SYSTEM):
        insured = queries.dossier(SYSTEM, world.provider_id, world.locality_id)
        insured.accepted["public_liability"].evidence.expires_on = clock.today() - timedelta(days=1)
        session().flush()
        services.write_down(SYSTEM, world.provider_id)
    home = manager.get("/vetting").text
    for words in ("because a check ran out", "Ran out on", "Nobody new is sent"):
        assert words in home
    said = {
        "suspend": "while something is looked into",
        "withdraw": "If you think this is wrong",
    }
    for kind, words in said.items():
        with transaction(SYSTEM):
            made = session().get_one(Application, made.id)
            vetting.decided(world, made, kind)
        home = manager.get("/vetting").text
        assert words in home
        assert "Looked at together" in home
    with transaction(SYSTEM):
        made = session().get_one(Application, made.id)
        version = made.version
    assert "1 question is left" in home
    sent = manager.post("/vetting/submit", data={"version": version})
    assert sent.location == "/vetting"
    assert "Not sent yet: something is still to be answered" in manager.get("/vetting").text
    assert manager.post("/vetting/leave", data={"version": version}).status_code == 409
