"""``GET /api/v1/accountability/{practice|provider|team|locality}``."""

from __future__ import annotations

from typing import Any

from referral.accountability import queries
from referral.accountability.schemas import ReportOut, Wish
from referral.core.errors import NotFound
from referral.web.api import Blueprint, answers, arguments
from referral.web.door import actor

bp = Blueprint("accountability", __name__, description="How both sides are doing, in figures")
KINDS = ("practice", "provider", "team", "locality")


@bp.get("/accountability/<string:kind>")
@arguments(Wish)
@answers(200, ReportOut)
def figures(wish: dict[str, Any], kind: str) -> dict[str, Any]:
    """The figures of one's own organisation, or of one whose figures one may see."""
    if kind not in KINDS:
        raise NotFound
    subject = queries.subject(actor(), kind, wish["organisation_id"])
    found = queries.report(actor(), subject, wish["months"])
    return {
        "period": found.period,
        "as_at": found.as_at,
        "figures": [
            {
                "key": figure.key,
                "label": figure.label,
                "value": figure.value,
                "unit": figure.unit,
                "n": figure.n,
                "definition": figure.definition.definition,
                "side": figure.definition.side,
                "suppressed": figure.suppressed,
            }
            for figure in found.figures.values()
        ],
    }
