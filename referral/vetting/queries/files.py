"""The files of answers: who may know of one, and which nobody made an answer of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.files import queries as files
from referral.files.models import StoredFile
from referral.vetting.models import Application, Evidence, EvidenceFile, Hosting

GIVEN_UP = ("taken_back", "superseded")


@dataclass(frozen=True)
class Seen:
    """A file, and whether it is looked at as a reviewer."""

    file: StoredFile
    as_reviewer: bool


def file(actor: Actor, file_id: uuid.UUID) -> Seen:
    """A file in scope: of the own organisation, or of an answer that an application in the
    reviewer's locality counts on, its own or its anchor's. Otherwise ``NotFound``.
    """
    found = files.stored(file_id)
    if found is None or found.sealed:  # a person's: not of checks
        raise NotFound
    if found.organisation_id == actor.organisation and may(actor, Permission.GIVE_EVIDENCE):
        return Seen(found, as_reviewer=False)
    if may(actor, Permission.REVIEW_CHECKS) and _is_used_in(found, actor.locality):
        return Seen(found, as_reviewer=True)
    raise NotFound


def _is_used_in(found: StoredFile, locality_id: uuid.UUID | None) -> bool:
    checks = set(
        session().scalars(
            select(Evidence.check_key)
            .join(EvidenceFile, EvidenceFile.evidence_id == Evidence.id)
            .where(EvidenceFile.file_id == found.id)
        )
    )
    if not checks or locality_id is None:
        return False
    rows = session().execute(
        select(Application.organisation_id, Hosting.checks)
        .outerjoin(
            Hosting,
            (Hosting.hosted_id == Application.organisation_id)
            & (Hosting.anchor_id == found.organisation_id)
            & Hosting.anchor_agreed_at.is_not(None)
            & Hosting.hosted_agreed_at.is_not(None)
            & Hosting.ended_at.is_(None),
        )
        .where(
            Application.locality_id == locality_id,
            or_(Application.organisation_id == found.organisation_id, Hosting.id.is_not(None)),
        )
    )
    return any(
        organisation_id == found.organisation_id or checks.intersection(held or ())
        for organisation_id, held in rows
    )


def loose_unscoped(before: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Files kept before a moment of which no answer was made, or none that anybody looked at before
    it was taken back or replaced. Locked, for the worker to delete.
    """
    return (
        session()
        .scalars(
            select(StoredFile.id)
            .where(
                StoredFile.deleted_at.is_(None),
                StoredFile.sealed.is_(False),
                StoredFile.put_at < before,
                ~exists().where(
                    EvidenceFile.file_id == StoredFile.id,
                    Evidence.id == EvidenceFile.evidence_id,
                    or_(Evidence.state.not_in(GIVEN_UP), Evidence.reviewed_at.is_not(None)),
                ),
            )
            .order_by(StoredFile.id)
            .limit(limit)
            # One that is being made part of an answer just now is not loose.
            .with_for_update(skip_locked=True, of=StoredFile)
        )
        .all()
    )
