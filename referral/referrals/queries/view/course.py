"""A referral's course: its history, the contacts with the person, what was made of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import AnswerContact, Organisation, User
from referral.core import encryption
from referral.core.database import session
from referral.core.i18n import Lazy
from referral.referrals import disclosure, lifecycle, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Contact, Referral, StatusChange
from referral.referrals.queries.view.reading import Reader

# What the recipient wrote while supporting the person: the practice reads it as consented to.
FEEDBACK_VERBS = frozenset({"contact", "start", "pause", "resume", "complete", "end"})
Group = aliased(Organisation, name="told_by_group")


class Course(Reader):
    """The course as the viewer may know it."""

    def changes(self) -> list[Any]:
        """The rows of the history, oldest first."""
        return list(
            session().execute(
                select(
                    StatusChange,
                    User.name.label("by"),
                    Organisation.name.label("organisation"),
                    AnswerContact.id.label("contact_id"),
                    AnswerContact.details_sealed.label("contact_sealed"),
                    Group.name.label("on_behalf"),
                )
                .outerjoin(User, User.id == StatusChange.actor_id)
                .outerjoin(
                    AnswerContact,
                    and_(
                        StatusChange.actor_kind == "safe_link",
                        AnswerContact.id == StatusChange.actor_id,
                    ),
                )
                .outerjoin(Organisation, Organisation.id == StatusChange.actor_organisation_id)
                .outerjoin(Group, Group.id == StatusChange.on_behalf_id)
                .where(StatusChange.referral_id == self.referral.id)
                .order_by(StatusChange.number)
            )
        )

    def change(self, row: Any) -> dict[str, Any]:
        """One line of the timeline, with what may be read of it."""
        step: StatusChange = row.StatusChange
        said = {}
        if self._may_read(step):
            said = self.opened(step.note_sealed, f"status_change:{step.id}")
            if step.party != self.viewer:
                said = self.readable(said, set(said))
        verb = lifecycle.VERBS.get(step.verb)
        told = self.course or step.party != "recipient" or step.verb not in FEEDBACK_VERBS
        return {
            "number": step.number,
            "verb": step.verb,
            "label": verb.done if verb else words.SYSTEM_DONE.get(step.verb, Lazy(step.verb)),
            "from": step.from_status,
            "to": step.to_status,
            "actor": {
                "kind": step.actor_kind,
                "name": row.by or contact_name_unscoped(row) or _of_person(step),
                "organisation": row.organisation,
            },
            "told_by": said.get("told_by"),
            "on_behalf": row.on_behalf,
            "at": step.at,
            "reason": (step.reason if told else None) or said.get("reason"),
            "note": said.get("note"),
            "suggestion": said.get("suggestion"),
            "undone": step.undone,
            "mine": step.actor_id is not None and step.actor_id == self.actor.id,
        }

    def _may_read(self, change: StatusChange) -> bool:
        if not self.clinical:
            return False
        if self.is_practice and change.party == "recipient" and change.verb in FEEDBACK_VERBS:
            return self.referral.consent_feedback == "full"
        return disclosure.note_visible(
            self.seen, viewer=self.viewer, author=change.party, verb=change.verb
        )

    def contacts(self) -> list[dict[str, Any]]:
        """Attempts and sessions, oldest first, for whom they are told to."""
        if self.seen != Level.IDENTIFIED or self.referral.accepted_at is None or not self.course:
            return []
        found = session().execute(
            select(
                Contact,
                User.name.label("by"),
                AnswerContact.id.label("contact_id"),
                AnswerContact.details_sealed.label("contact_sealed"),
            )
            .outerjoin(User, User.id == Contact.by_user_id)
            .outerjoin(AnswerContact, AnswerContact.id == Contact.by_contact_id)
            .where(Contact.referral_id == self.referral.id, Contact.undone.is_(False))
            .order_by(Contact.at, Contact.id)
        )
        readable = self.clinical and (
            not self.is_practice or self.referral.consent_feedback == "full"
        )
        return [
            {
                "at": row.Contact.at,
                "channel": row.Contact.channel,
                "result": row.Contact.result,
                "reason": row.Contact.reason,
                "fair": row.Contact.fair,
                "note": self.opened(row.Contact.note_sealed, f"contact:{row.Contact.id}") or None
                if readable
                else None,
                "by": row.by or contact_name_unscoped(row),
                "number": row.Contact.number,
            }
            for row in found
        ]

    def onward(self) -> list[dict[str, Any]]:
        """What a link-worker team made of a referral to it."""
        if self.row.recipient_kind != "link_worker_team":
            return []
        found = session().execute(
            select(Referral.id, Referral.reference, Referral.status)
            .where(Referral.based_on_id == self.referral.id)
            .order_by(Referral.id)
        )
        return [dict(row._mapping) for row in found]


def _of_person(step: StatusChange) -> str | None:
    """What the person did at their own page, by no name: it stands in the heading."""
    return str(words.THE_PERSON) if step.actor_kind == "person" else None


def contact_name_unscoped(row: Any) -> str | None:
    """Who answered for the group without an account, of a row with ``contact_id`` and its seal."""
    if row.contact_id is None:
        return None
    said = encryption.open_for_installation(row.contact_sealed, f"answer_contact:{row.contact_id}")
    name: str | None = said.get("name")
    return name
