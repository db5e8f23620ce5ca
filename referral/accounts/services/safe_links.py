"""The safe link and its code: what a group's contact without an account comes in by.

Whatever is wrong with a link or a code has one answer, and is written down: who may guess how often
is the rule room's. A link that was never one costs what a right one does but for the rows; opening
one by GET says whether it is live, so the time a POST takes could say no more.
"""

from __future__ import annotations

import hmac
import secrets as random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, delete, false, func, insert, select, update

from referral.accounts import notifications, safe_links, secrets
from referral.accounts.models import (
    AnswerContact,
    AnswerSession,
    LinkAttempt,
    LinkCode,
    Organisation,
    SafeLink,
)
from referral.accounts.safe_links import Attempts
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.networks import network_of

# An old link can still ask for a new one.
LINKS_KEPT = timedelta(days=30)
TAPPED_TWICE = timedelta(seconds=30)


@dataclass(frozen=True)
class _Known:
    """A contact who may answer by link, locked, and the group it is for."""

    contact: AnswerContact
    organisation: str
    link_opens: bool = True

    @property
    def subject(self) -> audit.Subject:
        return ("answer_contact", self.contact.id)


def make_link(actor: Actor, contact_id: UUID) -> str:
    """The secret part of a link for one message to a contact; each message brings a new one."""
    token, now = secrets.new(), clock.now()
    session().execute(
        insert(SafeLink).values(
            token_digest=secrets.digest(token),
            contact_id=contact_id,
            made_at=now,
            expires_at=now + safe_links.LINK_LASTS,
        )
    )
    return token


def ask_code(actor: Actor, token: str, address: str, held: UUID | None = None) -> UUID:
    """Send the code that belongs to a link, and answer an id to try it with: always an id.

    Nothing is sent for a link that does not open, or when asked too often. ``held`` is the id this
    browser was given before: tapped twice, the code that is on its way stays the right one.
    """
    place, code_id = _place(address), new_id()
    code = f"{random.randbelow(10**safe_links.CODE_DIGITS):0{safe_links.CODE_DIGITS}}"
    digest = code_digest(code_id, code)
    known = _by_link(token)
    if known is None or not known.link_opens:
        return _refused(actor, "link", place, known, code_id)
    if held is not None and _is_on_its_way(held, known.contact):
        return held
    if not safe_links.may_ask(_attempts(known.contact.id, place)):
        return _refused(actor, "", place, known, code_id)
    by_pin = known.contact.code_by == "pin"
    now = clock.now()
    session().execute(
        insert(LinkCode).values(
            id=code_id,
            contact_id=known.contact.id,
            code_digest=None if by_pin else digest,
            asked_at=now,
            expires_at=now + safe_links.CODE_LASTS,
            tries=0,
        )
    )
    _count("asked", place, known.contact.id)
    if not by_pin:
        notifications.link_code(actor, known.contact, code_id, code)
    audit.record(actor, "link:code_asked", known.subject)
    return code_id


def open_with_code(
    actor: Actor, code_id: UUID | None, typed: str, address: str, device: str = ""
) -> str | None:
    """The word of a day on this phone; None for whatever is wrong. ``code_id`` as asked for."""
    place = _place(address)
    known = _by_code(code_id)
    if not safe_links.may_try(_attempts(known.contact.id if known else None, place)):
        _refused(actor, "", place, known)
        return None
    asked = _code(code_id) if known else None
    if known is None or asked is None or not _fits(known.contact, asked, typed):
        if asked is not None:
            asked.tries += 1
        _count("wrong", place, known.contact.id if known else None)
        _record(actor, "link:code_wrong", known)
        return None
    word, now = secrets.new(), clock.now()
    asked.used_at = now
    # Link and code have both arrived.
    known.contact.confirmed_at = known.contact.confirmed_at or now
    known.contact.lost_at = None
    session().execute(
        insert(AnswerSession).values(
            token_digest=secrets.digest(word),
            contact_id=known.contact.id,
            device=device[:100],
            made_at=now,
            expires_at=now + safe_links.PHONE_REMEMBERED,
        )
    )
    audit.record(actor, "link:opened", known.subject)
    return word


def ask_again(actor: Actor, token: str, address: str) -> None:
    """Send a new link where a known one, live or too old, went; nothing for any other."""
    place = _place(address)
    known = _by_link(token)
    if known is None:
        _refused(actor, "link", place)
        return
    if not safe_links.may_ask(_attempts(known.contact.id, place)):
        _refused(actor, "", place, known)
        return
    _count("asked", place, known.contact.id)
    fresh = make_link(actor, known.contact.id)
    notifications.link_again(actor, known.contact, known.organisation, fresh)
    audit.record(actor, "link:sent_again", known.subject)


def may_send(contact_id: UUID) -> bool:
    """Whether one more link or code may go to a contact now; counts it when so."""
    nowhere = _place("")
    if not safe_links.may_ask(_attempts(contact_id, nowhere)):
        return False
    _count("asked", nowhere, contact_id)
    return True


def refused(actor: Actor) -> None:
    """Write down that somebody opened a link that does not open: the short write after a GET."""
    audit.record(actor, "link:refused", None)


