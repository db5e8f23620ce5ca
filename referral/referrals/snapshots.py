"""The columns of a referral as they were before a step, kept as text so that it can be undone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

COLUMNS = (
    "status", "status_before", "owner_id", "owner_user_id", "owner_contact_id", "team_id",
    "next_step", "due_on",
    "listed_on", "self_closing", "status_since", "look_on", "clock_left", "expected_on",
    "exception", "outcome", "told_by", "end_reason", "decline_reason", "actions_count",
    "answered_at", "accepted_at", "first_contact_at", "started_at", "finished_at", "returned_at",
    "closed_at", "attendances", "summary_from", "said_so",
)  # fmt: skip


def take(referral: Any) -> dict[str, Any]:
    """The columns' values now."""
    return {name: getattr(referral, name) for name in COLUMNS}


def dump(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What of ``before`` the step changed, as JSON; no personal data is among the columns."""
    changed = {name: _tagged(value) for name, value in before.items() if after[name] != value}
    return json.dumps(changed, separators=(",", ":"))


def load(text: str) -> dict[str, Any]:
    """What ``dump`` wrote."""
    return {name: _untagged(value) for name, value in json.loads(text).items()}


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"m": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"u": value.hex} if isinstance(value, uuid.UUID) else value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    if tag == "m":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if tag == "d" else uuid.UUID(text)
