"""Supervision, kept apart from every record; and whom a team turns to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.caseload.models import SupervisionNote
from referral.caseload.queries.supervision import note_to_change
from referral.caseload.services.allocating import must_work_here, own_team
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, Invalid, StaleVersion
from referral.core.i18n import _


def write_note(actor: Actor, worker_id: uuid.UUID, data: Mapping[str, Any]) -> SupervisionNote:
    """What was said and agreed in a conversation with a worker of the team."""
    own = own_team(actor)
    permit(actor, Permission.SUPERVISE)
    if actor.user is None:
        raise Forbidden
    if worker_id == actor.user:
        raise Invalid({"worker_id": [str(_("must be somebody else"))]})
    must_work_here(own, worker_id, "worker_id")
    made = SupervisionNote(
        id=new_id(),
        version=1,
        organisation_id=own,
        worker_id=worker_id,
        supervisor_id=actor.user,
        held_on=data["held_on"],
        next_on=data.get("next_on"),
        written_at=clock.now(),
        text_sealed=b"",
    )
    _seal(made, data)
    session().add(made)
    session().flush()
    audit.record(actor, "supervision:written", ("supervision_note", made.id))
    return made


def amend_note(
    actor: Actor, note_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> SupervisionNote:
    """Only who wrote it; the worker reads it. Raise ``StaleVersion``."""
    permit(actor, Permission.SEE_CASELOAD)
    found = note_to_change(actor, note_id)
    permit(actor, Permission.SUPERVISE)
    if found.supervisor_id != actor.user:
        raise Forbidden
    if found.version != version:
        raise StaleVersion(version, found.version)
    found.held_on, found.next_on = data["held_on"], data.get("next_on")
    found.version += 1
    _seal(found, data)
    audit.record(actor, "supervision:changed", ("supervision_note", found.id))
    return found


def name_clinician(actor: Actor, version: int, words: str) -> Organisation:
    """Whom the team turns to about somebody's health: name, role, telephone."""
    own = own_team(actor)
    found = accounts.organisation(actor, own, to_change=True)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, found)
    if found.version != version:
        raise StaleVersion(version, found.version)
    found.clinician_words = words
    found.version += 1
    audit.record(actor, "organisation:clinician_named", ("organisation", found.id))
    return found


def _seal(row: SupervisionNote, data: Mapping[str, Any]) -> None:
    said = {"text": data["text"], "next": data.get("next", "")}
    row.text_sealed = encryption.seal_for_installation(said, f"supervision:{row.id}")
