"""Who answers for a group without an account, and the phone that is theirs for a day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select

from referral.accounts import secrets
from referral.accounts.models import (
    AnswerContact,
    AnswerContactService,
    AnswerSession,
    Membership,
    Organisation,
    User,
)
from referral.accounts.permissions import GROUP_CONTACT, ROLES_OF_KIND
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session


@dataclass(frozen=True)
class Reach:
    """Where a contact's links go; ``address`` is not to be shown, logged or kept in a key."""

    contact_id: uuid.UUID
    channel: str
    address: str


def contacts_for_service_unscoped(service_id: uuid.UUID) -> list[Reach]:
    """The contacts of a service whom messages reach now, the first first; asked when it is told."""
    found = session().scalars(
        select(AnswerContact)
        .join(AnswerContactService, AnswerContactService.contact_id == AnswerContact.id)
        .join(Organisation, Organisation.id == AnswerContact.organisation_id)
        .where(
            AnswerContactService.service_id == service_id,
            AnswerContact.active,
            AnswerContact.lost_at.is_(None),
            or_(AnswerContact.away_until.is_(None), AnswerContact.away_until < clock.today()),
            Organisation.answers_by == "link",
        )
        .order_by(AnswerContactService.place)
    )
    return [_reach(row) for row in found]


def _reach(row: AnswerContact) -> Reach:
    said = encryption.open_for_installation(row.details_sealed, f"answer_contact:{row.id}")
    return Reach(row.id, row.link_by, said["email" if row.link_by == "email" else "mobile"])


def can_answer_unscoped(organisation_id: uuid.UUID, service_id: uuid.UUID) -> str:
    """``contact``, ``account`` or ``nobody``: how a referral to the service can be answered."""
    if contacts_for_service_unscoped(service_id):
        return "contact"
    user = session().scalar(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(ROLES_OF_KIND["provider"]),
            User.active,
            User.password_hash != "",
        )
        .limit(1)
    )
    return "nobody" if user is None else "account"


def by_answer_session(word: str) -> Actor | None:
    """The contact whose phone holds this word; None once its day is over or it was ended."""
    rows = (
        session()
        .execute(
            select(
                AnswerContact.id,
                AnswerContact.organisation_id,
                Organisation.locality_id,
                AnswerContactService.service_id,
            )
            .select_from(AnswerSession)
            .join(AnswerContact, AnswerContact.id == AnswerSession.contact_id)
            .join(Organisation, Organisation.id == AnswerContact.organisation_id)
            .join(AnswerContactService, AnswerContactService.contact_id == AnswerContact.id)
            .where(
                AnswerSession.token_digest == secrets.digest(word),
                AnswerSession.expires_at > clock.now(),
                AnswerSession.revoked_at.is_(None),
                AnswerContact.active,
                Organisation.status == "active",
                Organisation.answers_by == "link",
            )
        )
        .all()
    )
    if not rows:
        return None
    first = rows[0]
    return Actor(
        "safe_link",
        first.id,
        organisation=first.organisation_id,
        organisation_kind="provider",
        locality=first.locality_id,
        roles=frozenset({GROUP_CONTACT}),
        services=frozenset(row.service_id for row in rows),
    )
