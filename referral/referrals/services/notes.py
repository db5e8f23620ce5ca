"""Notes on a referral: written once, shared or one's own; wrong ones are struck out and stay."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound
from referral.core.i18n import _
from referral.referrals import parties, queries
from referral.referrals.disclosure import Level
from referral.referrals.models import Note
from referral.referrals.services import access
from referral.referrals.services import step as steps
from referral.referrals.services.attaching import Sent, attach

# Before it is sent, and when it never should have been, there is nothing to write about.
CLOSED_TO_NOTES = frozenset({"draft", "entered_in_error"})


def write_note(
    actor: Actor, referral_id: uuid.UUID, kind: str, text: str, files: Sent = ()
) -> Note:
    """A note: ``shared`` with all who may know who the person is, or ``internal``.

    Raise ``Invalid`` where the actor does not know yet who the person is and would share, and for
    a file that may not be kept; ``Conflict`` for a draft and for one entered in error.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    access.permit_to_write(actor, found)
    if found.status in CLOSED_TO_NOTES:
        raise Conflict(str(_("Nothing can be written on this referral.")))
    seen = queries.level_of(
        actor, found, steps.recipient_kind(actor, found), parties.of(actor, found)
    )
    if seen == Level.NONE:
        raise Conflict(str(_("This referral is no longer shared with you.")))
    if kind == "shared" and seen != Level.IDENTIFIED:
        rule = _("Choose “for us only”: others read along once you have said yes")
        raise Invalid({"kind": [str(rule)]})
    if kind == "internal" and actor.speaks_for is not None:
        raise Invalid({"kind": [str(_("A group writes notes for itself only when signed in"))]})
    note = Note(
        id=new_id(),
        referral_id=found.id,
        kind=kind,
        organisation_id=actor.voice,
        by_user_id=actor.user,
        by_contact_id=actor.contact,
        at=clock.now(),
    )
    key = access.key_of(actor, found)
    note.text_sealed = encryption.seal(key, {"text": text}, f"note:{note.id}")
    session().add(note)
    session().flush()
    attach(actor, found, files, note=note)
    audit.record(actor, "note:written", ("referral", found.id), found.person_id, kind=kind)
    return note


def strike(actor: Actor, note_id: uuid.UUID, reason: str) -> Note:
    """Strike out a note of one's own organisation: it stays, with the reason. Twice is refused."""
    referral_id = session().scalar(select(Note.referral_id).where(Note.id == note_id))
    if referral_id is None:
        raise NotFound
    found = queries.referral(actor, referral_id, to_change=True)
    note = session().get_one(Note, note_id, with_for_update=True, populate_existing=True)
    if note.organisation_id != actor.organisation or actor.speaks_for is not None:
        raise NotFound
    access.permit_to_write(actor, found)
    if note.struck_at is not None:
        raise Conflict(str(_("This note was struck out already.")))
    context, key = f"note:{note.id}", access.key_of(actor, found)
    said = encryption.open_(key, note.text_sealed, context)
    note.text_sealed = encryption.seal(key, said | {"struck_why": reason}, context)
    note.struck_at, note.struck_by_user_id = clock.now(), actor.user
    audit.record(actor, "note:struck", ("referral", found.id), found.person_id)
    session().flush()
    return note
