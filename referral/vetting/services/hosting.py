"""Holding checks for a group: one side proposes, the other agrees, either may end it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, IllegalAction, Invalid, NotFound
from referral.core.i18n import _
from referral.vetting import notifications, queries
from referral.vetting.models import Hosting, fields_of
from referral.vetting.proportion import may_hold
from referral.vetting.services import loading
from referral.vetting.services.history import note
from referral.vetting.services.standing import write_down

# So many groups may an anchor have asked that have not answered; and so often within ``RECENTLY``
# may the same two ask each other. Each time somebody is written to.
MOST_WAITING = 10
MOST_TIMES = 3
RECENTLY = timedelta(days=30)
CHANGED = ("anchor_id", "hosted_id", "checks", "anchor_agreed_at", "hosted_agreed_at", "ended_at")


def propose(
    actor: Actor,
    anchor_id: uuid.UUID,
    hosted_id: uuid.UUID,
    checks: Sequence[str],
    limits: str = "",
) -> Hosting:
    """Have ``anchor_id`` hold ``checks`` for ``hosted_id``; either may say so, the other agrees.

    A group has one anchor at a time. ``limits``: what the anchor's papers do not cover.
    """
    permit(actor, Permission.APPLY_FOR_CHECKS)
    own = actor.organisation
    if own is None or own not in (anchor_id, hosted_id):
        raise Forbidden
    if anchor_id == hosted_id:
        raise Invalid({"anchor_id": [str(_("must be another organisation"))]})
    other = accounts.organisation(actor, hosted_id if own == anchor_id else anchor_id)
    if other.kind != "provider" or other.status != "active":
        raise NotFound
    keys = _holdable(actor, hosted_id, checks)
    loading.one_at_a_time(actor, anchor_id, hosted_id)
    loading.applications_of(actor, hosted_id)
    if _live(hosted_id) is not None:
        told = _("There is one already. End it first, or agree to it.")
        raise Conflict(str(told))
    _refuse_too_often(anchor_id, hosted_id)
    now = clock.now()
    made = Hosting(
        id=new_id(),
        anchor_id=anchor_id,
        hosted_id=hosted_id,
        checks=keys,
        limits=limits,
        asked_at=now,
        asked_by=actor.id,
    )
    _agree(actor, made)
    session().add(made)
    session().flush()
    _note(actor, made, "hosting_asked")
    names = accounts.names_of([own])
    notifications.hosting_asked(
        actor, made, other.id, names.get(own, ""), anchor=other.id == anchor_id
    )
    return made


def agree(actor: Actor, hosting_id: uuid.UUID, version: int) -> Hosting:
    """Say yes to what the other side proposed: from now the anchor's papers count for the group."""
    found = _locked(actor, hosting_id, version)
    if found.ended_at is not None or _agreed(actor, found):
        raise IllegalAction(str(_("It does not wait for your side.")), actions(actor, found))
    _agree(actor, found)
    found.version += 1
    _note(actor, found, "hosted")
    write_down(actor, found.hosted_id)
    return found


def end(actor: Actor, hosting_id: uuid.UUID, version: int, reason: str) -> Hosting:
    """End it, or say no to it. The group answers for itself again; what is under way goes on."""
    found = _locked(actor, hosting_id, version)
    if found.ended_at is not None:
        raise IllegalAction(str(_("It has ended already.")), ())
    if not reason:
        raise Invalid({"reason": [str(_("is required"))]})
    found.ended_at, found.ended_by, found.reason = clock.now(), actor.id, reason
    found.version += 1
    _note(actor, found, "hosting_ended")
    write_down(actor, found.hosted_id)
    own = actor.organisation
    other = found.hosted_id if own == found.anchor_id else found.anchor_id
    names = accounts.names_of([own])
    called = names.get(own, "") if own is not None else ""
    notifications.hosting_ended(actor, found, other, called)
    return found


def actions(actor: Actor, found: Hosting) -> list[str]:
    """What the actor's side may do with it."""
    if found.ended_at is not None:
        return []
    return ["end"] if _agreed(actor, found) else ["agree", "end"]


def _locked(actor: Actor, hosting_id: uuid.UUID, version: int) -> Hosting:
    found = loading.hosting(actor, hosting_id)
    permit(actor, Permission.APPLY_FOR_CHECKS)
    loading.same_version(actor, found.version, version)
    return found


def _holdable(actor: Actor, hosted_id: uuid.UUID, checks: Sequence[str]) -> list[str]:
    """The checks, in the order of the group's scheme; ``Invalid`` for what nobody may hold."""
    where = accounts.organisation(actor, hosted_id).locality_id
    if where is None:
        raise NotFound
    known = may_hold(queries.scheme_of(where).checks)
    if not checks:
        raise Invalid({"checks": [str(_("choose at least one"))]})
    strange = sorted(set(checks) - set(known))
    if strange:
        told = _("cannot be held for others: {checks}", checks=", ".join(strange))
        raise Invalid({"checks": [str(told)]})
    return [key for key in known if key in checks]


def _live(hosted_id: uuid.UUID) -> uuid.UUID | None:
    return session().scalar(
        select(Hosting.id).where(Hosting.hosted_id == hosted_id, Hosting.ended_at.is_(None))
    )


def _refuse_too_often(anchor_id: uuid.UUID, hosted_id: uuid.UUID) -> None:
    """``Conflict`` for whoever asks everybody, or the same again and again."""
    waiting, times = (
        session()
        .execute(
            select(
                func.count().filter(
                    Hosting.anchor_id == anchor_id,
                    Hosting.hosted_agreed_at.is_(None),
                    Hosting.ended_at.is_(None),
                ),
                func.count().filter(
                    or_(
                        and_(Hosting.anchor_id == anchor_id, Hosting.hosted_id == hosted_id),
                        and_(Hosting.anchor_id == hosted_id, Hosting.hosted_id == anchor_id),
                    ),
                    Hosting.asked_at > clock.now() - RECENTLY,
                ),
            ).where(Hosting.anchor_id.in_((anchor_id, hosted_id)))
        )
        .one()
    )
    told = None
    if waiting >= MOST_WAITING:
        told = _("{max} groups have not answered yet. Wait for them first.", max=MOST_WAITING)
    elif times >= MOST_TIMES:
        told = _("You two have asked each other often enough this month. Ring them.")
    if told is not None:
        raise Conflict(str(told))


def _agreed(actor: Actor, found: Hosting) -> bool:
    own = actor.organisation == found.anchor_id
    return (found.anchor_agreed_at if own else found.hosted_agreed_at) is not None


def _agree(actor: Actor, found: Hosting) -> None:
    if actor.organisation == found.anchor_id:
        found.anchor_agreed_at, found.anchor_agreed_by = clock.now(), actor.id
    else:
        found.hosted_agreed_at, found.hosted_agreed_by = clock.now(), actor.id


def _note(actor: Actor, found: Hosting, what: str) -> None:
    after: Mapping[str, Any] = fields_of(found, *CHANGED)
    note(actor, what, "hosting", found.id, found.hosted_id, None, after)
    audit.record(
        actor,
        f"hosting:{what.removeprefix('hosting_')}",
        ("hosting", found.id),
        anchor=str(found.anchor_id),
        hosted=str(found.hosted_id),
    )
