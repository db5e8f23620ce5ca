"""What the person reads on their own page."""

from __future__ import annotations

from flask import Response

from referral.web.pages import render


def home() -> Response:
    """Who has what, and what happens next."""
    return render("desk/status/home.html")
