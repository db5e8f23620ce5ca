"""The message back: its shape, its length, and what each consent takes out."""

import csv
import os
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core.i18n import format_day
from referral.outcomes import drafting, message, sharing
from referral.outcomes.message import Attendance, GoalResult, Measured, Message, Said

WHOLE = Message(
    reference="JU-4K7Q",
    given_name="Amina",
    family_name="Begum",
    born=date(1950, 3, 2),
    practice_code="A12345",
    referrer="Dr Shah",
    referrer_service="General practice",
    referrer_organisation="Northgate Surgery",
    referrer_contact="01632 960001",
    referred_to="Riverside Befriending",
    problem="Loneliness",
    risks="None known",
    short_name="Ms A. Begum",
    finished_on=date(2026, 8, 28),
    actions=(),
    results=(Said("met", "person"), Said("partly_met", "provider")),
    end_reason="other",
    done="She met a volunteer weekly and now goes to the lunch group on her own.",
    not_worked="phone befriending (she found calls tiring)",
    attendance=Attendance(11, 12, date(2026, 6, 9), date(2026, 8, 25)),
    goals=(GoalResult("someone to talk to in the day", (Said("met", "both"),)),),
    measured=(Measured("Life satisfaction", 3, 7, better=True),),
    comment="I like Thursdays best",
    safeguarding=date(2026, 6, 12),
    author="Jo Mills",
    author_organisation="Riverside Befriending",
    return_to="Reception",
    paragraph="",
)


def test_actions_come_first_and_safeguarding_is_always_said() -> None:
    text = drafting.draft(WHOLE)
    assert text.startswith("Actions for the practice: None. She met a volunteer weekly")
    assert "Tried and stopped: phone befriending (she found calls tiring)." in text
    assert "Outcome: got what they needed, as the person says." in text
    assert "Outcome: got part of it, as the group sees it." in text
    assert "Life satisfaction 3 → 7, better." in text
    assert "Safeguarding: raised on" in text
    assert drafting.draft(replace(WHOLE, safeguarding=None)).endswith(
        "Safeguarding: nothing raised."
    )


@given(
    st.lists(st.text(min_size=1, max_size=400), max_size=10),
    st.text(max_size=2000),
    st.text(max_size=2000),
    st.text(max_size=900),
)
def test_a_draft_is_never_longer_than_120_words(
    asked: list[str], done: str, stopped: str, comment: str
) -> None:
    made = replace(WHOLE, actions=tuple(asked), done=done, not_worked=stopped, comment=comment)
    text = drafting.draft(made)
    assert drafting.words(text) <= drafting.LONGEST
    assert text.startswith("Actions for the practice:")
    assert "Safeguarding:" in text


def test_what_somebody_wrote_replaces_the_draft() -> None:
    assert drafting.draft(replace(WHOLE, paragraph="All went well.")) == "All went well."


def test_what_must_be_there_and_is_not_is_named_by_its_place_in_the_standard() -> None:
    assert message.missing(WHOLE) == []
    for name, path in message.MANDATORY.items():
        blank = None if name == "born" else ""
        assert message.missing(replace(WHOLE, **{name: blank})) == [path]


def test_actions_that_nobody_spoke_of_are_missing_and_none_is_an_answer() -> None:
    assert message.missing(replace(WHOLE, actions=None)) == [message.ACTIONS]
    assert message.missing(replace(WHOLE, actions=())) == []


@pytest.mark.parametrize("level", ["full", "summary", "codes"])
def test_each_level_takes_out_exactly_its_fields(level: str) -> None:
    shown = sharing.kept(WHOLE, level)
    assert shown is not None
    changed = {
        field.name
        for field in fields(Message)
        if getattr(shown, field.name) != getattr(WHOLE, field.name)
    }
    assert changed == sharing.removed(level) - {"paragraph"}


def test_only_that_it_finished_says_nothing_of_actions_or_safeguarding() -> None:
    shown = sharing.kept(WHOLE, "codes")
    assert shown is not None
    assert shown.finished_on == WHOLE.finished_on
    assert drafting.draft(shown) == ""


def test_nothing_comes_back_where_nothing_was_agreed() -> None:
    assert sharing.kept(WHOLE, "none") is None
    assert sharing.removed("none") == sharing.FIELDS["full"]


def test_a_summary_holds_neither_goals_nor_measures_nor_her_words() -> None:
    shown = sharing.kept(WHOLE, "summary")
    assert shown is not None
    text = drafting.draft(shown)
    assert "talk to" not in text
    assert "Life satisfaction" not in text
    assert "Thursdays" not in text
    assert "calls tiring" not in text
    assert "lunch group" in text


def test_what_was_written_for_a_higher_level_is_drafted_anew() -> None:
    written = replace(WHOLE, paragraph="Her satisfaction rose.", written_for="full")
    shown = sharing.kept(written, "summary")
    assert shown is not None
    assert "satisfaction" not in drafting.draft(shown)
    kept = sharing.kept(replace(written, written_for="summary"), "summary")
    assert kept is not None
    assert kept.paragraph == "Her satisfaction rose."


def test_attendance_counts_who_was_expected() -> None:
    first, second, third = date(2026, 6, 2), date(2026, 6, 9), date(2026, 6, 16)
    found = message.attendance(
        [(third, "attended"), (first, "did_not_attend"), (second, "no_answer")]
    )
    assert found == Attendance(1, 2, third, third)
    assert message.attendance([(first, "no_answer")]) is None
    told = drafting.attendance
    day = f"{format_day(third)}."
    assert told(found) == f"Came 1 of 2 times, on {day}"
    assert told(Attendance(1, 1, third, third)) == f"Came once, on {day}"
    assert told(Attendance(0, 1)) == "Expected once, never came."


@pytest.mark.standards
def test_every_mandatory_item_is_one_of_the_standard() -> None:
    name = Path(os.environ["REFERRAL_STANDARDS_DIR"]) / "prsb/social-prescribing-v1.1-flat.csv"
    with name.open(encoding="utf-8-sig", newline="") as file:
        known = {row["path"].strip(): row["conformance"] for row in csv.DictReader(file)}
    assert {known[path] for path in message.MANDATORY.values()} == {"mandatory"}
    assert message.ACTIONS in known
