"""The fixed lists, against the product's own."""

import pytest

from referral.people.codes import REACH_BY
from referral.referrals import codes

NEEDS = """
loneliness, low_mood, stress, bereavement, being_active, healthy_eating, food, money,
debt, benefits, housing, energy_bills, work, learning,
 caring, parenting, relationships, abuse, memory,
long_term_condition, falls, alcohol_drugs, smoking, volunteering, digital, immigration, nature,
arts, transport, other"""
BARS = {
    "transport": "21", "capacity": "22", "not_appropriate": "23", "service_declined": "24",
    "person_choice": "26", "no_appointments": "31", "appointments_unsuitable": "32",
    "not_eligible": "40", "home_visit_requested": "41", "too_far": "42", "other": "99",
}  # fmt: skip


def test_needs() -> None:
    assert list(codes.NEEDS) == [need.strip() for need in NEEDS.split(",")]


def test_decline_reasons_and_their_bars_codes() -> None:
    assert {key: row.bars for key, row in codes.DECLINE_REASONS.items()} == BARS
    assert codes.BARS_NO_REPLY not in BARS.values()


def test_end_reasons() -> None:
    assert set(codes.END_REASONS) == {
        "could_not_reach", "did_not_attend", "person_choice", "moved_away", "unwell",
        "needs_changed", "service_stopped", "died", "other",
    }  # fmt: skip
    assert {key for key, row in codes.END_REASONS.items() if row.gone} == {"died", "moved_away"}
    assert not any(row.gone and row.leaves_open for row in codes.END_REASONS.values())


@pytest.mark.parametrize(
    ("reason", "outcome", "left"),
    [
        ("died", "not_known", False),
        ("moved_away", "not_met", False),
        ("could_not_reach", "not_known", True),
        ("service_stopped", "partly_met", True),
        ("service_stopped", "met", False),
        ("person_choice", "not_met", False),
    ],
)
def test_what_is_left_to_decide(reason: str, outcome: str, left: bool) -> None:
    assert codes.left_to_decide(reason, outcome) == left


def test_contract_keys() -> None:
    assert list(codes.CHANNELS) == ["phone", "text", "email", "visit", "letter", "video"]
    assert list(codes.RESULTS) == [
        "reached", "no_answer", "message_left", "attended", "late", "did_not_attend",
    ]  # fmt: skip
    assert list(codes.OUTCOMES) == ["met", "partly_met", "not_met", "not_known"]
    assert list(codes.FEEDBACK) == ["full", "summary", "codes", "none"]
    assert list(codes.AUTHORITIES) == ["self", "parent", "attorney", "best_interests"]
    assert list(codes.IF_NOT) == ["link_worker", "referrer"]
    assert list(codes.THREAD_KINDS) == ["question", "health", "safeguarding", "practical"]
    assert set(codes.USABLE_CHANNELS) == set(REACH_BY)
    assert set(codes.RESULTS) >= codes.MET_THE_PERSON


def test_every_code_has_words() -> None:
    for table in (codes.NEEDS, codes.DECLINE_REASONS, codes.END_REASONS, codes.OUTCOMES):
        for key, row in table.items():
            assert key == row.key
            assert str(row.label)


@pytest.mark.parametrize(
    ("channel", "ways", "counts"),
    [
        ("phone", ["letter"], False),
        ("letter", ["letter", "text"], True),
        ("phone", [], True),
        ("phone", ["supporter"], True),
        ("video", ["phone"], False),
        ("visit", ["visit"], True),
    ],
)
def test_a_try_by_a_way_the_person_cannot_use_does_not_count(
    channel: str, ways: list[str], counts: bool
) -> None:
    assert codes.attempt_counts(channel, ways) == counts
