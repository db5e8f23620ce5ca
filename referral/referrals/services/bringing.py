"""A referral that began in another system, taken on where it stands. Nobody is told of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import _
from referral.people import queries as people
from referral.people import services as registry
from referral.referrals import queries
from referral.referrals.models import Consent, Referral, StatusChange
from referral.referrals.services import access, submitting
from referral.referrals.services import step as steps
from referral.referrals.timeline import BROUGHT

STATUSES = ("accepted", "contacting", "started", "waiting_list", "paused")
# Those that wait until a day that is said.
DATED = ("waiting_list", "paused")


def bring(actor: Actor, person_id: uuid.UUID, data: Mapping[str, Any]) -> Referral:
    """An open referral of the person to the actor's own link-worker team, as it stands now.

    ``data``: ``status`` (of ``STATUSES``), ``since`` (the day it came), ``until`` (for ``DATED``),
    ``review_on``, ``needs``, ``reason``, ``practice_id``, ``user_id``, ``wording``. It stands
    in no funnel and no times of the figures, for nobody measured them, but is counted beside them.
    The consent given in the other system is written down as that. Raise ``Conflict`` when the team
    has the person already, or the person has died.
    """
    permit(actor, Permission.BRING_ACROSS)
    if actor.organisation is None:
        raise Forbidden
    registry.link(actor, person_id)
    if people.standings_unscoped([person_id])[person_id].deceased_on:
        raise Conflict(str(_("This person has died, so they cannot be referred.")))
    found = submitting.blank(actor, person_id)
    found.recipient_id = found.team_id = actor.organisation
    found.triage = found.brought = True
    found.practice_id = data.get("practice_id") or found.practice_id
    with session().no_autoflush:
        same = queries.duplicate_of(actor, found)
    if same is not None:
        reference = queries.referral(actor, same).reference
        raise Conflict(str(_("Is here already, as {reference}.", reference=reference)))
    _fill(found, data)
    identity = people.open_identities_unscoped([person_id])[person_id]
    submitting.copy_identity(found, identity)
    key = people.keys_of_unscoped([person_id])[person_id]
    text = {"reason": data["reason"], "risk_text": None}
    step = steps.fresh(actor, found, key, text, "create")
    steps.enter(actor, step, data["status"], expected_on=data.get("until"))
    found.status_before = "started" if data["status"] == "paused" else None
    found.owner_user_id = data.get("user_id")
    _review_on(found, data.get("review_on"))
    found.text_sealed = encryption.seal(key, text, f"referral:{found.id}")
    session().add(found)
    session().flush()
    _write_down(actor, found, data["wording"])
    access.settle(actor, found, "link_worker_team")
    steps.count(actor, step)
    audit.record(actor, "referral:brought_across", ("referral", found.id), found.person_id)
    return found


def _fill(found: Referral, data: Mapping[str, Any]) -> None:
    since = datetime.combine(data["since"], time(12), clock.UK)
    since = min(since, clock.now())
    found.sent_at = since
    if data["status"] == "waiting_list":
        found.answered_at = since
    if data["status"] in ("started", "paused"):
        found.started_at = since
    found.needs = ",".join(data["needs"])
    found.consent_refer = found.consent_told = True
    found.if_not = "link_worker"


def _review_on(found: Referral, day: date | None) -> None:
    """A review agreed there is kept here; one whose day is over is due today."""
    if day is None or found.status != "started":
        return
    found.due_on = found.listed_on = max(day, clock.today())
    found.look_on = date.fromordinal(found.due_on.toordinal() + 1)


def _write_down(actor: Actor, found: Referral, wording: str) -> None:
    now = clock.now()
    session().add(
        StatusChange(
            id=new_id(),
            referral_id=found.id,
            number=found.version,
            verb="create",
            from_status=None,
            to_status=found.status,
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_organisation_id=actor.organisation,
            party="recipient",
            reason=BROUGHT,
        )
    )
    session().add(
        Consent(
            id=new_id(),
            referral_id=found.id,
            what="given",
            refer=True,
            feedback=found.consent_feedback,
            authority="self",
            how="program",
            wording=wording,
            at=now,
            actor_kind=actor.kind,
            by_user_id=actor.user,
            organisation_id=actor.organisation,
        )
    )
    session().flush()
