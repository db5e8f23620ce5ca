"""What needs me, what I should read, and one line of reassurance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption, tally
from referral.core.actor import Actor
from referral.core.database import session
from referral.people import queries as people
from referral.people.models import PersonKey
from referral.referrals import lifecycle, parties, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral, Thread
from referral.referrals.queries import rows
from referral.referrals.queries.complaints import waiting_complaints
from referral.referrals.queries.enquiries import answered_enquiries, waiting_enquiries
from referral.referrals.queries.lists import chosen_rows
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

SHOWN = 10
COUNT_MAX = 100
MEDIAN_DAYS = 91
# A team's people whom somebody works with: they need somebody only when they are due.
IN_HAND = ("accepted", "contacting", "started", "waiting_list", "paused")
SOON = timedelta(days=3)


def home(actor: Actor, also: Mapping[str, Select[Any]] | None = None) -> dict[str, Any]:
    """``{needs_me, needs_me_count, to_read, to_read_count, held_back, threads, open_count,
    overdue_count, median_answer, also}``; rows as in ``listing``, at most 10; counts stop at 100;
    days are working days. ``held_back``: for who decides on checks, open referrals in scope to
    services that get no new ones. ``also``: what the caller counts beside, in the same statement.
    """
    permit(actor, Permission.SEE_REFERRALS)
    mine = and_(
        Referral.owner_id == actor.organisation,
        Referral.status.in_(lifecycle.OPEN),
    )
    if actor.organisation_kind == "link_worker_team":  # a team's people have caseloads
        own = or_(Referral.owner_user_id.is_(None), Referral.owner_user_id == actor.id)
        mine = and_(mine, own)
    to_do = and_(mine, Referral.self_closing.is_(False))
    if actor.organisation_kind == "link_worker_team":  # who is not due yet stands in the caseload
        soon = Referral.due_on <= clock.today() + SOON
        to_do = and_(to_do, or_(soon, Referral.status.not_in(IN_HAND)))
    to_read = and_(mine, Referral.self_closing.is_(True))
    first = or_(_first(to_do), _first(to_read))
    watches = may(actor, Permission.DECIDE_CHECKS)
    if watches:
        first = or_(first, _first(_held_back(actor)))
    shown = chosen_rows(actor, first, 3 * SHOWN)
    rows_of_mine = [row for row in shown if _is_own(actor, row)]
    needs_me = [row for row in rows_of_mine if not row["self_closing"]][:SHOWN]
    reading = [row for row in rows_of_mine if row["self_closing"]][:SHOWN]
    threads = _threads(actor)
    further = dict(also or {})
    if may(actor, Permission.ANSWER_REFERRALS):
        further["questions"] = waiting_enquiries(actor)
    if may(actor, Permission.ASK_FIRST):
        further["answers"] = answered_enquiries(actor)
    if may(actor, Permission.ANSWER_COMPLAINTS):
        further["complaints"] = waiting_complaints(actor)
    counts = _counts(actor, further, to_do=to_do, to_read=to_read)
    beside = {name: counts.pop(name) for name in further}
    return {
        "needs_me": needs_me,
        "to_read": reading,
        "held_back": [row for row in shown if watches and row["held_back"]][:SHOWN],
        "threads": threads,
        **counts,
        "also": beside,
        "median_answer": _median_answer(actor),
    }


def _held_back(actor: Actor) -> ColumnElement[bool]:
    return and_(
        in_scope(actor),
        Referral.status.in_(lifecycle.OPEN),
        rows.is_held_back(clock.today()),
    )


def _is_own(actor: Actor, row: dict[str, Any]) -> bool:
    """Does it wait for the actor's organisation, and in a team for nobody else?"""
    if not row["mine"] or actor.organisation_kind != "link_worker_team":
        return bool(row["mine"])
    user = row["owner"]["user"]
    return user is None or user["id"] == actor.id


