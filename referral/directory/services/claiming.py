""" "Is this your organisation?": somebody says so, a person checks it, nothing is automatic."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select

from referral.accounts import services as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound
from referral.core.i18n import _
from referral.directory import notifications
from referral.directory.models import Claim
from referral.directory.queries.claiming import CONTEXT, claimable, claims_in_scope, said_in
from referral.directory.services.history import note_change
from referral.directory.services.locking import same_version
from referral.outbox.rendering import Personal, refuse_personal

DECIDED_KEPT = timedelta(days=90)


def claim(actor: Actor, organisation_id: uuid.UUID, said: Mapping[str, str]) -> Claim:
    """Write down that somebody says an organisation is theirs. ``said``: ``schemas.Claim``."""
    organisation = claimable(actor, organisation_id)
    made = Claim(
        id=new_id(),
        organisation_id=organisation.id,
        locality_id=organisation.locality_id,
        made_at=clock.now(),
    )
    kept = {name: said[name] for name in ("name", "email", "role", "check")}
    made.said_sealed = encryption.seal_for_installation(kept, f"{CONTEXT}{made.id}")
    session().add(made)
    audit.record(actor, "claim:made", ("organisation", organisation.id))
    return made


def decide_claim(
    actor: Actor, claim_id: uuid.UUID, version: int, outcome: str, reason: str = ""
) -> Claim:
    """Approve a claim, which makes its author the organisation's manager, or refuse it with why.

    Raise ``Conflict`` when it was decided before.
    """
    found = _locked(actor, claim_id)
    permit(actor, Permission.APPROVE_CLAIMS, found)
    same_version(actor, found.version, version)
    if found.status != "waiting":
        raise Conflict(str(_("Somebody has decided this already.")))
    if outcome == "refused" and not reason:
        raise Invalid({"reason": [str(_("is required when a claim is refused"))]})
    _check_words(reason)
    said = said_in(found)
    organisation = session().get_one(Organisation, found.organisation_id)
    found.status, found.reason = outcome, reason
    found.decided_at, found.decided_by = clock.now(), actor.id
    found.version += 1
    if outcome == "approved":
        accounts.invite_manager(actor, organisation.id, said["email"], said["name"], said["role"])
        note_change(actor, "organisation", organisation.id, "claimed")
    else:
        notifications.claim_refused(actor, said["email"], found, organisation.name)
    audit.record(actor, "claim:decided", ("organisation", organisation.id), outcome=outcome)
    return found


def forget_claims(actor: Actor) -> int:
    """Delete claims decided three months ago, with the personal data in them; how many."""
    done = session().execute(delete(Claim).where(Claim.decided_at < clock.now() - DECIDED_KEPT))
    return int(done.rowcount)  # type: ignore[attr-defined] # a cursor result


def _locked(actor: Actor, claim_id: uuid.UUID) -> Claim:
    found = session().scalar(
        select(Claim)
        .where(Claim.id == claim_id, claims_in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _check_words(reason: str) -> None:
    """The reason leaves by email, so it may not carry what identifies somebody."""
    try:
        refuse_personal({"words": reason})
    except Personal as error:
        rule = _("goes by email: leave out email addresses and ten-digit numbers")
        raise Invalid({"reason": [str(rule)]}) from error
