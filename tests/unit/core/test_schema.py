"""Every wrong field is named with its rule; nothing is a crash."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields

from referral.core.errors import Invalid
from referral.core.schema import Choice, Day, Keys, Schema, Text, Whole, Yes


class Inner(Schema):
    postcode = Text(required=True, max=8)


class Form(Schema):
    """Everything optional, to try one field at a time."""

    name = Text(max=10)
    note = Text(max=20, line=False, allow_none=True)
    born = Day(past=True)
    until = Day(future=True)
    size = Whole(min=1, max=100)
    big = Whole()
    agreed = Yes()
    colour = Choice(["red", "green"])
    needs = Keys(["food", "money"], max=2)
    person = fields.Nested(Inner)


def refused(**data: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as error:
        Form().read(data)
    assert all(rule for r in error.value.errors.values() for rule in r)
    return error.value.errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a\x00b"), ("name", "\ud800"), ("name", "x" * 11), ("name", "x" * 1_000_000),
        ("name", 7), ("name", None), ("name", ["a"]), ("name", {"a": 1}), ("name", True),
        ("note", "\x1b"), ("note", "y" * 21),
        ("born", "0000-01-01"), ("born", "9999-12-31"), ("born", "1899-12-31"),
        ("born", "2200-01-01"), ("born", "2026-02-30"), ("born", "2026-W10-1"),
        ("born", "20260301"), ("born", "01/03/2026"), ("born", 20260301), ("born", ""),
        ("born", "2026-03-01T00:00"), ("born", "٢٠٢٦-٠٣-٠١"), ("born", "2026-3-001"),
        ("born", "2199-01-01"), ("until", "2001-01-01"), ("until", "2199-01-01"),
        ("size", 0), ("size", 101), ("size", 1.5), ("size", True), ("size", "1.5"), ("size", "x"),
        ("size", "1_0"), ("size", None), ("size", []), ("size", "9" * 5000),
        ("big", 2**31), ("big", 2**63), ("big", 10**400), ("big", -1), ("big", float("nan")),
        ("agreed", "perhaps"), ("agreed", []), ("agreed", {}), ("agreed", 2), ("agreed", None),
        ("colour", "blue"), ("colour", ["red"]), ("colour", None), ("colour", "red\x00"),
        ("needs", "food"), ("needs", ["food", "blue"]), ("needs", ["food", 7]),
        ("needs", {"food": 1}), ("needs", None),
        ("person", "Ms Begum"), ("person", None), ("person", []),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    errors = refused(**{field: value})
    assert {name.split(".")[0] for name in errors} == {field}


def test_names_are_dotted_and_rules_plain() -> None:
    assert refused(person={"postcode": "x" * 9}) == {
        "person.postcode": ["must be 8 characters or fewer"]
    }
    assert refused(person={}) == {"person.postcode": ["is required"]}
    assert refused(person={"postcode": "  "}) == {"person.postcode": ["is required"]}
    assert refused(needs=["food", "blue"]) == {"needs.1": ["must be one of: food, money"]}
    assert refused(born="2026-02-30") == {"born": ["must be a real date, such as 2026-06-09"]}
    assert refused(colour="blue") == {"colour": ["must be one of: red, green"]}
    assert refused(size=101) == {"size": ["must be a whole number from 1 to 100"]}


def test_unknown_fields_are_refused() -> None:
    assert refused(nmae="Jo") == {"nmae": ["is not a field of this request"]}
    assert set(refused(person={"postcode": "G51", "x": 1})) == {"person.x"}
    with pytest.raises(Invalid):
        Form().read(["not", "an", "object"])
    with pytest.raises(Invalid):
        Form().read(None)


def test_several_errors_come_together() -> None:
    assert set(refused(name="x" * 11, size=0, colour="blue")) == {"name", "size", "colour"}


def test_what_is_right_is_read() -> None:
    assert Form().read(
        {
            "name": "  Jo \n Mills ", "note": "a\r\nb", "born": "1951-03-07", "size": "42",
            "big": 2**31 - 1, "agreed": "yes", "colour": "red", "needs": ["money", "food"],
            "person": {"postcode": "G51 2QX"},
        }
    ) == {
        "name": "Jo Mills", "note": "a\nb", "born": date(1951, 3, 7), "size": 42,
        "big": 2**31 - 1, "agreed": True, "colour": "red", "needs": ["money", "food"],
        "person": {"postcode": "G51 2QX"},
    }  # fmt: skip
    assert Form().read({"note": ""}) == {"note": None}


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(JSON, st.dictionaries(st.sampled_from(sorted(Form().fields)), JSON))
def test_any_json_is_read_or_refused(whole: Any, partly: dict[str, Any]) -> None:
    for data in (whole, partly):
        try:
            assert isinstance(Form().read(data), dict)
        except Invalid as error:
            assert error.errors  # noqa: PT017 - either is right, another exception is not
