"""What accounts tell people by email. Links carry their secret sealed until they are sent."""

from __future__ import annotations

from uuid import UUID

from referral.accounts.models import User
from referral.core.actor import Actor
from referral.core.database import new_id
from referral.outbox import services as outbox

INVITATION_PATH = "/invitation/"
RESET_PATH = "/password-reset/"


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
