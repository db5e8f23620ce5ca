"""Looking at an answer: a stranger to it accepts it, rejects it with a reason, or asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, IllegalAction, Invalid, NotFound
from referral.core.i18n import _
from referral.files.models import StoredFile
from referral.vetting import judging, notifications, queries
from referral.vetting.checks import Check
from referral.vetting.criminal_records import in_nation
from referral.vetting.judging import REVIEW_STATES, REVIEWS
from referral.vetting.models import Application, Evidence, EvidenceFile, fields_of
from referral.vetting.queries import Dossier
from referral.vetting.services import loading
from referral.vetting.services.history import note, role_of
from referral.vetting.services.standing import write_down

Verb = Literal["accept", "reject", "ask"]
CHANGED = ("state", "expires_on", "reviewer_role", "reviewer_organisation_id", "reviewed_at")


def review(
    actor: Actor,
    evidence_id: uuid.UUID,
    version: int,
    verb: Verb,
    *,
    reason: str = "",
    expires_on: date | None = None,
    limits: str = "",
) -> Evidence:
    """Say what a reviewer thinks of an answer; the organisation reads ``reason``.

    ``accept``: it counts from now, in every locality, ``expires_on`` at most and with ``limits``;
    the one before counts no longer. ``reject``: also of one that was accepted. Some checks only
    who decides may accept or reject (``Check.judge``).
    """
    of = _loaded(actor, evidence_id)
    made, found, check = of.made, of.found, _asked(of)
    leads = verb != "ask" and check.judge == "lead"
    permission = Permission.DECIDE_CHECKS if leads else Permission.REVIEW_CHECKS
    permit(actor, permission, queries.judged(made, found))
    loading.same_version(actor, found.version, version)
    if found.state not in REVIEWS[verb]:
        raise IllegalAction(
            str(_("This answer was looked at or replaced.")), judging.reviews(found.state)
        )
    if verb != "accept" and not reason:
        raise Invalid({"reason": [str(_("is required"))]})
    counted = found.state == "accepted"
    if verb == "accept":
        _accept(actor, found, expires_on)
    found.state = REVIEW_STATES[verb]
    found.reason, found.limits = reason, limits if verb == "accept" else ""
    found.reviewed_at, found.reviewed_by = clock.now(), actor.id
    found.reviewer_role, found.reviewer_organisation_id = role_of(actor), actor.organisation
    found.version += 1
    whose = found.organisation_id
    note(actor, found.state, "evidence", found.id, whose, None, fields_of(found, *CHANGED))
    loading.mark_waiting(actor, *of.every)
    audit.record(
        actor,
        f"evidence:{found.state}",
        ("evidence", found.id),
        organisation=str(whose),
        check=found.check_key,
    )
    if verb == "accept" or counted:
        write_down(actor, whose)
    if verb != "accept":
        notifications.looked_at(actor, of.application, found, check.title, made.organisation.name)
    return found


@dataclass(frozen=True)
class Looked:
    """An answer that is looked at, locked, with what it belongs to in the reviewer's locality."""

    made: Dossier
    application: Application
    every: list[Application]
    found: Evidence


def _loaded(actor: Actor, evidence_id: uuid.UUID) -> Looked:
    """``NotFound`` out of scope, which is where no application was made."""
    organisation_id = loading.organisation_of(actor, evidence_id)
    if actor.locality is None:
        raise NotFound
    every = loading.locked(actor, organisation_id)
    made = queries.dossier(actor, organisation_id, actor.locality)
    if made.application is None:
        raise NotFound
    return Looked(made, made.application, every, loading.evidence(actor, evidence_id))


def _asked(of: Looked) -> Check:
    """The check it answers here; one that only others ask is theirs to look at."""
    check = next((one for one in of.made.scheme.checks if one.key == of.found.check_key), None)
    if check is None:
        raise NotFound
    if of.application.status == "left":
        raise IllegalAction(str(_("The organisation took its application back.")), ())
    return in_nation(check, of.made.locality.nation)


def _accept(actor: Actor, found: Evidence, expires_on: date | None) -> None:
    """Make room for it: refuse what cannot be, and let the one before count no longer."""
    if expires_on is not None:
        rule = None
        if expires_on < clock.today():
            rule = _("must be today or in the future")
        elif expires_on < found.issued_on:
            rule = _("must be after the day it was issued")
        elif found.expires_on is not None and expires_on > found.expires_on:
            rule = _("must not be later than the end it states itself")
        if rule is not None:
            raise Invalid({"expires_on": [str(rule)]})
        found.expires_on = expires_on
    if _is_infected(found):
        raise Conflict(str(_("A file with this answer did not pass the virus check.")))
    before = session().scalar(
        select(Evidence)
        .where(
            Evidence.organisation_id == found.organisation_id,
            Evidence.check_key == found.check_key,
            Evidence.state == "accepted",
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if before is None:
        return
    before.state, before.superseded_by_id = "superseded", found.id
    before.version += 1
    after = fields_of(before, "state", "superseded_by_id")
    note(actor, "superseded", "evidence", before.id, before.organisation_id, None, after)


def _is_infected(found: Evidence) -> bool:
    return (
        session().scalar(
            select(StoredFile.id)
            .join(EvidenceFile, EvidenceFile.file_id == StoredFile.id)
            .where(EvidenceFile.evidence_id == found.id, StoredFile.scan == "infected")
            .limit(1)
        )
        is not None
    )
