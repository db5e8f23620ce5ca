"""What may be said in answer to a check, and by which name a wrong answer is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from referral.core import clock
from referral.core.errors import Invalid
from referral.vetting.checks import BY_KEY, CHECKS
from referral.vetting.schemas import Decide, answer_schema
from tests.factories import vetting


def day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def read(check: str, nation: str = "england", *, told: bool = False, **more: Any) -> dict[str, Any]:
    whole = vetting.said(BY_KEY[check].kind, nation, **more)
    known = {name: value for name, value in whole.items() if value is not None}
    return answer_schema(BY_KEY[check], nation, told=told).read(known)


@pytest.mark.parametrize("nation", ["england", "scotland", "wales", "northern_ireland"])
def test_a_good_answer_to_every_check_is_understood(nation: str) -> None:
    for check in CHECKS:
        assert answer_schema(check, nation).read(vetting.said(check.kind, nation)) is not None


@pytest.mark.parametrize(
    ("check", "said", "field", "rule"),
    [
        ("complaints", {"issued_on": day(1)}, "issued_on", "in the past"),
        ("complaints", {"issued_on": day(-1200)}, "issued_on", "too long ago"),
        ("complaints", {"issued_on": "2026-02-30"}, "issued_on", "real date"),
        ("complaints", {"issued_on": None}, "issued_on", "required"),
        ("complaints", {"expires_on": day(0)}, "expires_on", "after the day it was issued"),
        ("complaints", {"issued_on": day(-9), "expires_on": day(-1)}, "expires_on", "has passed"),
        ("complaints", {"expires_on": day(3800)}, "expires_on", "ten years"),
        ("public_liability", {"expires_on": day(-1)}, "expires_on", "has passed"),
        ("public_liability", {"issued_on": day(9)}, "issued_on", "in the past"),
        (
            "public_liability",
            {"issued_on": day(-3), "expires_on": day(-5)},
            "expires_on",
            "after the day",
        ),
        ("public_liability", {"cover": "lots"}, "cover", "whole number"),
        ("public_liability", {"cover": 10**12}, "cover", "whole number"),
        ("public_liability", {"cover": None}, "cover", "required"),
        ("public_liability", {"cover_by": "neighbour"}, "cover_by", "one of"),
        ("committee", {"note": "  "}, "note", "required"),
        ("committee", {"cover": 1}, "cover", "not a field"),
        ("committee", {"not_applicable": True}, "not_applicable", "not a field"),
        ("dbs", {"level": "pvg"}, "level", "one of"),
        ("dbs", {"count": 0}, "count", "whole number"),
        ("dbs", {"not_applicable": True}, "note", "why it does not apply"),
        ("dbs", {"issued_on": day(-365 * 3 - 2)}, "issued_on", "too long ago"),
        ("listing_accuracy", {"note": "yes"}, "note", "not a field"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(
    check: str, said: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(check, **said)
    assert list(refused.value.errors) == [field]
    assert rule in refused.value.errors[field][0]


def test_criminal_records_are_asked_as_the_nation_has_them() -> None:
    assert read("dbs", update_service=True)["update_service"] is True
    for nation in ("scotland", "northern_ireland"):
        with pytest.raises(Invalid) as refused:
            read("dbs", nation, update_service=True)
        assert list(refused.value.errors) == ["update_service"]
    # A membership counts for five years in Scotland.
    assert read("dbs", "scotland", issued_on=day(-365 * 4))["level"] == "pvg"


def test_what_does_not_apply_needs_only_a_reason() -> None:
    schema = answer_schema(BY_KEY["dbs"], "england")
    found = schema.read({"not_applicable": True, "note": "No role may be checked"})
    assert (found["not_applicable"], found["level"]) == (True, None)


def test_whoever_writes_it_down_for_a_group_says_who_said_so() -> None:
    with pytest.raises(Invalid) as refused:
        read("complaints", told=True)
    assert list(refused.value.errors) == ["told_by"]
    with pytest.raises(Invalid):
        read("complaints", told_by="Jean")
    assert read("complaints", told=True, told_by="Jean")["told_by"] == "Jean"


def test_a_decision_names_its_days_and_its_reason() -> None:
    read_ = Decide().read({"kind": "approve", "reason": "All seen", "waived": {"equality": day(9)}})
    assert read_["waived"] == {"equality": date.fromisoformat(day(9))}
    for wrong, field in (
        ({"kind": "bless", "reason": "x"}, "kind"),
        ({"kind": "approve", "reason": " "}, "reason"),
        ({"kind": "approve", "reason": "x", "tier": "X"}, "tier"),
        ({"kind": "approve", "reason": "x", "waived": ["equality"]}, "waived"),
        ({"kind": "approve", "reason": "x", "waived": {"equality": "soon"}}, "waived.equality"),
    ):
        with pytest.raises(Invalid) as refused:
            Decide().read(wrong)
        assert list(refused.value.errors) == [field]
