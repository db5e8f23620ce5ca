"""Invitations and password resets by email: a link opens by GET, acts by POST, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update

from referral.accounts import notifications, passwords, queries, secrets
from referral.accounts.models import EmailToken, Membership, Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.accounts.services import signing_in, users
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _

INVITED_FOR = timedelta(hours=72)
RESET_WITHIN = timedelta(hours=1)
# More requests for one account in an hour send no more mail.
RESETS_AN_HOUR = 3


def invite(
    actor: Actor,
    organisation_id: UUID,
    *,
    email: str,
    name: str,
    roles: Collection[str],
    job_title: str = "",
) -> UUID:
    """Ask somebody in. Who has an account already is added and told; others get a link."""
    organisation = queries.organisation(actor, organisation_id)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation)
    if not roles:
        raise Invalid({"roles": [str(_("choose at least one"))]})
    return _ask_in(actor, organisation, email, name, roles, job_title)


def invite_manager(
    actor: Actor, organisation_id: UUID, email: str, name: str, job_title: str = ""
) -> UUID:
    """Ask in, as its manager, somebody whose claim of a provider was approved."""
    organisation = queries.organisation_unscoped(organisation_id)
    permit(actor, Permission.APPROVE_CLAIMS, organisation)
    if organisation.kind != "provider":
        raise NotFound
    return _ask_in(actor, organisation, email, name, ("provider_manager",), job_title)


def _ask_in(
    actor: Actor,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Collection[str],
    job_title: str,
) -> UUID:
    email, organisation_id = email.strip().lower(), organisation.id
    user = session().scalar(select(User).where(User.email == email).with_for_update())
    if user is None:
        user = users.new_user(email, name, job_title)
        audit.record(actor, "user:added", ("user", user.id))
    elif not user.active:
        raise Invalid({"email": [str(_("belongs to an account that an administrator disabled"))]})
    for role in roles:
        users.give(actor, user.id, organisation, role)
    audit.record(actor, "user:invited", ("user", user.id), in_organisation=str(organisation_id))
    if user.password_hash:
        notifications.added(actor, user, organisation.name, organisation_id)
    else:
        _send_invitation(actor, user, organisation.name)
    return user.id


def invite_again(actor: Actor, user_id: UUID, organisation_id: UUID) -> None:
    """Send a new link to somebody who has not signed up yet; the old one opens nothing."""
    organisation = queries.organisation(actor, organisation_id)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation)
    user = users.user_to_change(user_id)
    if not queries.works_in(user_id, organisation_id):
        raise NotFound
    if user.password_hash:
        raise Invalid({"user": [str(_("has signed up already"))]})
    _send_invitation(actor, user, organisation.name)
    audit.record(actor, "user:invited", ("user", user.id), in_organisation=str(organisation_id))


def _send_invitation(actor: Actor, user: User, organisation: str) -> None:
    token = _issue(user, "invite", INVITED_FOR)
    hours = int(INVITED_FOR.total_seconds() // 3600)
    notifications.invited(actor, user, organisation, token, hours)


def issue_link(actor: Actor, user_id: UUID) -> tuple[str, int]:
    """A link for whoever runs the installation to hand over: ``(path, hours it works)``.

    It sets the first password of somebody who has none, and a new one otherwise.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    user = users.user_to_change(user_id)
    purpose, path, lasting = "reset", notifications.RESET_PATH, RESET_WITHIN
    if not user.password_hash:
        purpose, path, lasting = "invite", notifications.INVITATION_PATH, INVITED_FOR
    audit.record(actor, "user:link_issued", ("user", user.id), purpose=purpose)
    return path + _issue(user, purpose, lasting), int(lasting.total_seconds() // 3600)


def request_reset(actor: Actor, email: str) -> None:
    """Send a reset link if the address has an account that can sign in; answers nothing."""
    user = session().scalar(
        select(User).where(User.email == email.strip().lower()).with_for_update()
    )
    if user is None or not user.active or _resets_lately(user.id) >= RESETS_AN_HOUR:
        return
    if not user.password_hash:
        organisation = session().scalar(
            select(Organisation.name)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(Membership.user_id == user.id)
            .order_by(Membership.id)
            .limit(1)
        )
        _send_invitation(actor, user, organisation or "")
    else:
        token = _issue(user, "reset", RESET_WITHIN)
        minutes = int(RESET_WITHIN.total_seconds() // 60)
        notifications.reset_requested(actor, user, token, minutes)
    audit.record(actor, "user:reset_requested", ("user", user.id))


def _resets_lately(user_id: UUID) -> int:
    return (
        session().scalar(
            select(func.count())
            .select_from(EmailToken)
            .where(
                EmailToken.user_id == user_id,
                EmailToken.created_at > clock.now() - timedelta(hours=1),
            )
        )
        or 0
    )


def _issue(user: User, purpose: str, lasting: timedelta) -> str:
    """A new link; those sent before for the same purpose open nothing any more."""
    now, token = clock.now(), secrets.new()
    session().execute(
        update(EmailToken)
        .where(
            EmailToken.user_id == user.id,
            EmailToken.purpose == purpose,
            EmailToken.used_at.is_(None),
        )
        .values(used_at=now)
    )
    session().execute(
        insert(EmailToken).values(
            token_digest=secrets.digest(token),
            purpose=purpose,
            user_id=user.id,
            created_at=now,
            expires_at=now + lasting,
        )
    )
    return token


def accept_invitation(actor: Actor, token: str, *, name: str, password: str) -> User:
    """Sign up by an invitation. Raise ``NotFound`` when the link is unknown, used or too old."""
    return _use(actor, token, "invite", password, name)


def reset_password(actor: Actor, token: str, password: str) -> User:
    """Set a new password by a reset link; every session of the account ends."""
    return _use(actor, token, "reset", password, None)


def _use(actor: Actor, token: str, purpose: str, password: str, name: str | None) -> User:
    user_id = session().scalar(
        select(EmailToken.user_id).where(
            EmailToken.token_digest == secrets.digest(token), EmailToken.purpose == purpose
        )
    )
    if user_id is None:
        raise NotFound
    user = users.user_to_change(user_id)
    link = session().scalar(
        select(EmailToken)
        .where(EmailToken.token_digest == secrets.digest(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise NotFound
    if not user.active:
        raise NotFound
    users.check_password(password, user.email, name or user.name)
    link.used_at = clock.now()
    user.password_hash = passwords.hashed(password)
    user.name = name or user.name
    user.version += 1
    signing_in.end_sessions(user.id)
    himself = Actor(kind="user", id=user.id)
    event = "user:invitation_accepted" if purpose == "invite" else "user:password_reset"
    audit.record(himself if actor.kind != "system" else actor, event, ("user", user.id))
    if purpose == "reset":
        notifications.password_changed(himself, user)
    return user
