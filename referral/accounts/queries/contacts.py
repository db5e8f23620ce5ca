"""Who answers for a group without an account, and the phone that is theirs for a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

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
from referral.accounts.permissions import Permission, may, permit
from referral.accounts.queries.organisations import organisation
from referral.accounts.roles import GROUP_CONTACT, ROLES_OF_KIND
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound


@dataclass(frozen=True)
class Answering:
    """An organisation as the subject of who answers for it; ``subjects.OfChecks``."""

    organisation_id: uuid.UUID
    locality_id: uuid.UUID | None
    theirs: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Who:
    """One contact, to those who keep them. ``state``: ``new`` until a first code was right,
    ``lost`` when messages do not arrive, ``away``, else ``well``."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    email: str
    mobile: str
    link_by: str
    code_by: str
    has_pin: bool
    service_ids: tuple[uuid.UUID, ...]
    away_until: date | None
    lost_at: datetime | None
    confirmed_at: datetime | None
    version: int

    @property
    def state(self) -> str:
        if self.lost_at is not None:
            return "lost"
        if self.away_until is not None and self.away_until >= clock.today():
            return "away"
        return "well" if self.confirmed_at is not None else "new"


def answered_by(
    actor: Actor, organisation_id: uuid.UUID, *, to_change: bool = False
) -> Organisation:
    """A group in scope whose contacts the actor keeps; ``to_change`` locks its row."""
    found = organisation(actor, organisation_id, to_change=to_change)
    if found.kind != "provider":
        raise NotFound
    permit(actor, Permission.KEEP_ANSWER_CONTACTS, Answering(found.id, found.locality_id))
    return found


def keeps_contacts(actor: Actor, found: Organisation) -> bool:
    """Whether ``answered_by`` would let the actor in."""
    subject = Answering(found.id, found.locality_id)
    return found.kind == "provider" and may(actor, Permission.KEEP_ANSWER_CONTACTS, subject)


def contacts_of(actor: Actor, organisation_id: uuid.UUID) -> list[Who]:
    """The contacts of a group, the oldest first, for those who keep them."""
    return group_and_contacts(actor, organisation_id)[1]


def group_and_contacts(actor: Actor, organisation_id: uuid.UUID) -> tuple[Organisation, list[Who]]:
    """A group with its contacts; ``NotFound`` out of scope, ``Forbidden`` for others."""
    group = answered_by(actor, organisation_id)
    rows = list(
        session().scalars(
            select(AnswerContact)
            .where(AnswerContact.organisation_id == organisation_id, AnswerContact.active)
            .order_by(AnswerContact.id)
        )
    )
    services: dict[uuid.UUID, list[uuid.UUID]] = {}
    for contact_id, service_id in session().execute(
        select(AnswerContactService.contact_id, AnswerContactService.service_id)
        .where(AnswerContactService.contact_id.in_([row.id for row in rows]))
        .order_by(AnswerContactService.service_id)
    ):
        services.setdefault(contact_id, []).append(service_id)
    return group, [_who(row, services.get(row.id, ())) for row in rows]


def contact_of(actor: Actor, organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Who:
    """One of them; raise ``NotFound``."""
    for one in contacts_of(actor, organisation_id):
        if one.id == contact_id:
            return one
    raise NotFound


def contact_names_unscoped(contact_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """``{id: name}`` of contacts, removed ones too, for who sees what they did."""
    wanted = {id_ for id_ in contact_ids if id_ is not None}
    if not wanted:
        return {}
    rows = session().scalars(select(AnswerContact).where(AnswerContact.id.in_(wanted)))
    return {row.id: details_of(row)["name"] for row in rows}


def details_of(row: AnswerContact) -> dict[str, str]:
    """``{name, email, mobile}`` of a contact the caller holds; what is missing is empty."""
    said = encryption.open_for_installation(row.details_sealed, f"answer_contact:{row.id}")
    return {name: said.get(name) or "" for name in ("name", "email", "mobile")}


def _who(row: AnswerContact, service_ids: Iterable[uuid.UUID]) -> Who:
    said = details_of(row)
    return Who(
        row.id,
        row.organisation_id,
        said["name"],
        said["email"],
        said["mobile"],
        row.link_by,
        row.code_by,
        row.pin_digest is not None,
        tuple(service_ids),
        row.away_until,
        row.lost_at,
        row.confirmed_at,
        row.version,
    )


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
            Organisation.status == "active",
            Organisation.answers_by == "link",
        )
        .order_by(AnswerContactService.place)
    )
    return [_reach(row) for row in found]


def _reach(row: AnswerContact) -> Reach:
    said = details_of(row)
    return Reach(row.id, row.link_by, said["email" if row.link_by == "email" else "mobile"])


def can_answer_unscoped(organisation_id: uuid.UUID, service_id: uuid.UUID) -> str:
    """``contact``, ``account`` or ``nobody``: how a referral to the service can be answered."""
    if contacts_for_service_unscoped(service_id):
        return "contact"
    return "account" if has_account_unscoped(organisation_id) else "nobody"


def has_account_unscoped(organisation_id: uuid.UUID) -> bool:
    """Whether somebody who works for a group can sign in."""
    found = session().scalar(
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
    return found is not None


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
