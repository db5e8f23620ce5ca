"""The way in to a person's own page: what was typed, the code, the card, the sitting.

Whatever is wrong has one answer that costs the same: the same statements run, on rows that are not
there if need be. Who may guess how often is the rule room's.
"""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update

from referral.accounts import safe_links, secrets, status_door
from referral.accounts.models import StatusAsk, StatusAttempt, StatusCard, StatusSession
from referral.accounts.roles import THE_PERSON
from referral.accounts.status_door import Tries
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.networks import network_of
from referral.outbox import services as outbox

DIGEST = 32
# Of a code nobody was told, so that there is always something to compare with.
NO_CODE = b"\0" * DIGEST


def ask(actor: Actor, typed: Mapping[str, Any], address: str) -> UUID:
    """Write down what was typed, ``{reference, born, language}``, and answer an id to try a code
    with: always an id. ``born`` is a date.

    The worker looks whether it is right. What was asked too often is written down as looked at.
    """
    now, ask_id = clock.now(), new_id()
    reference = status_door.normal_reference(typed["reference"])
    digest = encryption.blind_index("status-reference", reference)
    place = _place(address)
    may = status_door.may_ask(_tries(digest, place))
    code = f"{random.randbelow(10**safe_links.CODE_DIGITS):0{safe_links.CODE_DIGITS}}"
    said = {
        "reference": reference,
        "born": typed["born"].isoformat(),
        "code": code,
        "language": typed.get("language") or "en",
    }
    sealed = encryption.seal_for_installation(said, f"status_ask:{ask_id}")
    session().execute(
        insert(StatusAsk).values(
            id=ask_id,
            reference_digest=digest,
            typed_sealed=sealed if may else None,
            code_digest=_code_digest(ask_id, code),
            asked_at=now,
            expires_at=now + status_door.CODE_LASTS,
            looked_at=None if may else now,
            tries=0,
        )
    )
    _count("asked", digest, place, counts=may)
    audit.record(actor, "status:asked", None)
    outbox.wake()
    return ask_id


def open_(
    actor: Actor, ask_id: UUID | None, typed_code: str, address: str, device: str = ""
) -> str | None:
    """The word of a sitting; None for whatever is wrong. ``ask_id`` as ``ask`` gave it.

    Digits are the code that was sent, letters are those of a card; both need that what was typed
    before, the reference and the date of birth, was right.
    """
    now, place = clock.now(), _place(address)
    code = status_door.normal_code(typed_code)
    asked = _asked(ask_id)
    digest = asked.reference_digest if asked else NO_CODE
    may = status_door.may_try(_tries(digest, place))
    card = _card(asked.referral_id if asked else None)
    about = _about(asked, now)
    fits = _code_fits(asked, code), _card_fits(card, code, now)
    by = "card" if status_door.is_card(code) else "code"
    if asked is None or about is None or not (may and code and fits[by == "card"]):
        _wrong(actor, asked, card if may and about and by == "card" else None, now)
        _count("wrong", digest, place, counts=may)
        return None
    asked.used_at = now
    word, (referral_id, person_id) = secrets.new(), about
    session().execute(
        insert(StatusSession).values(
            token_digest=secrets.digest(word),
            referral_id=referral_id,
            person_id=person_id,
            locality_id=asked.locality_id,
            by=by,
            made_at=now,
            expires_at=now + status_door.SITTING_LASTS,
        )
    )
    person = Actor("person", person_id, referral=referral_id, roles=frozenset({THE_PERSON}))
    subject = ("referral", referral_id)
    audit.record(person, "status:opened", subject, person_id, by=by, device=device[:100])
    return word


