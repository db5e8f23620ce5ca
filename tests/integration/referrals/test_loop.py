"""The closed loop: refer, answer, support, report, read. On both engines."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import NotFound
from referral.core.tally import TallyLine
from referral.outbox.models import OutboxMessage
from referral.people import queries as people
from referral.people.models import PersonAccess
from referral.referrals import queries, schemas, services
from tests import factories
from tests.factories import World

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def after(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def test_a_referral_goes_all_the_way_round(world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    with clock.at(MONDAY), transaction(staff):
        sent = factories.referral(world, n=1)
        shown = queries.view(staff, sent)
    assert shown["status"] == "sent"
    assert shown["owner"] == {
        "organisation": {"id": world.provider_id, "name": "Riverside Befriending"},
        "user": None,
    }
    assert shown["next_step"]["key"] == "answer"
    assert shown["due_on"].isoformat() == "2026-06-08"
    assert shown["holds"] == "Riverside Befriending holds this. They will answer by Mon 8 June."
    assert shown["person"]["name"] == "Testa Canary1"

    with clock.at(after(1)), transaction(worker):
        before = queries.view(worker, sent)
        assert before["person_name"] == "Woman, 70s, ZZ99"
        accepted = factories.say(worker, sent.id, "accept", before["version"], note="Yes")
        now = queries.view(worker, accepted)
    assert now["person"]["name"] == "Testa Canary1"
    assert now["person"]["phone"] == "01632 960001"
    assert "health_number" not in now["person"]
    assert now["owner"]["user"]["name"] == "Provider Worker"
    assert now["due_on"].isoformat() == "2026-06-16"

    with clock.at(after(2)), transaction(worker):
        factories.say(worker, sent.id, "contact", channel="letter", result="reached")
        factories.say(worker, sent.id, "start")
        factories.say(worker, sent.id, "contact", channel="visit", result="attended")
    with clock.at(after(30)), transaction(worker):
        factories.say(
            worker,
            sent.id,
            "complete",
            outcome="met",
            told_by="both",
            actions_for_practice=["Review her tablets"],
            summary="She goes to the lunch club on her own.",
        )
    with clock.at(after(31)), transaction(staff):
        back = queries.view(staff, sent.id)
        assert back["outcome"] == {
            "overall": "met",
            "told_by": "both",
            "actions_for_practice": ["Review her tablets"],
            "summary": "She goes to the lunch club on her own.",
            "end_reason": None,
            "results": [{"outcome": "met", "told_by": "both", "reason": ""}],
            "told_apart": False,
            "goes_on": None,
        }
        assert back["owner"]["organisation"]["id"] == world.practice_id
        assert [row["reference"] for row in queries.home(staff)["needs_me"]] == [sent.reference]
        closed = factories.say(staff, sent.id, "acknowledge", back["version"])
        history = queries.view(staff, closed)["history"]
    assert [row["verb"] for row in history] == [
        "send", "accept", "contact", "start", "contact", "complete", "acknowledge",
    ]  # fmt: skip
    assert [row["to"] for row in history] == [
        "sent", "accepted", "contacting", "started", "started", "completed", "closed",
    ]  # fmt: skip
    assert history[1]["note"] == "Yes"
    assert history[1]["actor"] == {
        "kind": "user",
        "name": "Provider Worker",
        "organisation": "Riverside Befriending",
    }
    with reading(SYSTEM):
        sums = select(TallyLine.metric, func.sum(TallyLine.value)).group_by(TallyLine.metric)
        counted = {row[0]: row[1] for row in session().execute(sums)}
        for metric in ("sent", "answered", "first_contact", "started", "finished", "met"):
            assert counted[metric] == 1, metric
        assert counted["actions_asked"] == counted["actions_done"] == 1
        answer = session().scalars(
            select(TallyLine.bucket).where(TallyLine.metric == "answer_time")
        )
        assert list(answer) == [10]
        events = list(session().scalars(select(AuditEvent.event).order_by(AuditEvent.id)))
        assert [name for name in events if name.startswith("referral:")] == [
            "referral:sent", "referral:accepted", "referral:contact_logged", "referral:started",
            "referral:contact_logged", "referral:completed", "referral:acknowledged",
        ]  # fmt: skip


def test_messages_tell_that_something_waits_and_never_who_or_why(world: World) -> None:
    with transaction(world.practice_staff):
        factories.referral(world, "question_asked", 7, reason="Zanzibarred since the war")
        words = [
            f"{one.to} {one.subject} {one.body}"
            for one in session().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        ]
        to = set(session().scalars(select(OutboxMessage.organisation_id)))
    assert len(words) == 2
    assert to == {world.practice_id, world.provider_id}
    for text in words:
        for secret in ("Testa", "Canary", "Zanzibar", "999", "1952", "loneliness", "Lonel"):
            assert secret not in text
    assert "please answer by" in words[0]
    assert "http://127.0.0.1:8000/referrals/" in words[0]


def test_declined_it_goes_to_the_link_worker_who_refers_elsewhere(world: World) -> None:
    staff, worker, linker = world.practice_staff, world.provider_worker, world.link_worker
    with transaction(staff):
        made = factories.referral(world, n=1)
        elsewhere = factories.service(world.provider_id, name="Lunch club")
    with reading(linker), pytest.raises(NotFound):
        queries.referral(linker, made.id)
    with transaction(worker):
        factories.say(worker, made.id, "decline", reason="capacity", suggestion="Lunch club")
        gone = queries.view(worker, made)
        assert gone["person"] == {}
        assert gone["reason"] is None
    with transaction(linker):
        held = queries.view(linker, made.id)
        assert held["owner"]["organisation"]["id"] == world.team_id
        assert held["person"]["name"] == "Testa Canary1"
        assert held["decline_reason"] == "capacity"
        assert held["history"][-1]["suggestion"] == "Lunch club"
        old = factories.say(linker, made.id, "redirect", held["version"], service_id=str(elsewhere))
        assert old.status == "closed"
        assert old.replaced_by_id is not None
        new = queries.view(linker, old.replaced_by_id)
    assert new["based_on"] == made.id
    assert new["from"]["id"] == world.team_id
    assert new["practice"]["id"] == world.practice_id
    assert new["links"]["based_on"]["reference"] == made.reference
    with reading(staff):
        shown = queries.view(staff, made.id)
        assert shown["replaced_by"] == new["id"]
        assert queries.view(staff, new["id"])["person"]["name"] == "Testa Canary1"


def test_declined_it_comes_back_to_a_sender_who_said_so(world: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "declined", if_not="referrer")
        assert made.owner_id == world.practice_id
    with reading(world.link_worker), pytest.raises(NotFound):
        queries.referral(world.link_worker, made.id)


def test_triage_goes_to_the_team_and_onward_referrals_keep_it_open(world: World) -> None:
    navigator, linker, worker = world.care_navigator, world.link_worker, world.provider_worker
    with transaction(navigator):
        made = services.create(navigator, schemas.Create().read(factories.answers(None, 1)))
        assert (made.recipient_id, made.team_id) == (world.team_id, world.team_id)
        person_id = made.person_id
    with transaction(linker):
        assert queries.view(linker, made)["person"]["name"] == "Testa Canary1"
        taken = factories.say(linker, made.id, "accept")
        assert taken.owner_user_id == linker.id
        data = factories.answers(world.service_id) | {"person_id": str(person_id)}
        del data["person"]
        onward = services.create(linker, schemas.Create().read(data))
        assert onward.based_on_id == made.id
        shown = queries.view(linker, made.id)
        assert [link["id"] for link in shown["onward"]] == [onward.id]
        assert "complete" not in shown["allowed_actions"]
    with transaction(worker):
        factories.say(worker, onward.id, "accept")
        ending = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
        factories.say(worker, onward.id, "complete", **ending)
    with transaction(linker):
        factories.say(linker, onward.id, "acknowledge")
        factories.say(linker, made.id, "complete", **ending)


def test_access_follows_every_transition(world: World) -> None:
    def facts() -> dict[object, tuple[str, bool]]:
        return {
            row.organisation_id: (row.level, row.until is None)
            for row in session().scalars(
                select(PersonAccess).where(PersonAccess.subject_id == made.id)
            )
        }

    worker = world.provider_worker
    with transaction(world.practice_staff):
        made = factories.referral(world)
        assert facts() == {
            world.practice_id: ("identified", True),
            world.provider_id: ("anonymous", True),
        }
        with pytest.raises(NotFound):
            people.person(worker, made.person_id)
        factories.say(worker, made.id, "accept")
        assert facts()[world.provider_id] == ("identified", True)
        assert people.person(worker, made.person_id).identity.given_name == "Testa"
        factories.say(worker, made.id, "undo")
        assert facts()[world.provider_id] == ("anonymous", True)
        with pytest.raises(NotFound):
            people.person(worker, made.person_id)
        factories.say(worker, made.id, "decline", reason="capacity")
        assert facts() == {
            world.practice_id: ("identified", True),
            world.provider_id: ("anonymous", False),
            world.team_id: ("identified", True),
        }
