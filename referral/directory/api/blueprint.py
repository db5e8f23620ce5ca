"""The one blueprint of the directory's API."""

from __future__ import annotations

from referral.web.api import Blueprint

bp = Blueprint("directory", __name__, description="Services and whether they may receive referrals")
