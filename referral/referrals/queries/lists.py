"""Lists of referrals: what is due first comes first, page by page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid
from referral.people import queries as people
from referral.referrals import disclosure, lifecycle, parties, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral
from referral.referrals.queries import rows
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

BOXES = ("to_me", "from_me", "caseload")
LIMIT_MAX = 100
COLUMNS = (
    Referral.id,
    Referral.reference,
    Referral.person_id,
    Referral.status,
    Referral.sender_id,
    Referral.recipient_id,
    Referral.practice_id,
    Referral.fallback_id,
    Referral.team_id,
    Referral.service_id,
    Referral.owner_id,
    Referral.owner_user_id,
    Referral.due_on,
    Referral.listed_on,
    Referral.self_closing,
    Referral.urgency,
    Referral.needs,
    Referral.sex,
    Referral.age_band,
    Referral.area,
    Referral.accepted_at,
    Referral.sent_at,
    Referral.status_since,
    Referral.outcome,
    Referral.actions_count,
    Referral.consent_feedback,
    Referral.consent_withdrawn_at,
    Referral.sees_first,
    Referral.summary_from,
    Referral.exception,
    Referral.version,
)


def listing(
    actor: Actor,
    box: str | None = None,
    status: Collection[str] | None = None,
    overdue: bool | None = None,
    limit: int = 25,
    cursor: Sequence[Any] | None = None,
) -> tuple[list[dict[str, Any]], list[Any] | None]:
    """Rows in the actor's scope, overdue first, and where the next page starts (None at the end).

    ``box``: ``to_me`` (came to the organisation), ``from_me`` (sent by it), ``caseload`` (mine).
    ``cursor``: the ``[listed_on, id]`` handed out before. The view is audited as one event.
    """
    permit(actor, Permission.SEE_REFERRALS)
    chosen = columns_unscoped().where(_in_box(actor, box))
    if status is not None:
        chosen = chosen.where(Referral.status.in_(list(status)))
    if overdue is not None:
        late = and_(Referral.due_on < clock.today(), Referral.self_closing.is_(False))
        chosen = chosen.where(late if overdue else ~late | Referral.due_on.is_(None))
    if cursor is not None:
        day, last = _read_cursor(cursor)
        chosen = chosen.where(
            or_(
                Referral.listed_on > day,
                and_(Referral.listed_on == day, Referral.id > last),
            )
        )
    limit = max(1, min(limit, LIMIT_MAX))
    found = _rows(actor, chosen, limit + 1)
    page = found[:limit]
    end = page[-1] if len(found) > limit else None
    return page, [end["listed_on"], end["id"]] if end else None


def open_of_person(actor: Actor, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The person's open referrals that the actor may know of, what is due first first."""
    permit(actor, Permission.SEE_REFERRALS)
    chosen = columns_unscoped().where(
        in_scope(actor),
        Referral.person_id.in_(people.same_person_unscoped(person_id)),
        Referral.status.in_(lifecycle.OPEN),
    )
    return _rows(actor, chosen, LIMIT_MAX)


def chosen_rows(
    actor: Actor, condition: ColumnElement[bool], limit: int = 25
) -> list[dict[str, Any]]:
    """Rows of a list in the actor's scope that fulfil ``condition``."""
    permit(actor, Permission.SEE_REFERRALS)
    return _rows(actor, columns_unscoped().where(in_scope(actor), condition), limit)


def _in_box(actor: Actor, box: str | None) -> ColumnElement[bool]:
    own = actor.organisation
    if box is None or actor.kind == "system":
        return in_scope(actor)
    if own is None:
        return false()
    if box == "from_me":
        return Referral.sender_id == own
    if box == "caseload":
        return and_(Referral.owner_user_id == actor.id, Referral.owner_id == own)
    if box != "to_me":
        raise Invalid({"box": ["must be one of: " + ", ".join(BOXES)]})
    came_to = Referral.team_id if actor.organisation_kind == "link_worker_team" else (
        Referral.recipient_id
    )  # fmt: skip
    return and_(came_to == own, Referral.status != "draft")


def columns_unscoped() -> Any:
    """A select of what ``shown`` needs of each referral, and of no referral in particular."""
    chosen = select(
        *COLUMNS,
        *rows.NAMES,
        *rows.IDENTITY,
        rows.person_differs_unscoped().label("person_differs"),
    ).select_from(Referral)
    return rows.with_identity_unscoped(rows.with_names_unscoped(chosen))


def _rows(actor: Actor, chosen: Any, limit: int) -> list[dict[str, Any]]:
    session().flush()
    found = session().execute(chosen.order_by(Referral.listed_on, Referral.id).limit(limit))
    read = [shown(actor, row) for row in found]
    note_listed(actor, read)
    return read


def note_listed(actor: Actor, found: Iterable[Mapping[str, Any]]) -> None:
    """The actor is about to see these rows: one view of n referrals."""
    audit.viewed_list(
        actor, "referral:listed", [(("referral", row["id"]), row["person_id"]) for row in found]
    )


def shown(actor: Actor, row: Any) -> dict[str, Any]:
    """A row of ``columns_unscoped`` as far as the actor may know it; the caller audits it."""
    own = parties.of(actor, row)
    seen = level_of(actor, row, row.recipient_kind, own)
    status = lifecycle.STATUSES[row.status]
    if seen == Level.IDENTIFIED:
        identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
        name = identity.short
    elif seen == Level.ANONYMOUS:
        name = words.anonymous_name(row.sex, row.age_band, row.area)
    else:
        name = row.reference
    step = status.next_step if row.owner_id else None
    return {
        "id": row.id,
        "reference": row.reference,
        "person_id": row.person_id,
        "person": name,
        "status": row.status,
        "status_label": status.label,
        "status_colour": status.colour,
        "from": {"id": row.sender_id, "name": row.sender_name},
        "to": words.named(row.recipient_id, row.recipient_name),
        "service": words.named(row.service_id, row.service_name),
        "owner": words.owner(row, row),
        "next_step": step and {"key": step.key, "text": step.text},
        "due_on": row.due_on,
        "listed_on": row.listed_on,
        "overdue": parties.is_overdue(row, clock.today()),
        "self_closing": row.self_closing,
        "urgency": row.urgency,
        "needs": row.needs.split(",") if row.needs and seen else [],
        "sent_at": row.sent_at,
        "status_since": row.status_since,
        "outcome": row.outcome if _may_read_outcome(actor, row, seen) else None,
        "actions": row.actions_count if row.consent_feedback in ("full", "summary") else 0,
        "exception": row.exception,
        "held_back": rows.held_back(row, row.status, clock.today()),
        "mine": row.owner_id is not None and row.owner_id == actor.organisation,
        "disclosure": seen.name.lower(),
        "person_differs": bool(row.person_differs) and seen == Level.IDENTIFIED,
        "version": row.version,
    }


def _may_read_outcome(actor: Actor, row: Any, seen: Level) -> bool:
    if seen == Level.NONE or not may(actor, Permission.READ_CLINICAL):
        return False
    if actor.organisation_kind != "practice":
        return True
    waits = disclosure.words_wait(row, clock.now())
    return disclosure.shares_actions(row.consent_feedback) and not waits


def _read_cursor(cursor: Sequence[Any]) -> tuple[date, uuid.UUID]:
    day, last = [*cursor, None, None][:2]
    if not isinstance(day, date) or not isinstance(last, uuid.UUID):
        raise Invalid({"cursor": ["is not a place in this list; start from its first page"]})
    return day, last
