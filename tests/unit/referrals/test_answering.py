"""What a group's page says and how its taps are read, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referral.core import clock
from referral.core.errors import Invalid
from referral.referrals import answering
from referral.referrals.schemas import forms

NOW = datetime(2026, 6, 4, 13, 0, tzinfo=UTC)
ENDING = {"outcome": "met", "told_by": "person", "do": "none", "actions": ""}


def view(**said: Any) -> dict[str, Any]:
    return {
        "status": "sent",
        "due_on": date(2026, 6, 4),
        "overdue": False,
        "disclosure": "anonymous",
        "person": {"reach_by": ["letter"], "language": "Urdu", "interpreter": True},
        "person_name": "Woman, 70s, G51",
        "reference": "JU-4K7Q-9WX",
        "needs": ["loneliness"],
        "risk": {"known": False, "text": None},
        "allowed_actions": ["accept", "waitlist", "ask", "decline", "raise"],
        "contacts": [],
        "attendances": 0,
        "service": {"name": "Befriending"},
    } | said


def test_the_question_comes_first_and_the_name_after_a_yes() -> None:
    with clock.at(NOW):
        assert str(answering.heading(view(), NOW.date())).endswith("please answer by Thu 4 June")
        late = answering.heading(view(), date(2026, 6, 5))
        assert str(late) == "New referral – please answer today"
    known = view(status="accepted", disclosure="identified", person={"name": "Ms Amina Begum"})
    assert answering.heading(known, NOW.date()) == "Ms Amina Begum"
    assert answering.heading(view(status="declined", disclosure="none"), NOW.date()) == (
        "JU-4K7Q-9WX"
    )


def test_the_facts_say_how_somebody_is_reached_and_what_must_not_be_done() -> None:
    said = {str(label): words for label, words in answering.facts(view())}
    assert said == {
        "Help with": "Loneliness",
        "How to reach them": "Write. Please do not ring.",
        "Language": "Urdu, with an interpreter",
        "Risks": "None known",
    }
    rung = view(person={"reach_by": ["text", "phone"]}, risk={"known": True, "text": None})
    said = {str(label): words for label, words in answering.facts(rung)}
    assert said["How to reach them"] == "Text, ring"
    assert said["Risks"].startswith("Yes")
    assert answering.facts(view(disclosure="none")) == []


@pytest.mark.parametrize(
    ("ways", "label"),
    [
        ((), "Telephone"),
        (("phone", "letter"), "Telephone"),
        (("text",), "Number for texts"),
        (("letter",), "Telephone, but please do not ring"),
    ],
)
def test_a_number_says_what_it_is_for(ways: tuple[str, ...], label: str) -> None:
    person = {"phone": "01632 960001", "reach_by": ways}
    found = answering.details(view(disclosure="identified", person=person))
    assert (label, "01632 960001") in [(str(name), said) for name, said in found]


def test_what_is_a_button_is_not_a_link_as_well() -> None:
    assert answering.small(view()) == ["raise"]
    started = view(status="started", allowed_actions=["pause", "complete", "end", "raise"])
    assert answering.small(started) == ["pause", "end", "raise"]
    waiting = view(status="waiting_list", allowed_actions=["accept", "waitlist", "end", "raise"])
    assert answering.small(waiting) == ["end", "raise"]
    assert answering.settled(view(status="started", attendances=3))
    assert not answering.settled(view(status="contacting", attendances=3))
    assert not answering.settled(view(status="started", attendances=3, service=None))


def test_a_tap_becomes_a_contact() -> None:
    with clock.at(NOW):
        tapped = forms.ContactMade().read({"channel": "letter", "result": "attended"})
        assert forms.body_of("contact", tapped) == {"channel": "visit", "result": "attended"}
        missed = forms.ContactMade().read({"result": "did_not_attend", "reason": "unwell"})
        assert forms.body_of("contact", missed)["reason"] == "unwell"
        with pytest.raises(Invalid) as refusal:
            forms.ContactMade().read({"result": "no_answer"})
        assert set(refusal.value.errors) == {"channel"}


@pytest.mark.parametrize(
    ("on", "part", "at"),
    [
        ("2026-06-03", "evening", datetime(2026, 6, 3, 17, 0, tzinfo=UTC)),
        ("2026-06-03", None, datetime(2026, 6, 3, 9, 0, tzinfo=UTC)),
        ("2026-06-04", "evening", NOW),  # not before it has been
    ],
)
def test_a_try_of_another_day_is_kept_for_that_day(on: str, part: str | None, at: datetime) -> None:
    said = {"channel": "phone", "result": "no_answer", "on": on} | ({"part": part} if part else {})
    with clock.at(NOW):
        assert forms.body_of("contact", forms.ContactMade().read(said))["at"] == at
        old = (NOW - timedelta(days=400)).date().isoformat()
        with pytest.raises(Invalid) as refusal:
            forms.body_of("contact", forms.ContactMade().read(said | {"on": old}))
    assert set(refusal.value.errors) == {"on"}


def test_a_finish_says_what_the_practice_should_do_or_nothing() -> None:
    assert forms.body_of("complete", ENDING)["actions_for_practice"] == []
    asked = ENDING | {"do": "asked", "actions": "- Review her tablets\n\n• Ring her"}
    assert forms.body_of("complete", asked)["actions_for_practice"] == [
        "Review her tablets",
        "Ring her",
    ]
    for wrong in ({"do": "asked"}, {"actions": "Ring her"}):
        with pytest.raises(Invalid) as refusal:
            forms.Complete().read(ENDING | wrong)
        assert set(refusal.value.errors) == {"actions"}
