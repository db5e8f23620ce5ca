"""Signing in and out, sessions, and the lock against guessing.

Failures are counted in the database, by account and by address, over a quarter of an hour. A
browser that has signed in to the account before (a known device) is not shut out by what strangers
try elsewhere; it has a count of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from referral.accounts import passwords, secrets
from referral.accounts.models import KnownDevice, Membership, SignInAttempt, User, UserSession
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, Invalid, NotFound, TooMany
from referral.core.i18n import _
from referral.core.networks import network_of

WINDOW = timedelta(minutes=15)
TRIES_AT_ACCOUNT = 10
TRIES_ON_KNOWN_DEVICE = 20
# A whole practice sits behind one address.
TRIES_FROM_ADDRESS = 100
DEVICE_KEPT = timedelta(days=180)


@dataclass(frozen=True)
class SignedIn:
    """``token`` opens the session; ``device`` makes this browser a known one."""

    token: str
    device: str
    user_id: UUID


def sign_in(
    actor: Actor,
    email: str,
    password: str,
    *,
    address: str,
    lasting: timedelta,
    device: str = "",
    browser: str = "",
) -> SignedIn:
    """Open a session. ``lasting`` is its absolute limit, ``device`` the known-device cookie.

    Raise ``TooMany`` while locked and ``Invalid`` when address and password do not fit: the same
    for an unknown account, in the same time. The caller commits after either, so that it counts.
    """
    email = email.strip().lower()
    user = session().scalar(select(User).where(User.email == email).with_for_update())
    is_known = user is not None and _is_known(device, user.id)
    account = encryption.blind_index("sign-in-account", email)
    place = encryption.blind_index("sign-in-address", network_of(address))
    if _is_locked(account, place, is_known):
        if user is not None:
            audit.record(actor, "user:sign_in_refused", ("user", user.id))
        raise TooMany(str(_("Too many tries. Wait 15 minutes, or set a new password.")))
    usable = user is not None and user.active
    fits = passwords.fits(user.password_hash if usable and user else "", password)
    if user is None or not fits:
        _count(account, place, is_known)
        if user is not None:
            audit.record(actor, "user:sign_in_failed", ("user", user.id))
        raise Invalid({"email": [str(_("Enter the email address and password of your account"))]})
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    session().execute(delete(SignInAttempt).where(SignInAttempt.account_digest == account))
    known_device = _remember(device, user.id, is_known)
    return SignedIn(open_session(actor, user, lasting, browser), known_device, user.id)


def open_session(actor: Actor, user: User, lasting: timedelta, browser: str = "") -> str:
    """A new session for somebody who has just proved who they are; answers its word."""
    token, now = secrets.new(), clock.now()
    organisation = _first_organisation(user)
    session().execute(
        insert(UserSession).values(
            token_digest=secrets.digest(token),
            user_id=user.id,
            organisation_id=organisation,
            device=browser[:100],
            created_at=now,
            last_seen_at=now,
            expires_at=now + lasting,
        )
    )
    signed_in = Actor(kind="user", id=user.id, organisation=organisation, client=actor.client)
    audit.record(signed_in, "user:signed_in", ("user", user.id))
    return token


def sign_out(actor: Actor, token: str) -> None:
    """End the present session."""
    if _revoke(UserSession.token_digest == secrets.digest(token)) and actor.id is not None:
        audit.record(actor, "user:signed_out", ("user", actor.id))


def end_session(actor: Actor, key: str) -> None:
    """End one of the actor's own sessions, named by its key; raise ``NotFound``."""
    try:
        name = bytes.fromhex(key)
    except ValueError as error:
        raise NotFound from error
    if actor.id is None or not _revoke(
        UserSession.token_digest == name, UserSession.user_id == actor.id
    ):
        raise NotFound
    audit.record(actor, "user:session_ended", ("user", actor.id))


def end_sessions(user_id: UUID, but: str = "") -> int:
    """End every session of a user, ``but`` the one with this word; answer how many."""
    return _revoke(UserSession.user_id == user_id, UserSession.token_digest != secrets.digest(but))


