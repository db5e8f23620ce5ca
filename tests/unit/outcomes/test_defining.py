"""A measure of somebody else's: what can be scored is taken, all that is wrong is named."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.outcomes import scoring
from referral.outcomes.defining import Undefined, defined

OPTIONS = [["No", 1], ["A little", 2], ["Yes", 3]]
GOOD: dict[str, Any] = {
    "title": "How is it at home?",
    "items": [
        {"key": "warm", "text": "Is it warm?", "better": "higher", "options": OPTIONS},
        {"key": "alone", "text": "Are you alone?", "better": "higher", "low": 1, "high": 3},
    ],
    "summed": True,
    "bands": [{"low": 2, "high": 3, "key": "low"}],
}


TABLE = {str(total): total for total in range(2, 7)}


def test_a_locality_asks_what_it_likes() -> None:
    measure = defined(GOOD, "home", "1")
    assert measure.key == "home"
    found = scoring.scored(measure, {"warm": 1, "alone": 2})
    assert (found.score, found.band) == (3, "low")
    assert scoring.check(measure, {"warm": 4}) == {"warm": ["must be from 1 to 3"]}


def test_a_licence_holders_table_turns_the_sum() -> None:
    loaded = GOOD | {"table": {str(n): n + 0.5 for n in range(2, 7)}, "bands": []}
    assert scoring.scored(defined(loaded, "slot", "1"), {"warm": 1, "alone": 1}).score == 2.5


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": " "}, "title"),
        ({"items": []}, "items"),
        ({"items": ["x"]}, "items.0"),
        ({"items": [GOOD["items"][0], GOOD["items"][0]]}, "items.1.key"),
        ({"items": [GOOD["items"][0] | {"options": [["No", 1]]}]}, "items.0.options"),
        ({"items": [GOOD["items"][1] | {"low": 3}]}, "items.0.low"),
        ({"items": [GOOD["items"][1] | {"anchors": {"x": "words"}}]}, "items.0.anchors"),
        ({"items": [GOOD["items"][1] | {"better": "more"}]}, "items.0.better"),
        ({"better": "sideways"}, "better"),
        ({"bands": [{"low": 1, "high": 2, "key": "awful"}]}, "bands.0"),
        ({"bands": [{"low": 1, "high": 2, "key": "low", "items": ["cold"]}]}, "bands.0.items"),
        ({"table": {"2": 1}}, "table"),
        ({"table": {}, "summed": False}, "table"),
        ({"table": TABLE | {"4": 10**400}}, "table"),
        ({"table": TABLE | {"4": -1}}, "table"),
        ({"short": 7}, "short"),
        ({"items": [GOOD["items"][1] | {"short": 7}]}, "items.0.short"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(Undefined) as refused:
        defined(GOOD | changes, "home", "1")
    assert list(refused.value.errors) == [place]


@given(
    st.dictionaries(
        st.sampled_from(["title", "items", "bands", "table", "better", "summed"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["key", "text", "low", "items"]), inner, max_size=3
                )
            ),
            max_leaves=8,
        ),
    )
)
def test_nonsense_is_refused_and_never_breaks(changes: dict[str, Any]) -> None:
    with suppress(Undefined):
        defined(GOOD | changes, "home", "1")
