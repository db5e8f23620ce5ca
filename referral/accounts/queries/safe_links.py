"""What the link of a message leads to, as long as it leads anywhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from referral.accounts import secrets
from referral.accounts.models import AnswerContact, Organisation, SafeLink
from referral.core import clock
from referral.core.database import session


@dataclass(frozen=True)
class LiveLink:
    """Whose link it is: nothing of them is shown but the group's name."""

    contact_id: uuid.UUID
    organisation: str


def by_link_unscoped(token: str) -> LiveLink | None:
    """A link that opens; None for one guessed, too old or taken back. The right is the word."""
    row = (
        session()
        .execute(
            select(SafeLink.contact_id, Organisation.name)
            .join(AnswerContact, AnswerContact.id == SafeLink.contact_id)
            .join(Organisation, Organisation.id == AnswerContact.organisation_id)
            .where(
                SafeLink.token_digest == secrets.digest(token),
                SafeLink.expires_at > clock.now(),
                SafeLink.revoked_at.is_(None),
                AnswerContact.active,
                Organisation.status == "active",
                Organisation.answers_by == "link",
            )
        )
        .first()
    )
    return None if row is None else LiveLink(*row)
