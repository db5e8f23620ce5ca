"""How somebody who works in an organisation wants to be told, and who is there today."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from referral.accounts.models import Membership, User
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session


@dataclass(frozen=True)
class Told:
    """A user, as messages see them. ``mobile`` is not to be shown, logged or kept in a key.

    ``when``: ``exceptions`` | ``digest`` | ``at_once``; ``by``: ``email``, or ``text`` with a
    mobile. ``is_there``: active, works there, and not away today.
    """

    user_id: uuid.UUID
    email: str
    mobile: str
    when: str
    by: str
    is_there: bool


def told_unscoped(user_id: uuid.UUID, organisation_id: uuid.UUID) -> Told | None:
    """The user at work in the organisation; None for somebody who is not known."""
    row = session().execute(_people(organisation_id).where(User.id == user_id)).first()
    return _told(*row) if row is not None else None


def own_mobile(actor: Actor) -> str:
    """The actor's own number for texts; "" when they gave none."""
    sealed = session().scalar(select(User.mobile_sealed).where(User.id == actor.id))
    if sealed is None:
        return ""
    return str(encryption.open_for_installation(sealed, f"user_mobile:{actor.id}"))


def told_with_roles_unscoped(organisation_id: uuid.UUID, roles: Collection[str] = ()) -> list[Told]:
    """Who is there today with one of the roles (any, when empty) by name."""
    chosen = _people(organisation_id).where(Membership.user_id.is_not(None), User.active)
    if roles:
        chosen = chosen.where(Membership.role.in_(roles))
    found = {row[0].id: _told(*row) for row in session().execute(chosen.order_by(User.name))}
    return [one for one in found.values() if one.is_there]


def has_role_unscoped(organisation_id: uuid.UUID, roles: Collection[str]) -> bool:
    """Does anybody with an account hold one of the roles there, away today or not?"""
    chosen = _people(organisation_id).where(Membership.role.in_(roles), User.active)
    return session().execute(chosen.limit(1)).first() is not None


def _people(organisation_id: uuid.UUID) -> Select[Any, Any]:
    return select(User, Membership.user_id).outerjoin(
        Membership,
        (Membership.user_id == User.id) & (Membership.organisation_id == organisation_id),
    )


def _told(user: User, member: uuid.UUID | None) -> Told:
    mobile = ""
    if user.mobile_sealed is not None:
        mobile = encryption.open_for_installation(user.mobile_sealed, f"user_mobile:{user.id}")
    return Told(
        user.id,
        user.email,
        mobile,
        user.told_when,
        "text" if user.told_by == "text" and mobile else "email",
        user.active and member is not None and not _is_away(user.away_until),
    )


def _is_away(until: date | None) -> bool:
    return until is not None and until >= clock.today()
