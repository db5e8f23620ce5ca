"""The guide warns."""

from referral.caseload import load
from referral.caseload.load import Held
from referral.referrals.lifecycle import OPEN, STATUSES


def test_a_person_counts_once_by_the_heaviest() -> None:
    held = [Held("a", "started"), Held("a", "waiting_list"), Held("b", "started", "heavy")]
    assert load.points(held) == (2, 3.0)


def test_the_guide_follows_the_hours_worked() -> None:
    held = [Held(str(n), "started") for n in range(38)]
    half = load.load(held, guide=80, hours=50)
    assert (half.people, half.points, half.guide, half.state) == (38, 38.0, 40.0, "nearly")
    assert load.load(held).state == "room"
    assert load.load(held, guide=30).state == "over"


def test_nothing_is_no_load() -> None:
    assert load.load([]).state == "room"


def test_every_open_status_has_its_share() -> None:
    assert load.STATUS_SHARE.keys() == set(OPEN)
    assert load.STATUS_SHARE.keys() <= STATUSES.keys()
