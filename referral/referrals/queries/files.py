"""The files that go with notes and matters raised: who may fetch one, and the key that opens it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.files.models import StoredFile
from referral.people import queries as people
from referral.referrals.models import Attachment, Referral
from referral.referrals.queries.view import open_to


@dataclass(frozen=True)
class Fetched:
    """A file the actor may have: ``name`` is what it came as, ``key`` opens it."""

    file: StoredFile
    name: str
    key: bytes
    person_id: uuid.UUID


def attachment(actor: Actor, referral_id: uuid.UUID, attachment_id: uuid.UUID) -> Fetched:
    """A file with a note or a thread that the actor may read. Raise ``NotFound``."""
    talk = open_to(actor, referral_id)
    threads, notes = talk.talk()
    for said in (*threads, *notes):
        for one in said["files"]:
            if one["id"] == attachment_id:
                found = session().get_one(StoredFile, one["file_id"])
                if found.deleted_at is not None or talk.key is None:
                    raise NotFound
                return Fetched(found, one["name"] or "file", talk.key, talk.referral.person_id)
    raise NotFound


def key_for_file_unscoped(file_id: uuid.UUID) -> bytes | None:
    """The key of the person a sealed file belongs to; for the scanner. None once it was erased."""
    person_id = session().scalar(
        select(Referral.person_id)
        .join(Attachment, Attachment.referral_id == Referral.id)
        .where(Attachment.file_id == file_id)
    )
    return None if person_id is None else people.keys_of_unscoped([person_id]).get(person_id)