def close(actor: Actor, word: str) -> None:
    """End a sitting. ``actor`` may be nobody any more: the hour was over."""
    referral_id = session().scalar(
        update(StatusSession)
        .where(
            StatusSession.token_digest == secrets.digest(word),
            StatusSession.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(StatusSession.referral_id)
    )
    if referral_id is not None:
        audit.record(actor, "status:closed", ("referral", referral_id), actor.id)


def found(actor: Actor, ask_id: UUID, about: tuple[UUID, UUID, UUID | None] | None = None) -> None:
    """The worker has looked: empty what was typed; ``about`` = (referral, person, locality) when
    it was right.
    """
    referral_id, person_id, locality_id = about or (None, None, None)
    looked = session().scalar(
        update(StatusAsk)
        .where(StatusAsk.id == ask_id, StatusAsk.looked_at.is_(None))
        .values(
            typed_sealed=None,
            looked_at=clock.now(),
            referral_id=referral_id,
            person_id=person_id,
            locality_id=locality_id,
        )
        .returning(StatusAsk.id)
    )
    if looked is not None and about is None:
        audit.record(actor, "status:refused", None)


def new_card(
    actor: Actor, referral_id: UUID, person_id: UUID, locality_id: UUID | None = None
) -> str:
    """The letters of a new card, which are kept nowhere; the old card opens no more, and what it
    opened is shut. Permitted by ``referrals.services.make_card``.
    """
    now, card_id = clock.now(), new_id()
    _take_back(StatusCard.referral_id == referral_id, now)
    _end(StatusSession.referral_id == referral_id, StatusSession.by == "card", now=now)
    code = "".join(random.choice(status_door.CARD_LETTERS) for _ in range(status_door.CARD_LENGTH))
    session().execute(
        insert(StatusCard).values(
            id=card_id,
            referral_id=referral_id,
            person_id=person_id,
            locality_id=locality_id,
            code_digest=_card_digest(card_id, code),
            made_at=now,
            made_by_id=actor.user,
            expires_at=now + status_door.CARD_LASTS,
            tries=0,
        )
    )
    audit.record(actor, "status:card_made", ("referral", referral_id), person_id)
    return code


def revoke_cards(
    actor: Actor, referral_id: UUID | None = None, *, person_id: UUID | None = None
) -> None:
    """Shut a referral's page, or all pages of a person: cards, codes on their way, sittings."""
    now = clock.now()
    about = (
        (StatusCard.referral_id, StatusAsk.referral_id, StatusSession.referral_id, referral_id)
        if referral_id is not None
        else (StatusCard.person_id, StatusAsk.person_id, StatusSession.person_id, person_id)
    )
    card, asked, sitting, id_ = about
    session().execute(
        update(StatusAsk).where(asked == id_, StatusAsk.used_at.is_(None)).values(used_at=now)
    )
    _take_back(card == id_, now)
    if _end(sitting == id_, now=now):
        kind = "referral" if referral_id is not None else "person"
        audit.record(actor, "status:closed", (kind, id_), person_id)  # type: ignore[arg-type] # one is given


def forget_asks(actor: Actor) -> int:
    """Delete what was asked, tried and opened a day after its end, and cards after a month; how
    many.
    """
    now = clock.now()
    kept = now - status_door.ASKS_KEPT
    cards_kept = now - status_door.CARDS_KEPT
    gone = 0
    for statement in (
        delete(StatusAsk).where(StatusAsk.expires_at < kept),
        delete(StatusCard).where(
            or_(StatusCard.expires_at < cards_kept, StatusCard.revoked_at < cards_kept)
        ),
        delete(StatusSession).where(StatusSession.expires_at < kept),
        delete(StatusAttempt).where(StatusAttempt.at < kept),
    ):
        gone += int(session().execute(statement).rowcount)  # type: ignore[attr-defined] # cursor result
    return gone


def _asked(ask_id: UUID | None) -> StatusAsk | None:
    return session().scalar(
        select(StatusAsk)
        .where(StatusAsk.id == (ask_id or new_id()))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _card(referral_id: UUID | None) -> StatusCard | None:
    return session().scalar(
        select(StatusCard)
        .where(StatusCard.referral_id == (referral_id or new_id()), StatusCard.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _about(asked: StatusAsk | None, now: datetime) -> tuple[UUID, UUID] | None:
    """(referral, person) of what was right, while it may still be tried."""
    if asked is None or asked.referral_id is None or asked.person_id is None:
        return None
    opens = status_door.ask_opens(asked.expires_at, asked.used_at, asked.tries, now)
    return (asked.referral_id, asked.person_id) if opens else None


def _code_fits(asked: StatusAsk | None, code: str) -> bool:
    known = (asked.id, asked.code_digest) if asked else (new_id(), NO_CODE)
    return hmac.compare_digest(known[1], _code_digest(known[0], code))


def _card_fits(card: StatusCard | None, code: str, now: datetime) -> bool:
    known = (card.id, card.code_digest) if card else (new_id(), NO_CODE)
    same = hmac.compare_digest(known[1], _card_digest(known[0], code))
    if card is None:
        return False
    tries = status_door.tries_of_card(card.tries, card.tried_from, now)
    return same and status_door.card_opens(card.expires_at, card.revoked_at, now, tries)


def _wrong(actor: Actor, asked: StatusAsk | None, card: StatusCard | None, now: datetime) -> None:
    """Count a wrong code against what was asked for, and wrong letters against the card."""
    session().execute(
        update(StatusAsk)
        .where(StatusAsk.id == (asked.id if asked else new_id()))
        .values(tries=StatusAsk.tries + 1)
    )
    tries = status_door.tries_of_card(card.tries, card.tried_from, now) if card else 0
    first = now if card is None or not tries else card.tried_from
    session().execute(
        update(StatusCard)
        .where(StatusCard.id == (card.id if card else new_id()))
        .values(tries=tries + 1, tried_from=first)
    )
    audit.record(actor, "status:refused", None)


def _take_back(which: ColumnElement[bool], now: datetime) -> None:
    session().execute(
        update(StatusCard).where(which, StatusCard.revoked_at.is_(None)).values(revoked_at=now)
    )


def _end(*which: ColumnElement[bool], now: datetime) -> bool:
    """End the sittings; whether there were any."""
    ended = session().scalars(
        update(StatusSession)
        .where(*which, StatusSession.revoked_at.is_(None), StatusSession.expires_at > now)
        .values(revoked_at=now)
        .returning(StatusSession.token_digest)
    )
    return bool(ended.all())


def _code_digest(ask_id: UUID, code: str) -> bytes:
    return encryption.blind_index("status-code", str(ask_id), code)


def _card_digest(card_id: UUID, code: str) -> bytes:
    return encryption.blind_index("status-card", str(card_id), code)


def _place(address: str) -> bytes:
    return encryption.blind_index("status-address", network_of(address))


def _tries(reference: bytes, place: bytes) -> Tries:
    """What was tried in the last hour: of this reference, and from this network."""
    theirs = StatusAttempt.reference_digest == reference
    here = StatusAttempt.address_digest == place

    def sum_of(which: ColumnElement[bool], what: str) -> ColumnElement[int]:
        return func.sum(case((which & (StatusAttempt.what == what), 1), else_=0))

    row = (
        session()
        .execute(
            select(
                sum_of(theirs, "asked"),
                sum_of(theirs, "wrong"),
                sum_of(here, "asked"),
                sum_of(here, "wrong"),
            ).where(StatusAttempt.at > clock.now() - status_door.WINDOW, theirs | here)
        )
        .one()
    )
    return Tries(*(int(count or 0) for count in row))


def _count(what: str, reference: bytes, place: bytes, *, counts: bool) -> None:
    """Count one try; one that was too many is written down as nobody's, at the same cost."""
    if not counts:
        reference, place = random.token_bytes(DIGEST), random.token_bytes(DIGEST)
    session().execute(
        insert(StatusAttempt).values(
            id=new_id(),
            what=what,
            reference_digest=reference,
            address_digest=place,
            at=clock.now(),
        )
    )
