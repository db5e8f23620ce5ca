"""What changes for people here: from ten people on, by whose word, with one story they allow."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.directory.models import ServiceResult
from referral.outcomes import queries, services
from referral.outcomes.figures import full_months
from referral.outcomes.schemas.stories import GiveStory
from referral.referrals import services as referrals
from referral.referrals.models import Referral
from referral.referrals.schemas.agreeing import Withdrawal
from tests import factories
from tests.factories import World
from tests.factories.finished import like
from tests.factories.personal import sitting
from tests.integration.outcomes.conftest import Doors

STORY = "Every Wednesday the telephone rings, and it is for me."


def last_month() -> datetime:
    first, last = full_months(12, clock.today())
    assert first < last
    return datetime.combine(last, datetime.min.time(), clock.UK) + timedelta(hours=12)


def finished(world: World, n: int) -> list[UUID]:
    """``n`` people who got what they needed and said so, last month."""
    with transaction(world.practice_staff):
        one = factories.referral(world, "completed", 8301)
        session().execute(
            update(Referral).where(Referral.id == one.id).values(finished_at=last_month())
        )
        return [one.id, *like(one.id, n - 1, at=last_month())]


def count() -> int:
    with transaction(SYSTEM):
        done = services.count_results(SYSTEM)
        assert services.count_results(SYSTEM) == 0, "once a day"
        return done


def page(doors: Doors, world: World) -> str:
    return doors.site.test_client().get(f"/directory/services/{world.service_id}").text


def test_nine_are_hidden_and_ten_are_shown_with_who_said_so(
    doors: Doors, world: World, database: Database
) -> None:
    first, *others = finished(world, 9)
    assert count() == 0
    assert "What changes for people here" not in page(doors, world)
    with transaction(SYSTEM):
        like(first, 1, at=last_month(), outcome="not_met", told_by="provider")
        like(first, 1, at=last_month(), outcome="not_known")
        like(first, 1, at=last_month() + timedelta(days=1))  # this month: not a full one
        like(first, 1, at=last_month(), status="started")  # taken back
        values = {"told_by": "provider"}
        session().execute(update(Referral).where(Referral.id == first).values(**values))
    assert count() == 1
    shown = page(doors, world)
    assert "9 of 10 got what they needed" in shown
    assert "8 of these 9" in shown
    assert "between 60 and 98 in 100" in shown
    program = doors.by(world.practice_staff, "api_client")
    answer = program.get(f"/api/v1/organisations/{world.provider_id}/results")
    assert answer.json is not None
    (item,) = answer.json["items"]
    assert (item["people"], item["met"], item["said_so"]) == (10, 9, 8)
    assert (item["low"], item["high"]) == (59.6, 98.2)
    assert program.get(f"/api/v1/organisations/{first}/results").status_code == 404

    person = sitting(first)
    with transaction(person):
        services.say_result(person, first, "overall", "met", "page")
    assert count() == 0, "today's are there"
    with clock.at(clock.now() + timedelta(days=1)):
        assert count() == 1
    assert "9 of these 9" in page(doors, world)
    with transaction(SYSTEM):
        session().execute(update(Referral).where(Referral.id == others[1]).values(outcome=None))
    with clock.at(clock.now() + timedelta(days=2)):
        assert count() == 1
    with transaction(SYSTEM):
        assert session().get(ServiceResult, world.service_id) is None
    assert "What changes for people here" not in page(doors, world)


def test_a_story_is_shown_by_the_group_and_gone_at_once_when_it_is_taken_back(
    doors: Doors, world: World
) -> None:
    first, *_others = finished(world, 10)
    count()
    person, manager = sitting(first), world.provider_manager
    for wrong in ({"text": STORY, "agreed": False}, {"text": "Ring 0141 496 0000", "agreed": True}):
        with pytest.raises(Invalid):
            GiveStory().read(wrong)
    told = GiveStory().read({"text": STORY, "shown_as": "age", "agreed": True})
    with transaction(person):
        version = services.give_story(person, first, told).version
    assert STORY not in page(doors, world), "the group reads it first"
    reader = doors.by(manager)
    assert STORY in reader.get("/our-data/stories").text
    with transaction(manager):
        (story,) = queries.stories_to_read(manager)
    for actor, refused in ((world.provider_worker, Forbidden), (world.link_worker_lead, NotFound)):
        with pytest.raises(refused), transaction(actor):
            services.show_story(actor, story.id, version)
    with pytest.raises(StaleVersion), transaction(manager):
        services.show_story(manager, story.id, version + 1)
    shown = reader.post(f"/our-data/stories/{story.id}/show", data={"version": version})
    assert shown.status_code == 303
    assert STORY in page(doors, world)
    assert "A woman in her 70s" in page(doors, world)
    with clock.at(clock.now() + timedelta(days=1)):
        assert count() == 1
    assert STORY in page(doors, world), "it stays, counted anew"

    with transaction(person):
        services.withdraw_story(person, first)
    assert STORY not in page(doors, world)
    assert STORY not in reader.get("/our-data/stories").text
    with transaction(person):
        assert queries.story_of(person, first) is None
    with pytest.raises(NotFound), transaction(manager):
        services.show_story(manager, story.id, version + 2)


def test_a_story_is_gone_at_once_when_all_sharing_is_stopped(doors: Doors, world: World) -> None:
    first, *_others = finished(world, 10)
    count()
    told = GiveStory().read({"text": STORY, "shown_as": "age", "agreed": True})
    with transaction(sitting(first)):
        version = services.give_story(sitting(first), first, told).version
    with transaction(world.provider_manager):
        (story,) = queries.stories_to_read(world.provider_manager)
        services.show_story(world.provider_manager, story.id, version)
    assert STORY in page(doors, world)
    with transaction(world.practice_staff):
        stop = Withdrawal().read({"what": "refer"})
        referrals.withdraw_consent(world.practice_staff, first, None, stop)
    assert STORY not in page(doors, world)


def test_a_story_told_anew_is_read_anew_and_none_is_told_where_sharing_stopped(
    world: World,
) -> None:
    with transaction(world.practice_staff):
        first = factories.referral(world, "completed", 8302).id
    person, manager = sitting(first), world.provider_manager
    told = GiveStory().read({"text": STORY, "agreed": True})
    with transaction(person):
        version = services.give_story(person, first, told).version
    with transaction(manager):
        services.decline_story(manager, queries.stories_to_read(manager)[0].id, version)
    with transaction(person):
        assert services.give_story(person, first, told).state == "given"
    with transaction(SYSTEM):
        stopped = {"consent_withdrawn_at": clock.now()}
        session().execute(update(Referral).where(Referral.id == first).values(**stopped))
    with transaction(manager):
        assert queries.stories_to_read(manager) == []
    with pytest.raises(Conflict), transaction(person):
        services.give_story(person, first, told)
