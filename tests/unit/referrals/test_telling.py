"""How the person is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.people.codes import REACH_BY
from referral.referrals import lifecycle, telling
from referral.referrals.telling import Way

ALL = Way((), has_mobile=True, has_email=True, has_address=True)


@pytest.mark.parametrize(
    ("way", "lost", "told"),
    [
        (replace(ALL, reach_by=("text", "email")), (), "text"),
        (replace(ALL, reach_by=("text", "email")), ("text",), "email"),
        (replace(ALL, reach_by=("text", "email")), ("text", "email"), "tell"),
        (replace(ALL, reach_by=("letter",)), (), "letter"),
        (replace(ALL, reach_by=("phone", "text")), (), "tell"),  # the first wish counts
        (replace(ALL, reach_by=("supporter",)), (), "tell"),
        (ALL, (), "tell"),  # nothing named, and nobody said that a letter may lie about
        (replace(ALL, safe_to_leave_message=True), (), "letter"),
        (Way(("text", "letter"), has_address=True), (), "letter"),
        (Way(("text", "email", "letter")), (), "tell"),  # neither telephone nor email nor address
        (replace(ALL, reach_by=("text",), unsafe_to_contact=True), (), "tell"),
        (replace(ALL, reach_by=("text",), deceased=True), (), None),
    ],
)
def test_the_way_the_person_wants(way: Way, lost: tuple[str, ...], told: str | None) -> None:
    assert telling.channel(way, lost=lost) == told


@given(
    some.builds(
        Way, some.lists(some.sampled_from(sorted(REACH_BY)), unique=True).map(tuple),
        some.booleans(), some.booleans(), some.booleans(), some.booleans(), some.booleans(),
    ),
    some.sets(some.sampled_from(["text", "email", "letter"])),
)  # fmt: skip
def test_nobody_alive_is_left_untold(way: Way, lost: set[str]) -> None:
    chosen = telling.channel(way, lost=lost)
    assert chosen in ("text", "email", "letter", "tell")
    assert chosen not in lost
    assert (telling.days(chosen) is None) == (chosen in ("text", "email"))


def test_each_verb_the_person_hears_of_is_one() -> None:
    verbs = lifecycle.VERBS.keys() | lifecycle.SYSTEM_VERBS.keys()
    assert telling.OF_VERB.keys() <= verbs
    assert set(telling.OF_VERB.values()) <= telling.EVENTS.keys()
    assert telling.HELD_FOR >= lifecycle.UNDO_WITHIN
