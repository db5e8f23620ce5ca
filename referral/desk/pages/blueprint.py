"""The desk's blueprint; its pages hang themselves on it."""

from __future__ import annotations

from referral.web.pages import Blueprint

bp = Blueprint("desk", "referral.desk")
