"""The sentence that says who holds it, for every status and viewer."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from referral.core import clock
from referral.referrals.disclosure import Level
from referral.referrals.holds import HoldFacts, sentence
from referral.referrals.lifecycle import OPEN, STATUSES

FACTS = HoldFacts(
    status="accepted",
    owner="recipient",
    sender="Northgate Surgery",
    recipient="Riverside Befriending",
    practice="Northgate Surgery",
    team="Elder Park Link Workers",
    worker="Jo Mills",
    person="Ms Begum",
    sex="female",
    reach_by=("letter", "phone"),
    due_on=date(2026, 6, 9),
)
JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)


def said(facts: HoldFacts, viewer: str, seen: Level = Level.IDENTIFIED) -> str:
    with clock.at(JUNE):
        return sentence(facts, viewer, seen).plain


def test_the_sentence_of_the_product() -> None:
    assert said(FACTS, "sender") == (
        "Riverside Befriending (Jo Mills) holds this. They will write to Ms Begum by Tue 9 June. "
        "They are responsible for their visits; Northgate Surgery for her medical care only."
    )


def test_who_is_in_touch_is_not_told_to_try_three_times() -> None:
    trying = replace(FACTS, status="contacting")
    assert "three tries" in said(trying, "recipient")
    reached = replace(trying, in_touch=True)
    assert "They are in touch with Ms Begum" in said(reached, "sender")
    assert "when they start, or what comes next" in said(reached, "recipient")
    assert "They are in touch with you" in said(reached, "person")


def test_the_owner_is_told_what_to_do() -> None:
    assert said(FACTS, "recipient") == (
        "You hold this: Riverside Befriending (Jo Mills). Please write to Ms Begum by Tue 9 June. "
        "You are responsible for your support; Northgate Surgery for her medical care only."
    )


def test_the_person_reads_plain_words() -> None:
    assert said(FACTS, "person") == (
        "Riverside Befriending is helping you. Jo Mills will write to you by Tue 9 June. "
        "They look after their support; Northgate Surgery looks after your medical care."
    )


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        (("phone",), "will ring Ms Begum"),
        (("text",), "will text Ms Begum"),
        (("email",), "will email Ms Begum"),
        (("letter",), "will write to Ms Begum"),
        (("visit",), "will see Ms Begum in person"),
        (("supporter",), "will reach Ms Begum through her supporter"),
        ((), "will get in touch with Ms Begum"),
        (("pigeon",), "will get in touch with Ms Begum"),
    ],
)
def test_the_verb_follows_how_the_person_can_be_reached(ways: tuple[str, ...], words: str) -> None:
    assert words in said(replace(FACTS, reach_by=ways), "sender")


def owners(status: str) -> tuple[str | None, ...]:
    owner = STATUSES[status].owner
    return ("fallback", "sender") if owner == "fallback" else (owner,)


CELLS = [
    (status, owner, viewer)
    for status in STATUSES
    for owner, viewer in itertools.product(
        owners(status), ("sender", "recipient", "fallback", "person")
    )
]


@pytest.mark.parametrize(("status", "owner", "viewer"), CELLS)
def test_every_status_and_viewer(status: str, owner: str | None, viewer: str) -> None:
    facts = replace(FACTS, status=status, owner=owner, worker=None)
    for actions, decide in itertools.product((True, False), repeat=2):
        text = said(replace(facts, has_actions=actions, left_to_decide=decide), viewer)
        assert "{" not in text
        assert "None" not in text
        assert text.endswith(".")
        if status in OPEN:
            name = {"sender": facts.sender, "recipient": facts.recipient, "fallback": facts.team}
            assert str(name[owner or ""]) in text
            nothing_to_do = "Nothing more needs to happen" in text
            assert "Tue 9 June" in text or nothing_to_do
            assert ("You hold this" in text) == (viewer == owner)
        else:
            assert "Tue 9 June" not in text


@pytest.mark.parametrize(("status", "owner", "viewer"), CELLS)
@pytest.mark.parametrize("seen", [Level.NONE, Level.ANONYMOUS])
def test_no_name_before_it_may_be_known(
    status: str, owner: str | None, viewer: str, seen: Level
) -> None:
    text = said(replace(FACTS, status=status, owner=owner), viewer, seen)
    assert "Begum" not in text
    assert seen == Level.ANONYMOUS or " her " not in text


def test_a_person_whose_sex_is_not_known() -> None:
    assert "for their medical care" in said(replace(FACTS, sex=None), "sender")
    assert "for his medical care" in said(replace(FACTS, sex="male"), "sender")


def test_late_is_said() -> None:
    assert "That date has passed." in said(replace(FACTS, late=True), "sender")
    assert "passed" not in said(FACTS, "sender")


def test_the_team_itself_as_recipient_and_no_practice() -> None:
    assert "responsible" not in said(replace(FACTS, practice=None), "sender")
    ours = replace(FACTS, status="declined", owner="fallback", team=None, worker=None)
    assert said(ours, "recipient").startswith("Northgate Surgery holds this.")


def test_feedback_that_asks_nothing() -> None:
    facts = replace(FACTS, status="completed", owner="sender")
    assert "Nothing is asked of you" in said(facts, "sender")
    assert "please do it by" in said(replace(facts, has_actions=True), "sender")
    early = replace(FACTS, status="ended_early", owner="sender")
    assert "Please decide what happens next" in said(early, "sender")
    assert "Nothing is asked of you" in said(replace(early, left_to_decide=False), "sender")