def switch(actor: Actor, token: str, organisation_id: UUID) -> None:
    """Work for another of the actor's organisations from now on. Raise ``NotFound``."""
    belongs = session().scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.user_id == actor.id, Membership.organisation_id == organisation_id)
    )
    if not belongs or actor.kind != "user" or actor.id is None:
        raise NotFound
    changed = session().execute(
        update(UserSession)
        .where(UserSession.token_digest == secrets.digest(token), UserSession.user_id == actor.id)
        .values(organisation_id=organisation_id)
    )
    if not changed.rowcount:  # type: ignore[attr-defined] # a cursor result
        raise Forbidden
    session().execute(
        update(User).where(User.id == actor.id).values(last_organisation_id=organisation_id)
    )
    audit.record(actor, "user:switched", ("user", actor.id), to_organisation=str(organisation_id))


def seen(actor: Actor, token: str) -> None:
    """Note that the session was used just now."""
    session().execute(
        update(UserSession)
        .where(UserSession.token_digest == secrets.digest(token), UserSession.user_id == actor.id)
        .values(last_seen_at=clock.now())
    )


def _revoke(*where: object) -> int:
    done = session().execute(
        update(UserSession)
        .where(UserSession.revoked_at.is_(None), *where)  # type: ignore[arg-type] # clauses
        .values(revoked_at=clock.now())
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # a cursor result


def _first_organisation(user: User) -> UUID | None:
    """Where the user worked last, or else one of the organisations they belong to."""
    found = list(
        session().scalars(
            select(Membership.organisation_id)
            .where(Membership.user_id == user.id)
            .order_by(Membership.organisation_id)
        )
    )
    if user.last_organisation_id in found:
        return user.last_organisation_id
    return found[0] if found else None


def _is_locked(account: bytes, place: bytes, is_known: bool) -> bool:
    since = clock.now() - WINDOW
    recent = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > since)
    at_account = recent.where(
        SignInAttempt.account_digest == account, SignInAttempt.known_device == is_known
    )
    tries = session().scalar(at_account) or 0
    if is_known:
        return tries >= TRIES_ON_KNOWN_DEVICE
    from_address = recent.where(
        SignInAttempt.address_digest == place, SignInAttempt.known_device.is_(False)
    )
    return tries >= TRIES_AT_ACCOUNT or (session().scalar(from_address) or 0) >= TRIES_FROM_ADDRESS


def _count(account: bytes, place: bytes, is_known: bool) -> None:
    session().execute(
        insert(SignInAttempt).values(
            id=new_id(),
            account_digest=account,
            address_digest=place,
            known_device=is_known,
            at=clock.now(),
        )
    )


def _is_known(device: str, user_id: UUID) -> bool:
    if not device:
        return False
    found = session().get(KnownDevice, (secrets.digest(device), user_id))
    return found is not None and found.last_used_at > clock.now() - DEVICE_KEPT


def _remember(device: str, user_id: UUID, is_known: bool) -> str:
    """Make this browser known to the user; answers the word for its cookie.

    A word the user is not known by is never taken over: somebody could have put it there to be
    known to the next one who signs in. The browser gets a new word and everybody it is known to
    moves to that, so that a shared computer stays known to all who use it.
    """
    now = clock.now()
    if is_known:
        session().execute(
            update(KnownDevice)
            .where(
                KnownDevice.token_digest == secrets.digest(device), KnownDevice.user_id == user_id
            )
            .values(last_used_at=now)
        )
        return device
    word = secrets.new()
    if device:
        session().execute(
            delete(KnownDevice).where(
                KnownDevice.token_digest == secrets.digest(device), KnownDevice.user_id == user_id
            )
        )
        session().execute(
            update(KnownDevice)
            .where(KnownDevice.token_digest == secrets.digest(device))
            .values(token_digest=secrets.digest(word))
        )
    session().execute(
        insert(KnownDevice).values(
            token_digest=secrets.digest(word), user_id=user_id, last_used_at=now
        )
    )
    return word
