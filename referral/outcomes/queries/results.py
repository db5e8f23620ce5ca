"""What came of a referral, by whose word, as far as a reader may have it; how it fitted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.outcomes import results
from referral.outcomes.message import Attendance, Said
from referral.outcomes.models import Goal, Plan, Result
from referral.outcomes.queries import messaging
from referral.outcomes.queries.planning import keeps
from referral.people import queries as people
from referral.people.models import PersonKey
from referral.referrals.models import Referral

OVERALL = "overall"
FINISHED = results.FINISHED


@dataclass(frozen=True)
class GoalText:
    """A goal of the plan, opened."""

    id: uuid.UUID
    text: str


@dataclass(frozen=True)
class Word:
    """One row of ``models.Result``, opened."""

    id: uuid.UUID
    version: int
    about: str
    goal_id: uuid.UUID | None
    told_by: str
    outcome: str
    reason: str
    said: str
    how: str
    at: datetime


@dataclass(frozen=True)
class Came:
    """What came of it. ``overall`` and each goal: one line where both agree, else the person's
    first; ``words``: what was said by whom, as the reader may have it. Empty until it is finished.
    """

    referral_id: uuid.UUID
    overall: list[Said] = field(default_factory=list)
    told_apart: bool = False
    goals: list[tuple[str, list[Said]]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    attendance: Attendance | None = None


def standing_unscoped(
    found: Any, rows: Iterable[Any]
) -> tuple[dict[str, dict[str, str]], list[Any]]:
    """``{about: {word: outcome}}`` and the rows that count, of all of one referral's results.

    Where no row tells of the whole, what the referral's own step said does.
    """
    if not results.is_finished(found):
        return {}, []
    step = (found.told_by, found.outcome)
    counting = results.standing(rows, *step, found.finished_at)
    each: dict[str, list[Any]] = {OVERALL: []}
    for row in counting:
        each.setdefault(row.about, []).append(row)
    words = {
        about: results.by_word(own, *step, overall=about == OVERALL) for about, own in each.items()
    }
    return words, counting


def results_of(actor: Actor, referral_id: uuid.UUID) -> Came:
    """What came of a referral in scope, as ``message`` lets the actor have it; it is audited.

    What each said in which words only the group's own side reads, the team and the person. Raise
    ``NotFound``.
    """
    told = messaging.message(actor, referral_id)
    found = told.message if told.finished else None
    if found is None:
        return Came(referral_id)
    apart = results.differ({one.told_by: one.outcome for one in found.results})
    return Came(
        referral_id,
        list(found.results),
        apart,
        [(goal.text, list(goal.said)) for goal in found.goals],
        [] if told.side == "practice" else _words(referral_id),
        found.attendance,
    )


def _words(referral_id: uuid.UUID) -> list[Word]:
    """What counts of what each said, opened; the caller has let its reader see it."""
    chosen = select(Result, Referral).join(Referral, Referral.id == Result.referral_id)
    rows = (
        session()
        .execute(chosen.where(Result.referral_id == referral_id).order_by(Result.at, Result.id))
        .all()
    )
    if not rows:
        return []
    found: Referral = rows[0].Referral
    key = people.keys_of_unscoped([found.person_id]).get(found.person_id)
    if key is None:
        return []
    return [_word(key, row) for row in standing_unscoped(found, [one.Result for one in rows])[1]]


def _word(key: bytes, row: Result) -> Word:
    said = encryption.open_(key, row.said_sealed, f"result:{row.id}") if row.said_sealed else {}
    return Word(
        row.id,
        row.version,
        row.about,
        row.goal_id,
        row.told_by,
        row.outcome,
        row.reason,
        said.get("said") or "",
        row.how,
        row.at,
    )


def goal_ids_unscoped(referral_id: uuid.UUID) -> list[uuid.UUID]:
    """The goals of the referral's own plan."""
    chosen = select(Goal.id).join(Plan, Plan.id == Goal.plan_id)
    return list(session().scalars(chosen.where(Plan.referral_id == referral_id)))


def goals_unscoped(referral_id: uuid.UUID, key: bytes) -> list[GoalText]:
    """The goals of the referral's own plan in the person's words, in their order."""
    chosen = (
        select(Goal)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.referral_id == referral_id)
        .order_by(Goal.place, Goal.id)
    )
    return [
        GoalText(one.id, str(encryption.open_(key, one.text_sealed, f"goal:{one.id}")))
        for one in session().scalars(chosen)
    ]


def goals_to_tell(actor: Actor, found: Any) -> list[GoalText]:
    """The goals whose outcome the actor may tell: of the plan that their own team keeps."""
    if not keeps(actor, found.recipient_id, found.sender_id, found.based_on_id):
        return []
    key = people.keys_of_unscoped([found.person_id]).get(found.person_id)
    return goals_unscoped(found.id, key) if key is not None else []


def goals_of_unscoped(actor: Actor, view: Mapping[str, Any]) -> list[GoalText]:
    """The goals the actor may tell of, for a referral whose ``referrals.view`` they were shown."""
    to = view["to"] and view["to"]["id"]
    if not keeps(actor, to, view["from"]["id"], view["based_on"]):
        return []
    chosen = (
        select(Goal, PersonKey.wrapped)
        .join(Plan, Plan.id == Goal.plan_id)
        .join(PersonKey, PersonKey.person_id == Plan.person_id)
        .where(Plan.referral_id == view["id"])
        .order_by(Goal.place, Goal.id)
    )
    return [
        GoalText(one.id, str(encryption.open_(key, one.text_sealed, f"goal:{one.id}")))
        for one, wrapped in session().execute(chosen)
        if (key := encryption.unwrap(wrapped))
    ]
