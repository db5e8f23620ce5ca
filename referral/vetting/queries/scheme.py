"""What a locality asks for."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.core.database import session
from referral.vetting import scheme
from referral.vetting.checks import TIERS
from referral.vetting.models import SchemeVersion
from referral.vetting.scheme import Scheme


def scheme_of(locality_id: uuid.UUID) -> Scheme:
    """The requirements in force in a locality; the national default where it has set none."""
    found = session().scalar(
        select(SchemeVersion)
        .where(SchemeVersion.locality_id == locality_id)
        .order_by(SchemeVersion.number.desc())
        .limit(1)
    )
    if found is None:
        return Scheme()
    return Scheme(
        number=found.number,
        checks=scheme.read(found.rules),
        two_reviewers=frozenset(tier for tier in TIERS if tier in found.two_reviewers),
        appeal_route=found.appeal_route,
        assurer_email=found.assurer_email,
    )
