"""The one blueprint of the link worker's desk."""

from __future__ import annotations

from referral.web.pages import Blueprint

bp = Blueprint("caseload", __name__)
