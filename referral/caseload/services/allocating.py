"""Sharing work out: who has whom, how much it is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.accounts.roles import LINK_WORKERS
from referral.caseload import notifications, queries
from referral.caseload.load import Load
from referral.caseload.models import WorkerGuide
from referral.caseload.queries.team import guide_to_change
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.referrals import queries as referrals
from referral.referrals import services as verbs
from referral.referrals.models import Referral


@dataclass(frozen=True)
class Left:
    """A referral that was not given, and why, in plain words."""

    referral_id: uuid.UUID
    why: str


@dataclass(frozen=True)
class Allocated:
    """``load`` is the receiver's afterwards; over the guide is a warning and nothing more."""

    done: list[uuid.UUID]
    load: Load
    left: list[Left] = field(default_factory=list)


def allocate(
    actor: Actor,
    referral_ids: Sequence[uuid.UUID],
    user_id: uuid.UUID,
    versions: dict[uuid.UUID, int] | None = None,
) -> Allocated:
    """Give referrals that the actor's team holds to somebody of it, in the order of their ids.

    Oneself may every link worker, others the lead. What somebody changed meanwhile (``versions``)
    or does not wait for the team is left, with the reason. Raise ``NotFound`` for what is out of
    scope, ``Invalid`` for somebody who does not work in the team.
    """
    own = own_team(actor)
    theirs = {
        referral_id
        for referral_id in referral_ids
        if referrals.referral(actor, referral_id).owner_user_id == user_id
    }
    if user_id == actor.id:
        permit(actor, Permission.SEE_CASELOAD)
    else:
        permit(actor, Permission.ALLOCATE, accounts.organisation(actor, own))
    must_work_here(own, user_id, "user_id")
    seen, given = versions or {}, list[Referral]()
    left: list[Left] = []
    wanted = sorted(set(referral_ids) - theirs)
    several = len(wanted) > 1
    for referral_id in wanted:
        try:
            data = {"user_id": user_id}
            given.append(
                verbs.assign(actor, referral_id, seen.get(referral_id), data, quiet=several)
            )
        except StaleVersion:
            left.append(Left(referral_id, str(_("Somebody changed it meanwhile: look again."))))
        except (Conflict, Forbidden):
            left.append(Left(referral_id, str(_("Others hold it now, so it cannot be given."))))
    if several and given:
        notifications.allocated(actor, user_id, given)
    session().flush()
    return Allocated([one.id for one in given], queries.worker(actor, user_id).load, left)


def set_guide(
    actor: Actor, user_id: uuid.UUID, version: int, people: int, hours: int
) -> WorkerGuide:
    """How many people somebody should have, and which share of a week they work.

    ``version`` 0 while nobody has said so. Raise ``StaleVersion``.
    """
    own = own_team(actor)
    queries.worker(actor, user_id)
    permit(actor, Permission.ALLOCATE, accounts.organisation(actor, own))
    one_at_a_time(actor)
    found = guide_to_change(actor, user_id)
    if (found.version if found else 0) != version:
        raise StaleVersion(version, found.version if found else 0)
    if found is None:
        found = WorkerGuide(id=new_id(), team_id=own, user_id=user_id, version=0)
        session().add(found)
    found.people, found.hours = people, hours
    found.version += 1
    audit.record(actor, "caseload:guide_set", ("user", user_id), people=people, hours=hours)
    return found


def set_weight(actor: Actor, referral_id: uuid.UUID, version: int, weight: str) -> Referral:
    """How much work the team thinks this person is, for the guide."""
    found = referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.SEE_CASELOAD)
    if actor.organisation not in (found.team_id, found.owner_id):
        raise Forbidden
    if found.version != version:
        raise StaleVersion(version, found.version)
    found.weight = weight
    found.version += 1
    audit.record(actor, "referral:weighed", ("referral", found.id), found.person_id, weight=weight)
    return found


def own_team(actor: Actor) -> uuid.UUID:
    """The link-worker team the actor works in. Raise ``NotFound`` for everybody else."""
    permit(actor, Permission.SEE_CASELOAD)
    if actor.organisation is None or actor.organisation_kind != "link_worker_team":
        raise NotFound
    return actor.organisation


def one_at_a_time(actor: Actor) -> None:
    """Have what a team does at the same moment happen one after the other; others go on."""
    session().execute(
        select(Organisation.id)
        .where(Organisation.id == actor.organisation)
        .with_for_update(key_share=True)
    )


def must_work_here(team_id: uuid.UUID, user_id: uuid.UUID, name: str) -> None:
    """Raise ``Invalid`` unless somebody can take on work in the team."""
    if accounts.works_in(user_id, team_id).isdisjoint(LINK_WORKERS):
        raise Invalid({name: [str(_("must be somebody who works in your team"))]})
