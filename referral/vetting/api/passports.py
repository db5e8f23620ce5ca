"""Passports for programs: what was checked, by whom, until when, and what that does not show."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core import clock
from referral.directory import passport
from referral.directory import queries as directory
from referral.vetting import queries
from referral.vetting.api.blueprint import bp
from referral.vetting.queries.programs import Shown
from referral.vetting.schemas import shown
from referral.web.api import answers
from referral.web.door import actor


@bp.get("/services/<uuid:service_id>/passport")
@answers(200, shown.PassportOut)
def service_passport(service_id: uuid.UUID) -> Any:
    """The checks behind one service, judged today."""
    found = directory.service(actor(), service_id)
    return _shown(Shown(found.service, found.organisation, found.listing))


@bp.get("/organisations/<uuid:organisation_id>/passport")
@answers(200, shown.PassportsOut)
def organisation_passport(organisation_id: uuid.UUID) -> Any:
    """The checks behind each service of an organisation, judged today."""
    return {"items": [_shown(one) for one in queries.passports(actor(), organisation_id)]}


def _shown(one: Shown) -> dict[str, Any]:
    listing, today = one.listing, clock.today()
    standing = directory.standing_of(one.service, listing)
    made = passport.of(listing, today, signed_in=True)
    return {
        "service_id": one.service.id,
        "service": one.service.name,
        "organisation": one.organisation,
        "accepts_referrals": standing.accepts,
        "not_accepting_because": None if standing.accepts else str(standing.reason),
        "accepts_until": standing.until,
        "state": listing.state if listing else "",
        "tier": listing.tier if listing else "",
        "way": listing.way if listing else "",
        "headline": str(made.headline) if made else "",
        "decided_on": made.decided_on if made else None,
        "conditions": made.conditions if made else "",
        "assured_date": listing.assured_date if listing else None,
        "paused_on": listing.paused_on if listing else None,
        "items": [_line(line) for line in made.lines] if made else [],
    }


def _line(line: passport.Line) -> dict[str, Any]:
    return vars(line) | {
        "title": str(line.title),
        "limits": [str(limit) for limit in line.limits],
    }
