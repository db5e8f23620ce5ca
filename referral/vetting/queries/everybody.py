"""The dossiers of everybody in a locality, in three statements, to try other rules on them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import Locality, Organisation
from referral.core.database import session
from referral.directory.models import Service
from referral.vetting.models import (
    Application,
    Evidence,
    Hosting,
    VettedOrganisation,
    VettedService,
)
from referral.vetting.queries.dossier import ENDED, Answer, Dossier, Offer, does, vouches
from referral.vetting.scheme import Scheme

# Those a change of rules means nothing to: they are not, or no longer, looked at.
OUT_OF_IT = ("refused", "withdrawn", "left")


def everybody_unscoped(locality: Locality, scheme: Scheme) -> tuple[Dossier, ...]:
    """Every organisation that is checked or asks to be, by name, under ``scheme``.

    For whoever has been asked already whether they may set the locality's checks.
    """
    anchor, anchors_own = aliased(Organisation), aliased(Application)
    rows = (
        session()
        .execute(
            select(
                Application, Organisation, VettedOrganisation, Hosting, anchor, anchors_own.status
            )
            .join(Organisation, Organisation.id == Application.organisation_id)
            .outerjoin(VettedOrganisation, VettedOrganisation.organisation_id == Organisation.id)
            .outerjoin(
                Hosting, and_(Hosting.hosted_id == Organisation.id, Hosting.ended_at.is_(None))
            )
            .outerjoin(anchor, anchor.id == Hosting.anchor_id)
            .outerjoin(
                anchors_own,
                and_(
                    anchors_own.organisation_id == Hosting.anchor_id,
                    anchors_own.locality_id == locality.id,
                ),
            )
            .where(Application.locality_id == locality.id, Application.status.not_in(OUT_OF_IT))
            .order_by(Organisation.name, Organisation.id)
        )
        .all()
    )
    offers, answers = _offers(locality.id), _accepted(locality.id)
    return tuple(_dossier(locality, scheme, row, offers, answers) for row in rows)


def _dossier(
    locality: Locality,
    scheme: Scheme,
    row: Any,
    offers: dict[uuid.UUID, list[Offer]],
    answers: dict[uuid.UUID, list[Evidence]],
) -> Dossier:
    application, organisation, about, hosting, anchor, anchor_is = row
    held: dict[str, Answer] = {}
    if hosting is not None and vouches(hosting, anchor_is):
        held = {
            one.check_key: Answer(one, anchor)
            for one in answers[hosting.anchor_id]
            if one.check_key in hosting.checks
        }
    here = [
        offer
        for offer in offers[organisation.id]
        if offer.service.locality_id == locality.id or organisation.locality_id == locality.id
    ]
    return Dossier(
        organisation=organisation,
        locality=locality,
        application=application,
        scheme=scheme,
        about=about,
        services=tuple(here),
        hosting=hosting,
        accepted={one.check_key: Answer(one) for one in answers[organisation.id]},
        held=held,
    )


def _offers(locality_id: uuid.UUID) -> dict[uuid.UUID, list[Offer]]:
    """The services offered here, and those that belong to no locality, by organisation."""
    found: dict[uuid.UUID, list[Offer]] = defaultdict(list)
    rows = session().execute(
        select(Service, VettedService)
        .join(
            Application,
            and_(
                Application.organisation_id == Service.organisation_id,
                Application.locality_id == locality_id,
            ),
        )
        .outerjoin(VettedService, VettedService.service_id == Service.id)
        .where(
            or_(Service.locality_id == locality_id, Service.locality_id.is_(None)),
            Service.status.not_in(ENDED),
        )
        .order_by(Service.name, Service.id)
    )
    for entry, vetted in rows:
        found[entry.organisation_id].append(Offer(entry, does(entry, vetted), vetted))
    return found


def _accepted(locality_id: uuid.UUID) -> dict[uuid.UUID, list[Evidence]]:
    """The accepted answers of those who are checked here and of their anchors."""
    found: dict[uuid.UUID, list[Evidence]] = defaultdict(list)
    here = select(Application.organisation_id).where(Application.locality_id == locality_id)
    anchors = select(Hosting.anchor_id).where(
        Hosting.ended_at.is_(None), Hosting.hosted_id.in_(here)
    )
    rows = session().scalars(
        select(Evidence).where(
            Evidence.state == "accepted",
            or_(Evidence.organisation_id.in_(here), Evidence.organisation_id.in_(anchors)),
        )
    )
    for one in rows:
        found[one.organisation_id].append(one)
    return found
