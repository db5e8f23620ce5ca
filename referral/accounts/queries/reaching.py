"""How somebody who works in an organisation wants to be told, and who is there today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from referral.accounts.models import Membership, Organisation, User
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


def with_role_unscoped(
    organisation_ids: Iterable[uuid.UUID], roles: Collection[str]
) -> dict[uuid.UUID, tuple[str, bool]]:
    """``{organisation: (its name, whether anybody with an account holds one of the roles there)}``,
    away today or not.
    """
    holds = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == Organisation.id,
            Membership.role.in_(sorted(roles)),
            User.active,
        )
        .exists()
    )
    chosen = select(Organisation.id, Organisation.name, holds)
    rows = session().execute(chosen.where(Organisation.id.in_(sorted(set(organisation_ids)))))
    return {id_: (name, bool(there)) for id_, name, there in rows}


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
