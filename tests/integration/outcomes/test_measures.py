"""What somebody answers is written down at every door, read where it may be, and told in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.outcomes import queries, schemas, services
from referral.outcomes.models import Assessment
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact
from tests.factories.personal import sitting
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting

WELL = {"satisfaction": 3, "worthwhile": 4, "happy": 5, "anxious": 7}
BETTER = {"satisfaction": 7, "worthwhile": 4, "happy": 4, "anxious": 3}


@pytest.fixture
def accepted(world: World) -> UUID:
    """A referral that a group said yes to, sent 40 days ago."""
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted", 5).id
    with transaction(SYSTEM):
        row = session().get_one(Referral, made)
        row.sent_at = clock.now() - timedelta(days=40)
    return made


def day(back: int) -> date:
    return clock.today() - timedelta(days=back)


def ons4(moment: str = "baseline", back: int = 30, **more: Any) -> dict[str, Any]:
    said = {
        "measure": "ons4",
        "edition": "1",
        "moment": moment,
        "answered_on": day(back).isoformat(),
        "answers": WELL,
    }
    return schemas.MeasureIn().read(said | more)


def test_a_pair_of_answers_is_told_in_words_and_less_anxiety_is_better(
    world: World, accepted: UUID
) -> None:
    worker = world.provider_worker
    with transaction(worker):
        services.measure(worker, accepted, ons4())
        assert queries.sheet(worker, accepted).changed == ()
        services.measure(worker, accepted, ons4("end", 2, answers=BETTER))
        found = queries.sheet(worker, accepted)
        assert [one.said() for one in found.changed] == [
            "Life satisfaction 3 → 7 (better)",
            "Worthwhile 4 → 4 (the same)",
            "Happiness 5 → 4 (worse)",
            "Anxiety 7 → 3 (better)",
        ]
        assert [one.measured().better for one in found.changed] == [True, None, False, True]
        row = session().scalars(select(Assessment)).first()
        assert row is not None
        assert (row.edition, row.entered, row.organisation_id) == ("1", "staff", world.provider_id)
        assert b"satisfaction" not in row.answers_sealed
        with counting() as counted:
            changes = queries.changes_unscoped([accepted, uuid4()])
        assert [one.said() for one in changes[accepted]] == [one.said() for one in found.changed]
        assert counted.business <= 3, counted.report()
        said = session().scalars(select(AuditEvent.details)).all()
        assert not any("satisfaction" in one for one in said)


def test_no_score_without_every_answer_and_none_is_an_answer(world: World, accepted: UUID) -> None:
    worker = world.provider_worker
    lonely = {"companionship": 3, "left_out": 3, "isolated": "not_said"}
    with transaction(worker):
        services.measure(worker, accepted, ons4(measure="ucla3", answers=lonely))
        services.measure(worker, accepted, ons4(measure="ucla3", answers=lonely | {"isolated": 3}))
        last, first = queries.answered(worker, accepted)
        assert (last.scored.score, last.scored.band) == (9, "lonely")
        assert (first.scored.score, first.answers["isolated"]) == (None, "not_said")
        assert queries.sheet(worker, accepted).changed == ()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_is_refused_with_its_place_named(world: World, accepted: UUID) -> None:
    worker = world.provider_worker

    def refused(**more: Any) -> dict[str, list[str]]:
        with transaction(worker), pytest.raises(Invalid) as error:
            services.measure(worker, accepted, ons4(**more))
        return error.value.errors

    assert refused(answers=WELL | {"happy": 11}) == {"answers.happy": ["must be from 0 to 10"]}
    assert refused(answers=WELL | {"left_out": 2}) == {
        "answers.left_out": ["is not a question of this measure"]
    }
    assert refused(answers=WELL | {"happy": "very"}) == {
        "answers.happy": ["must be a whole number, “not said” or “don’t know”"]
    }
    assert refused(answers=WELL | {"happy": True}).keys() == {"answers.happy"}
    assert refused(answers=WELL | {"happy": 3.5}).keys() == {"answers.happy"}
    assert refused(answers={}) == {"answers.satisfaction": ["Answer at least one of the questions"]}
    assert refused(edition="2") == {"edition": ["is not the one asked now, which is 1"]}
    assert refused(measure="phq9").keys() == {"measure"}
    assert "needs a licence" in refused(measure="swemwbs")["measure"][0]
    assert "was sent on" in refused(back=41)["answered_on"][0]
    assert refused(back=-1) == {"answered_on": ["must be today or in the past"]}
    assert refused(goal_id=str(uuid4())) == {
        "goal_id": ["goes only with the questions about a goal"]
    }
    assert refused(measure="after", answers={"helped": 3}) == {"moment": ["must be: at the end"]}
    goal = {"measure": "goal", "answers": {"importance": 5}, "goal_id": str(uuid4())}
    assert refused(**goal) == {"goal_id": ["is not a goal of this person’s plan"]}
    with transaction(worker):
        services.measure(worker, accepted, ons4(back=20))
        services.measure(worker, accepted, ons4("end", 10))
    assert "asked again" in refused(back=5)["answered_on"][0]
    assert "first answers" in refused(moment="review", back=25)["answered_on"][0]
    with transaction(worker):
        services.measure(worker, accepted, ons4(back=22))


def test_only_who_works_with_the_person_writes_and_reads_and_they_of_their_own(
    world: World, accepted: UUID
) -> None:
    other = factories.world(locality_id=world.locality_id)
    worker, group, she = world.provider_worker, contact(world), sitting(accepted)
    with transaction(worker):
        mine = services.measure(worker, accepted, ons4()).id
    with transaction(group):
        services.measure(group, accepted, ons4("review", 10))
    with transaction(she):
        offered = [one.key for one in queries.offered(she, accepted)]
        assert offered == ["ons4", "ucla3", "ons_direct_loneliness", "after"]
        hers = services.measure(she, accepted, ons4("end", 0, answers=BETTER)).id
        assert len(queries.answered(she, accepted)) == 3
        with pytest.raises(Forbidden):
            services.strike(she, mine, None, "asked")
    with transaction(SYSTEM):
        kept = {row.entered: row for row in session().scalars(select(Assessment))}
        assert kept.keys() == {"staff", "person"}
        assert (kept["person"].by_user_id, kept["person"].organisation_id) == (None, None)
    for actor, wrong in (
        (world.practice_staff, Forbidden),
        (world.practice_manager, Forbidden),
        (other.provider_worker, NotFound),
        (other.link_worker, NotFound),
    ):
        for attempt in (
            lambda actor=actor: services.measure(actor, accepted, ons4()),
            lambda actor=actor: queries.sheet(actor, accepted),
            lambda actor=actor: services.strike(actor, mine, None, "asked"),
        ):
            with transaction(actor), pytest.raises(wrong):
                attempt()
    with transaction(worker), pytest.raises(Forbidden):
        services.strike(worker, hers, None, "asked")
    with transaction(SYSTEM):
        session().get_one(Referral, accepted).consent_withdrawn_at = clock.now()
    with transaction(worker), pytest.raises(Forbidden):
        services.measure(worker, accepted, ons4())
    with transaction(she), pytest.raises(Conflict):
        services.measure(she, accepted, ons4("end", 0))


def test_an_answer_written_by_mistake_is_struck_and_counts_nowhere(
    world: World, accepted: UUID
) -> None:
    worker = world.provider_worker
    with transaction(worker):
        services.measure(worker, accepted, ons4())
        wrong = services.measure(worker, accepted, ons4("end", 2, answers=BETTER)).id
        with pytest.raises(Invalid):
            services.strike(worker, wrong, 1, "because")
        with pytest.raises(StaleVersion):
            services.strike(worker, wrong, 7, "typed_wrong")
        assert services.strike(worker, wrong, 1, "typed_wrong").version == 2
        found = queries.sheet(worker, accepted)
        assert found.changed == ()
        struck = next(one for one in found.answered if one.id == wrong)
        assert (struck.struck, struck.answers, struck.may_strike) == (True, {}, False)
        assert queries.changes_unscoped([accepted]) == {accepted: []}
        told = session().scalars(
            select(AuditEvent.details).where(AuditEvent.event == "measure:struck")
        )
        assert "typed_wrong" in told.one()


def test_goals_are_asked_about_by_the_team_and_the_person_and_by_no_group(
    world: World, triaged: UUID
) -> None:
    worker, she = world.link_worker, sitting(triaged)
    with transaction(worker):
        plan = services.plan(worker, triaged)
        wanted = schemas.Goal().read({"text": "Somebody to talk to"})
        goal = services.set_goal(worker, plan.id, wanted).id
        said = {"measure": "goal", "goal_id": str(goal), "answers": {"importance": 9}}
        services.measure(worker, triaged, ons4(back=0, **said))
    with transaction(she):
        said |= {"answers": {"importance": 5, "confidence": 6}}
        services.measure(she, triaged, ons4("end", 0, **said))
        found = queries.sheet(she, triaged)
        assert [goal.text for goal in found.goals] == ["Somebody to talk to"]
        assert [one.said() for one in found.changed] == ["How much it matters 9 → 5"]
        assert found.changed[0].measured().name == "How much it matters, “Somebody to talk to”:"


def test_staff_a_contact_and_the_telephone_write_on_pages(
    world: World, doors: Doors, accepted: UUID
) -> None:
    group = contact(world)
    with transaction(SYSTEM):
        session().get_one(Referral, accepted).team_id = world.team_id
    for client, page in (
        (doors.by(world.provider_worker), f"/referrals/{accepted}/measures"),
        (doors.by(group, "safe_link"), f"/answer/referrals/{accepted}/measures"),
        (doors.by(world.link_worker), f"/telephone/{accepted}/measures"),
    ):
        with counting() as counted:
            shown = client.get(f"{page}/ons4").text
        assert counted.business <= 5, counted.report()
        assert "Next I would like to ask you four questions" in shown
        order = [shown.index(f'name="answers.{item}"') for item in WELL]
        assert order == sorted(order)
        assert "Prefer not to say" in shown
        sent = {f"answers.{item}": str(n) for item, n in WELL.items()} | {
            "measure": "ons4",
            "edition": "1",
            "moment": "baseline",
            "answered_on-day": str(day(9).day),
            "answered_on-month": str(day(9).month),
            "answered_on-year": str(day(9).year),
        }
        wrong = client.post(f"{page}/ons4", data=sent | {"answers.happy": "12"})
        assert wrong.status_code == 422
        assert "how happy did you feel yesterday?: must be from 0 to 10" in wrong.text
        old = client.post(f"{page}/ons4", data=sent | {"edition": "0"})
        assert (old.status_code, "is not the one asked now" in old.text) == (422, True)
        assert client.post(f"{page}/ons4", data=sent).status_code == 303
        assert client.get(f"{page}/swemwbs").status_code == 404
        listed = client.get(page).text
        assert "Life satisfaction" in listed
        assert "(high)" in listed
        assert "Only if it helps" in listed
    elsewhere = doors.by(group, "safe_link").get(f"/answer/referrals/{uuid4()}/measures")
    assert (elsewhere.status_code, "This is not with you" in elsewhere.text) == (404, True)
    with reading(SYSTEM):
        rows = list(session().scalars(select(Assessment)))
        assert {row.organisation_id for row in rows} == {world.provider_id}
        assert [row.by_contact_id for row in rows if row.by_contact_id] == [group.id]
        first = rows[0].id
    client = doors.by(world.provider_worker)
    client.post(
        f"/referrals/{accepted}/measures/ons4",
        data=sent
        | {"moment": "end"}
        | {"answers.satisfaction": "8", "answers.anxious": "not_said"},
    )
    listed = client.get(f"/referrals/{accepted}/measures").text
    assert "<b>3 → 8</b>" in listed
    assert "Anxiety</th>" not in listed
    assert client.post(f"/measures/{first}/strike", data={"version": 1}).status_code == 422
    struck = client.post(f"/measures/{first}/strike", data={"version": 1, "reason": "twice"})
    assert struck.status_code == 303
    assert "Struck out, counts nowhere" in client.get(f"/referrals/{accepted}/measures").text
    lonely = {f"answers.{item}": "1" for item in ("companionship", "left_out", "isolated")}
    asked = {**sent, "measure": "ucla3"} | lonely
    for item in WELL:
        asked.pop(f"answers.{item}")
    after = client.post(f"/referrals/{accepted}/measures/ucla3", data=asked)
    assert "/measures/ons_direct_loneliness?moment=baseline" in after.headers["Location"]
