"""Whatever a program sends: it is understood, or refused by name."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from referral.core.errors import Invalid
from referral.core.schema import Schema
from referral.vetting import schemas
from referral.vetting.checks import CHECKS, OPTIONAL, REQUIRED
from referral.vetting.criminal_records import BY_NATION
from referral.vetting.schemas import REVIEWING, answer_schema

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["2026-06-09", "9999-12-31", "0001-01-01", "own", "yes", "\x00", "\ud800"]),
)
JSON = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = sorted({name for kind in REQUIRED for name in (*REQUIRED[kind], *OPTIONAL[kind])})
BODIES: tuple[type[Schema], ...] = (
    *REVIEWING.values(),
    schemas.About,
    schemas.Decide,
    schemas.EndHosting,
    schemas.Host,
    schemas.Invite,
)


def read(schema: Schema, data: Any) -> None:
    told: dict[str, list[str]] = {}
    try:
        schema.read(data)
    except Invalid as refused:
        told = refused.errors or {"": []}
    assert all(rules and all(rules) for rules in told.values())


@given(
    check=st.sampled_from(CHECKS),
    nation=st.sampled_from(sorted(BY_NATION)),
    told=st.booleans(),
    data=st.dictionaries(st.sampled_from([*NAMES, "not_applicable", "told_by"]), JSON, max_size=7),
)
@settings(max_examples=300, deadline=None)
def test_any_answer_is_understood_or_refused_by_name(
    check: Any, nation: str, told: bool, data: dict[str, Any]
) -> None:
    read(answer_schema(check, nation, told=told), data)


@given(body=st.sampled_from(BODIES), data=JSON, values=st.lists(JSON, min_size=6, max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_body_is_understood_or_refused_by_name(
    body: type[Schema], data: Any, values: list[Any]
) -> None:
    schema = body()
    read(schema, data)
    read(schema, dict(zip(schema.fields, values, strict=False)))
