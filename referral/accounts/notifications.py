"""What accounts tell people. Links and codes are kept sealed until they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from referral.accounts.models import AnswerContact, Organisation, User
from referral.accounts.safe_links import CODE_LASTS, LINK_LASTS
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.outbox import services as outbox
from referral.outbox.rendering import Published


@dataclass(frozen=True)
class Hearer:
    """Where a group hears of something; None in ``contact_id`` is its box."""

    channel: str
    to: str
    contact_id: UUID | None = None


INVITATION_PATH = "/invitation/"
RESET_PATH = "/password-reset/"
ANSWER_PATH = "/answer/"


def invited(actor: Actor, user: User, organisation: str, token: str, hours: int) -> None:
    outbox.enqueue(
        actor,
        key=f"invitation:{new_id()}",
        to=user.email,
        template="accounts/messages/invitation.txt",
        context={"organisation": organisation, "path": INVITATION_PATH, "hours": hours},
        secret=token,
        subject_id=user.id,
    )


def added(actor: Actor, user: User, organisation: str, organisation_id: UUID) -> None:
    """Somebody who has an account already may now work for a further organisation."""
    outbox.enqueue(
        actor,
        key=f"added:{new_id()}",
        to=user.email,
        template="accounts/messages/added.txt",
        context={"organisation": organisation},
        organisation=organisation_id,
        subject_id=user.id,
    )


def reset_requested(actor: Actor, user: User, token: str, minutes: int) -> None:
    outbox.enqueue(
        actor,
        key=f"reset:{new_id()}",
        to=user.email,
        template="accounts/messages/reset.txt",
        context={"path": RESET_PATH, "minutes": minutes},
        secret=token,
        subject_id=user.id,
    )


def password_changed(actor: Actor, user: User) -> None:
    outbox.enqueue(
        actor,
        key=f"password-changed:{new_id()}",
        to=user.email,
        template="accounts/messages/password_changed.txt",
        context={},
        subject_id=user.id,
    )


def link_code(actor: Actor, contact: AnswerContact, code_id: UUID, code: str) -> None:
    """The code to a contact's link, by the other channel than the link's."""
    outbox.enqueue(
        actor,
        key=f"link-code:{code_id}",
        to=_address(contact, contact.code_by),
        template="accounts/messages/link_code.txt",
        context={"minutes": CODE_LASTS.seconds // 60},
        secret=code,
        channel=contact.code_by,
        forget_to=True,
        organisation=contact.organisation_id,
        kind="link_code",
        reader="contact",
        reader_id=contact.id,
        subject_id=contact.id,
    )


def link_again(actor: Actor, contact: AnswerContact, organisation: str, token: str) -> None:
    """A new link, asked for with an older one, to where that one went."""
    _link(actor, "link_again", contact, organisation, token)


def link_to_try(actor: Actor, contact: AnswerContact, organisation: str, token: str) -> None:
    """A link without a referral, so that both ways are known to work."""
    _link(actor, "link_to_try", contact, organisation, token)


def _link(actor: Actor, kind: str, contact: AnswerContact, organisation: str, token: str) -> None:
    outbox.enqueue(
        actor,
        key=f"{kind}:{new_id()}",
        to=_address(contact, contact.link_by),
        template=f"accounts/messages/{kind}.txt",
        context={
            "organisation": Published(organisation),
            "path": ANSWER_PATH,
            "days": LINK_LASTS.days,
        },
        secret=token,
        channel=contact.link_by,
        forget_to=True,
        organisation=contact.organisation_id,
        subject_id=contact.id,
        kind=kind,
        reader="contact",
        reader_id=contact.id,
    )


def of_group(group: Organisation, inbox: Iterable[str]) -> list[Hearer]:
    """The group's ``inbox`` and its contacts, each by the way their links go."""
    contacts = session().scalars(
        select(AnswerContact)
        .where(AnswerContact.organisation_id == group.id, AnswerContact.active)
        .order_by(AnswerContact.id)
    )
    return [
        *(Hearer("email", to) for to in inbox),
        *(Hearer(one.link_by, _address(one, one.link_by), one.id) for one in contacts),
    ]


def contact_set_up(
    actor: Actor,
    group: Organisation,
    by: Organisation,
    contact: AnswerContact,
    hearers: Iterable[Hearer],
) -> None:
    """Somebody of another organisation wrote down who answers for the group."""
    for number, one in enumerate(hearers):
        outbox.enqueue(
            actor,
            key=f"contact_set_up:{contact.id}:{contact.version}:{number}",
            to=one.to,
            template="accounts/messages/contact_set_up.txt",
            context={
                "organisation": Published(group.name),
                "by": Published(by.name),
                "ring": Published(by.phone),
            },
            channel=one.channel,
            forget_to=one.contact_id is not None,
            organisation=group.id,
            kind="contact_set_up",
            reader="contact" if one.contact_id else "organisation",
            reader_id=one.contact_id,
        )


def _address(contact: AnswerContact, channel: str) -> str:
    said = encryption.open_for_installation(contact.details_sealed, f"answer_contact:{contact.id}")
    return str(said["mobile" if channel == "text" else "email"])
