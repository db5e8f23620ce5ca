"""Whom to turn to: the local route when somebody is at risk, and the clinician for concerns."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from referral.accounts import queries
from referral.accounts.models import Locality, Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _


@dataclass(frozen=True)
class Place:
    """A locality as the subject of a permission."""

    locality_id: UUID | None


# Who may be turned to about somebody's health.
CLINICIANS = ("practice_staff", "link_worker", "link_worker_lead")
OF_KINDS = ("practice", "link_worker_team")


def set_route(
    actor: Actor, locality_id: UUID, version: int, adults: str, children: str
) -> Locality:
    """Say in the locality's words whom to ring when an adult or a child is at risk: it is shown
    before anybody may write a safeguarding concern.
    """
    queries.locality(actor, locality_id)
    found = (
        session()
        .scalars(
            select(Locality)
            .where(Locality.id == locality_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    permit(actor, Permission.SET_SAFEGUARDING_ROUTE, Place(found.id))
    _same(found.version, version)
    found.safeguarding_adults, found.safeguarding_children = adults, children
    found.version += 1
    session().flush()
    audit.record(actor, "locality:route_set", ("locality", found.id))
    return found


def name_clinician(
    actor: Actor, organisation_id: UUID, version: int, user_id: UUID | None, words: str = ""
) -> Organisation:
    """Name who answers health concerns of a practice, or to whom a team turns: one of its people,
    or in ``words`` (name, role, telephone) somebody without an account; neither takes it back.
    """
    found = queries.organisation(actor, organisation_id, to_change=True)
    if found.kind not in OF_KINDS:
        raise NotFound
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, found)
    session().refresh(found)
    _same(found.version, version)
    if user_id is not None and queries.works_in(user_id, found.id).isdisjoint(CLINICIANS):
        raise Invalid({"clinician": [str(_("must be somebody who works here with people"))]})
    found.clinician_id, found.clinician_words = user_id, words
    found.version += 1
    session().flush()
    audit.record(actor, "organisation:clinician_named", ("organisation", found.id))
    return found


def _same(current: int, seen: int) -> None:
    if current != seen:
        raise StaleVersion(seen, current)
