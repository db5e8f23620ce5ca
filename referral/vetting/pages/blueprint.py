"""The one blueprint of the pages about checks."""

from __future__ import annotations

from referral.web.pages import Blueprint

bp = Blueprint("vetting", __name__)