def _first(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """The first few that fulfil ``wanted``, what is due first first."""
    ids = (
        select(Referral.id)
        .where(wanted)
        .order_by(Referral.listed_on, Referral.id)
        .limit(SHOWN)
        .subquery()
    )
    return Referral.id.in_(select(ids.c.id))


def _counts(actor: Actor, also: Mapping[str, Select[Any]], **conditions: Any) -> dict[str, int]:
    """Capped counts in one statement."""
    is_open = and_(in_scope(actor), Referral.status.in_(lifecycle.OPEN))
    late = and_(is_open, Referral.due_on < clock.today(), Referral.self_closing.is_(False))
    asked: dict[str, ColumnElement[bool]] = {
        "needs_me_count": and_(in_scope(actor), conditions["to_do"]),
        "to_read_count": and_(in_scope(actor), conditions["to_read"]),
        "open_count": is_open,
        "overdue_count": late,
    }
    chosen = {name: select(Referral.id).where(wanted) for name, wanted in asked.items()}
    row = session().execute(
        select(
            *(
                select(func.count())
                .select_from(ids.limit(COUNT_MAX).subquery())
                .scalar_subquery()
                .label(name)
                for name, ids in {**chosen, **also}.items()
            )
        )
    )
    return {name: int(value) for name, value in row.one()._mapping.items()}


def _threads(actor: Actor) -> list[dict[str, Any]]:
    """What was raised and waits for an answer of the actor's organisation, due first first."""
    chosen = (
        rows.with_identity_unscoped(
            rows.with_names_unscoped(
                select(
                    Thread,
                    Referral,
                    *rows.NAMES,
                    *rows.IDENTITY,
                    PersonKey.wrapped.label("wrapped"),
                ).select_from(Referral)
            )
        )
        .join(Thread, Thread.referral_id == Referral.id)
        .outerjoin(PersonKey, PersonKey.person_id == Referral.person_id)
        .where(Thread.owner_id == actor.organisation, Thread.answered_at.is_(None))
        .order_by(Thread.due_on, Thread.id)
        .limit(SHOWN)
    )
    found = [_thread(actor, row) for row in session().execute(chosen)]
    audit.viewed_list(
        actor,
        "referral:listed",
        [(("referral", row["referral_id"]), row["person_id"]) for row in found],
    )
    return found


def _thread(actor: Actor, row: Any) -> dict[str, Any]:
    thread: Thread = row.Thread
    referral: Referral = row.Referral
    seen = level_of(actor, referral, row.recipient_kind, parties.of(actor, referral))
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    text = None
    if row.wrapped and seen == Level.IDENTIFIED and may(actor, Permission.READ_CLINICAL):
        key = encryption.unwrap(row.wrapped)
        text = encryption.open_(key, thread.text_sealed, f"thread:{thread.id}").get("text")
    return {
        "id": thread.id,
        "kind": thread.kind,
        "text": text,
        "raised_at": thread.raised_at,
        "due_on": thread.due_on,
        "overdue": clock.today() > thread.due_on,
        "referral_id": referral.id,
        "person_id": referral.person_id,
        "reference": referral.reference,
        "person": words.short_name(
            {"sex": referral.sex, "age_band": referral.age_band, "area": referral.area},
            identity,
            seen,
        ),
        "from": {"id": referral.sender_id, "name": row.sender_name},
        "to": words.named(referral.recipient_id, row.recipient_name),
    }


def _median_answer(actor: Actor) -> float | None:
    """The median working days to an answer in the last three months; None below five."""
    receives = actor.organisation_kind == "provider"
    today = clock.today()
    sums = tally.sums(
        today - timedelta(days=MEDIAN_DAYS),
        today,
        metrics=("answer_time",),
        recipient=actor.organisation if receives else None,
        sender=None if receives else actor.organisation,
    )
    buckets = sorted((bucket, value) for (_metric, _group, bucket), value in sums.items())
    total = sum(value for _bucket, value in buckets)
    if total < 5:
        return None
    reached = 0
    for bucket, value in buckets:
        reached += value
        if 2 * reached >= total:
            return bucket / 10
    return None
