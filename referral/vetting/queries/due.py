"""What vetting's clock has to look at, and who hears of it."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, and_, exists, or_, select

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden
from referral.directory.models import Service
from referral.vetting.models import Application, Hosting, VettedService
from referral.vetting.queries.dossier import ENDED


def due_applications(actor: Actor, limit: int = 200) -> list[uuid.UUID]:
    """The applications whose day has come, or whose services were changed since it was written down
    what they may do. Those of hosted groups last: their anchor is told first.
    """
    if actor.kind != "system":
        raise Forbidden
    hosted = exists().where(
        Hosting.hosted_id == Application.organisation_id, Hosting.ended_at.is_(None)
    )
    return list(
        session().scalars(
            select(Application.id)
            .where(or_(Application.look_on <= clock.today(), _has_changed_services()))
            .order_by(hosted, Application.look_on, Application.id)
            .limit(limit)
        )
    )


def _has_changed_services() -> ColumnElement[bool]:
    """A service of an organisation that was decided on is new here, or not as it was."""
    here = or_(
        Service.locality_id == Application.locality_id,
        and_(Service.locality_id.is_(None), Organisation.locality_id == Application.locality_id),
    )
    changed = (
        select(Service.id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(VettedService, VettedService.service_id == Service.id)
        .where(
            Service.organisation_id == Application.organisation_id,
            here,
            Service.status.not_in(ENDED),
            VettedService.entry_updated_at.is_distinct_from(Service.updated_at),
        )
    )
    return and_(Application.decision_id.is_not(None), changed.exists())


def checked_organisations(actor: Actor) -> list[uuid.UUID]:
    """Every organisation that applied anywhere."""
    if actor.kind != "system":
        raise Forbidden
    chosen = select(Application.organisation_id).distinct().order_by(Application.organisation_id)
    return list(session().scalars(chosen))


def reviewing_teams(application: Application) -> list[uuid.UUID]:
    """Whose leads hear of what ends: the team that reviews it, or every team of the locality."""
    if application.reviewer_organisation_id is not None:
        return [application.reviewer_organisation_id]
    return list(
        session().scalars(
            select(Organisation.id)
            .where(
                Organisation.locality_id == application.locality_id,
                Organisation.kind == "link_worker_team",
                Organisation.status == "active",
            )
            .order_by(Organisation.name, Organisation.id)
        )
    )
