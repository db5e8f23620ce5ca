"""The readable history of an entry: one line for every change, whoever or whatever made it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.directory.models import EntryChange

# Long text is kept to this length in the history: enough to see what changed.
SHOWN = 1000


def note_change(
    actor: Actor,
    subject_kind: str,
    subject_id: uuid.UUID,
    how: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of history, in the transaction of the change; ``EntryChange`` lists ``how``.

    ``before`` and ``after`` hold the fields that may have changed; only those that did are kept.
    """
    was, now = before or {}, after or {}
    names = [name for name in dict.fromkeys([*was, *now]) if was.get(name) != now.get(name)]
    rows = [
        {"field": name, "before": _plain(was.get(name)), "after": _plain(now.get(name))}
        for name in names
    ]
    write_changes(actor, [(subject_kind, subject_id, how, rows)])


def write_changes(
    actor: Actor, lines: Iterable[tuple[str, uuid.UUID, str, list[dict[str, Any]]]]
) -> None:
    """Many lines at once, as imports write them."""
    made = [
        {
            "id": new_id(),
            "subject_kind": kind,
            "subject_id": subject_id,
            "at": clock.now(),
            "how": how,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "organisation_id": actor.organisation,
            "fields": rows,
        }
        for kind, subject_id, how, rows in lines
    ]
    if made:
        session().execute(insert(EntryChange), made)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)[:SHOWN]
