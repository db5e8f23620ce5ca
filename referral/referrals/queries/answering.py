"""Everything that waits for a group: for its contact's phone, the telephone, a printed sheet."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Service
from referral.people import queries as people
from referral.people.models import PersonKey
from referral.referrals import disclosure, lifecycle, parties, words
from referral.referrals.answering import HELD, NEW
from referral.referrals.disclosure import Level
from referral.referrals.models import Appointment, Referral, Thread
from referral.referrals.queries import rows
from referral.referrals.queries.loading import text_unscoped
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

MOST = 200
# A newcomer stands on the page from this long before the day, until somebody says how it went.
AHEAD = timedelta(days=14)


def open_of_contact(actor: Actor) -> list[dict[str, Any]]:
    """The open referrals of the actor's services that the group holds: new ones first, by due date.

    Each as its stage discloses it: ``person`` masked, ``reason`` and ``risk`` as they may be read.
    Looking is audited as one list view.
    """
    permit(actor, Permission.ANSWER_REFERRALS)
    chosen = (
        select(
            Referral,
            *rows.NAMES,
            *rows.IDENTITY,
            PersonKey.wrapped.label("wrapped"),
            rows.Team.name.label("team_name"),
            rows.Team.phone.label("team_phone"),
            rows.Sender.phone.label("sender_phone"),
        )
        .select_from(Referral)
        .where(in_scope(actor), Referral.status.in_(HELD))
        .order_by(Referral.status.not_in(NEW), Referral.listed_on, Referral.id)
        .limit(MOST)
    )
    chosen = (
        rows.with_identity_unscoped(rows.with_names_unscoped(chosen))
        .outerjoin(PersonKey, PersonKey.person_id == Referral.person_id)
        .outerjoin(rows.Team, rows.Team.id == Referral.fallback_id)
    )
    shown = [_row(actor, row) for row in session().execute(chosen)]
    # What waits for an answer is read whole here: to a contact that is to have seen it.
    read = [row for row in shown if row["status"] in NEW and actor.kind == "safe_link"]
    for event, rows_ in (
        ("referral:viewed", read),
        ("referral:listed", [row for row in shown if row not in read]),
    ):
        audit.viewed_list(
            actor, event, [(("referral", row["id"]), row["person_id"]) for row in rows_]
        )
    return shown


def _row(actor: Actor, row: Any) -> dict[str, Any]:
    found: Referral = row.Referral
    seen = level_of(actor, found, row.recipient_kind, parties.of(actor, found))
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    key = encryption.unwrap(row.wrapped) if row.wrapped else None
    text = text_unscoped(key, found) if key else {}
    facts = identity.facts() | {
        "needs": found.needs.split(",") if found.needs else [],
        "reason": text.get("reason"),
        "risk_known": found.risk_known,
        "risk_text": text.get("risk_text"),
        "urgency": found.urgency,
    }
    masked = disclosure.mask(facts, seen, on=clock.today(), provider=True)
    if seen == Level.IDENTIFIED:
        masked |= {"name": identity.name}
    status = lifecycle.STATUSES[found.status]
    return {
        "id": found.id,
        "reference": found.reference,
        "person_id": found.person_id,
        "version": found.version,
        "status": found.status,
        "status_label": status.label,
        "service": words.named(found.service_id, row.service_name),
        "to": words.named(found.recipient_id, row.recipient_name),
        "from": {"id": found.sender_id, "name": row.sender_name},
        "ring": {"name": row.team_name, "phone": row.team_phone}
        if row.team_name and row.team_phone
        else {"name": row.sender_name, "phone": row.sender_phone or ""},
        "person": masked,
        "person_name": words.short_name(masked, identity, seen),
        "first_name": identity.given_name if seen == Level.IDENTIFIED else "",
        "needs": masked.get("needs", []),
        "reason": masked.get("reason"),
        "risk": {"known": found.risk_known, "text": masked.get("risk_text")},
        "urgency": found.urgency,
        "due_on": found.due_on,
        "overdue": parties.is_overdue(found, clock.today()),
        "expected_on": found.expected_on,
        "attendances": found.attendances,
        "disclosure": seen.name.lower(),
    }


def raised_to_group(actor: Actor) -> list[dict[str, Any]]:
    """What was raised with the group and waits for its answer: kind, from whom, by when."""
    permit(actor, Permission.ANSWER_REFERRALS)
    found = session().execute(
        select(
            Thread.id,
            Thread.kind,
            Thread.due_on,
            Thread.referral_id,
            Referral.reference,
            rows.Sender.name.label("raised_by"),
            Thread.raised_by_user_id,
            Thread.raised_by_contact_id,
        )
        .join(Referral, Referral.id == Thread.referral_id)
        .join(rows.Sender, rows.Sender.id == Thread.raised_by_organisation_id)
        .where(
            in_scope(actor),
            Thread.owner_id == actor.voice,
            Thread.answered_at.is_(None),
        )
        .order_by(Thread.due_on, Thread.id)
        .limit(MOST)
    )
    return [_raised(row) for row in found]


def _raised(row: Any) -> dict[str, Any]:
    shown = dict(row._mapping)
    if parties.raised_by_person(row):
        shown["raised_by"] = str(words.THE_PERSON)
    return shown


def newcomers(actor: Actor) -> list[dict[str, Any]]:
    """Who is expected to turn up at the actor's services: a first name, a day, nothing else."""
    permit(actor, Permission.ANSWER_REFERRALS)
    found = session().execute(
        select(Appointment, Service.name.label("service_name"), PersonKey.wrapped)
        .join(Service, Service.id == Appointment.service_id)
        .join(Referral, Referral.id == Appointment.referral_id)
        .join(PersonKey, PersonKey.person_id == Referral.person_id)
        .where(
            expected_by(actor),
            Referral.status.in_(lifecycle.OPEN),
            Referral.consent_withdrawn_at.is_(None),
            Appointment.at < clock.now() + AHEAD,
        )
        .order_by(Appointment.at, Appointment.id)
        .limit(MOST)
    )
    shown = [_newcomer(row) for row in found]
    audit.viewed_list(
        actor, "appointment:listed", [(("appointment", row["id"]), None) for row in shown]
    )
    return shown


def expected_by(actor: Actor) -> ColumnElement[bool]:
    """Visits to a group that were planned with the person, at a service the actor answers for."""
    turn_up = (Appointment.kind == "turn_up") & (Appointment.state == "planned")
    if actor.kind == "safe_link":
        return turn_up & Appointment.service_id.in_(sorted(actor.services))
    if actor.voice is None or actor.organisation_kind != "provider":
        return false()
    own = select(Service.id).where(Service.organisation_id == actor.voice)
    return turn_up & Appointment.service_id.in_(own)


def _newcomer(row: Any) -> dict[str, Any]:
    one: Appointment = row.Appointment
    said = (
        encryption.open_(encryption.unwrap(row.wrapped), one.said_sealed, f"appointment:{one.id}")
        if one.said_sealed
        else {}
    )
    at: datetime = one.at
    return {
        "id": one.id,
        "version": one.version,
        "at": at,
        "day": clock.local(at).date(),
        "service": {"id": one.service_id, "name": row.service_name},
        "first_name": said.get("first_name") or "",
    }


def services_of(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The services of the actor's group that are in its hands, by name."""
    permit(actor, Permission.ANSWER_REFERRALS)
    chosen = select(Service.id, Service.name).where(Service.organisation_id == actor.voice)
    if actor.kind == "safe_link":
        chosen = chosen.where(Service.id.in_(sorted(actor.services)))
    return [(row.id, row.name) for row in session().execute(chosen.order_by(Service.name))]