def close(actor: Actor, word: str) -> None:
    """End the day of a phone."""
    contact_id = session().scalar(
        update(AnswerSession)
        .where(
            AnswerSession.token_digest == secrets.digest(word),
            AnswerSession.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(AnswerSession.contact_id)
    )
    if contact_id is not None:
        audit.record(actor, "link:closed", ("answer_contact", contact_id))


def shut_out(contact_id: UUID) -> None:
    """Take back every link, code and phone of a contact."""
    session().execute(
        update(SafeLink)
        .where(SafeLink.contact_id == contact_id, SafeLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    end_phones(contact_id)


def end_phones(contact_id: UUID) -> None:
    """Take back what a code opened, and the codes themselves; a link still asks for a new one."""
    now = clock.now()
    session().execute(
        update(LinkCode)
        .where(LinkCode.contact_id == contact_id, LinkCode.used_at.is_(None))
        .values(used_at=now)
    )
    session().execute(
        update(AnswerSession)
        .where(AnswerSession.contact_id == contact_id, AnswerSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def forget_links(actor: Actor) -> int:
    """Delete links a month after their end, codes, phones and attempts after a day; how many."""
    now = clock.now()
    kept = now - safe_links.ATTEMPTS_KEPT
    gone = 0
    for statement in (
        delete(SafeLink).where(SafeLink.expires_at < now - LINKS_KEPT),
        delete(LinkCode).where(LinkCode.expires_at < kept),
        delete(AnswerSession).where(AnswerSession.expires_at < kept),
        delete(LinkAttempt).where(LinkAttempt.at < kept),
    ):
        gone += int(session().execute(statement).rowcount)  # type: ignore[attr-defined] # cursor result
    return gone


def digest_of_pin(contact_id: UUID, pin: str) -> bytes:
    """What is kept of a contact's PIN."""
    return encryption.blind_index("answer-pin", str(contact_id), pin)


def code_digest(code_id: UUID, code: str) -> bytes:
    """What is kept of a code."""
    return encryption.blind_index("link-code", str(code_id), code)


def _fits(contact: AnswerContact, asked: LinkCode, typed: str) -> bool:
    digits = safe_links.normal(typed)
    if asked.code_digest is None:
        right, given = contact.pin_digest, digest_of_pin(contact.id, digits)
    else:
        right, given = asked.code_digest, code_digest(asked.id, digits)
    same = hmac.compare_digest(right or b"", given)
    opens = safe_links.code_opens(asked.expires_at, asked.used_at, asked.tries, clock.now())
    return same and opens and bool(digits)


def _is_on_its_way(code_id: UUID, contact: AnswerContact) -> bool:
    asked, now = _code(code_id), clock.now()
    return (
        asked is not None
        and asked.contact_id == contact.id
        and safe_links.code_opens(asked.expires_at, asked.used_at, asked.tries, now)
        and now - asked.asked_at < TAPPED_TWICE
    )


def _by_link(token: str) -> _Known | None:
    """Whose link it is, were it too old; None for one taken back or never made."""
    link = session().scalar(
        select(SafeLink).where(
            SafeLink.token_digest == secrets.digest(token), SafeLink.revoked_at.is_(None)
        )
    )
    if link is None:
        return None
    opens = safe_links.link_opens(link.expires_at, link.revoked_at, clock.now())
    return _known(link.contact_id, opens)


def _by_code(code_id: UUID | None) -> _Known | None:
    asked = session().get(LinkCode, code_id) if code_id is not None else None
    return _known(asked.contact_id) if asked is not None else None


def _known(contact_id: UUID, link_opens: bool = True) -> _Known | None:
    """The contact's row comes first wherever several are locked: tries are counted under it."""
    contact = session().scalar(
        select(AnswerContact)
        .where(AnswerContact.id == contact_id, AnswerContact.active)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if contact is None:
        return None
    group = session().scalar(
        select(Organisation.name).where(
            Organisation.id == contact.organisation_id,
            Organisation.status == "active",
            Organisation.answers_by == "link",
        )
    )
    return None if group is None else _Known(contact, group, link_opens)


def _code(code_id: UUID | None) -> LinkCode | None:
    return session().scalar(
        select(LinkCode)
        .where(LinkCode.id == code_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _place(address: str) -> bytes:
    return encryption.blind_index("link-address", network_of(address))


def _attempts(contact_id: UUID | None, place: bytes) -> Attempts:
    """What was tried in the last hour; a link that was none counts against the address alone."""
    since = clock.now() - safe_links.WINDOW
    theirs = LinkAttempt.contact_id == contact_id if contact_id else false()
    row = (
        session()
        .execute(
            select(
                func.sum(case((theirs & (LinkAttempt.what == "asked"), 1), else_=0)),
                func.sum(case((theirs & (LinkAttempt.what == "wrong"), 1), else_=0)),
                func.sum(
                    case(
                        ((LinkAttempt.address_digest == place) & (LinkAttempt.what != "asked"), 1),
                        else_=0,
                    )
                ),
            ).where(
                LinkAttempt.at > since,
                theirs | (LinkAttempt.address_digest == place),
            )
        )
        .one()
    )
    return Attempts(*(int(count or 0) for count in row))


def _count(what: str, place: bytes, contact_id: UUID | None) -> None:
    session().execute(
        insert(LinkAttempt).values(
            id=new_id(), what=what, contact_id=contact_id, address_digest=place, at=clock.now()
        )
    )


def _refused(
    actor: Actor,
    what: str,
    place: bytes,
    known: _Known | None = None,
    answer: UUID | None = None,
) -> UUID:
    """Write a refusal down; ``what`` is counted, "" for one that was too many already."""
    if what:
        _count(what, place, known.contact.id if known else None)
    _record(actor, "link:refused", known)
    return answer or new_id()


def _record(actor: Actor, event: str, known: _Known | None) -> None:
    audit.record(actor, event, known.subject if known else None)
