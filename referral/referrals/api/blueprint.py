"""The one blueprint of the API about referrals."""

from __future__ import annotations

from referral.web.api import Blueprint

bp = Blueprint("referrals", __name__, description="Referrals and their life")
