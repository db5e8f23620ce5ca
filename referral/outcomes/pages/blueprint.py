"""The one blueprint of the pages about plans and outcomes."""

from __future__ import annotations

from referral.web.pages import Blueprint

bp = Blueprint("outcomes", __name__)
