"""All that the person's page does, written down by staff who hear it."""

from __future__ import annotations

import uuid
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.desk import queries as desk_queries
from referral.outcomes.models import Report, Result, Story
from referral.people import queries as people
from referral.people.models import Person
from referral.referrals import services
from referral.referrals.models import Complaint, PersonSaid, Referral, Supporter, Thread
from tests import factories
from tests.factories import World, say
from tests.integration.desk.conftest import Desk, text, version_of
from tests.performance.counting import counting

HOW = {"how": "phone", "spoken_by": "Ada Wren"}


def row(referral_id: uuid.UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


def tell(page: FlaskClient, referral_id: uuid.UUID, do: str, status: int = 303, **said: str) -> str:
    heard = {} if do == "unsafe" else HOW
    answer = page.post(f"/referrals/{referral_id}/for-her", data={"do": do, **heard, **said})
    assert answer.status_code == status, text(answer)
    return text(answer)


def test_reception_writes_down_everything_they_say(
    desk: Desk, world: World, database: Database
) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world, "accepted").id
    with transaction(world.provider_worker):
        say(world.provider_worker, sent, "contact", channel="phone", result="reached")
    page = desk.by(world.care_navigator)
    assert f"/referrals/{sent}/for-her" in page.get(f"/referrals/{sent}").text
    with counting(database) as counted:
        shown = page.get(f"/referrals/{sent}/for-her")
    assert counted.business <= 5, counted.report()
    assert "Riverside Befriending" in text(shown)
    version = version_of(shown)

    tell(page, sent, "touch", kind="not_in_touch", text="She waited in")
    assert "What do they say?" in tell(page, sent, "mind", 422, text="Kept words")
    tell(page, sent, "mind", mind="no_more")
    tell(page, sent, "reach", version=version, reach_by="letter", access_needs="hearing")
    tell(page, sent, "reach", 409, version=version, reach_by="text")
    tell(page, sent, "supporter", name="Ada Wren", phone="01632 960418", may="hear")
    tell(page, sent, "first", first="yes")
    tell(page, sent, "complaint", kind="help", about="group", text="Nobody came")
    found = row(sent)
    assert (found.reach_by, found.access_needs, found.sees_first) == ("letter", "hearing", True)
    with reading(SYSTEM):
        said = session().scalars(select(PersonSaid).order_by(PersonSaid.id)).all()
        raised = session().scalars(select(Thread).order_by(Thread.id)).all()
        supporter = session().scalars(select(Supporter)).one()
    assert [one.kind for one in said] == ["not_in_touch", "changed_mind", "supporter"]
    assert {(one.how, one.by_user_id) for one in said} == {("phone", world.care_navigator.id)}
    assert {one.owner_id for one in raised} == {world.provider_id}
    assert {one.raised_by_user_id for one in raised} == {world.care_navigator.id}
    assert supporter.by_user_id == world.care_navigator.id
    with reading(SYSTEM):
        assert session().scalars(select(Complaint.how)).one() == "phone"
    assert "The record says otherwise." in text(page.get(f"/referrals/{sent}/for-her"))
    off = {"off": str(supporter.id), "version": "1"}
    assert page.post(f"/referrals/{sent}/for-her", data=off).status_code == 303
    with reading(SYSTEM):
        assert session().scalars(select(Supporter.until)).one() is not None

    # Not safe to contact: everybody who is to be in touch is told, and nothing is sent.
    tell(page, sent, "unsafe", unsafe="yes", note="ring the school")
    with reading(SYSTEM):
        assert people.standings_unscoped([found.person_id])[found.person_id].unsafe_to_contact
    warned = text(desk.by(world.provider_worker).get(f"/referrals/{sent}"))
    assert "Do not contact directly: ring the school" in warned
    assert warned.count("Do not contact directly") == 1
    # With no words to it, whoever refers them is warned too.
    with transaction(world.practice_staff):
        written = factories.referral(world, "draft").id
        services.mark_unsafe(world.practice_staff, written, True, "", None)
    with reading(world.practice_staff):
        assert desk_queries.draft(world.practice_staff, written).unsafe
    tell(page, sent, "unsafe", unsafe="no")
    with reading(SYSTEM):
        assert not session().get_one(Person, found.person_id).unsafe_to_contact

    tell(page, sent, "stop", what="refer", sure="yes")
    assert row(sent).status == "withdrawn"
    assert "read first" not in text(page.get(f"/referrals/{sent}/for-her"))
    assert "Canary" not in desk.by(world.provider_worker).get(f"/referrals/{sent}").text


def test_how_it_went_is_written_down_as_their_word(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world, "completed").id
    page = desk.by(world.practice_staff)
    tell(page, sent, "result", outcome="not_met", said="It was not for me")
    tell(page, sent, "comment", text="They did try")
    told: dict[str, Any] = {"text": "I go out again", "shown_as": "nobody"}
    assert "Tick this" in tell(page, sent, "story", 422, **told)
    tell(page, sent, "story", **told, agreed="yes")
    with reading(SYSTEM):
        own = session().scalars(select(Result).where(Result.told_by == "person")).one()
        assert session().scalars(select(Story.how)).one() == "phone"
        assert session().scalars(select(Report.commented_at)).one() is not None
    assert (own.outcome, own.how, own.by_user_id) == ("not_met", "phone", world.practice_staff.id)
    assert page.post(f"/referrals/{sent}/for-her", data={"off": "story"}).status_code == 303
    with reading(SYSTEM):
        assert session().scalars(select(Story.state)).one() == "withdrawn"
    tell(page, sent, "story", **told, agreed="yes")
    # Who stops all sharing by telephone has no story on any page from then on.
    tell(page, sent, "stop", what="refer", sure="yes")
    with reading(SYSTEM):
        assert session().scalars(select(Story.state)).one() == "withdrawn"


def test_only_who_may_tell_people_and_know_them_writes_for_them(desk: Desk, world: World) -> None:
    other = factories.world(locality_id=world.locality_id)
    with transaction(world.practice_staff):
        sent = factories.referral(world, "accepted").id
        begun = factories.referral(world, "draft").id
    path = f"/referrals/{sent}/for-her"
    assert desk.by(world.provider_worker).get(path).status_code == 403
    assert desk.by(world.practice_manager).post(path, data={"do": "stop"}).status_code == 403
    for stranger in (other.practice_staff, other.link_worker):
        assert desk.by(stranger).get(path).status_code == 404
        assert desk.by(stranger).post(path, data={"do": "mind", **HOW}).status_code == 404
    staff = desk.by(world.practice_staff)
    assert staff.get(f"/referrals/{begun}/for-her").status_code == 404
    assert staff.post(path, data={"do": "nothing", **HOW}).status_code == 404
