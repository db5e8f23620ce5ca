"""Short public pages about the site itself."""

from __future__ import annotations

from flask import Response, current_app

from referral.core.errors import NotFound
from referral.web.pages import Blueprint, render
from referral.web.problems import KINDS

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/accessibility")
def accessibility() -> Response:
    return render("help/accessibility.html")


@bp.get("/privacy")
def privacy() -> Response:
    return render("help/privacy.html", base_url=current_app.config["BASE_URL"])


@bp.get("/about")
def about() -> Response:
    return render("help/about.html")


@bp.get("/problems/<slug>")
def problem(slug: str) -> Response:
    """What the ``type`` of a problem document means."""
    found = KINDS.get(slug)
    if found is None:
        raise NotFound
    status, title = found
    return render("help/problem.html", slug=slug, code=status, title=title)
