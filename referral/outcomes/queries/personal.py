"""What the person sees of what came of it, by both words, at their own page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.outcomes.models import Goal, Plan, Result
from referral.outcomes.queries.results import FINISHED, OVERALL, standing_unscoped
from referral.outcomes.results import FORM, PERSON, PROVIDER
from referral.people.models import PersonKey
from referral.referrals import queries as referrals
from referral.referrals.models import Referral


@dataclass(frozen=True)
class OwnWord:
    """One thing to say a word on: all of it (``overall``), or a goal. ``person`` and ``provider``
    are keys of ``codes.OUTCOMES`` or ""; ``by_form``: who finished it wrote the person's word down,
    and they have not said it themselves. ``version`` of the person's own word, once there is one.
    """

    about: str
    goal: str = field(default="", repr=False)
    person: str = ""
    said: str = field(default="", repr=False)
    provider: str = ""
    by_form: bool = False
    version: int | None = None


def own_words(actor: Actor) -> dict[uuid.UUID, list[OwnWord]]:
    """By finished referral of the person's line: all of it first, then each goal; two statements.

    The caller shows it beside what is audited as their own view.
    """
    permit(actor, Permission.SEE_OWN)
    found = session().execute(
        select(Referral, Result, PersonKey.wrapped)
        .outerjoin(Result, Result.referral_id == Referral.id)
        .join(PersonKey, PersonKey.person_id == Referral.person_id)
        .where(
            referrals.in_scope(actor),
            Referral.status.in_(FINISHED),
            Referral.outcome.is_not(None),
        )
        .order_by(Referral.id, Result.id)
    )
    kept: dict[uuid.UUID, tuple[Referral, list[Result]]] = {}
    key = b""
    for row in found:
        rows = kept.setdefault(row.Referral.id, (row.Referral, []))[1]
        if row.Result is not None:
            rows.append(row.Result)
        key = encryption.unwrap(row.wrapped)
    goals = _goals(key, kept)
    return {id_: _words(key, *one, goals.get(id_, {})) for id_, one in kept.items()}


def has_plan(actor: Actor) -> bool:
    """Whether there is a plan of the referral the person came in with."""
    chosen = select(Plan.id).join(Referral, Referral.id == Plan.referral_id)
    wanted = chosen.where(Plan.referral_id == actor.referral, referrals.in_scope(actor))
    return session().scalar(wanted) is not None


def _goals(
    key: bytes, kept: dict[uuid.UUID, tuple[Referral, list[Result]]]
) -> dict[uuid.UUID, dict[str, str]]:
    if not kept:
        return {}
    found: dict[uuid.UUID, dict[str, str]] = {}
    chosen = (
        select(Plan.referral_id, Goal.id, Goal.text_sealed)
        .join(Goal, Goal.plan_id == Plan.id)
        .where(Plan.referral_id.in_(list(kept)))
        .order_by(Goal.place, Goal.id)
    )
    for referral_id, goal_id, sealed in session().execute(chosen):
        text = str(encryption.open_(key, sealed, f"goal:{goal_id}"))
        found.setdefault(referral_id, {})[str(goal_id)] = text
    return found


def _words(key: bytes, found: Referral, rows: list[Result], goals: dict[str, str]) -> list[OwnWord]:
    words, counting = standing_unscoped(found, rows)
    own = {row.about: row for row in counting if row.told_by == PERSON}
    shown = []
    for about, goal in {OVERALL: "", **goals}.items():
        row = own.get(about)
        said = {}
        if row is not None and row.said_sealed:
            said = encryption.open_(key, row.said_sealed, f"result:{row.id}")
        each = words.get(about, {})
        shown.append(
            OwnWord(
                about,
                goal,
                each.get(PERSON, ""),
                said.get("said") or "",
                each.get(PROVIDER, ""),
                row is None or row.how == FORM,
                row.version if row is not None else None,
            )
        )
    return shown
