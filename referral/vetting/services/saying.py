"""The one question about what an organisation is and what its services do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.directory.models import Service
from referral.vetting import queries
from referral.vetting.judging import LOOKED_AFTER
from referral.vetting.models import Application, VettedOrganisation, VettedService
from referral.vetting.proportion import ARRANGED, Does, covers, does_of, wanted
from referral.vetting.queries import Dossier, Offer
from referral.vetting.queries.dossier import ENDED
from referral.vetting.services import loading
from referral.vetting.services.history import note
from referral.vetting.services.standing import write_down

LESS = _("was ticked when you were approved: ask your link workers to take it away")


def say_about(
    actor: Actor, organisation_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> VettedOrganisation:
    """Say what is true of an organisation and its services. ``data``: ``schemas.About``.

    ``version``: that of ``VettedOrganisation``, 0 while nothing was said. Services that ``data``
    leaves out stay as they are. Raise ``Invalid`` where the organisation itself would thereby be
    asked less than it was approved with: then a link worker says so for it.
    """
    if actor.locality is None:
        raise NotFound
    made = queries.dossier(actor, organisation_id, actor.locality)
    organisation = made.organisation
    permit(actor, Permission.GIVE_EVIDENCE, queries.judged(made))
    loading.one_at_a_time(actor, organisation_id)
    applications = loading.locked(actor, organisation_id)
    about = session().get(VettedOrganisation, organisation_id, populate_existing=True)
    loading.same_version(actor, about.version if about else 0, version)
    entries = _entries(actor, organisation, data)
    if actor.organisation == organisation_id:
        _refuse_less(applications, data)
    if about is None:
        about = VettedOrganisation(organisation_id=organisation_id, version=0)
        session().add(about)
    if about.facts != data["being"]:
        about.facts = list(data["being"])
        _note(actor, organisation_id, None, "organisation", organisation_id, facts=about.facts)
    about.said_at, about.said_by = clock.now(), actor.id
    about.version += 1
    for entry, said in entries:
        _say_of(actor, entry, organisation, said)
    session().flush()
    for one in applications:
        one.tier = queries.dossier_unscoped(organisation_id, one.locality_id).tier
    audit.record(actor, "checks:about", ("organisation", organisation_id))
    write_down(actor, organisation_id)
    return about


def _entries(
    actor: Actor, organisation: Organisation, data: Mapping[str, Any]
) -> list[tuple[Service, Mapping[str, Any]]]:
    """The services that are spoken of; ``Invalid`` for strange ones and for what cannot be."""
    known = {
        entry.id: entry
        for entry in session().scalars(
            select(Service).where(
                Service.organisation_id == organisation.id, Service.status.not_in(ENDED)
            )
        )
        if actor.organisation == organisation.id
        or (entry.locality_id or organisation.locality_id) == actor.locality
    }
    errors: dict[str, list[str]] = {}
    for number, said in enumerate(data["services"]):
        entry = known.get(said["service_id"])
        if entry is None:
            told = _("must be a service of this organisation")
            errors[f"services.{number}.service_id"] = [str(told)]
        elif said["way"] == "signpost" and entry.route != "signpost":
            told = _("does not fit the entry in the directory, where it takes referrals")
            errors[f"services.{number}.way"] = [str(told)]
        elif said["way"] == "turn_up" and (entry.home_visits or ARRANGED & set(said["doing"])):
            told = _("cannot be: nobody just turns up for visits, lifts or time alone")
            errors[f"services.{number}.way"] = [str(told)]
    if errors:
        raise Invalid(errors)
    return [(known[said["service_id"]], said) for said in data["services"]]


def _refuse_less(applications: Iterable[Application], data: Mapping[str, Any]) -> None:
    """Nobody ticks away a check that was part of what a stranger approved, nor one that ran out."""
    said = {one["service_id"]: (number, one) for number, one in enumerate(data["services"])}
    being = frozenset(data["being"])
    errors: dict[str, list[str]] = {}
    for one in applications:
        if one.status not in LOOKED_AFTER:
            continue
        made = queries.dossier_unscoped(one.organisation_id, one.locality_id)
        for offer in made.services:
            number, new = said.get(offer.service.id, (None, None))
            # Also where they just turn up for a while, and take referrals again later.
            old = replace(offer.does, way="referral")
            if offer.does.way == "signpost" or not covers(made.approved_tier, old.tier):
                continue
            does = _does(offer, new["doing"]) if new else old
            before = _mandatory(made, old, made.being)
            if before - _mandatory(made, does, made.being):
                errors[f"services.{number}.doing"] = [str(LESS)]
            elif before - _mandatory(made, does, being):
                errors["being"] = [str(LESS)]
    if errors:
        raise Invalid(errors)


def _does(offer: Offer, doing: Collection[str]) -> Does:
    entry = offer.service
    return does_of(
        entry.route, home_visits=entry.home_visits, maximum_age=entry.maximum_age, facts=doing
    )


def _mandatory(made: Dossier, does: Does, being: Collection[str]) -> set[str]:
    found = wanted(made.scheme.checks, does, being, made.locality.nation)
    return {check.key for check in found if check.mandatory}


def _say_of(
    actor: Actor, entry: Service, organisation: Organisation, said: Mapping[str, Any]
) -> None:
    where = entry.locality_id or organisation.locality_id
    if where is None:
        return  # in no locality, nobody asks
    found = session().get(VettedService, entry.id, populate_existing=True)
    if found is None:
        found = VettedService(
            service_id=entry.id, organisation_id=organisation.id, locality_id=where, version=0
        )
        session().add(found)
    way = said["way"] if said["way"] == "turn_up" else entry.route
    if (found.way, found.facts) == (way, said["doing"]):
        return
    found.way, found.facts = way, list(said["doing"])
    found.version += 1
    _note(actor, organisation.id, where, "service", entry.id, way=way, facts=found.facts)


def _note(
    actor: Actor,
    organisation_id: uuid.UUID,
    locality_id: uuid.UUID | None,
    kind: str,
    subject_id: uuid.UUID,
    **after: Any,
) -> None:
    note(actor, "said", kind, subject_id, organisation_id, locality_id, after)
