"""How a locality's organisations stand: counts, never a name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, case, func, literal, or_, select

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _
from referral.directory.models import Service
from referral.vetting.checks import TIERS, Tier
from referral.vetting.models import VettedService
from referral.vetting.passport import EXPIRING
from referral.vetting.queries.dossier import ENDED
from referral.vetting.queries.scheme import Of

# The better first: an organisation counts where the worst of its services stands.
STANDS: dict[str, Lazy] = {
    "current": _("Current"),
    "expiring": _("Ends within 60 days"),
    "lapsed": _("Ran out"),
    "missing": _("Something missing"),
    "suspended": _("Suspended"),
    "none": _("Not approved"),
}
KINDS = {
    "current": "ok", "expiring": "wait", "lapsed": "stop", "missing": "stop", "suspended": "stop",
    "none": "",
}  # fmt: skip
DEFINITIONS: dict[str, Lazy] = {
    "current": _("Approved, and every check counts for more than 60 days."),
    "expiring": _("Approved, and something ends within 60 days."),
    "lapsed": _("Approved, but something ran out: new referrals wait until it is renewed."),
    "missing": _("Approved, but something it needs is not there or not enough."),
    "suspended": _("Stopped while something is looked into."),
    "none": _("No decision yet, refused, or the approval was withdrawn."),
}


@dataclass(frozen=True)
class Overview:
    """``counts[tier][stand]``: organisations, each once, under the highest tier it needs."""

    locality: Locality
    counts: dict[Tier, dict[str, int]]

    def row(self, tier: Tier) -> int:
        return sum(self.counts[tier].values())

    def column(self, stand: str) -> int:
        return sum(row[stand] for row in self.counts.values())

    @property
    def total(self) -> int:
        return sum(self.row(tier) for tier in self.counts)


def overview(actor: Actor, locality_id: uuid.UUID) -> Overview:
    """The counts of a locality today, judged by date; ``NotFound`` out of scope."""
    locality = session().get(Locality, locality_id)
    if locality is None or not may(actor, Permission.SEE_CHECKS_OVERVIEW, Of(locality_id)):
        raise NotFound
    today = clock.today()
    state, until = VettedService.state, VettedService.until
    stand = case(
        (state.in_(("none", "refused", "withdrawn")), literal(5)),
        (state == "suspended", literal(4)),
        (state.in_(("missing", "too_little", "above")), literal(3)),
        (or_(state == "lapsed", and_(until.is_not(None), until < today)), literal(2)),
        (and_(until.is_not(None), until <= today + EXPIRING), literal(1)),
        else_=literal(0),
    )
    each = (
        select(
            func.max(case({"V": 2, "G": 1}, value=VettedService.tier, else_=0)).label("tier"),
            func.max(stand).label("stand"),
        )
        .join(Service, Service.id == VettedService.service_id)
        .where(VettedService.locality_id == locality_id, Service.status.not_in(ENDED))
        .group_by(VettedService.organisation_id)
        .subquery()
    )
    counts: dict[Tier, dict[str, int]] = {tier: dict.fromkeys(STANDS, 0) for tier in TIERS}
    stands = tuple(STANDS)
    for tier, stood, number in session().execute(
        select(each.c.tier, each.c.stand, func.count()).group_by(each.c.tier, each.c.stand)
    ):
        counts[TIERS[tier]][stands[stood]] = number
    return Overview(locality, counts)
