"""Who a referral goes to, and whether they can take it at this moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Invalid, NotFound, NotTaking
from referral.core.i18n import _
from referral.directory import queries as directory_queries
from referral.directory import services as directory
from referral.directory.models import Service
from referral.people import queries as people
from referral.people.identity import Identity
from referral.referrals import disclosure
from referral.referrals.models import Referral

# The person, opened only when something else must be found for them.
Whom = Callable[[], Identity]


def recipient(
    actor: Actor,
    service_id: uuid.UUID | None,
    needs: Sequence[str],
    whom: Whom,
    *,
    before: Collection[uuid.UUID | None] = (),
) -> uuid.UUID:
    """Who the referral goes to. Raise ``NotTaking`` with a plain reason and up to three others for
    the same needs when the service cannot take it; ``before`` are services already tried.

    The row that stands for them stays locked, and its dates are judged now: what runs out or is
    suspended between opening a form and sending it is noticed, and what is decided at the same
    moment comes before or after. Everybody locks in the same order (the referral, its recipient,
    the person), so that nobody waits for each other.
    """
    if service_id is None:
        return _team(actor)
    try:
        standing = directory.listing_for_update(actor, service_id)
    except NotFound as error:
        raise Invalid({"service_id": [str(_("is not a service you can refer to"))]}) from error
    if not standing.accepts:
        tried = {service_id, *(one for one in before if one is not None)}
        raise NotTaking(str(standing.reason), _instead(actor, needs, whom(), tried))
    found = session().scalar(select(Service.organisation_id).where(Service.id == service_id))
    assert found is not None  # noqa: S101 - the service was found above
    return found


def somebody(actor: Actor, data: Mapping[str, Any], based_on: Referral | None) -> Identity:
    """The person of a referral that is not made yet, as far as they are known; nobody is stored."""
    given = data.get("person")
    if given:
        return Identity(
            date_of_birth=given.get("date_of_birth"),
            sex=given.get("sex") or "",
            postcode=given.get("postcode") or "",
        )
    if based_on is not None and data.get("person_id") in (None, based_on.person_id):
        return people.open_identities_unscoped([based_on.person_id])[based_on.person_id]
    try:
        known = people.row_in_scope(actor, data["person_id"]).id
    except NotFound:
        return Identity()
    return people.open_identities_unscoped([known])[known]


def _instead(
    actor: Actor, needs: Sequence[str], person: Identity, tried: Collection[uuid.UUID]
) -> list[dict[str, str]]:
    born = person.date_of_birth
    others = directory_queries.alternatives(
        actor,
        needs,
        person.area,
        disclosure.age_on(born, clock.today()) if born else None,
        person.sex,
        without=tried,
    )
    return [
        {
            "service_id": str(one.service.id),
            "name": one.service.name,
            "organisation": one.service.organisation,
            "room": str(one.room),
        }
        for one in others
    ]


def _team(actor: Actor) -> uuid.UUID:
    """The link-worker team of the sender; a team's is itself."""
    team = accounts.link_worker_team_of(actor.organisation) if actor.organisation else None
    if team is None:
        raise Conflict(str(_("Your practice has not named its link-worker team yet.")))
    session().execute(
        select(Organisation.id).where(Organisation.id == team).with_for_update(key_share=True)
    )
    return team
