"""Each verb: what it changes, who may do it, what is refused and with which way out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, IllegalAction, Invalid, NotFound, StaleVersion
from referral.people import queries as people
from referral.referrals import lifecycle, queries, schemas, services
from referral.referrals.models import Contact, Referral, StatusChange, Thread
from tests import factories
from tests.factories import World

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
FINISHED = {"outcome": "met", "told_by": "person", "actions_for_practice": []}


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_illegal_verbs_name_the_legal_ones(world: World) -> None:
    worker = world.provider_worker
    with transaction(world.practice_staff):
        made = factories.referral(world)
        with pytest.raises(IllegalAction) as refused:
            factories.say(worker, made.id, "resume")
        assert refused.value.allowed_actions == [
            "accept", "waitlist", "ask", "decline", "raise", "assign",
        ]  # fmt: skip
        with pytest.raises(IllegalAction) as refused:
            services.act(worker, made.id, "dance", None, {})
        assert "accept" in refused.value.allowed_actions


def test_somebody_else_was_first(world: World) -> None:
    worker = world.provider_worker
    with transaction(world.practice_staff):
        made = factories.referral(world)
        factories.say(worker, made.id, "accept", 1)
        with pytest.raises(StaleVersion) as refused:
            factories.say(worker, made.id, "decline", 1, reason="capacity")
        assert (refused.value.yours, refused.value.current) == (1, 2)
        assert "start" in refused.value.extra["allowed_actions"]


def test_roles_that_only_look_may_not_act(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world)
        for actor in (world.care_navigator, world.practice_manager):
            with pytest.raises(Forbidden):
                factories.say(actor, made.id, "withdraw", reason="x")
        for actor in (other.practice_staff, other.provider_worker, world.link_worker):
            with pytest.raises(NotFound):
                factories.say(actor, made.id, "withdraw", reason="x")


def test_a_question_stops_the_clock_and_the_reply_starts_it_again(world: World) -> None:
    worker, staff = world.provider_worker, world.practice_staff
    with clock.at(MONDAY), transaction(staff):
        made = factories.referral(world)
        assert made.due_on == day("2026-06-08")
    with clock.at(MONDAY + timedelta(days=1)), transaction(worker):
        asked = factories.say(worker, made.id, "ask", question="Happy in groups?")
        assert asked.owner_id == world.practice_id
        assert (asked.due_on, asked.clock_left) == (day("2026-06-05"), 4)
        assert queries.view(staff, asked)["history"][-1]["note"] == "Happy in groups?"
    with clock.at(MONDAY + timedelta(days=3)), transaction(staff):
        back = factories.say(staff, made.id, "reply", answer="Small ones")
        assert (back.status, back.owner_id) == ("sent", world.provider_id)
        assert back.due_on == day("2026-06-10")
        assert queries.view(worker, back)["history"][-1]["note"] == "Small ones"


def test_urgent_is_due_sooner(world: World) -> None:
    with clock.at(MONDAY), transaction(world.practice_staff):
        made = factories.referral(world, urgency="urgent")
        assert made.due_on == day("2026-06-02")
        later = factories.referral(world)
        moved = factories.say(world.practice_staff, later.id, "amend", urgency="urgent")
        assert moved.due_on == day("2026-06-02")
        back = factories.say(world.practice_staff, later.id, "amend", urgency="routine")
        assert back.due_on == day("2026-06-02")


def test_a_waiting_list_has_a_date_that_is_confirmed(world: World) -> None:
    worker = world.provider_worker
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world)
        first = factories.say(worker, made.id, "waitlist", expected_on="2026-06-10")
        assert (first.due_on, first.expected_on) == (day("2026-06-10"), day("2026-06-10"))
        late = factories.say(worker, made.id, "waitlist", expected_on="2026-10-01")
        assert late.due_on == day("2026-06-29"), "at the latest after 20 working days"
        assert factories.say(worker, made.id, "accept").status == "accepted"


def test_a_pause_leads_back_to_where_it_began(world: World) -> None:
    worker = world.provider_worker
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world, "started")
        paused = factories.say(worker, made.id, "pause", until="2026-06-20", note="In hospital")
        assert paused.due_on == day("2026-06-22"), "the first working day from then"
        assert factories.say(worker, made.id, "resume").status == "started"


def test_contacts_count_and_only_meeting_the_person_starts_a_new_clock(world: World) -> None:
    worker = world.provider_worker
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world, "accepted")
        first = factories.say(worker, made.id, "contact", channel="phone", result="no_answer")
        assert (first.status, first.first_contact_at) == ("contacting", None)
        due = first.due_on
    with clock.at(MONDAY + timedelta(days=2)), transaction(worker):
        again = factories.say(worker, made.id, "contact", channel="phone", result="message_left")
        assert again.due_on == due
        met = factories.say(
            worker, made.id, "contact", channel="visit", result="attended",
            at="2026-06-02T10:00:00Z", note="Tea and a chat",
        )  # fmt: skip
        assert met.due_on is not None
        assert due is not None
        assert met.due_on > due
        assert met.attendances == 1
        assert met.first_contact_at == datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
        shown = queries.view(worker, met)["contacts"]
        assert [one["result"] for one in shown] == ["no_answer", "attended", "message_left"]
        assert shown[1]["note"] == "Tea and a chat"


@pytest.mark.parametrize("body", [{}, {"actions_for_practice": None}, {"outcome": "great"}])
def test_the_outcome_and_the_actions_must_be_said(body: dict[str, Any]) -> None:
    for verb in ("complete", "end"):
        with pytest.raises(Invalid):
            schemas.BODIES[verb]().read({"outcome": "met", "told_by": "person"} | body)


def test_feedback_without_an_action_closes_by_itself_and_is_never_overdue(world: World) -> None:
    with transaction(world.practice_staff):
        quiet = factories.referral(world, "completed")
        asking = factories.referral(world, "accepted")
        ending = FINISHED | {"actions_for_practice": ["Ring her"]}
        asking = factories.say(world.provider_worker, asking.id, "complete", **ending)
        hidden = factories.referral(world, "accepted", consent={"refer": True, "feedback": "none"})
        hidden = factories.say(world.provider_worker, hidden.id, "complete", **ending)
        assert (quiet.self_closing, asking.self_closing, hidden.self_closing) == (
            True, False, True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "outcome", "owner"),
    [
        ("did_not_attend", "not_known", "team_id"),
        ("did_not_attend", "met", "practice_id"),
        ("person_choice", "not_met", "practice_id"),
        ("service_stopped", "partly_met", "team_id"),
    ],
)
def test_an_early_end_goes_to_who_decides(
    world: World, reason: str, outcome: str, owner: str
) -> None:
    with transaction(world.provider_worker):
        made = factories.referral(world, "accepted")
        ended = factories.say(
            world.provider_worker, made.id, "end", reason=reason, **FINISHED | {"outcome": outcome}
        )
        assert ended.owner_id == getattr(world, owner)


@pytest.mark.parametrize("reason", ["died", "moved_away"])
def test_gone_is_said_once_and_ends_everything(world: World, other: World, reason: str) -> None:
    worker = world.provider_worker
    with transaction(world.practice_staff):
        lunch = factories.service(world.provider_id, name="Lunch club")
        first = factories.referral(world, "accepted", 1)
        data = factories.answers(lunch, 1)
        second = services.create(world.practice_staff, schemas.Create().read(data))
        declined = factories.referral(world, "declined", 2)
    with transaction(other.practice_staff):
        third = factories.referral(other, "started", 1)
    with transaction(worker):
        factories.say(worker, first.id, "end", reason=reason, **FINISHED)
    with transaction(SYSTEM):
        found = {row.id: row for row in session().scalars(select(Referral))}
        for one in (first, second, third):
            assert found[one.id].status == "ended_early"
            assert found[one.id].end_reason == reason
        assert found[declined.id].status == "declined"
        standing = people.standings_unscoped([first.person_id, third.person_id])
        died = clock.today() if reason == "died" else None
        assert {one.deceased_on for one in standing.values()} == {died}
    with transaction(worker):
        factories.say(worker, first.id, "undo")
        statuses = [session().get_one(Referral, one.id).status for one in (first, second, third)]
        assert statuses == ["accepted", "sent", "started"]
        assert people.standings_unscoped([first.person_id])[first.person_id].deceased_on is None


def test_withdrawn_and_entered_in_error_end_it_and_say_why(world: World) -> None:
    staff = world.practice_staff
    with transaction(staff):
        for verb in ("withdraw", "correct"):
            made = factories.referral(world, "accepted")
            ended = factories.say(staff, made.id, verb, reason="She changed her mind")
            assert (ended.owner_id, ended.due_on, ended.look_on) == (None, None, None)
            shown = queries.view(staff, ended)
            assert shown["history"][-1]["reason"] == "She changed her mind"


def test_health_is_raised_to_the_practice_and_anything_else_to_the_sender(world: World) -> None:
    worker, staff = world.provider_worker, world.practice_staff
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world, "started")
        raised = factories.say(worker, made.id, "raise", kind="health", text="Skips tablets")
        assert raised.status == "started"
        thread = session().scalars(select(Thread)).one()
        assert (thread.owner_id, thread.due_on) == (world.practice_id, day("2026-06-02"))
        factories.say(
            worker, made.id, "raise", kind="practical", text="Key", wanted_by="2026-06-20"
        )
        back = factories.say(staff, made.id, "raise", kind="question", text="Which day?")
    with reading(staff):
        shown = queries.view(staff, back.id)
        assert [(t["kind"], t["mine"]) for t in shown["threads"]] == [
            ("health", True), ("practical", True), ("question", False),
        ]  # fmt: skip
        assert shown["threads"][0]["text"] == "Skips tablets"
        assert [t["kind"] for t in queries.home(staff)["threads"]] == ["health", "practical"]
    with transaction(staff):
        with pytest.raises(Invalid) as refused:
            factories.say(
                staff, made.id, "answer", thread_id=str(shown["threads"][2]["id"]), text="?"
            )
        assert list(refused.value.errors) == ["thread_id"]
        factories.say(staff, made.id, "answer", thread_id=str(thread.id), text="Thank you")
        seen = queries.view(worker, made.id)["threads"][0]
        assert (seen["answer"], seen["answered_at"] is not None) == ("Thank you", True)


def test_what_was_raised_is_answered_even_after_the_end(world: World) -> None:
    worker, staff = world.provider_worker, world.practice_staff
    with transaction(worker):
        made = factories.referral(world, "started")
        factories.say(worker, made.id, "raise", kind="safeguarding", text="Bruises")
        factories.say(worker, made.id, "complete", **FINISHED)
        with pytest.raises(IllegalAction, match="waits for your answer"):
            factories.say(staff, made.id, "acknowledge")
        thread = session().scalars(select(Thread)).one()
        factories.say(staff, made.id, "correct", reason="Wrong person")
        assert queries.view(staff, made.id)["allowed_actions"] == ["answer"]
        factories.say(staff, made.id, "answer", thread_id=str(thread.id), text="Reported")


def test_amending_changes_the_person_and_the_referral_and_shows_it(world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    with transaction(staff):
        made = factories.referral(world, "accepted", 1)
        amended = factories.say(
            staff, made.id, "amend", phone="0141 496 0000", postcode="G51 3AB",
            needs=["food", "money"], reason="Hungry", risk={"known": True, "text": "A dog"},
        )  # fmt: skip
        assert amended.amended_at is not None
        shown = queries.view(worker, amended)
        assert shown["person"]["phone"] == "0141 496 0000"
        assert (shown["person"]["area"], shown["needs"]) == ("G51", ["food", "money"])
        assert (shown["reason"], shown["risk"]) == ("Hungry", {"known": True, "text": "A dog"})
        assert shown["history"][-1]["note"] == "needs, phone, postcode, reason, risk"
        with pytest.raises(IllegalAction):
            factories.say(worker, made.id, "amend", phone="0141 496 0001")


def test_only_a_colleague_who_can_act_is_named(world: World, other: World) -> None:
    worker, manager = world.provider_worker, world.provider_manager
    with transaction(worker):
        made = factories.referral(world)
        named = factories.say(worker, made.id, "assign", user_id=str(manager.id))
        assert named.owner_user_id == manager.id
        for wrong in (other.provider_worker, world.practice_staff):
            with pytest.raises(Invalid):
                factories.say(worker, made.id, "assign", user_id=str(wrong.id))
        asked = factories.say(manager, made.id, "ask", question="?")
        assert asked.owner_user_id == world.practice_staff.id
        boss = world.practice_manager
        with pytest.raises(Invalid):
            factories.say(boss, made.id, "assign", user_id=str(world.care_navigator.id))
        factories.say(boss, made.id, "assign", user_id=str(world.practice_staff.id))


@pytest.mark.parametrize(
    ("status", "verb", "body"),
    [
        ("sent", "accept", {}),
        ("sent", "ask", {"question": "Why?"}),
        ("sent", "decline", {"reason": "capacity"}),
        ("accepted", "contact", {"channel": "phone", "result": "reached"}),
        ("contacting", "start", {}),
        ("started", "contact", {"channel": "visit", "result": "attended"}),
        ("started", "complete", FINISHED | {"summary": "Fine", "outcome": "met"}),
        ("started", "end", FINISHED | {"reason": "unwell"}),
    ],
)
def test_undo_puts_everything_back(
    world: World, status: str, verb: str, body: dict[str, Any]
) -> None:
    worker = world.provider_worker
    kept = [c.name for c in Referral.__table__.columns if c.name not in (
        "version", "updated_at", "text_sealed",
    )]  # fmt: skip
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world, status)
        before = {name: getattr(made, name) for name in kept}
        contacts = len(queries.view(worker, made)["contacts"])
        factories.say(worker, made.id, verb, **body)
    with clock.at(MONDAY + timedelta(minutes=14)), transaction(worker):
        with pytest.raises(IllegalAction):
            factories.say(world.provider_manager, made.id, "undo")
        undone = factories.say(worker, made.id, "undo")
        assert {name: getattr(undone, name) for name in kept} == before
        shown = queries.view(worker, undone)
        assert shown["outcome"] is None
        assert len(shown["contacts"]) == contacts
        assert [row["undone"] for row in shown["history"]][-2:] == [True, False]
        with pytest.raises(IllegalAction):
            factories.say(worker, made.id, "undo")


def test_after_a_quarter_of_an_hour_it_stands(world: World) -> None:
    worker = world.provider_worker
    with clock.at(MONDAY), transaction(worker):
        made = factories.referral(world)
        factories.say(worker, made.id, "accept")
    later = clock.at(MONDAY + timedelta(minutes=16))
    with later, transaction(worker), pytest.raises(IllegalAction, match="15 minutes"):
        factories.say(worker, made.id, "undo")


def test_every_event_is_one_row_and_one_version(world: World) -> None:
    for status in lifecycle.STATUSES:
        with transaction(world.practice_staff):
            made = factories.referral(world, status)
            numbers = session().scalars(
                select(StatusChange.number)
                .where(StatusChange.referral_id == made.id)
                .order_by(StatusChange.number)
            )
            assert list(numbers) == list(range(1, made.version + 1)), status


def test_free_text_is_sealed(world: World) -> None:
    with transaction(world.practice_staff) as opened:
        made = factories.referral(world, "contacting", reason="Zanzibarred")
        factories.say(
            world.provider_worker, made.id, "contact", channel="phone", result="reached",
            note="Zanzibarred",
        )  # fmt: skip
        opened.flush()
        assert opened.scalars(select(Contact)).first() is not None
        for table in ("referral", "status_change", "contact", "thread"):
            rows = opened.connection().exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any(b"Zanzibar" in v for row in rows for v in row if isinstance(v, bytes))
            assert not any("Zanzibar" in v for row in rows for v in row if isinstance(v, str))


def test_the_practice_says_it_once_when_somebody_died(world: World) -> None:
    staff = world.practice_staff
    with transaction(staff):
        made = factories.referral(world, "started", 1)
        with pytest.raises(Invalid):
            services.person_gone(staff, made.person_id, "unwell")
        with pytest.raises(NotFound):
            services.person_gone(world.link_worker, made.person_id, "died")
        assert services.person_gone(staff, made.person_id, "died", clock.today()) == 1
        assert session().get_one(Referral, made.id).status == "ended_early"
        assert people.person(staff, made.person_id).deceased_on == clock.today()
