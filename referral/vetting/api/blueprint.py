"""The one blueprint of the API about checks."""

from __future__ import annotations

from referral.web.api import Blueprint

bp = Blueprint("vetting", __name__, description="Who was checked, for what, by whom, until when")
