"""The register of checks is whole, and asks no more than it must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referral.vetting import criminal_records
from referral.vetting.checks import BY_KEY, CHECKS, OPTIONAL, REQUIRED, TIERS, Tier
from referral.vetting.proportion import (
    ABOUT,
    FACTS,
    Does,
    covers,
    does_of,
    highest,
    may_hold,
    questions,
    wanted,
    wanted_of_all,
)

SIGNPOST, TURN_UP, CLUB = Does("signpost"), Does("turn_up"), Does("referral")
BEFRIENDING = Does("referral", frozenset({"one_to_one", "home_visits"}))


def keys(does: Does, *being: str, nation: str = "england") -> list[str]:
    return [check.key for check in wanted(CHECKS, does, being, nation)]


def test_every_check_is_there_once_and_says_all_a_small_group_needs_to_know() -> None:
    assert len(CHECKS) == len(BY_KEY) == 26
    for check in CHECKS:
        assert check.tiers
        assert set(check.tiers) <= set(TIERS)
        assert all(str(words) for words in (check.title, check.ask, check.evidence))
        assert all(str(words) for words in (check.limits, check.public))
        assert set(check.only_if) <= set(FACTS)
        assert check.kind in REQUIRED.keys() & OPTIONAL.keys()
        assert check.mandatory or not check.pauses


def test_the_tiers_are_those_of_the_published_set(standards: Path) -> None:
    path = standards / "codelists/vetting-requirements.json"
    published = json.loads(path.read_text(encoding="utf-8"))["checks"]
    assert {check["id"]: tuple(check["tiers"]) for check in published} == {
        check.key: check.tiers for check in CHECKS
    }


def test_a_harder_tier_includes_the_easier() -> None:
    assert set(keys(SIGNPOST)) < set(keys(CLUB)) < set(keys(BEFRIENDING))


@pytest.mark.parametrize(
    ("does", "tier"),
    [
        (SIGNPOST, "S"),
        (TURN_UP, "S"),
        (CLUB, "G"),
        (Does("referral", frozenset({"food", "children", "exertion"})), "G"),
        (Does("referral", frozenset({"transport"})), "V"),
        (Does("referral", frozenset({"at_risk"})), "V"),
        (BEFRIENDING, "V"),
        (Does("signpost", frozenset({"one_to_one"})), "S"),
    ],
)
def test_the_tier_follows_from_what_the_service_does(does: Does, tier: Tier) -> None:
    assert does.tier == tier


def test_the_entry_counts_whatever_was_ticked() -> None:
    visits = does_of("referral", home_visits=True, maximum_age=None, facts=["food", "nonsense"])
    assert visits == Does("referral", frozenset({"home_visits", "food"}))
    assert does_of("referral", home_visits=False, maximum_age=12).tier == "V"
    assert does_of("signpost", home_visits=False, maximum_age=None).way == "signpost"
    turn_up = does_of("referral", home_visits=False, maximum_age=None, way="turn_up")
    assert turn_up.way == "turn_up"
    visited = does_of("referral", home_visits=True, maximum_age=None, way="turn_up")
    assert (visited.way, visited.tier) == ("referral", "V")


def test_a_group_that_is_only_pointed_to_answers_three_questions() -> None:
    asked = questions(wanted(CHECKS, SIGNPOST, (), "england"), "S")
    assert asked == ("legal_form", "accessibility", "listing_accuracy")


def test_just_turn_up_adds_the_insurance_of_the_venue() -> None:
    assert set(keys(TURN_UP)) == {*keys(SIGNPOST), "public_liability"}


def test_a_hosted_club_that_takes_referrals_answers_at_most_six_questions() -> None:
    asked = questions(wanted(CHECKS, CLUB, (), "england"), "G", held=may_hold(CHECKS))
    assert asked == (
        ABOUT, "legal_form", "health_safety", "information_sharing", "accessibility",
        "listing_accuracy",
    )  # fmt: skip


def test_nobody_is_asked_again_what_has_been_answered() -> None:
    needed = wanted(CHECKS, CLUB, (), "england")
    everything = {check.key: True for check in needed} | {ABOUT: True}
    assert questions(needed, "G", answered=everything) == ()
    assert questions(needed, "G", answered=everything | {"complaints": False}) == ("complaints",)


def test_some_checks_are_asked_only_where_they_matter() -> None:
    for check in CHECKS:
        for fact in check.only_if:
            does = Does("referral", frozenset({fact, "one_to_one"}))
            assert check.key in keys(does, fact)
        if check.only_if:
            assert check.key not in keys(BEFRIENDING)


def test_an_organisation_answers_for_all_its_services_at_once() -> None:
    every = wanted_of_all(CHECKS, [SIGNPOST, BEFRIENDING, CLUB], ("staff",), "england")
    assert {check.key for check in every} == set(keys(BEFRIENDING, "staff"))
    assert highest(["S", "V", "G"]) == "V"
    assert highest([]) == "S"
    assert covers("V", "G")
    assert not covers("G", "V")
    assert not covers(None, "S")


@pytest.mark.parametrize(
    ("nation", "title", "months"),
    [
        ("england", "DBS checks", 36),
        ("wales", "DBS checks", 36),
        ("scotland", "PVG scheme membership", 60),
        ("northern_ireland", "AccessNI checks", 36),
    ],
)
def test_criminal_records_follow_the_nation(nation: str, title: str, months: int) -> None:
    (found,) = [one for one in wanted(CHECKS, BEFRIENDING, (), nation) if one.kind == "record"]
    assert str(found.title) == title
    assert found.renewal.months == months
    rules = criminal_records.BY_NATION[nation]
    assert rules.update_service == (rules.scheme == "DBS")
    assert set(rules.levels) <= set(criminal_records.LEVELS)
