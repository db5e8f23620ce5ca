"""Deciding on an application: with a reason, by somebody who has nothing to do with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, IllegalAction, Invalid
from referral.core.i18n import _
from referral.vetting import checks, judging, notifications, passport, queries
from referral.vetting.checks import TIERS, Check, Tier
from referral.vetting.models import Application, Decision, fields_of
from referral.vetting.passport import IN_FORCE
from referral.vetting.proportion import covers
from referral.vetting.queries import Dossier
from referral.vetting.services import loading
from referral.vetting.services.history import note, role_of
from referral.vetting.services.standing import write_down

# How long approval with conditions may let a check wait.
WAIT_MAX = timedelta(days=180)
CHANGED = ("status", "tier", "approved_tier", "waived", "decision_id", "pending_id", "paused_on")


@dataclass
class Terms:
    """What an approval covers, and what goes with it."""

    kind: str
    tier: Tier
    conditions: str = ""
    waived: dict[str, str] = field(default_factory=dict)


def decide(
    actor: Actor, application_id: uuid.UUID, version: int, kind: str, data: Mapping[str, Any]
) -> Decision:
    """Decide on an application. ``data``: ``schemas.Decide``.

    Approval needs every mandatory check of the services it covers, or for some a day until which
    it may wait. Where the locality asks two for the tier, the first word waits for ``agree`` or
    ``differ`` of somebody else; what was approved before stays in force meanwhile.
    """
    found = loading.application(actor, application_id)
    made = queries.dossier(actor, found.organisation_id, found.locality_id)
    first = session().get(Decision, found.pending_id) if found.pending_id else None
    also = {first.decided_by} if first is not None and kind in judging.SECOND_WORD else set()
    judged = queries.judged(made, also=frozenset(id_ for id_ in also if id_ is not None))
    permit(actor, Permission.DECIDE_CHECKS, judged)
    loading.same_version(actor, found.version, version)
    fitting = judging.allowed(found.status, pending=first is not None)
    if kind not in fitting:
        raise IllegalAction(str(_("This decision does not fit where the application is.")), fitting)
    if not data.get("reason"):
        raise Invalid({"reason": [str(_("is required"))]})
    made_of = first if kind in judging.SECOND_WORD else None
    if kind == "reinstate":
        made_of = _last_approval(found)
    terms = _terms_of(made_of) if made_of is not None else _terms(made, kind, data)
    if terms.kind in judging.SECOND_FOR and kind != "differ" and kind != "reinstate":
        _refuse_short(made, terms)
    waits = judging.needs_second(kind, terms.tier, made.scheme.two_reviewers)
    return _decided(actor, found, made, kind, terms, str(data["reason"]), made_of, waits)


def decide_unscoped_by_register(
    actor: Actor, application_id: uuid.UUID, reason: str
) -> Decision | None:
    """Suspend because a public register has removed the organisation; the installation's own act.

    Once for one ``reason``: somebody who has reinstated it since has looked into it. None when
    nothing was to be suspended.
    """
    found = loading.application(actor, application_id)
    if found.status not in IN_FORCE or _was_suspended_for(found, reason):
        return None
    made = queries.dossier(actor, found.organisation_id, found.locality_id)
    terms = _terms(made, "suspend", {})
    return _decided(SYSTEM, found, made, "suspend", terms, reason, None, False)


def _decided(
    actor: Actor,
    found: Application,
    made: Dossier,
    kind: str,
    terms: Terms,
    reason: str,
    made_of: Decision | None,
    waits: bool,
) -> Decision:
    """Write the decision, have the application follow it, and tell."""
    decision = Decision(
        id=new_id(),
        application_id=found.id,
        kind=kind,
        of_id=made_of.id if made_of is not None else None,
        tier=terms.tier,
        status=judging.becomes(kind, found.status, first=terms.kind, waits=waits),
        counts=not waits and kind != "differ",
        reason=reason,
        conditions=terms.conditions,
        waived=terms.waived,
        appeal_route=made.scheme.appeal_route or str(judging.APPEAL),
        scheme_number=made.scheme.number,
        scheme_base=checks.VERSION,
        seen=_seen(made, clock.today()),
        decided_at=clock.now(),
        decided_by=actor.id,
        role=role_of(actor),
        organisation_id=actor.organisation,
        application_version=found.version,
    )
    session().add(decision)
    session().flush()
    _follow(found, decision, terms, made.tier)
    found.reviewer_organisation_id = found.reviewer_organisation_id or actor.organisation
    loading.mark_waiting(actor, found)
    after = fields_of(found, *CHANGED) | {"kind": kind}
    note(actor, "decided", "application", found.id, found.organisation_id, found.locality_id, after)
    audit.record(
        actor,
        "application:decided",
        ("application", found.id),
        organisation=str(found.organisation_id),
        kind=kind,
        status=found.status,
    )
    write_down(actor, found.organisation_id, found.locality_id)
    _tell(actor, found, decision, terms, made.organisation.name, waits)
    return decision


def _follow(found: Application, decision: Decision, terms: Terms, tier: Tier) -> None:
    found.status, found.tier = decision.status, tier
    found.pending_id = None if decision.counts or decision.kind == "differ" else decision.id
    if decision.counts:
        found.decision_id, found.decided_at = decision.id, decision.decided_at
        if decision.status in IN_FORCE:
            found.approved_tier = terms.tier
            found.conditions, found.waived = terms.conditions, dict(terms.waived)
        elif decision.status != "suspended":
            found.approved_tier, found.conditions, found.waived = None, "", {}
            found.paused_on = None
    found.version += 1
    found.updated_at = clock.now()


def _tell(
    actor: Actor,
    found: Application,
    decision: Decision,
    terms: Terms,
    organisation: str,
    waits: bool,
) -> None:
    """The organisation of what counts, the reviewers of what waits; the register's act is told
    by whoever asked the register."""
    if waits:
        teams = queries.reviewing_teams(found)
        notifications.second_wanted(actor, found, decision, organisation, teams)
    elif decision.counts and decision.decided_by is not None:
        shown = terms.kind if decision.kind == "agree" else decision.kind
        notifications.decided(actor, found, decision, shown, organisation)


def _terms(made: Dossier, kind: str, data: Mapping[str, Any]) -> Terms:
    """What the decider says of an approval; ``Invalid`` for what does not belong to it."""
    found = made.application
    if kind not in judging.SECOND_FOR:
        before = found.approved_tier if found is not None else None
        kept = next((one for one in TIERS if one == before), made.tier)
        if kind == "suspend" and found is not None:
            return Terms(kind, kept, found.conditions, dict(found.waived))
        return Terms(kind, kept)
    conditions, waived = data.get("conditions") or "", dict(data.get("waived") or {})
    errors: dict[str, list[str]] = {}
    if kind == "approve" and (conditions or waived):
        errors["conditions"] = [str(_("belong to an approval with conditions"))]
    if kind == "approve_with_conditions" and not (conditions or waived):
        errors["conditions"] = [str(_("are required, or a check that may wait"))]
    tier: Tier = data.get("tier") or made.tier
    if not covers(made.tier, tier):
        errors["tier"] = [str(_("is more than their services need"))]
    elif not any(covers(tier, offer.does.tier) for offer in made.services):
        errors["tier"] = [str(_("covers none of their services"))]
    for key, day in waived.items():
        rule = _waiver(made, key, day)
        if rule is not None:
            errors[f"waived.{key}"] = [rule]
    if errors:
        raise Invalid(errors)
    days = {key: day.isoformat() for key, day in waived.items()}
    return Terms(kind, tier, conditions, days)


def _waiver(made: Dossier, key: str, day: date) -> str | None:
    """The rule that letting a check wait breaks."""
    check: Check | None = next((one for one in made.scheme.checks if one.key == key), None)
    if check is None:
        return str(_("is not asked here"))
    if not check.may_wait:
        return str(_("cannot wait"))
    if not clock.today() < day <= clock.today() + WAIT_MAX:
        return str(_("must be from tomorrow to {days} days from now", days=WAIT_MAX.days))
    return None


def _terms_of(decision: Decision) -> Terms:
    """The approval that is agreed with or restored."""
    tier = next(one for one in TIERS if one == decision.tier)
    kind = "approve_with_conditions" if decision.conditions or decision.waived else "approve"
    return Terms(kind, tier, decision.conditions, dict(decision.waived))


def _refuse_short(made: Dossier, terms: Terms) -> None:
    """Raise ``Conflict`` naming what the services it would cover still lack."""
    short: dict[str, str] = {}
    waived = {key: date.fromisoformat(day) for key, day in terms.waived.items()}
    for offer in made.services:
        if not covers(terms.tier, offer.does.tier):
            continue
        standing = passport.standing(
            made.wanted(offer),
            made.given(offer),
            clock.today(),
            does=offer.does,
            decision="approved",
            approved=terms.tier,
            waived=waived,
        )
        for item in standing.items:
            if item.holds_back or (item.check.mandatory and item.state == "missing"):
                short[item.check.key] = str(item.check.title)
    if short:
        told = _("Not all checks are there: {checks}.", checks=", ".join(short.values()))
        raise Conflict(str(told), checks=list(short))


def _seen(made: Dossier, day: date) -> list[dict[str, Any]]:
    """The checklist the decider has before them."""
    return [
        {
            "check": line.item.check.key,
            "state": line.item.state,
            "until": line.item.until.isoformat() if line.item.until else None,
            "evidence_id": str(line.answer.evidence.id) if line.answer else None,
            "evidence_version": line.answer.evidence.version if line.answer else None,
            "held_by": str(line.answer.held_by.id) if line.answer and line.answer.held_by else None,
        }
        for line in made.checklist(day)
    ]


def _last_approval(found: Application) -> Decision:
    """The approval that was in force before it was suspended."""
    return (
        session()
        .scalars(
            select(Decision)
            .where(
                Decision.application_id == found.id,
                Decision.counts,
                Decision.status.in_(sorted(IN_FORCE)),
            )
            .order_by(Decision.application_version.desc())
            .limit(1)
        )
        .one()
    )


def _was_suspended_for(found: Application, reason: str) -> bool:
    return (
        session().scalar(
            select(Decision.id)
            .where(
                Decision.application_id == found.id,
                Decision.kind == "suspend",
                Decision.decided_by.is_(None),
                Decision.reason == reason,
            )
            .limit(1)
        )
        is not None
    )
