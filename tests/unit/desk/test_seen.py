"""Who has seen a referral is said in words: no event of it stands there as a key."""

import re
from pathlib import Path

import referral
from referral.referrals import timeline
from referral.referrals.services.step import EVENTS

SOURCES = Path(referral.__file__).parent
WRITTEN = re.compile(
    r"audit\.(?:record|viewed|viewed_list)\(\s*\w+,\s*\"([a-z_]+:[a-z_]+)\",\s*[\[{(\s]*\"referral\""
)
# Of a draft that is thrown away nothing is left to be looked at.
GONE = {"referral:discarded"}


def test_every_event_of_a_referral_has_words() -> None:
    written = {
        event
        for path in SOURCES.rglob("*.py")
        for event in WRITTEN.findall(path.read_text(encoding="utf-8"))
    }
    assert {"referral:viewed", "plan:viewed", "note:written", "referral:listed"} <= written
    written |= {f"referral:{event}" for event in EVENTS.values()}
    assert written - GONE - timeline.EVENTS.keys() == set()
