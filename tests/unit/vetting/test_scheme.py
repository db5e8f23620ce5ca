"""A locality adds, drops and changes checks; what makes no sense is refused."""

from __future__ import annotations

from typing import Any

import pytest

from referral.vetting import judging, scheme
from referral.vetting.checks import BY_KEY, CHECKS, Renewal
from referral.vetting.scheme import Scheme, changed_keys, read

OWN = {
    "check": "own_keys", "title": "Keys to the hall", "ask": "Who has keys?",
    "evidence": "Their names", "limits": "As told", "tiers": ["G", "V"], "kind": "statement",
    "months": 12,
}  # fmt: skip


def test_without_rules_it_is_the_national_register() -> None:
    assert read([]) == CHECKS


def test_a_locality_drops_moves_and_adds() -> None:
    found = read(
        [
            {"check": "accounts", "drop": True},
            {"check": "complaints", "tiers": ["V"], "months": 12},
            {"check": "public_liability", "minimum": 10_000_000},
            OWN,
        ]
    )
    made = Scheme(1, found)
    assert len(found) == len(CHECKS)
    assert made["complaints"].tiers == ("V",)
    assert made["complaints"].renewal == Renewal(12)
    assert made["public_liability"].minimum == 10_000_000
    assert str(made["own_keys"].title) == "Keys to the hall"
    assert set(changed_keys(Scheme(), made)) == {
        "accounts", "complaints", "public_liability", "own_keys",
    }  # fmt: skip


@pytest.mark.parametrize(
    "rules",
    [
        [{"check": "nonsense"}],
        [{"check": "dbs", "title": "Other"}],
        [{"check": "dbs", "tiers": []}],
        [{"check": "dbs", "tiers": ["X"]}],
        [{"check": "dbs", "months": 0}],
        [{"check": "public_liability", "months": 12}],
        [{"check": "complaints", "minimum": 5}],
        [{"check": "health_safety", "anchor_may_hold": True}],
        [{"check": "dbs"}, {"check": "dbs"}],
        [{"check": "own_x", "title": "Only a title"}],
        [{**OWN, "kind": "record"}],
    ],
)
def test_what_makes_no_sense_is_refused(rules: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(rules)


def test_a_rule_may_be_switched_off_and_on() -> None:
    (dbs,) = [one for one in read([{"check": "dbs", "mandatory": False}]) if one.key == "dbs"]
    assert not dbs.mandatory
    assert scheme.OWN not in "".join(BY_KEY)


def test_every_decision_has_a_status_it_comes_from_and_one_it_makes() -> None:
    assert judging.DECISIONS.keys() == judging.DECISION_LABELS.keys()
    assert judging.STATUS_LABELS.keys() == judging.STATUS_KINDS.keys()
    for kind, (before, after) in judging.DECISIONS.items():
        assert before <= judging.STATUS_LABELS.keys()
        assert after in judging.STATUS_LABELS
        pending = kind in judging.SECOND_WORD
        assert all(kind in judging.allowed(status, pending=pending) for status in before)
    assert judging.allowed("left") == ()


def test_reinstating_and_agreeing_bring_back_what_was_approved() -> None:
    assert judging.becomes("reinstate", "suspended", first="approve_with_conditions") == (
        "conditional"
    )
    assert judging.becomes("agree", "second") == "approved"
    assert judging.becomes("suspend", "conditional") == "suspended"
    assert judging.allowed("second", pending=True) == ("agree", "differ")
    assert judging.becomes("approve", "submitted", waits=True) == "second"
    assert judging.becomes("approve", "conditional", waits=True) == "conditional"
    assert judging.becomes("differ", "second") == "submitted"
    assert judging.becomes("differ", "approved") == "approved"
    assert judging.needs_second("approve", "V", frozenset({"V"}))
    assert not judging.needs_second("approve", "G", frozenset({"V"}))
    assert not judging.needs_second("refuse", "V", frozenset({"V"}))
