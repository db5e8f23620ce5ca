"""Bearer tokens for programs, and the clearing away of what has expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Delete, delete, insert, or_, select, update

from referral.accounts import queries, secrets
from referral.accounts.models import (
    ApiToken,
    EmailToken,
    KnownDevice,
    Membership,
    SignInAttempt,
    UserSession,
)
from referral.accounts.permissions import Permission, permit
from referral.accounts.services.safe_links import forget_links
from referral.accounts.services.signing_in import DEVICE_KEPT
from referral.accounts.services.users import user_to_change
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _

ENDED_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=1)


def issue_token(
    actor: Actor,
    user_id: UUID,
    organisation_id: UUID | None = None,
    label: str = "",
    expires_at: datetime | None = None,
) -> str:
    """A token that acts for the user in one organisation; its word is shown this once.

    Without an organisation the user must belong to exactly one; raise ``Invalid`` otherwise.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    user = user_to_change(user_id)
    places = set(
        session().scalars(select(Membership.organisation_id).where(Membership.user_id == user_id))
    )
    if organisation_id is None and len(places) == 1:
        organisation_id = next(iter(places))
    if organisation_id is None:
        names = queries.names_of(places)
        listed = "; ".join(f"{name} ({id_})" for id_, name in sorted(names.items()))
        raise Invalid({"organisation": [str(_("name one of: {listed}", listed=listed or "–"))]})
    if organisation_id not in places or not user.active:
        raise Invalid({"organisation": [str(_("must be one the user works for"))]})
    token, token_id = secrets.new(), new_id()
    session().execute(
        insert(ApiToken).values(
            id=token_id,
            token_digest=secrets.digest(token),
            user_id=user_id,
            organisation_id=organisation_id,
            label=label,
            created_at=clock.now(),
            expires_at=expires_at,
        )
    )
    audit.record(
        actor,
        "token:issued",
        ("token", token_id),
        user=str(user_id),
        for_organisation=str(organisation_id),
    )
    return token


def revoke_token(actor: Actor, token_id: UUID) -> None:
    """A token's owner, or whoever runs the installation, makes it open nothing from now on."""
    found = session().scalar(select(ApiToken).where(ApiToken.id == token_id).with_for_update())
    if found is None or found.revoked_at is not None:
        raise NotFound
    if found.user_id != actor.id:
        permit(actor, Permission.MANAGE_INSTALLATION)
    found.revoked_at = clock.now()
    audit.record(actor, "token:revoked", ("token", found.id))


def token_used(actor: Actor) -> None:
    """Note that the actor's token was used just now."""
    session().execute(
        update(ApiToken).where(ApiToken.id == actor.client).values(last_used_at=clock.now())
    )


def purge_expired(actor: Actor, limit: int = 1000) -> int:
    """Delete sessions and links that ended a month ago, old devices and attempts; how many.

    Those of groups' contacts go with them.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    now = clock.now()
    gone = 0
    ended = now - ENDED_KEPT
    chosen: tuple[Delete, ...] = (
        delete(UserSession).where(
            UserSession.token_digest.in_(
                select(UserSession.token_digest)
                .where(or_(UserSession.expires_at < ended, UserSession.revoked_at < ended))
                .limit(limit)
            )
        ),
        delete(EmailToken).where(
            EmailToken.token_digest.in_(
                select(EmailToken.token_digest).where(EmailToken.expires_at < ended).limit(limit)
            )
        ),
        delete(KnownDevice).where(KnownDevice.last_used_at < now - DEVICE_KEPT),
        delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_KEPT),
    )
    for statement in chosen:
        gone += int(session().execute(statement).rowcount)  # type: ignore[attr-defined] # cursor result
    return gone + forget_links(actor)
