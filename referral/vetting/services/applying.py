"""Asking to be checked: invited or not, saying what one does, applying, taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, IllegalAction, Invalid, NotFound
from referral.core.i18n import _
from referral.directory.queries import has_manager
from referral.vetting import judging, notifications, queries
from referral.vetting.judging import MAY_LEAVE, MAY_SUBMIT
from referral.vetting.models import Application, fields_of
from referral.vetting.services import loading
from referral.vetting.services.history import note
from referral.vetting.services.standing import write_down

# What an application has no more once it was taken back.
ENDED = ("status", "approved_tier", "pending_id", "paused_on", "waived")


def invite(actor: Actor, organisation_id: uuid.UUID, word: str = "") -> Application:
    """Ask an organisation of the locality to apply. ``word``: what to say to them.

    Inviting again, or somebody who has applied, changes nothing and answers what is there.
    """
    if actor.locality is None or actor.organisation is None:
        raise NotFound
    made = queries.dossier(actor, organisation_id, actor.locality)
    permit(actor, Permission.REVIEW_CHECKS, queries.judged(made))
    if made.organisation.status != "active":
        raise Conflict(str(_("This organisation is not active any more.")))
    found, is_new = _opened(actor, organisation_id, actor.locality, "invited")
    if not is_new:
        return found
    found.said = word
    found.invited_at, found.invited_by = clock.now(), actor.id
    found.reviewer_organisation_id = actor.organisation
    found.tier = made.tier
    _note(actor, found, "invited", "status", "tier", "reviewer_organisation_id")
    team = accounts.names_of([actor.organisation]).get(actor.organisation, "")
    notifications.invited(actor, found, made.organisation.name, team)
    return found


def begin(actor: Actor, locality_id: uuid.UUID | None = None) -> Application:
    """Begin to fill in an application of one's own organisation; where there is one, go on.

    Without ``locality_id`` in the organisation's own locality.
    """
    permit(actor, Permission.APPLY_FOR_CHECKS)
    if actor.organisation is None:
        raise Forbidden
    organisation = accounts.organisation(actor, actor.organisation)
    where = locality_id or organisation.locality_id
    if where is None:
        raise Invalid({"locality_id": [str(_("is required: your organisation has no locality"))]})
    made = queries.dossier(actor, organisation.id, where)
    permit(actor, Permission.APPLY_FOR_CHECKS, queries.judged(made))
    found, is_new = _opened(actor, organisation.id, where, "draft")
    if not is_new and found.status not in ("invited", "left"):
        return found
    if not is_new:
        found.status, found.said = "draft", ""
        _changed(found)
    found.tier = made.tier
    _note(actor, found, "begun", "status", "tier")
    return found


def submit(actor: Actor, application_id: uuid.UUID, version: int) -> Application:
    """Apply, once everything that is asked is answered; ``Invalid`` names by check what is not.

    A link worker hands it in for a group in which nobody can sign in to do it, and never judges it.
    """
    found = loading.application(actor, application_id)
    if actor.organisation_kind == "link_worker_team":
        permit(actor, Permission.GIVE_EVIDENCE, found)
        if has_manager(found.organisation_id):
            raise Forbidden(str(_("Somebody there can sign in and hands it in themselves.")))
    else:
        permit(actor, Permission.APPLY_FOR_CHECKS, found)
    loading.same_version(actor, found.version, version)
    if found.status not in MAY_SUBMIT:
        raise IllegalAction(str(_("It was handed in already.")), judging.own_actions(found.status))
    made = queries.dossier(actor, found.organisation_id, found.locality_id)
    if not made.services:
        told = _("is required: put what you offer into the directory first")
        raise Invalid({"services": [str(told)]})
    left = made.questions(clock.today())
    if left:
        raise Invalid({key: [str(_("is still to be answered"))] for key in left})
    found.status, found.tier = "submitted", made.tier
    found.submitted_at, found.submitted_by = clock.now(), actor.id
    _changed(found)
    loading.mark_waiting(actor, found)
    _note(actor, found, "applied", "status", "tier")
    write_down(actor, found.organisation_id, found.locality_id)
    teams = queries.reviewing_teams(found)
    notifications.applied(actor, found, made.organisation.name, teams)
    return found


def leave(actor: Actor, application_id: uuid.UUID, version: int, reason: str = "") -> Application:
    """Take the application back, or give up an approval; referrals under way go on."""
    found = _own(actor, application_id, version)
    if found.status not in MAY_LEAVE:
        raise IllegalAction(
            str(_("There is nothing to take back.")), judging.own_actions(found.status)
        )
    found.status, found.said = "left", reason
    found.approved_tier, found.pending_id, found.paused_on = None, None, None
    found.conditions, found.waived = "", {}
    _changed(found)
    loading.mark_waiting(actor, found)
    _note(actor, found, "left", *ENDED)
    write_down(actor, found.organisation_id, found.locality_id)
    return found


def _own(actor: Actor, application_id: uuid.UUID, version: int) -> Application:
    found = loading.application(actor, application_id)
    permit(actor, Permission.APPLY_FOR_CHECKS, found)
    loading.same_version(actor, found.version, version)
    return found


def _opened(
    actor: Actor, organisation_id: uuid.UUID, locality_id: uuid.UUID, status: str
) -> tuple[Application, bool]:
    """The one row of an organisation in a locality, locked; and whether it is new."""
    insert: Any = sqlite.insert if _dialect() == "sqlite" else postgresql.insert
    now, made_id = clock.now(), new_id()
    session().execute(
        insert(Application)
        .values(
            id=made_id,
            organisation_id=organisation_id,
            locality_id=locality_id,
            status=status,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "locality_id"])
    )
    every = loading.applications_of(actor, organisation_id)
    found = next(one for one in every if one.locality_id == locality_id)
    return found, found.id == made_id


def _dialect() -> str:
    return session().get_bind().dialect.name


def _changed(found: Application) -> None:
    found.version += 1
    found.updated_at = clock.now()


def _note(actor: Actor, found: Application, what: str, *fields: str) -> None:
    after: Mapping[str, Any] = fields_of(found, *fields)
    note(actor, what, "application", found.id, found.organisation_id, found.locality_id, after)
    audit.record(
        actor,
        f"application:{what}",
        ("application", found.id),
        organisation=str(found.organisation_id),
        status=found.status,
    )
