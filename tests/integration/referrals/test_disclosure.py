"""Planted words that would say who the person is never reach a provider before it accepts."""

from collections.abc import Iterator
from typing import Any

import pytest

from referral.core.database import reading, transaction
from referral.core.errors import ReferralError
from referral.people import services as registry
from referral.referrals import queries
from tests import factories
from tests.factories import World
from tests.integration.referrals.conftest import Ask
from tests.support import api
from tests.support.numbers import nhs_number

# Whatever a person is known by, and what was written about them for others.
PERSON = {
    "given_name": "Xanthippe",
    "family_name": "Quillfeather",
    "title": "Prof",
    "date_of_birth": "1941-11-09",
    "address": "17 Marmalade Wynd",
    "postcode": "G51 3AB",
    "phone": "01632 960444",
    "email": "xq@secret.example",
}
CANARIES = (
    "Xanthippe", "Quillfeather", "1941-11", "1941, 11", "November 1941",
    "Marmalade", "3AB", "960444", "xq@secret", "Prof", nhs_number(77), "999 107",
)  # fmt: skip
REASON = "Xanthippe Quillfeather of 17 Marmalade Wynd (01632 960444) wants company"


def plant(world: World, status: str, **changes: Any) -> Any:
    return factories.referral(
        world, status, 77, person=api.person(77, **PERSON), reason=REASON,
        risk={"known": True, "text": "Ring Xanthippe first"}, **changes,
    )  # fmt: skip


def texts(world: World, made: Any) -> Iterator[str]:
    """Everything the queries tell the provider's people."""
    for actor in (world.provider_worker, world.provider_manager):
        with reading(actor):
            yield repr(queries.view(actor, made.id))
            yield repr(queries.listing(actor))
            yield repr(queries.listing(actor, "to_me", overdue=True))
            yield repr(queries.home(actor))
            yield repr(queries.open_of_person(actor, made.person_id))
            yield repr(queries.history(actor, made.id))


@pytest.mark.parametrize(
    "status", ["sent", "question_asked", "waiting_list", "declined", "returned_no_reply",
               "withdrawn", "entered_in_error"],
)  # fmt: skip
def test_nothing_says_who_it_is_without_accepting(world: World, status: str) -> None:
    with transaction(world.practice_staff):
        made = plant(world, status)
    for text in texts(world, made):
        for word in CANARIES:
            assert word not in text, (status, word)


def test_what_the_sender_adds_later_says_nothing_either(world: World) -> None:
    staff = world.practice_staff
    with transaction(staff):
        made = plant(world, "question_asked")
        factories.say(staff, made.id, "reply", answer="Quillfeather likes small groups")
        factories.say(staff, made.id, "amend", reason="Still Xanthippe", phone="01632 960445")
        factories.say(staff, made.id, "raise", kind="question", text="Has Xanthippe rung?")
    for text in texts(world, made):
        for word in CANARIES:
            assert word not in text, word


def test_after_accepting_the_provider_knows_and_never_the_health_number(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "accepted")
    with reading(world.provider_worker):
        shown = queries.view(world.provider_worker, made.id)
        assert shown["person"]["name"] == "Prof Xanthippe Quillfeather"
        assert shown["reason"] == REASON
        assert nhs_number(77) not in repr(shown)


def test_a_draft_is_not_there(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "draft")
    with reading(world.provider_worker), pytest.raises(ReferralError):
        queries.view(world.provider_worker, made.id)


def test_the_api_tells_no_more_in_answers_lists_and_errors(ask: Ask, world: World) -> None:
    worker = world.provider_worker
    with transaction(world.practice_staff):
        made = plant(world, "sent")
    path = f"referrals/{made.id}"
    answers = [
        ask(worker, "GET", path),
        ask(worker, "GET", "referrals"),
        ask(worker, "GET", f"people/{made.person_id}"),
        ask(worker, "POST", f"{path}/actions/start", json={}, match=1),
        ask(worker, "POST", f"{path}/actions/accept", json={}, match=9),
        ask(worker, "POST", f"{path}/actions/accept", json={"x": 1}, match=1),
        ask(worker, "POST", f"{path}/actions/ask", json={"question": "Who?"}, match=1),
        ask(worker, "POST", f"{path}/actions/decline", json={"reason": "capacity"}, match=2),
        ask(worker, "GET", path),
    ]
    for answer in answers:
        for word in CANARIES:
            assert word not in answer.text, (answer.request.path, word)


@pytest.mark.parametrize(
    ("feedback", "summary", "actions", "note"),
    [("full", True, True, True), ("summary", True, True, False), ("codes", False, False, False),
     ("none", None, None, False)],
)  # fmt: skip
def test_the_practice_hears_back_what_the_person_agreed_to(
    world: World, feedback: str, summary: bool | None, actions: bool | None, note: bool
) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    with transaction(worker):
        made = plant(world, "accepted", consent={"refer": True, "feedback": feedback})
        factories.say(worker, made.id, "start", note="Zebra note")
        factories.say(
            worker, made.id, "complete", outcome="met", told_by="person",
            actions_for_practice=["Zebra action"], summary="Zebra summary",
        )  # fmt: skip
        whole = repr(queries.view(worker, made.id))
        assert "Zebra summary" in whole
        assert "Zebra action" in whole
        back = repr(queries.view(staff, made.id))
    assert ("Zebra summary" in back) == bool(summary)
    assert ("Zebra action" in back) == bool(actions)
    assert ("Zebra note" in back) == note


def test_reception_and_managers_read_nothing_clinical(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "accepted")
        factories.say(world.provider_worker, made.id, "raise", kind="health", text="Zebra")
    with reading(world.care_navigator):
        shown = queries.view(world.care_navigator, made.id)
        assert shown["person"]["name"] == "Prof Xanthippe Quillfeather"
        assert (shown["reason"], shown["risk"]["text"]) == (None, None)
        assert "Zebra" not in repr(shown)
    with reading(world.practice_manager):
        text = repr(queries.view(world.practice_manager, made.id))
        for word in (*CANARIES, "Zebra"):
            assert word not in text


def test_not_safe_to_contact_is_told_to_who_will_be_in_touch(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "sent")
        note = "ring her sister on 01632 960009"
        registry.mark_unsafe(world.practice_staff, made.person_id, True, note)
    with transaction(world.provider_worker):
        before = queries.view(world.provider_worker, made.id)
        assert before["flags"]["do_not_contact"] is None
        factories.say(world.provider_worker, made.id, "accept")
        after = queries.view(world.provider_worker, made.id)
    assert after["flags"]["do_not_contact"] == f"Do not contact directly: {note}"
