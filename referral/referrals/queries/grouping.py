"""Who may be expected at a group, and what was marked of its sessions."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people import queries as people
from referral.referrals import parties, words
from referral.referrals.answering import MEETING
from referral.referrals.disclosure import Level
from referral.referrals.models import Appointment, Contact, GroupSession, Referral
from referral.referrals.queries import rows
from referral.referrals.queries.answering import expected_by
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

MOST = 200


def register(
    actor: Actor, service_id: uuid.UUID, held_on: date, starts: str = ""
) -> dict[str, Any]:
    """``{people, session, taken}`` of a service of the actor's group, in three statements.

    ``people``: who is being met there, by name, each with ``mark`` and ``reason`` of that day's
    session; ``session``: ``{version}`` or None; ``recent``: the days and times marked before.
    """
    permit(actor, Permission.ANSWER_REFERRALS)
    recent = list(
        session().scalars(
            select(GroupSession)
            .where(
                GroupSession.service_id == service_id,
                GroupSession.organisation_id == actor.voice,
            )
            .order_by(GroupSession.held_on.desc(), GroupSession.starts.desc())
            .limit(20)
        )
    )
    this = next((one for one in recent if (one.held_on, one.starts) == (held_on, starts)), None)
    found = _people(actor, service_id)
    marks = _marks(this.id) if this is not None else {}
    for row in found:
        mark = marks.get(row["id"])
        row["mark"], row["reason"] = (mark.result, mark.reason) if mark else (None, None)
    return {
        "people": found,
        "session": None if this is None else {"id": this.id, "version": this.version},
        "recent": [(one.held_on, one.starts) for one in recent[:6]],
    }


def _people(actor: Actor, service_id: uuid.UUID) -> list[dict[str, Any]]:
    chosen = select(Referral, *rows.NAMES, *rows.IDENTITY).select_from(Referral)
    chosen = rows.with_identity_unscoped(rows.with_names_unscoped(chosen)).where(
        in_scope(actor),
        Referral.service_id == service_id,
        Referral.recipient_id == actor.voice,
        Referral.status.in_(MEETING),
    )
    shown: list[dict[str, Any]] = []
    for row in session().execute(chosen.order_by(Referral.id).limit(MOST)):
        referral: Referral = row.Referral
        own = parties.of(actor, referral)
        if level_of(actor, referral, row.recipient_kind, own) != Level.IDENTIFIED:
            continue
        identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
        shown.append(
            {
                "id": referral.id,
                "person_id": referral.person_id,
                "reference": referral.reference,
                "name": identity.name,
                "status": referral.status,
                "attendances": referral.attendances,
                "service": words.named(referral.service_id, row.service_name),
            }
        )
    audit.viewed_list(
        actor, "referral:listed", [(("referral", row["id"]), row["person_id"]) for row in shown]
    )
    return sorted(shown, key=lambda row: str(row["name"]).split()[-1:])


def _marks(session_id: uuid.UUID) -> dict[uuid.UUID, Contact]:
    found = session().scalars(
        select(Contact).where(Contact.group_session_id == session_id, Contact.undone.is_(False))
    )
    return {row.referral_id: row for row in found}


def sessions(actor: Actor, service_id: uuid.UUID, limit: int = 50) -> list[dict[str, Any]]:
    """The sessions of a service of the actor's group, the latest first, with who was marked how."""
    permit(actor, Permission.ANSWER_REFERRALS)
    found = list(
        session().scalars(
            select(GroupSession)
            .where(
                GroupSession.service_id == service_id,
                GroupSession.organisation_id == actor.voice,
            )
            .order_by(GroupSession.held_on.desc(), GroupSession.starts.desc())
            .limit(limit)
        )
    )
    marks = session().execute(
        select(Contact)
        .join(Referral, Referral.id == Contact.referral_id)
        .where(
            Contact.group_session_id.in_([one.id for one in found]),
            Contact.undone.is_(False),
            in_scope(actor),
        )
        .order_by(Contact.referral_id)
    )
    by_session: dict[uuid.UUID | None, list[dict[str, Any]]] = {}
    for (mark,) in marks:
        by_session.setdefault(mark.group_session_id, []).append(
            {"referral_id": mark.referral_id, "result": mark.result, "reason": mark.reason}
        )
    return [
        {
            "id": one.id,
            "service_id": one.service_id,
            "held_on": one.held_on,
            "starts": one.starts,
            "version": one.version,
            "marks": by_session.get(one.id, []),
        }
        for one in found
    ]


def expecting_unscoped(actor: Actor, appointment_id: uuid.UUID) -> Referral:
    """The referral behind a visit that the actor's group expects, locked. Raise ``NotFound``."""
    found = session().scalar(
        select(Referral)
        .where(
            Referral.id
            == select(Appointment.referral_id)
            .where(Appointment.id == appointment_id, expected_by(actor))
            .scalar_subquery()
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
