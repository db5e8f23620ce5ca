"""Notes of supervision: for the two it is between, and for nobody else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.caseload.models import SupervisionNote
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound

LIMIT = 50


@dataclass(frozen=True)
class Note:
    """One conversation. ``next`` is what was agreed to do."""

    id: uuid.UUID
    version: int
    worker_id: uuid.UUID
    worker: str
    supervisor_id: uuid.UUID
    supervisor: str
    held_on: date
    next_on: date | None
    written_at: datetime
    text: str = field(repr=False)
    next: str = field(repr=False)


@dataclass(frozen=True)
class Clinician:
    """Whom a team turns to. ``words``: name, role, telephone, as the lead wrote them."""

    words: str
    version: int


def notes(actor: Actor, worker_id: uuid.UUID | None = None) -> list[Note]:
    """Between the actor and others, the latest first; ``worker_id`` narrows to one worker."""
    permit(actor, Permission.SEE_CASELOAD)
    wanted = [] if worker_id is None else [SupervisionNote.worker_id == worker_id]
    return _notes(actor, *wanted)


def note(actor: Actor, note_id: uuid.UUID) -> Note:
    """Raise ``NotFound`` for everybody but the two."""
    permit(actor, Permission.SEE_CASELOAD)
    found = _notes(actor, SupervisionNote.id == note_id)
    if not found:
        raise NotFound
    return found[0]


def note_to_change(actor: Actor, note_id: uuid.UUID) -> SupervisionNote:
    """The row, locked; only who wrote it. Raise ``NotFound``."""
    found = session().scalar(
        select(SupervisionNote)
        .where(SupervisionNote.id == note_id, is_between(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def clinician(actor: Actor) -> Clinician:
    """The named clinician of the actor's own team; no words while nobody is named."""
    permit(actor, Permission.SEE_CASELOAD)
    row = session().execute(
        select(Organisation.clinician_words, Organisation.version).where(
            Organisation.id == actor.organisation
        )
    )
    found = row.one_or_none()
    return Clinician(found[0], found[1]) if found else Clinician("", 0)


def is_between(actor: Actor) -> ColumnElement[bool]:
    return and_(
        SupervisionNote.organisation_id == actor.organisation,
        or_(SupervisionNote.worker_id == actor.user, SupervisionNote.supervisor_id == actor.user),
    )


def _notes(actor: Actor, *wanted: ColumnElement[bool]) -> list[Note]:
    worker, supervisor = aliased(User), aliased(User)
    rows = session().execute(
        select(SupervisionNote, worker.name, supervisor.name)
        .join(worker, worker.id == SupervisionNote.worker_id)
        .join(supervisor, supervisor.id == SupervisionNote.supervisor_id)
        .where(is_between(actor), *wanted)
        .order_by(SupervisionNote.held_on.desc(), SupervisionNote.id.desc())
        .limit(LIMIT)
    )
    return [_note(row, whose, by) for row, whose, by in rows]


def _note(row: SupervisionNote, whose: str, by: str) -> Note:
    said = encryption.open_for_installation(row.text_sealed, f"supervision:{row.id}")
    return Note(
        id=row.id,
        version=row.version,
        worker_id=row.worker_id,
        worker=whose,
        supervisor_id=row.supervisor_id,
        supervisor=by,
        held_on=row.held_on,
        next_on=row.next_on,
        written_at=row.written_at,
        text=said["text"],
        next=said["next"],
    )
