"""Short public pages about the site itself."""

from __future__ import annotations

from flask import Response

from referral.core.errors import NotFound
from referral.web.kinds import KINDS
from referral.web.pages import Blueprint, render

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/accessibility")
def accessibility() -> Response:
    return render("help/accessibility.html")


@bp.get("/privacy")
def privacy() -> Response:
    return render("help/privacy.html")


@bp.get("/about")
def about() -> Response:
    return render("help/about.html")


@bp.get("/problems/<slug>")
def problem(slug: str) -> Response:
    """What the ``type`` of a problem document means."""
    kind = KINDS.get(slug)
    if kind is None:
        raise NotFound
    return render("help/problem.html", kind=kind)
