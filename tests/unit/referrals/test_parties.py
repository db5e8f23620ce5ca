"""Which parties somebody stands for, and whether their role may act for them."""

import uuid
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from referral.core.actor import SYSTEM, Actor
from referral.referrals import parties

PRACTICE, TEAM, PROVIDER, STRANGER = (uuid.UUID(int=n) for n in range(1, 5))


def referral(status: str = "sent", **changes: Any) -> Any:
    columns = {
        "status": status,
        "sender_id": PRACTICE,
        "recipient_id": PROVIDER,
        "practice_id": PRACTICE,
        "fallback_id": TEAM,
        "owner_id": PROVIDER,
        "service_id": uuid.UUID(int=9),
        "triage": False,
        "due_on": date(2026, 6, 9),
        "self_closing": False,
    }
    return SimpleNamespace(**columns | changes)


def at(organisation: uuid.UUID | None) -> Actor:
    return Actor("user", uuid.uuid4(), organisation)


@pytest.mark.parametrize(
    ("found", "organisation", "expected"),
    [
        (referral(), PRACTICE, {"sender"}),
        (referral(), PROVIDER, {"recipient", "owner"}),
        (referral(), TEAM, set()),
        (referral(), STRANGER, set()),
        (referral(), None, set()),
        (referral("draft", owner_id=PRACTICE), PRACTICE, {"sender", "owner"}),
        (referral("draft", owner_id=PRACTICE), PROVIDER, set()),
        (referral("declined", owner_id=TEAM), TEAM, {"fallback", "owner"}),
        (referral("declined", owner_id=PRACTICE), TEAM, set()),
        (referral("declined", owner_id=PRACTICE), PRACTICE, {"sender", "owner"}),
        (referral("closed", owner_id=None), TEAM, set()),
        (referral(sender_id=TEAM), PRACTICE, {"practice"}),
        (referral(sender_id=TEAM, recipient_id=TEAM, owner_id=TEAM), TEAM,
         {"sender", "recipient", "owner"}),
    ],
)  # fmt: skip
def test_of(found: Any, organisation: uuid.UUID | None, expected: set[str]) -> None:
    assert parties.of(at(organisation), found) == expected


def test_the_system_is_a_party_of_its_own() -> None:
    assert parties.of(SYSTEM, referral()) == {"system"}


def test_the_last_day_still_counts() -> None:
    assert not parties.is_overdue(referral(), date(2026, 6, 9))
    assert parties.is_overdue(referral(), date(2026, 6, 10))
    assert not parties.is_overdue(referral(self_closing=True), date(2026, 6, 10))
    assert not parties.is_overdue(referral(due_on=None), date(2026, 6, 10))


def test_a_draft_without_a_service_may_still_go_to_triage() -> None:
    assert parties.for_triage(referral("draft", service_id=None))
    assert not parties.for_triage(referral("draft"))
    assert parties.for_triage(referral(triage=True, service_id=None))
