"""The one blueprint of the API about plans and outcomes."""

from __future__ import annotations

from referral.web.api import Blueprint

bp = Blueprint(
    "outcomes", __name__, description="What a person and a link worker plan, and whether it helped"
)
