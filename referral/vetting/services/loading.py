"""Rows that are about to be changed: locked in one order, in scope, as the actor saw them.

The order of locks, for all of vetting: organisation, applications (by id), hosting, evidence,
listings. Nothing waits the other way round.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound, StaleVersion
from referral.vetting import queries
from referral.vetting.judging import waits
from referral.vetting.models import Application, Evidence, Hosting


def one_at_a_time(actor: Actor, *organisation_ids: uuid.UUID) -> None:
    """Have whoever changes what these organisations said come one after the other."""
    session().execute(
        select(Organisation.id)
        .where(Organisation.id.in_(organisation_ids))
        .order_by(Organisation.id)
        .with_for_update(key_share=True)
    )


def applications_of(actor: Actor, *organisation_ids: uuid.UUID) -> list[Application]:
    """All applications of these organisations, in every locality, locked.

    What the session read before it had to wait is forgotten: it is read again when it is used.
    """
    opened = session()
    opened.flush()
    opened.expire_all()
    return list(
        opened.scalars(
            select(Application)
            .where(Application.organisation_id.in_(organisation_ids))
            .order_by(Application.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def locked(actor: Actor, organisation_id: uuid.UUID) -> list[Application]:
    """The applications of an organisation and of the groups it answers for, locked together.

    Whatever changes the standing of one may change that of the others.
    """
    hosted = session().scalars(
        select(Hosting.hosted_id).where(
            Hosting.anchor_id == organisation_id, Hosting.ended_at.is_(None)
        )
    )
    every = applications_of(actor, organisation_id, *hosted)
    return [one for one in every if one.organisation_id == organisation_id]


def application(actor: Actor, application_id: uuid.UUID) -> Application:
    """An application in scope, locked: of the own organisation, or of a reviewer's locality."""
    organisation_id = session().scalar(
        select(Application.organisation_id).where(Application.id == application_id)
    )
    if organisation_id is None:
        raise NotFound
    found = next(one for one in locked(actor, organisation_id) if one.id == application_id)
    if not in_scope(actor, found):
        raise NotFound
    return found


def in_scope(actor: Actor, found: Application) -> bool:
    """Whether the actor may know of an application at all."""
    if actor.kind == "system":
        return True
    own = actor.organisation == found.organisation_id and may(actor, Permission.GIVE_EVIDENCE)
    near = actor.locality == found.locality_id and may(actor, Permission.REVIEW_CHECKS)
    return own or near


def evidence(actor: Actor, evidence_id: uuid.UUID) -> Evidence:
    """An answer, locked. Its scope has been asked with the dossier of its organisation."""
    return (
        session()
        .execute(
            select(Evidence)
            .where(Evidence.id == evidence_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one()
    )


def organisation_of(actor: Actor, evidence_id: uuid.UUID) -> uuid.UUID:
    """Whose answer it is; ``NotFound`` when there is none."""
    found = session().scalar(select(Evidence.organisation_id).where(Evidence.id == evidence_id))
    if found is None:
        raise NotFound
    return found


def hosting(actor: Actor, hosting_id: uuid.UUID) -> Hosting:
    """A hosting that the actor's own organisation is part of; the group's applications, locked."""
    sides = (
        session()
        .execute(select(Hosting.anchor_id, Hosting.hosted_id).where(Hosting.id == hosting_id))
        .first()
    )
    if sides is None or actor.organisation not in sides:
        raise NotFound
    one_at_a_time(actor, *sides)
    locked(actor, sides.hosted_id)
    return (
        session()
        .execute(
            select(Hosting)
            .where(Hosting.id == hosting_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one()
    )


def same_version(actor: Actor, current: int, yours: int) -> None:
    """Raise ``StaleVersion`` unless the actor saw what is there now."""
    if current != yours:
        raise StaleVersion(yours, current)


def mark_waiting(actor: Actor, *found: Application) -> None:
    """Say since when something waits for a reviewer, or that nothing does."""
    session().flush()
    ids = {one.organisation_id for one in found}
    rows = session().execute(
        select(Evidence.organisation_id, Evidence.check_key).where(
            Evidence.organisation_id.in_(ids), Evidence.state == "given"
        )
    )
    given: dict[uuid.UUID, set[str]] = defaultdict(set)
    for organisation_id, key in rows:
        given[organisation_id].add(key)
    for one in found:
        if not waits(one.status, one.pending_id is not None, _is_asked(one, given)):
            one.waiting_since = None
        elif one.waiting_since is None:
            one.waiting_since = clock.now()


def _is_asked(one: Application, given: Mapping[uuid.UUID, set[str]]) -> bool:
    """Is any of what the organisation has given asked here? What is not, nobody here looks at."""
    keys = given.get(one.organisation_id, set())
    return bool(keys) and any(
        check.key in keys for check in queries.scheme_of(one.locality_id).checks
    )
