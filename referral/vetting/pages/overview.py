"""How many organisations are current, ending, lapsed, by tier: listed, drawn, and as CSV."""

from __future__ import annotations

import csv
import io
import uuid

from flask import Response, make_response, request

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import NotFound
from referral.vetting import queries
from referral.vetting.checks import TIER_LABELS, TIERS
from referral.vetting.pages.blueprint import bp
from referral.vetting.queries.overview import DEFINITIONS, KINDS, STANDS
from referral.web.door import actor
from referral.web.pages import render

BOM = "\ufeff"  # so that spreadsheet programs take the file for UTF-8


@bp.get("/vetting/overview")
def overview() -> Response:
    """A locality's organisations by what they need and how they stand."""
    where = locality_asked()
    if where is None:
        return choose("vetting.overview")
    found = queries.overview(actor(), where)
    return render(
        "vetting/overview.html",
        found=found,
        tiers=TIERS,
        tier_labels=TIER_LABELS,
        stands=STANDS,
        kinds=KINDS,
        definitions=DEFINITIONS,
        today=clock.today(),
        reviews=may(actor(), Permission.REVIEW_CHECKS),
        place={} if where == actor().locality else {"locality": where},
    )


@bp.get("/vetting/overview.csv")
def overview_csv() -> Response:
    """The same figures, a line for each tier."""
    where = locality_asked()
    if where is None:
        raise NotFound
    found = queries.overview(actor(), where)
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["locality", "as_at", "tier", "meaning", *STANDS, "all"])
    for tier in TIERS:
        counts = [found.counts[tier][stand] for stand in STANDS]
        named = [_harmless(found.locality.name), clock.today().isoformat()]
        lines.writerow([*named, tier, str(TIER_LABELS[tier]), *counts, found.row(tier)])
    response = make_response(BOM + out.getvalue())
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = "attachment; filename=checks.csv"
    return response


def _harmless(text: str) -> str:
    """No spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def choose(endpoint: str) -> Response:
    """For whoever belongs to no locality: which one?"""
    return render("vetting/choose.html", localities=accounts.localities(actor()), endpoint=endpoint)


def locality_asked() -> uuid.UUID | None:
    """The locality of the address, else the reader's own; None = they have to choose."""
    given = request.values.get("locality")
    try:
        return uuid.UUID(given) if given else actor().locality
    except ValueError as error:
        raise NotFound from error
