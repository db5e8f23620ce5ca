"""What is written down for everybody to read, and what follows when rules or answers change."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from referral.accounts import services as accounts
from referral.accounts.models import Organisation, Team, User
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, session, transaction
from referral.core.errors import Forbidden
from referral.directory.models import Listing, Service
from referral.vetting import queries, schemas, services
from referral.vetting.models import VettedService
from referral.vetting.proportion import ABOUT
from tests import factories
from tests.factories import World, vetting
from tests.integration.vetting.playing import (
    addresses,
    application,
    days,
    history,
    listing,
    looked,
    messages,
    on,
)
from tests.support.asked import said

BEGAN = date(2026, 1, 12)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path)})


@pytest.fixture
def world(database: Database) -> World:
    """An approved provider; most of what it gave counts for a year."""
    with on(BEGAN), transaction(SYSTEM):
        made = factories.world()
        vetting.approved(made)
        return made


def scheme(world: World, number: int, *rules: dict[str, Any], **more: Any) -> None:
    said = {"rules": list(rules), "appeal_route": "Write to the board", "reason": "Agreed", **more}
    data = schemas.SchemeBody().read(said)
    services.set_scheme(world.link_worker_lead, world.locality_id, number, data)


def test_the_listing_says_what_was_seen_by_whom_until_when_and_names_nobody(world: World) -> None:
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.reason, found.state) == (True, "", "current")
    assert (found.tier, found.way, found.paused_on) == ("G", "referral", None)
    assert found.until == date(2027, 1, 12)
    assert found.checks_summary == "12 of 12 checks current"
    assert found.assured_date == BEGAN
    assert found.passport["decided_on"] == "2026-01-12"
    assert found.passport["decision"] == "approved"
    items = {one["check"]: one for one in found.passport["items"]}
    assert items["public_liability"] == {
        "check": "public_liability",
        "title": "Public liability insurance",
        "state": "current",
        "seen_on": "2026-01-12",
        "seen_by": "Link-worker lead, Elder Park link workers",
        "until": "2027-01-12",
        "limits": [
            "Certificate seen. It does not show that a claim would be paid.",
            "Shown to the reviewer; no copy is kept here.",
        ],
        "held_by": "",
    }
    assert items["listing_accuracy"]["seen_on"] == "2026-01-12"
    assert items["listing_accuracy"]["seen_by"] == ""
    told = json.dumps(found.passport)
    for private in ("Jean Blair", "EP-2231-7", "Mutual", "Looked at together", "Link Worker Lead"):
        assert private not in told


def test_what_does_not_apply_is_not_shown_as_if_it_were_there(world: World) -> None:
    with on(BEGAN), transaction(SYSTEM):
        made = queries.dossier_unscoped(world.provider_id, world.locality_id)
        made.accepted["equality"].evidence.kind = "not_applicable"
        assert services.write_down(SYSTEM, world.provider_id) == 1
    found = listing(world.service_id)
    (item,) = [one for one in found.passport["items"] if one["check"] == "equality"]
    assert item["limits"] == ["It does not apply, the organisation said; a reviewer accepted that."]
    assert item["until"] == "2027-01-12"
    assert found.accepts_referrals


def test_what_nobody_may_do_for_the_clock(world: World) -> None:
    with transaction(SYSTEM):
        made = application(world.provider_id)
        for actor in (world.link_worker_lead, world.provider_manager):
            with pytest.raises(Forbidden):
                services.look_at(actor, made.id)
            with pytest.raises(Forbidden):
                queries.due_applications(actor)


def test_stricter_rules_pause_from_their_day_and_milder_ones_let_them_come_again(
    world: World, settings: Settings
) -> None:
    day = date(2026, 9, 1)
    with on(day), transaction(world.link_worker_lead):
        scheme(world, 0, {"check": "committee", "months": 6})
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.state, found.paused_on) == (False, "lapsed", day)
    lead, inbox = addresses(world)
    assert sorted(one.to for one in messages()[-2:]) == sorted((lead, inbox))
    assert "- Committee: its last day was Sun 12 July" in messages()[-1].body
    assert looked(day, settings) == []
    with on(day + timedelta(days=1)), transaction(world.link_worker_lead):
        scheme(world, 1, assurer_email="checks@board.example")
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.assurer_email) == (True, "checks@board.example")
    assert history(world.provider_id) == [(day, "paused"), (day + timedelta(days=1), "resumed")]
    # What was told of the day that is no more is told again for the day that is.
    told = looked(date(2026, 11, 13), settings)
    assert sorted(one.to for one in told) == sorted((lead, inbox))


def test_an_answer_that_is_not_accepted_any_more_pauses_at_once(
    world: World, settings: Settings
) -> None:
    day = date(2026, 5, 4)
    with on(day), transaction(world.link_worker_lead):
        made = queries.dossier(world.link_worker_lead, world.provider_id, world.locality_id)
        one = made.accepted["committee"].evidence
        services.review(world.link_worker_lead, one.id, one.version, "reject", reason="Two left")
    found = listing(world.service_id)
    assert (found.state, found.reason) == ("missing", "Its checks are not complete")
    assert (found.paused_on, found.checks_summary) == (day, "11 of 12 checks current")
    stopped = [one for one in messages() if one.subject.startswith("New referrals")]
    assert len(stopped) == 2
    assert all("- Committee: not there" in one.body for one in stopped)
    assert all("Two left" not in one.body for one in messages())
    assert looked(day, settings) == []


def test_one_answer_ends_on_two_days_in_two_localities_and_each_is_told(
    world: World, settings: Settings
) -> None:
    """The same organisation applies elsewhere, where a committee is asked for twice a year."""
    with on(BEGAN), transaction(SYSTEM):
        place = accounts.create_locality(SYSTEM, name="Otherby")
        other = factories.world(locality_id=place)
        scheme(other, 0, {"check": "committee", "months": 6})
        there = factories.service(world.provider_id, name="There")
        entry = session().get_one(Service, there)
        entry.locality_id, entry.accessibility = place, "Step-free"
        keys = {"service_id": there, "organisation_id": world.provider_id, "locality_id": place}
        session().add(VettedService(facts=[], **keys))
        made = services.begin(world.provider_manager, place)
        services.submit(world.provider_manager, made.id, made.version)
        vetting.decided(other, made, "approve")
    told = {
        (day, one.to) for day in days(BEGAN, date(2026, 12, 1)) for one in looked(day, settings)
    }
    lead, inbox = addresses(world)
    their_lead, _their_inbox = addresses(other)
    steps = {date(2026, 5, 13), date(2026, 6, 12), date(2026, 7, 13)}
    assert {day for day, to in told if to == their_lead} == {*steps, date(2026, 11, 13)}
    assert {day for day, to in told if to == inbox} == {*steps, date(2026, 11, 13)}
    assert {day for day, to in told if to == lead} == {date(2026, 11, 13)}
    assert len([one for one in said() if one.to == inbox and "soon" in one.subject]) == 3


def test_where_people_just_turn_up_a_link_worker_arranges_and_nothing_can_be_sent(
    database: Database,
) -> None:
    with on(BEGAN), transaction(SYSTEM):
        world = factories.world()
        vetting.approved(world, way="turn_up")
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.state, found.way) == (False, "current", "turn_up")
    assert found.reason == "A link worker arranges the first visit"


def test_nobody_to_tell_and_a_name_like_a_number_stop_nothing(
    world: World, settings: Settings
) -> None:
    with on(BEGAN), transaction(SYSTEM):
        ours = session().get_one(Organisation, world.provider_id)
        ours.name, ours.email = "Ring 123 456 7890", ""
        session().get_one(Organisation, world.team_id).email = ""
        for of in (world.link_worker_lead, world.provider_manager):
            session().get_one(User, of.id).active = False
        for team in session().query(Team).all():
            team.email = ""
    before = len(messages())
    for day in (date(2026, 11, 13), date(2026, 12, 13)):
        assert looked(day, settings) == []
    with on(date(2026, 12, 14)), transaction(SYSTEM):
        session().get_one(Organisation, world.provider_id).email = "club@example.org"
    (message,) = looked(date(2027, 1, 13), settings)
    assert message.subject == "New referrals to your organisation have stopped for now"
    assert "7890" not in message.body
    assert len(messages()) == before + 1
    assert listing(world.service_id).state == "lapsed"


def test_who_left_takes_no_referrals_and_hears_nothing_more(
    world: World, settings: Settings
) -> None:
    with on(date(2026, 3, 1)), transaction(world.provider_manager):
        made = application(world.provider_id)
        services.leave(world.provider_manager, made.id, made.version, "We stop")
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.state) == (False, "none")
    assert found.reason == "Not checked any more"
    assert (found.passport["items"], found.assured_date) == ([], None)
    assert looked(date(2027, 2, 1), settings) == []


def test_a_new_service_takes_nobody_until_they_say_what_it_does_and_one_that_ended_is_left_alone(
    world: World, settings: Settings
) -> None:
    with on(date(2026, 3, 1)), transaction(SYSTEM):
        new = factories.service(world.provider_id, name="Garden", listed=False)
        ended = factories.service(world.provider_id, name="Ended")
        session().get_one(Service, ended).status = "defunct"
        version = session().get_one(Listing, ended).version
    assert looked(date(2026, 3, 1), settings) == []
    assert (listing(new).state, listing(new).accepts_referrals) == ("missing", False)
    assert listing(new).reason == "Its checks are not complete"
    assert listing(ended).version == version
    with on(date(2026, 3, 1)), transaction(SYSTEM):
        found = queries.dossier(world.provider_manager, world.provider_id, world.locality_id)
        assert found.questions(clock.today())[0] == ABOUT
        vetting.about(world, service_id=new)
    assert (listing(new).state, listing(new).accepts_referrals) == ("current", True)
    with on(date(2026, 3, 1)), transaction(SYSTEM):
        assert session().get(VettedService, ended) is None
        assert clock.now() is not None
