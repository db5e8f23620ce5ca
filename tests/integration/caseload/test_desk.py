"""The desk: one line a person, work shared out and handed over, nobody left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from referral.accounts import queries as accounts
from referral.caseload import queries, schemas, services
from referral.caseload.models import Handover
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.outbox.models import OutboxMessage
from referral.referrals import schemas as bodies
from referral.referrals import services as verbs
from referral.referrals.models import Appointment, Referral, Thread
from referral.referrals.queries import handing
from referral.referrals.schemas.appointing import Appoint
from referral.referrals.services import appointing
from tests import factories
from tests.factories import World, caseloads
from tests.integration.caseload.conftest import Brought
from tests.performance.counting import counting
from tests.support.audit import events
from tests.support.browsers import At

PEOPLE = 80


def colleague(world: World, role: str = "link_worker", name: str = "Amira Khan") -> Actor:
    with transaction(SYSTEM):
        return factories.user(role, world.team_id, "link_worker_team", world.locality_id, name=name)


def to_triage(world: World, n: int, **changes: Any) -> UUID:
    data = factories.answers(None, n, **changes)
    return verbs.create(world.practice_staff, bodies.Create().read(data)).id


def email_of(actor: Actor) -> str:
    with reading(SYSTEM):
        return accounts.email_of(actor.id) or "" if actor.id else ""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_page_of_eighty_people_costs_what_a_page_of_one_costs(
    database: Database, world: World, bring: Brought, at: At
) -> None:
    address = email_of(world.link_worker)
    bring([caseloads.row(n, worker_email=address) for n in range(1, PEOPLE + 1)])
    browser = at(world.link_worker)
    addresses = (
        *(f"/caseload?show={show}" for show in schemas.SHOWS),
        "/caseload?worker=team",
        "/caseload/triage",
        "/caseload/exceptions",
        "/caseload/team",
        "/caseload/appointments",
        "/",
    )
    for address in addresses:
        with counting(database) as counted:
            page = browser.get(address)
        assert page.status_code == 200, address
        assert counted.business <= 5, (address, counted.report())
    page = browser.get("/caseload")
    assert page.text.count("data-line>") == PEOPLE
    assert "counts as 80 of 80" in page.text
    # One event for the page, with all of them as its subjects.
    before = events("referral:listed")
    browser.get("/caseload")
    assert events("referral:listed") == before + 1


def test_triage_goes_by_urgency_and_age_and_work_is_shared_out(world: World, at: At) -> None:
    lead, amira = world.link_worker_lead, world.link_worker
    with transaction(world.practice_staff):
        first, second = to_triage(world, 1), to_triage(world, 2)
        urgent = to_triage(world, 3, urgency="urgent")
    with reading(amira):
        assert [row["id"] for row in queries.triage(amira)] == [urgent, first, second]
        assert queries.numbers(amira, amira.id).triage == 3
    with transaction(lead):
        services.set_guide(lead, amira.id, 0, people=2, hours=100)
        made = services.allocate(lead, [second, first, urgent], amira.id)
    # Three people of a guide of two: said, and done all the same.
    assert (sorted(made.done), made.load.state) == (sorted([first, second, urgent]), "over")
    with reading(SYSTEM):
        told = list(
            session().scalars(
                select(OutboxMessage.subject).where(OutboxMessage.key.startswith("allocated:"))
            )
        )
    assert told == ["3 referrals were given to you"]
    # By a link worker to themselves, and to nobody else.
    other = colleague(world)
    with transaction(other):
        assert services.allocate(other, [first], other.id).done == [first]
        with pytest.raises(Forbidden):
            services.allocate(other, [first], amira.id)
    # What somebody changed meanwhile is left, and said; strangers never get anything.
    with transaction(lead):
        stale = services.allocate(lead, [first], amira.id, {first: 1})
        assert (stale.done, stale.left[0].referral_id) == ([], first)
        with pytest.raises(Invalid):
            services.allocate(lead, [first], world.provider_worker.id or lead.id)
        with pytest.raises(StaleVersion):
            services.set_guide(lead, amira.id, 0, people=9, hours=100)
    page = at(lead).post(
        "/caseload/allocate",
        data={"chosen": f"{first}.99", "user_id": str(amira.id), "from": "triage"},
        follow_redirects=True,
    )
    assert "Not given: 1" in page.text
    browser = at(amira)
    version = (
        next(
            row
            for row in browser.get("/caseload/triage").text.split("data-line>")
            if f"/referrals/{urgent}" in row
        )
        .split(f"{urgent}.")[1]
        .split('"')[0]
    )
    for _again in range(2):
        page = browser.post(
            f"/caseload/triage/{urgent}/take", data={"version": version}, follow_redirects=True
        )
        assert page.status_code == 200
    assert "quicker" in page.text
    with reading(amira):
        lines = queries.caseload(amira, "mine", amira.id).lines
    assert {row["status"] for line in lines for row in line.rows} == {"accepted", "sent"}


def test_a_caseload_handed_over_leaves_nobody_behind(world: World, bring: Brought) -> None:
    giver, lead = world.link_worker, world.link_worker_lead
    taker = colleague(world)
    bring(caseloads.row(n, worker_email=email_of(giver)) for n in range(1, 6))
    with transaction(giver):
        rows = [line.rows[0] for line in queries.caseload(giver, "mine", giver.id).lines]
        # Sent on to a group, an appointment set, a question to be answered.
        sent = verbs.create(
            giver,
            bodies.Create().read(
                {
                    **{
                        k: v
                        for k, v in factories.answers(world.service_id, 1).items()
                        if k != "person"
                    },
                    "person_id": str(rows[0]["person_id"]),
                    "based_on": str(rows[0]["id"]),
                }
            ),
        )
        appointing.appoint(
            giver,
            rows[1]["id"],
            Appoint().read(
                {
                    "kind": "review",
                    "place": "phone",
                    "time": "10:30",
                    "on": (clock.today() + timedelta(days=3)).isoformat(),
                }
            ),
        )
    with transaction(world.provider_worker):
        factories.say(world.provider_worker, sent.id, "raise", kind="question", text="Groups?")
    with transaction(lead):
        with pytest.raises(Invalid):
            services.hand_over(lead, giver.id, giver.id, "leaving")
        made = services.hand_over(lead, giver.id, taker.id, "leaving")
        handover_id = made.id
        assert made.referrals == 6
        assert {one["kind"] for one in made.promises} >= {"appointment", "thread"}
        assert "Canary" not in str(made.promises)
    with reading(lead):
        assert handing.promises(lead, giver.id) == []
        for shown in ("mine", "due", "waiting"):
            assert queries.caseload(lead, shown, giver.id).lines == []
        assert len(queries.caseload(lead, "mine", taker.id).lines) == 5
        left = session().scalar(
            select(func.count()).select_from(Referral).where(Referral.owner_user_id == giver.id)
        )
        assert left == 0
        assert {row.user_id for row in session().scalars(select(Appointment))} == {taker.id}
        assert {row.owner_user_id for row in session().scalars(select(Thread))} == {taker.id}
        subjects = set(session().scalars(select(OutboxMessage.subject)))
        assert "6 referrals were handed over to you" in subjects
    # What the group ends comes back to who has the person now.
    with transaction(world.provider_worker):
        factories.say(world.provider_worker, sent.id, "decline", reason="capacity")
    with reading(lead):
        assert session().get_one(Referral, sent.id).owner_user_id == taker.id
    with transaction(lead), pytest.raises(Forbidden):
        services.confirm(lead, handover_id)
    for _again in range(2):
        with transaction(taker):
            services.confirm(taker, handover_id)
    with reading(taker):
        assert session().get_one(Handover, handover_id).read_at is not None
    assert events("caseload:handover_confirmed") == 1


def test_every_place_counts_the_same_people(world: World, bring: Brought) -> None:
    amira = world.link_worker
    bring([caseloads.row(1, worker_email=email_of(amira))])
    with transaction(amira):  # somebody only a group has now
        verbs.create(amira, bodies.Create().read(factories.answers(world.service_id, 2)))
    with transaction(world.practice_staff):
        person = session().scalars(select(Referral.person_id).order_by(Referral.id)).first()
        for n in (3, 1):  # one new, and one of somebody she has
            again = to_triage(world, n)
            if n == 1:
                session().get_one(Referral, again).person_id = person
    with reading(amira):
        numbers, own = queries.numbers(amira, amira.id), queries.worker(amira, amira.id)
        assert (numbers.mine, own.load.people, own.load.points) == (2, 2, 1.0)
        assert len(queries.caseload(amira, "mine", amira.id).lines) == 2
        lines = queries.caseload(amira, "unassigned", amira.id).lines
        assert {line.first["status"] for line in lines} == {"sent"}
        first = {line.first["status"] for line in queries.caseload(amira, "mine", amira.id).lines}
        assert first == {"started", "sent"}


def test_other_teams_see_nothing_of_it(world: World, bring: Brought, at: At) -> None:
    bring([caseloads.row(1)])
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    with transaction(world.practice_staff):
        waiting = to_triage(world, 2)
    stranger = other.link_worker_lead
    with reading(stranger):
        for show in queries.SHOWS:
            assert queries.caseload(stranger, show, None).lines == []
        assert queries.triage(stranger) == []
        assert {w.name for w in queries.team(stranger)} == {"Link Worker", "Link Worker Lead"}
        assert world.link_worker.id not in {w.id for w in queries.team(stranger)}
    with transaction(stranger):
        with pytest.raises(NotFound):
            services.allocate(stranger, [waiting], stranger.id or waiting)
        with pytest.raises(NotFound):
            services.hand_over(stranger, world.link_worker.id, stranger.id, "leaving")
        with pytest.raises(NotFound):
            appointing.appoint(stranger, waiting, {})
    own = at(stranger)
    assert own.get(f"/referrals/{waiting}/unmet").status_code == 404
    assert own.get(f"/caseload/team/{world.link_worker.id}/hand-over").status_code == 404
    assert at(world.provider_worker).get("/caseload").status_code == 403
    assert at(world.practice_staff).get("/caseload").status_code == 403


def test_supervision_is_read_by_the_two_and_by_nobody_else(world: World, at: At) -> None:
    lead, worker = world.link_worker_lead, world.link_worker
    other = colleague(world)
    said = {"held_on": clock.today(), "text": "CANARY tired of the phone", "next": "Rest"}
    with transaction(lead):
        note = services.write_note(lead, worker.id, said)
        note_id = note.id
        with pytest.raises(StaleVersion):
            services.amend_note(lead, note_id, 7, said)
        with pytest.raises(Invalid):
            services.write_note(lead, lead.id, said)
    assert b"CANARY" not in note.text_sealed
    for actor in (lead, worker):
        page = at(actor).get(f"/caseload/supervision/{note_id}")
        assert (page.status_code, "CANARY" in page.text) == (200, True)
    second = colleague(world, "link_worker_lead", "Jo Mills")
    for actor in (other, second):
        assert at(actor).get(f"/caseload/supervision/{note_id}").status_code == 404
        assert "CANARY" not in at(actor).get("/caseload/supervision").text
        assert at(actor).post(f"/caseload/supervision/{note_id}", data={}).status_code == 404
    assert (
        at(worker)
        .post(
            f"/caseload/supervision/{note_id}",
            data={
                "held_on-day": "1",
                "held_on-month": "1",
                "held_on-year": "2026",
                "text": "x",
                "version": "1",
            },
        )
        .status_code
        == 403
    )
