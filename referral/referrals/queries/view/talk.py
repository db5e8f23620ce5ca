"""What is said beside a referral's course: matters raised, notes, and the files with them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import aliased

from referral.accounts.models import AnswerContact, Organisation, User
from referral.core import encryption
from referral.core.database import session
from referral.files.models import StoredFile
from referral.referrals import parties, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Attachment, Note, Thread
from referral.referrals.queries.view.reading import Reader

Said, Holder = (aliased(Organisation, name=n) for n in ("said", "holder"))
By, Answered, Named = (aliased(User, name=n) for n in ("said_by", "answered_by", "named"))
Group, Replied = (aliased(AnswerContact, name=n) for n in ("group_contact", "replied_contact"))


class Talk(Reader):
    """The talk as the viewer may read it."""

    def talk(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """(threads, notes), each oldest first, in one statement."""
        own = self.referral.id
        parts = union_all(
            select(Thread.id.label("id")).where(Thread.referral_id == own),
            select(Note.id).where(Note.referral_id == own),
        ).subquery("part")
        found = session().execute(
            select(
                Thread,
                Note,
                Attachment,
                StoredFile,
                Said.name.label("organisation"),
                Holder.name.label("owner"),
                By.name.label("by"),
                Group.id.label("contact"),
                Group.details_sealed.label("contact_sealed"),
                Named.name.label("named"),
                Answered.name.label("answered_by"),
                Replied.id.label("replied"),
                Replied.details_sealed.label("replied_sealed"),
            )
            .select_from(parts)
            .outerjoin(Thread, Thread.id == parts.c.id)
            .outerjoin(Note, Note.id == parts.c.id)
            .join(
                Said,
                Said.id == func.coalesce(Thread.raised_by_organisation_id, Note.organisation_id),
            )
            .outerjoin(By, By.id == func.coalesce(Thread.raised_by_user_id, Note.by_user_id))
            .outerjoin(
                Group, Group.id == func.coalesce(Thread.raised_by_contact_id, Note.by_contact_id)
            )
            .outerjoin(Holder, Holder.id == Thread.owner_id)
            .outerjoin(Named, Named.id == Thread.owner_user_id)
            .outerjoin(
                Answered,
                Answered.id == func.coalesce(Thread.answered_by_user_id, Note.struck_by_user_id),
            )
            .outerjoin(Replied, Replied.id == Thread.answered_by_contact_id)
            .outerjoin(
                Attachment,
                (Attachment.referral_id == own)
                & or_(Attachment.thread_id == parts.c.id, Attachment.note_id == parts.c.id),
            )
            .outerjoin(StoredFile, StoredFile.id == Attachment.file_id)
            .order_by(parts.c.id, Attachment.id)
        )
        threads: dict[uuid.UUID, dict[str, Any]] = {}
        notes: dict[uuid.UUID, dict[str, Any]] = {}
        for row in found:
            if row.Thread is not None:
                shown = threads.get(row.Thread.id) or self._thread(row)
                threads[row.Thread.id] = shown
            elif self._may_read_note(row.Note):
                shown = notes.get(row.Note.id) or self._note(row)
                notes[row.Note.id] = shown
            else:
                continue
            if row.Attachment is not None:
                shown["files"] += self._file(row, shown["open"])
        return list(threads.values()), list(notes.values())

    def _thread(self, row: Any) -> dict[str, Any]:
        thread: Thread = row.Thread
        own = self.actor.voice
        concerned = own in (thread.owner_id, thread.raised_by_organisation_id)
        readable = self.clinical and (concerned or self.seen == Level.IDENTIFIED)
        said = self.opened(thread.text_sealed, f"thread:{thread.id}")
        if not readable:  # who of the group said it by telephone, and nothing of what was said
            said = {name: said[name] for name in ("told_by", "answer_told_by") if said.get(name)}
        writers = {
            "text": thread.raised_by_organisation_id,
            "told_by": thread.raised_by_organisation_id,
            "answer": thread.owner_id,
            "answer_told_by": thread.owner_id,
        }
        said = self.readable(said, {n for n, by in writers.items() if by != own})
        return {
            "id": thread.id,
            "kind": thread.kind,
            "text": said.get("text"),
            "answer": said.get("answer"),
            "raised_by": {
                "id": thread.raised_by_organisation_id,
                "name": str(words.THE_PERSON)
                if parties.raised_by_person(thread)
                else row.organisation,
            },
            "by": said.get("told_by") or row.by or _name(row.contact, row.contact_sealed),
            "raised_at": thread.raised_at,
            "owner": {"id": thread.owner_id, "name": row.owner},
            "named": row.named,
            "due_on": thread.due_on,
            "answered_at": thread.answered_at,
            "answered_by": said.get("answer_told_by")
            or row.answered_by
            or _name(row.replied, row.replied_sealed),
            "mine": thread.owner_id == own,
            "open": readable,
            "files": [],
        }

    def _may_read_note(self, note: Note) -> bool:
        """``internal``: who wrote it, signed in there; ``shared``: who may know the person, and the
        practice as far as was agreed.
        """
        if not self.clinical:
            return False
        own = note.organisation_id == self.actor.organisation and self.actor.speaks_for is None
        if own or note.kind == "internal":
            return own
        if self.is_practice and note.organisation_id == self.referral.recipient_id:
            return self.referral.consent_feedback == "full"
        return self.seen == Level.IDENTIFIED

    def _note(self, row: Any) -> dict[str, Any]:
        note: Note = row.Note
        said = self.opened(note.text_sealed, f"note:{note.id}")
        mine = note.organisation_id == self.actor.organisation and self.actor.speaks_for is None
        # What was wrong is read by who wrote it only.
        readable = mine or note.struck_at is None
        return {
            "id": note.id,
            "kind": note.kind,
            "text": said.get("text") if readable else None,
            "organisation": {"id": note.organisation_id, "name": row.organisation},
            "by": row.by or _name(row.contact, row.contact_sealed),
            "at": note.at,
            "struck_at": note.struck_at,
            "struck_by": row.answered_by,
            "struck_why": said.get("struck_why"),
            "mine": mine,
            "open": readable,
            "files": [],
        }

    def _file(self, row: Any, readable: bool) -> list[dict[str, Any]]:
        """A file cannot be blacked out: of others only for whom the person is known to."""
        kept: StoredFile = row.StoredFile
        theirs = kept.organisation_id != self.actor.voice
        if not readable or (theirs and self.seen != Level.IDENTIFIED):
            return []
        named = self.opened(row.Attachment.label_sealed, f"attachment:{row.Attachment.id}")
        return [
            {
                "id": row.Attachment.id,
                "file_id": kept.id,
                "name": named.get("name"),
                "size": kept.size,
                "scan": kept.scan,
                "at": row.Attachment.at,
            }
        ]


def _name(contact: uuid.UUID | None, sealed: bytes | None) -> str | None:
    """What a group's contact is called."""
    if contact is None or sealed is None:
        return None
    said = encryption.open_for_installation(sealed, f"answer_contact:{contact}")
    return str(said["name"])
