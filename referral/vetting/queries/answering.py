"""What answering a check needs to know: the check, the shape of an answer, what was said before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.schema import Schema
from referral.files.models import StoredFile
from referral.vetting import schemas
from referral.vetting.checks import Check
from referral.vetting.criminal_records import in_nation
from referral.vetting.models import Application, Evidence, EvidenceFile
from referral.vetting.queries.dossier import Dossier, dossier

STATED, TOLD_BY = "evidence:", "evidence_told_by:"


def asked(actor: Actor, organisation_id: uuid.UUID, check: str) -> tuple[Dossier, Check]:
    """A check as an organisation is asked it, with the dossier of the locality that asks.

    Its own people: in their own locality, else in the first they applied in that asks it; link
    workers: in theirs. ``NotFound`` out of scope and for a check that nobody asks.
    """
    places = [actor.locality] if actor.locality is not None else []
    if actor.organisation == organisation_id:
        places += session().scalars(
            select(Application.locality_id)
            .where(
                Application.organisation_id == organisation_id,
                Application.locality_id != actor.locality,
            )
            .order_by(Application.id)
        )
    for place in places:
        made = dossier(actor, organisation_id, place)
        found = next((one for one in made.scheme.checks if one.key == check), None)
        if found is not None:
            return made, in_nation(found, made.locality.nation)
    raise NotFound


def answer_schema(actor: Actor, organisation_id: uuid.UUID, check: str) -> Schema:
    """The shape of the answer that ``actor`` may give here; ``NotFound`` as for ``asked``."""
    made, found = asked(actor, organisation_id, check)
    told = actor.organisation != organisation_id
    return schemas.answer_schema(found, made.locality.nation, told=told)


def stated(found: Evidence) -> dict[str, str]:
    """The sealed words of an answer: ``number``, ``issuer``, ``lead_name``, ``lead_phone``,
    ``note``, as far as they were given. The caller has asked for scope."""
    if found.stated_sealed is None:
        return {}
    said: dict[str, str] = encryption.open_for_installation(
        found.stated_sealed, f"{STATED}{found.id}"
    )
    return said


def told_by(found: Evidence) -> str:
    """Who said so, where somebody wrote it down for them; "" otherwise."""
    if found.told_by_sealed is None:
        return ""
    return str(encryption.open_for_installation(found.told_by_sealed, f"{TOLD_BY}{found.id}"))


def files_of(evidence_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
    """The files of these answers, as they were put. The caller has asked for scope."""
    found: dict[uuid.UUID, list[StoredFile]] = {}
    rows = session().execute(
        select(EvidenceFile.evidence_id, StoredFile)
        .join(StoredFile, StoredFile.id == EvidenceFile.file_id)
        .where(EvidenceFile.evidence_id.in_(list(evidence_ids)), StoredFile.deleted_at.is_(None))
        .order_by(StoredFile.id)
    )
    for evidence_id, file in rows:
        found.setdefault(evidence_id, []).append(file)
    return found
