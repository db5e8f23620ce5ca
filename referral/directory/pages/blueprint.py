"""The one blueprint of the directory's pages."""

from __future__ import annotations

from referral.web.pages import Blueprint

bp = Blueprint("directory", __name__)
