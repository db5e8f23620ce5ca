"""Who may agree for whom."""

from datetime import date

import pytest

from referral.referrals import codes, consent

TODAY = date(2026, 6, 2)


def born(age: int) -> date:
    return date(TODAY.year - age, 1, 1)


@pytest.mark.parametrize(
    ("age", "nation", "found"),
    [
        (70, "england", ("self", "attorney", "best_interests")),
        (17, "england", ("self", "parent", "best_interests")),
        (17, "scotland", ("self", "attorney", "best_interests")),
        (14, "wales", ("parent", "self")),
        (8, "northern_ireland", ("parent",)),
    ],
)
def test_who_may_answer(age: int, nation: str, found: tuple[str, ...]) -> None:
    assert consent.authorities(born(age), TODAY, nation) == found


def test_every_authority_is_one_of_the_contract() -> None:
    assert set(consent.authorities(None, TODAY)) == set(codes.AUTHORITIES)


def test_children_alone_and_best_interests_need_a_reason() -> None:
    assert consent.asks_why("self", born(14), TODAY)
    assert not consent.asks_why("self", born(16), TODAY)
    assert consent.asks_why("best_interests", born(80), TODAY)
    assert not consent.asks_why("parent", born(8), TODAY)
    assert consent.asks_name("parent")
    assert consent.asks_name("attorney")
    assert not consent.asks_name("self")


def test_each_audience_has_words_of_its_own() -> None:
    assert consent.audience("self", born(40), TODAY) == "adult"
    assert consent.audience("self", born(17), TODAY) == "young"
    assert consent.audience("parent", born(8), TODAY) == "for_child"
    assert consent.audience("attorney", born(80), TODAY) == "for_another"
    for audience, key in consent.CURRENT.items():
        wording = consent.WORDINGS[key]
        assert wording.audience == audience
        assert "{to}" in wording.text.message
        assert len(key) <= 40
