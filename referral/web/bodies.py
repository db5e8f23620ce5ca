"""JSON from outside, read strictly: what is ambiguous, endless or not JSON is refused with 400."""

from __future__ import annotations

import json
import math
from typing import Any

from flask import g, request

from referral.core.errors import ReferralError

DEPTH_MAX = 20
MIME = "application/json"


class Unreadable(ReferralError):
    """The body is not JSON as we take it; ``detail`` says why."""


class UnsupportedMedia(ReferralError):
    status = 415
    type = "unsupported-media-type"
    title = "Send the body as application/json"


def json_body() -> Any:
    """The request's JSON: UTF-8, no repeated names, no NaN or infinity, at most 20 levels deep."""
    if "json_body" not in g:
        if request.mimetype != MIME and not request.mimetype.endswith("+json"):
            raise UnsupportedMedia
        g.json_body = parse(request.get_data(cache=True))
    return g.json_body


def parse(raw: bytes) -> Any:
    """``raw`` as a JSON value; raise ``Unreadable``."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
        )
    except UnicodeDecodeError as error:
        raise Unreadable("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The body is not JSON: line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise Unreadable(_TOO_DEEP) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Unreadable("The body contains a number that is too long.") from error
    if _depth(value) > DEPTH_MAX:
        raise Unreadable(_TOO_DEEP)
    return value


_TOO_DEEP = f"The body is nested more than {DEPTH_MAX} levels deep."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("The body names a field twice.")
    return found


def _constant(name: str) -> Any:
    raise Unreadable(f"The body contains {name}, which is not JSON.")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("The body contains a number that is too large.")
    return number


def _depth(value: Any) -> int:
    """How many levels of lists and objects; without recursion."""
    level, layer = 0, [value]
    while layer := [item for item in layer if isinstance(item, dict | list)]:
        level += 1
        if level > DEPTH_MAX:
            break
        layer = [
            inner for item in layer for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return level
