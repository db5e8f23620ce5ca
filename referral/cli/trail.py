"""Is the audit trail whole? What can be told from the rows themselves.

Checked: every event has a name of the form ``subject:action``, details that are an object of
scalars, subjects numbered from nought without a gap; no subject without its event; no event is
dated after now; and a referral's history and its events pair up, verb by verb, both ways. Not
checkable from rows: a row changed into another that looks right, or deleted together with all that
points to it. That needs a chain of digests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from referral.core import clock
from referral.core.actor import Actor
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import session
from referral.referrals.models import Referral, StatusChange
from referral.referrals.services.step import EVENTS

BATCH = 5000
MOST_PROBLEMS = 200
ACTORS = frozenset({"user", "api_client", "safe_link", "person", "system"})
_NAME = re.compile(r"^[a-z_]+:[a-z_]+$")


@dataclass
class Checked:
    """What was looked at, and what is wrong, in words with ids and no personal data."""

    events: int = 0
    changes: int = 0
    problems: list[str] = field(default_factory=list)

    def wrong(self, problem: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def verify(
    actor: Actor,
    progress: Callable[[int], None] = lambda _done: None,
    *,
    clock_moves: bool = False,
) -> Checked:
    """Check the whole trail, batch by batch; for whoever runs the installation.

    ``clock_moves``: a demo, whose events may lie ahead of its present time.
    """
    if actor.kind != "system":
        raise PermissionError("the trail is verified on the machine itself")
    checked = Checked()
    latest = None if clock_moves else clock.now() + timedelta(minutes=5)
    last = 0
    while True:
        rows = (
            session()
            .execute(
                select(
                    AuditEvent.id,
                    AuditEvent.at,
                    AuditEvent.event,
                    AuditEvent.actor_kind,
                    AuditEvent.details,
                )
                .where(AuditEvent.id > last)
                .order_by(AuditEvent.id)
                .limit(BATCH)
            )
            .all()
        )
        if not rows:
            break
        numbers = _numbers(rows[0].id, rows[-1].id)
        for row in rows:
            for problem in _problems(row, numbers.get(row.id, []), latest):
                checked.wrong(f"event {row.id}: {problem}")
        checked.events += len(rows)
        last = rows[-1].id
        progress(checked.events)
    _check_orphans(checked)
    _check_changes(checked)
    return checked


def _numbers(first: int, last: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for event_id, number in session().execute(
        select(AuditSubject.event_id, AuditSubject.number)
        .where(AuditSubject.event_id.between(first, last))
        .order_by(AuditSubject.event_id, AuditSubject.number)
    ):
        found.setdefault(event_id, []).append(number)
    return found


def _problems(row: Any, numbers: list[int], latest: datetime | None) -> list[str]:
    _id, at, event, actor_kind, details = row
    found = []
    if not _NAME.match(event):
        found.append("its name is not subject:action")
    if actor_kind not in ACTORS:
        found.append("its actor is of no known kind")
    if not _are_scalars(details):
        found.append("its details are not an object of scalars")
    if not numbers:
        found.append("it is about nothing")
    elif numbers != list(range(len(numbers))):
        found.append("one of its subjects is missing")
    if latest is not None and at > latest:
        found.append("it lies in the future")
    return found


def _are_scalars(details: str) -> bool:
    try:
        data = json.loads(details)
    except ValueError:
        return False
    return isinstance(data, dict) and all(
        value is None or isinstance(value, str | int | float | bool) for value in data.values()
    )


def _check_orphans(checked: Checked) -> None:
    """Subjects whose event is gone, where the database was told not to mind."""
    rows = session().scalars(
        select(AuditSubject.event_id)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSubject.event_id)
        .where(AuditEvent.id.is_(None))
        .limit(MOST_PROBLEMS)
    )
    for event_id in rows:
        checked.wrong(f"event {event_id}: gone, and its subjects are left")


def _check_changes(checked: Checked) -> None:
    """Each change in a referral's history was written with one event of its verb, and the other way
    round. A draft that was thrown away keeps its events only.
    """
    checked.changes = session().scalar(select(func.count()).select_from(StatusChange)) or 0
    names = {verb: f"referral:{name}" for verb, name in EVENTS.items()}
    written_as = case(names, value=StatusChange.verb)
    changes = (
        select(StatusChange.referral_id, written_as.label("event"), func.count().label("n"))
        .group_by(StatusChange.referral_id, StatusChange.verb)
        .subquery()
    )
    events = (
        select(AuditSubject.subject_id, AuditEvent.event, func.count().label("n"))
        .join(AuditEvent, AuditEvent.id == AuditSubject.event_id)
        .where(AuditSubject.kind == "referral", AuditEvent.event.in_(names.values()))
        .group_by(AuditSubject.subject_id, AuditEvent.event)
        .subquery()
    )
    same = (events.c.subject_id == changes.c.referral_id) & (events.c.event == changes.c.event)
    fewer = session().execute(
        select(changes.c.referral_id, changes.c.event, changes.c.n, func.coalesce(events.c.n, 0))
        .outerjoin(events, same)
        .where(func.coalesce(events.c.n, 0) < changes.c.n)
        .limit(MOST_PROBLEMS)
    )
    more = session().execute(
        select(events.c.subject_id, events.c.event, func.coalesce(changes.c.n, 0), events.c.n)
        .join(Referral, Referral.id == events.c.subject_id)
        .outerjoin(changes, same)
        .where(func.coalesce(changes.c.n, 0) < events.c.n)
        .limit(MOST_PROBLEMS)
    )
    for referral_id, event, changed, written in (*fewer, *more):
        checked.wrong(f"referral {referral_id}: {changed} changes and {written} events of {event}")
