"""JSON from outside is read strictly, and every refusal says why."""

import pytest

from referral.core.errors import ReferralError
from referral.web.bodies import DEPTH_MAX, parse


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}", {}),
        (b"null", None),
        (b'{"a": [1, 2.5, "\xc3\xa9", true]}', {"a": [1, 2.5, "é", True]}),
        (b"[" * DEPTH_MAX + b"]" * DEPTH_MAX, None),
    ],
)
def test_json_is_read(raw: bytes, value: object) -> None:
    found = parse(raw)
    assert raw.startswith(b"[[") or found == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON: line 1"),
        (b"{'a': 1}", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b'"\xc3\x28"', "not UTF-8"),
        (b"NaN", "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"1e999", "too large"),
        (b"1" * 5000, "too long"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"b": {"a": 1, "a": 1}}', "twice"),
        (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "nested"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested"),
    ],
)
def test_what_is_not_json_as_we_take_it_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(ReferralError, match=why) as refused:
        parse(raw)
    assert refused.value.status == 400
