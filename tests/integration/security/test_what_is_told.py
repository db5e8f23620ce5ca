"""Who it is, and what is clinical, told to nobody who may not know: the ways round that were tried.

Every test names an attack that once worked.
"""

from typing import Any

import pytest

from referral.core.actor import Actor
from referral.core.database import reading, transaction
from referral.core.errors import Forbidden
from referral.desk import queries as desk_queries
from referral.referrals import queries, services
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.support import api

TOLD = "She is Xanthippe Quillfeather, 01632 960444"
WORDS = ("Xanthippe", "Quillfeather", "960444")


def plant(world: World, status: str, **person: Any) -> Any:
    named = {"given_name": "Xanthippe", "family_name": "Quillfeather", "phone": "01632 960444"}
    return factories.referral(world, status, 77, person=api.person(77, **named | person))


def shown(actor: Actor, made: Any) -> dict[str, Any]:
    with reading(actor):
        return queries.view(actor, made.id)


def ask_and_answer(world: World, made: Any) -> None:
    """The provider raises something, the practice answers with more than it should."""
    worker, staff = world.provider_worker, world.practice_staff
    factories.say(worker, made.id, "raise", kind="question", text="Who is it?")
    thread = queries.view(staff, made.id)["threads"][-1]["id"]
    factories.say(staff, made.id, "answer", thread_id=str(thread), text=TOLD)


@pytest.mark.parametrize("status", ["sent", "question_asked", "waiting_list"])
def test_an_answer_to_what_a_provider_raised_tells_no_name(world: World, status: str) -> None:
    with transaction(world.practice_staff):
        made = plant(world, status)
        ask_and_answer(world, made)
    thread = shown(world.provider_worker, made)["threads"][-1]
    assert thread["text"] == "Who is it?"
    assert thread["answer"].startswith("She is […]")
    for word in WORDS:
        assert word not in thread["answer"]


def test_who_declined_keeps_nothing_of_what_was_answered(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "sent")
        ask_and_answer(world, made)
        factories.say(world.provider_worker, made.id, "decline", reason="capacity")
    thread = shown(world.provider_worker, made)["threads"][-1]
    assert (thread["text"], thread["answer"]) == ("Who is it?", None)


def test_who_accepted_reads_the_whole_answer(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "sent")
        ask_and_answer(world, made)
        factories.say(world.provider_worker, made.id, "accept")
    assert shown(world.provider_worker, made)["threads"][-1]["answer"] == TOLD


def test_a_name_in_the_field_for_the_language_is_blacked_out(world: World) -> None:
    with transaction(world.practice_staff):
        made = plant(world, "sent", language="Polish, ask Quillfeather")
    assert shown(world.provider_worker, made)["person"]["language"] == "Polish, ask […]"


@pytest.mark.parametrize("feedback", ["codes", "none"])
def test_the_practice_learns_neither_reason_nor_contacts_without_consent(
    world: World, feedback: str
) -> None:
    worker = world.provider_worker
    with transaction(worker):
        made = factories.referral(
            world, "accepted", 77, consent={"refer": True, "feedback": feedback}
        )
        factories.say(worker, made.id, "contact", channel="phone", result="did_not_attend")
        factories.say(worker, made.id, "contact", channel="visit", result="attended")
        factories.say(
            worker, made.id, "end", reason="did_not_attend", outcome="not_met",
            told_by="provider", actions_for_practice=[],
        )  # fmt: skip
    told = shown(world.practice_staff, made)
    assert "attend" not in repr([told["history"], told["contacts"], told["outcome"]])
    assert told["attendances"] == 0
    own = shown(worker, made)
    assert [row["result"] for row in own["contacts"]] == ["did_not_attend", "attended"]
    assert own["history"][-1]["reason"] == "did_not_attend"


def written(world: World, author: Actor) -> Any:
    """A draft to the link worker with a clinical sentence in it."""
    with transaction(author):
        made = services.create(
            author,
            {"person_id": factories.person(author, 77), "draft": True, "triage": True},
        )
        return services.rewrite(author, made.id, None, {"reason": "ZEBRA overdose in May"})


def test_reception_neither_reads_nor_takes_over_a_clinicians_draft(world: World) -> None:
    made = written(world, world.practice_staff)
    reception = world.care_navigator
    with reading(reception):
        with pytest.raises(Forbidden):
            desk_queries.draft(reception, made.id)
        assert desk_queries.draft_of(reception, made.person_id) is None
    for attempt in (
        lambda: services.rewrite(reception, made.id, made.version, {"urgency": "urgent"}),
        lambda: services.send(reception, made.id, made.version, {}),
        lambda: services.discard(reception, made.id, made.version),
    ):
        with pytest.raises(Forbidden), transaction(reception):
            attempt()


def test_reception_goes_on_with_its_own_draft_until_a_clinician_writes_in_it(world: World) -> None:
    reception = world.care_navigator
    made = written(world, reception)
    with reading(reception):
        assert desk_queries.draft(reception, made.id).view["reason"] == "ZEBRA overdose in May"
        assert desk_queries.draft_of(reception, made.person_id) == made.id
    with transaction(world.practice_staff):
        services.rewrite(world.practice_staff, made.id, None, {"reason": "ZEBRA and more"})
    with reading(reception), pytest.raises(Forbidden):
        desk_queries.draft(reception, made.id)


def test_reception_meets_no_clinical_word_on_a_page(desk: Desk, world: World) -> None:
    made = written(world, world.practice_staff)
    client = desk.by(world.care_navigator)
    for path in ("", "/help", "/agree", "/seen", "/card", "/sent"):
        answer = client.get(f"/referrals/{made.id}{path}", follow_redirects=True)
        assert answer.status_code in (200, 403, 404)
        assert "ZEBRA" not in answer.text
