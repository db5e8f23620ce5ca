"""A referral's course: its history, the contacts with the person, what was made of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from referral.accounts.models import Organisation, User
from referral.core.database import session
from referral.core.i18n import Lazy
from referral.referrals import disclosure, lifecycle, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Contact, Referral, StatusChange
from referral.referrals.queries.view.reading import Reader

# What the recipient wrote while supporting the person: the practice reads it as consented to.
FEEDBACK_VERBS = frozenset({"contact", "start", "pause", "resume", "complete", "end"})


def changes(reader: Reader) -> list[Any]:
    """The rows of the history, oldest first."""
    return list(
        session().execute(
            select(StatusChange, User.name.label("by"), Organisation.name.label("organisation"))
            .outerjoin(User, User.id == StatusChange.actor_id)
            .outerjoin(Organisation, Organisation.id == StatusChange.actor_organisation_id)
            .where(StatusChange.referral_id == reader.referral.id)
            .order_by(StatusChange.number)
        )
    )


def change(reader: Reader, row: Any) -> dict[str, Any]:
    """One line of the timeline, with what may be read of it."""
    step: StatusChange = row.StatusChange
    said = {}
    if _may_read(reader, step):
        said = reader.opened(step.note_sealed, f"status_change:{step.id}")
        if step.party != reader.viewer:
            said = reader.readable(said, set(said))
    verb = lifecycle.VERBS.get(step.verb)
    told = reader.course or step.party != "recipient" or step.verb not in FEEDBACK_VERBS
    return {
        "number": step.number,
        "verb": step.verb,
        "label": verb.done if verb else words.SYSTEM_DONE.get(step.verb, Lazy(step.verb)),
        "from": step.from_status,
        "to": step.to_status,
        "actor": {"kind": step.actor_kind, "name": row.by, "organisation": row.organisation},
        "at": step.at,
        "reason": (step.reason if told else None) or said.get("reason"),
        "note": said.get("note"),
        "suggestion": said.get("suggestion"),
        "undone": step.undone,
        "mine": step.actor_id is not None and step.actor_id == reader.actor.id,
    }


def _may_read(reader: Reader, change: StatusChange) -> bool:
    if not reader.clinical:
        return False
    if reader.is_practice and change.party == "recipient" and change.verb in FEEDBACK_VERBS:
        return reader.referral.consent_feedback == "full"
    return disclosure.note_visible(
        reader.seen, viewer=reader.viewer, author=change.party, verb=change.verb
    )


def contacts(reader: Reader) -> list[dict[str, Any]]:
    """Attempts and sessions, oldest first, for whom they are told to."""
    if reader.seen != Level.IDENTIFIED or reader.referral.accepted_at is None or not reader.course:
        return []
    found = session().execute(
        select(Contact, User.name.label("by"))
        .outerjoin(User, User.id == Contact.by_user_id)
        .where(Contact.referral_id == reader.referral.id, Contact.undone.is_(False))
        .order_by(Contact.at, Contact.id)
    )
    readable = reader.clinical and (
        not reader.is_practice or reader.referral.consent_feedback == "full"
    )
    return [
        {
            "at": row.Contact.at,
            "channel": row.Contact.channel,
            "result": row.Contact.result,
            "note": reader.opened(row.Contact.note_sealed, f"contact:{row.Contact.id}") or None
            if readable
            else None,
            "by": row.by,
        }
        for row in found
    ]


def onward(reader: Reader) -> list[dict[str, Any]]:
    """What a link-worker team made of a referral to it."""
    if reader.row.recipient_kind != "link_worker_team":
        return []
    found = session().execute(
        select(Referral.id, Referral.reference, Referral.status)
        .where(Referral.based_on_id == reader.referral.id)
        .order_by(Referral.id)
    )
    return [dict(row._mapping) for row in found]
