"""A passport as it reads on a day, to colleagues and to strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referral.core import clock
from referral.directory import passport

TODAY = date(2026, 6, 1)
ITEMS: list[dict[str, Any]] = [
    {
        "check": "safeguarding_adults",
        "title": "Safeguarding adults policy seen, lead named",
        "state": "current",
        "seen_on": "2026-03-03",
        "seen_by": "Link-worker lead, Elder Park link workers",
        "until": "2027-03-03",
        "limits": ["Policy seen, practice not inspected.", "Only for the Thursday group"],
        "held_by": "Govan Trust",
    },
    {"check": "accounts", "title": "Yearly accounts", "state": "missing"},
    {"check": "equality", "title": "Equality policy", "state": "waived", "until": "2026-06-30"},
]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        yield


@dataclass(frozen=True)
class Listing:
    accepts_referrals: bool = True
    reason: str = ""
    until: date | None = date(2027, 3, 3)
    checks_summary: str = "11 of 12 checks current"
    state: str = "missing"
    passport: dict[str, Any] = field(
        default_factory=lambda: {
            "decided_on": "2026-03-05",
            "conditions": "A second leader by summer",
            "items": ITEMS,
        }
    )


def test_a_colleague_reads_who_saw_what_when_until_when_and_what_it_does_not_show() -> None:
    found = passport.of(Listing(), TODAY, signed_in=True)
    assert found is not None
    assert str(found.headline) == "11 of 12 checks current, to March 2027"
    seen, missing, waived = found.lines
    assert (seen.seen_on, seen.until) == (date(2026, 3, 3), date(2027, 3, 3))
    assert seen.seen_by == "Link-worker lead, Elder Park link workers"
    assert [str(limit) for limit in seen.limits] == ITEMS[0]["limits"]
    assert (seen.held_by, str(seen.label), seen.kind) == ("Govan Trust", "Current", "ok")
    assert found.short_of == (missing,)
    assert (str(missing.label), waived.state) == ("Not seen", "waived")
    assert found.conditions == "A second leader by summer"


def test_a_stranger_reads_no_reason_no_condition_and_nobody_who_saw_it() -> None:
    found = passport.of(Listing(reason="Its checks are not complete"), TODAY, signed_in=False)
    assert found is not None
    assert [line.check for line in found.short_of] == ["accounts"]
    assert found.lines[0].until == date(2027, 3, 3)
    assert {line.seen_by for line in found.lines} == {""}
    assert (found.conditions, str(found.lines[0].limits[0])) == ("", ITEMS[0]["limits"][0])
    for state in ("suspended", "refused", "withdrawn", "none", "above"):
        listing = Listing(accepts_referrals=False, state=state, reason="Complaint being looked at")
        other = passport.of(listing, TODAY, signed_in=False)
        assert other is not None
        assert str(other.headline) == "Takes no new referrals at the moment"
        assert (other.lines, other.decided_on) == ((), None)
        told = passport.of(listing, TODAY, signed_in=True)
        assert told is not None
        assert (str(told.headline), told.kind) == ("Complaint being looked at", "stop")
    # Nothing that only the installation has said is for strangers.
    assert passport.of(Listing(state=""), TODAY, signed_in=False) is None
    assert passport.of(None, TODAY, signed_in=False) is None
    assert passport.of(None, TODAY, signed_in=True) == passport.Passport(passport.NOT_YET, "")


@pytest.mark.parametrize("after", [0, 1])
def test_dates_are_judged_on_the_day_of_reading(after: int) -> None:
    """Whatever was written down counts to its last day, and not one day longer."""
    day = date(2027, 3, 3) + timedelta(days=after)
    found = passport.of(Listing(state="current"), day, signed_in=True)
    assert found is not None
    ran_out = bool(after)
    assert (found.kind == "stop") == ran_out
    assert ("ran out on Wed 3 March 2027" in str(found.headline)) == ran_out
    assert (found.lines[0].state == "lapsed") == ran_out
    assert (found.lines[2].state, found.lines[2].short) == ("lapsed", True)


def test_one_line_says_the_end_by_its_day_when_it_is_near() -> None:
    def said(until: date | None, summary: str = "9 of 9 checks current", **more: Any) -> str:
        return passport.in_one_line(summary, until, TODAY, **{"accepts": True} | more)

    assert said(None) == "9 of 9 checks current"
    assert said(date(2026, 6, 20)).endswith("to Sat 20 June")
    assert said(date(2027, 6, 20)).endswith("to June 2027")
    assert said(date(2026, 5, 31)) == "Checks ran out on Sun 31 May"
    assert said(None, "") == "Not checked here yet"
    assert said(None, "", accepts=False, reason="Not approved here") == "Not approved here"


def test_of_several_services_each_check_stands_where_it_is_worst() -> None:
    first = passport.of(Listing(), TODAY, signed_in=True)
    lapsed = {**ITEMS[0], "state": "lapsed", "until": "2026-05-01"}
    other = passport.of(Listing(passport={"items": [lapsed]}), TODAY, signed_in=True)
    states = {line.check: line.state for line in passport.of_all([first, other, None])}
    assert states == {"safeguarding_adults": "lapsed", "accounts": "missing", "equality": "waived"}
