"""Users, the roles they hold, and their own accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update

from referral.accounts import passwords, queries
from referral.accounts.models import ApiToken, EmailToken, Membership, Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.accounts.roles import ROLES_OF_KIND
from referral.accounts.services import organisations, signing_in
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _

MANAGERS = ("practice_manager", "provider_manager", "link_worker_lead", "administrator")


def add_user(
    actor: Actor, *, email: str, name: str, job_title: str = "", password: str | None = None
) -> UUID:
    """A new account without roles. Without a password it opens by invitation or reset.

    Raise ``Invalid`` when the address has an account, or the password will not do.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    email = email.strip().lower()
    if session().scalar(select(User.id).where(User.email == email)) is not None:
        raise Invalid({"email": [str(_("belongs to another account"))]})
    if password is not None:
        check_password(password, email, name)
    user = new_user(email, name, job_title)
    if password is not None:
        user.password_hash = passwords.hashed(password)
    audit.record(actor, "user:added", ("user", user.id))
    return user.id


def new_user(email: str, name: str, job_title: str = "") -> User:
    """The row of a new account, for services that have asked permission."""
    made = User(
        id=new_id(), email=email, name=name, job_title=job_title, created_at=clock.now(), version=1
    )
    session().add(made)
    session().flush()
    return made


def check_password(password: str, email: str, name: str, field: str = "password") -> None:
    """Raise ``Invalid`` on ``field`` with what is wrong with a new password."""
    problem = passwords.problem_with(password, email, name)
    if problem is not None:
        raise Invalid({field: [str(problem)]})


def user_to_change(user_id: UUID) -> User:
    """The user's row, locked. Raise ``NotFound``."""
    found = session().scalar(select(User).where(User.id == user_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def grant(actor: Actor, user_id: UUID, organisation_id: UUID, role: str) -> None:
    """Give a user a role in an organisation; nothing happens when it is held already."""
    organisation = queries.organisation(actor, organisation_id)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation)
    give(actor, user_id, organisation, role)


def give(actor: Actor, user_id: UUID, organisation: Organisation, role: str) -> None:
    """``grant`` for services that have asked permission."""
    held = _held(user_to_change(user_id).id, organisation.id)
    if role not in held:
        _set(actor, user_id, organisation, {*held, role}, held)


def make_administrator(actor: Actor, user_id: UUID) -> None:
    """Make a user an administrator of the installation, which is an organisation of its own."""
    permit(actor, Permission.MANAGE_INSTALLATION)
    found = session().scalar(
        select(Organisation.id).where(Organisation.kind == "installation").limit(1)
    )
    if found is None:
        found = organisations.create_organisation(
            actor, kind="installation", name=str(_("Administrators"))
        )
    grant(actor, user_id, found, "administrator")


def revoke(actor: Actor, user_id: UUID, organisation_id: UUID, role: str) -> None:
    """Take a role away. Raise ``Invalid`` when nobody could manage the organisation any more."""
    organisation = queries.organisation(actor, organisation_id)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation)
    held = _held(user_to_change(user_id).id, organisation_id)
    if role in held:
        _set(actor, user_id, organisation, held - {role}, held)


def set_roles(actor: Actor, user_id: UUID, organisation_id: UUID, roles: Collection[str]) -> None:
    """Make these the user's roles in the organisation; none takes the user out of it.

    An account that belongs nowhere any more is disabled.
    """
    organisation = queries.organisation(actor, organisation_id)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation)
    user = user_to_change(user_id)
    held = _held(user_id, organisation_id)
    if not held and not actor.has("administrator") and actor.kind != "system":
        raise NotFound
    _set(actor, user_id, organisation, set(roles), held)
    if not roles and user.active and not _belongs_somewhere(user_id):
        _disable(actor, user)


def _set(
    actor: Actor, user_id: UUID, organisation: Organisation, roles: set[str], held: set[str]
) -> None:
    unfit = roles - set(ROLES_OF_KIND[organisation.kind])
    if unfit:
        raise Invalid({"roles": [str(_("must be roles of this kind of organisation"))]})
    _keep_a_manager(user_id, organisation, roles)
    for role in sorted(roles - held):
        session().add(Membership(user_id=user_id, organisation_id=organisation.id, role=role))
        _record(actor, "user:role_granted", user_id, organisation.id, role)
    for role in sorted(held - roles):
        session().execute(
            delete(Membership).where(
                Membership.user_id == user_id,
                Membership.organisation_id == organisation.id,
                Membership.role == role,
            )
        )
        _record(actor, "user:role_revoked", user_id, organisation.id, role)
    session().flush()
    if held - roles:
        _answers_again(actor, [organisation.id])


