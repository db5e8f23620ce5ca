"""Who is at their own page, and what the worker has to look at for them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select

from referral.accounts import secrets, status_door
from referral.accounts.models import Organisation, StatusAsk, StatusCard, StatusSession
from referral.accounts.roles import THE_PERSON
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session


def by_status_session(word: str) -> Actor | None:
    """The person whose sitting this word is; None once its hour is over or it was ended."""
    row = (
        session()
        .execute(
            select(
                StatusSession.person_id, StatusSession.referral_id, StatusSession.locality_id
            ).where(
                StatusSession.token_digest == secrets.digest(word),
                StatusSession.expires_at > clock.now(),
                StatusSession.revoked_at.is_(None),
            )
        )
        .first()
    )
    if row is None:
        return None
    return Actor(
        "person",
        row.person_id,
        locality=row.locality_id,
        roles=frozenset({THE_PERSON}),
        referral=row.referral_id,
    )


def waiting_asks(limit: int) -> Sequence[UUID]:
    """What nobody has looked at yet, the oldest first."""
    return (
        session()
        .scalars(
            select(StatusAsk.id)
            .where(StatusAsk.looked_at.is_(None))
            .order_by(StatusAsk.asked_at, StatusAsk.id)
            .limit(limit)
        )
        .all()
    )


def typed(ask_id: UUID) -> dict[str, str] | None:
    """``{reference, born, code, language}`` of what still waits, locked; None once looked at, and
    for what came too late to be answered.
    """
    asked = session().scalar(
        select(StatusAsk)
        .where(StatusAsk.id == ask_id, StatusAsk.looked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if asked is None or asked.typed_sealed is None or asked.expires_at <= clock.now():
        return None
    opened: dict[str, str] = encryption.open_for_installation(
        asked.typed_sealed, f"status_ask:{asked.id}"
    )
    return opened


def cards_guessed_at(limit: int) -> Sequence[UUID]:
    """The referrals whose card somebody tried too often, not taken back yet."""
    found = session().scalars(
        select(StatusCard.referral_id)
        .where(StatusCard.tries >= status_door.WRONG_OF_A_CARD, StatusCard.revoked_at.is_(None))
        .order_by(StatusCard.id)
        .limit(limit)
    )
    return found.all()


def on_card(referral_id: UUID, sender_id: UUID) -> tuple[str, bool]:
    """The telephone of who asked for help, and whether a card of this referral opens now."""
    opens = exists().where(
        StatusCard.referral_id == referral_id,
        StatusCard.revoked_at.is_(None),
        StatusCard.expires_at > clock.now(),
    )
    found = session().execute(
        select(Organisation.phone, opens.label("opens")).where(Organisation.id == sender_id)
    )
    row = found.one()
    return row.phone, bool(row.opens)