def _keep_a_manager(user_id: UUID, organisation: Organisation, roles: set[str]) -> None:
    """An organisation with a manager keeps one."""
    managing = set(MANAGERS) & set(ROLES_OF_KIND[organisation.kind])
    rows = set(
        session().scalars(
            select(Membership.user_id)
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.organisation_id == organisation.id,
                Membership.role.in_(managing),
                User.active,
            )
            .with_for_update()
        )
    )
    if rows == {user_id} and managing.isdisjoint(roles):
        raise Invalid({"roles": [str(_("somebody must stay who can manage the people here"))]})


def _record(actor: Actor, event: str, user_id: UUID, organisation_id: UUID, role: str) -> None:
    audit.record(actor, event, ("user", user_id), role=role, in_organisation=str(organisation_id))


def _held(user_id: UUID, organisation_id: UUID) -> set[str]:
    return set(
        session().scalars(
            select(Membership.role).where(
                Membership.user_id == user_id, Membership.organisation_id == organisation_id
            )
        )
    )


def _belongs_somewhere(user_id: UUID) -> bool:
    return (
        session().scalar(select(Membership.id).where(Membership.user_id == user_id).limit(1))
        is not None
    )


def disable_user(actor: Actor, user_id: UUID) -> None:
    """Shut an account: its sessions end now, and its tokens and password open nothing."""
    permit(actor, Permission.MANAGE_INSTALLATION)
    user = user_to_change(user_id)
    if user.id == actor.id:
        raise Invalid({"user": [str(_("You cannot disable your own account"))]})
    if user.active:
        _disable(actor, user)


def _disable(actor: Actor, user: User) -> None:
    user.active = False
    user.version += 1
    signing_in.end_sessions(user.id)
    _void_links(user.id)
    session().execute(
        update(ApiToken)
        .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    audit.record(actor, "user:disabled", ("user", user.id))
    session().flush()
    places = select(Membership.organisation_id).where(Membership.user_id == user.id)
    _answers_again(actor, session().scalars(places.distinct()))


def _answers_again(actor: Actor, organisation_ids: Iterable[UUID]) -> None:
    """A group that asked for accounts and has none left answers by link: it would go quiet."""
    rows = session().scalars(
        select(Organisation)
        .where(Organisation.id.in_(list(organisation_ids)), Organisation.answers_by == "account")
        .order_by(Organisation.id)
        .with_for_update()
    )
    for row in rows:
        if queries.has_account_unscoped(row.id):
            continue
        row.answers_by = "link"
        row.version += 1
        audit.record(
            actor, "organisation:answering_chosen", ("organisation", row.id), answers_by="link"
        )


def _void_links(user_id: UUID) -> None:
    """Invitation and reset links that have not been used open nothing from now on."""
    session().execute(
        update(EmailToken)
        .where(EmailToken.user_id == user_id, EmailToken.used_at.is_(None))
        .values(used_at=clock.now())
    )


def enable_user(actor: Actor, user_id: UUID) -> None:
    permit(actor, Permission.MANAGE_INSTALLATION)
    user = user_to_change(user_id)
    if not user.active:
        user.active = True
        user.version += 1
        audit.record(actor, "user:enabled", ("user", user.id))


def change_own_account(
    actor: Actor,
    *,
    name: str,
    job_title: str,
    version: int,
    away_until: date | None = None,
) -> None:
    """The actor's own name, job title and absence; raise ``StaleVersion``."""
    user = _own(actor)
    if user.version != version:
        raise StaleVersion(version, user.version)
    user.name, user.job_title, user.away_until = name, job_title, away_until
    user.version += 1
    audit.record(actor, "user:changed", ("user", user.id))


def choose_notices(
    actor: Actor, *, told_when: str, told_by: str, mobile: str, version: int
) -> None:
    """When and by what the actor is told of referrals; raise ``StaleVersion``."""
    user = _own(actor)
    if user.version != version:
        raise StaleVersion(version, user.version)
    user.told_when, user.told_by = told_when, told_by
    user.mobile_sealed = (
        encryption.seal_for_installation(mobile, f"user_mobile:{user.id}") if mobile else None
    )
    user.version += 1
    audit.record(actor, "user:notices_chosen", ("user", user.id), when=told_when, by=told_by)


def change_own_password(actor: Actor, token: str, current: str, new: str) -> User:
    """Change the actor's own password; their other sessions and open reset links end."""
    user = _own(actor)
    if not passwords.fits(user.password_hash, current):
        audit.record(actor, "user:password_change_failed", ("user", user.id))
        raise Invalid({"current": [str(_("is not your password"))]})
    check_password(new, user.email, user.name, "new")
    user.password_hash = passwords.hashed(new)
    user.version += 1
    signing_in.end_sessions(user.id, but=token)
    _void_links(user.id)
    audit.record(actor, "user:password_changed", ("user", user.id))
    return user


def _own(actor: Actor) -> User:
    if actor.kind != "user" or actor.id is None:
        raise NotFound
    return user_to_change(actor.id)
