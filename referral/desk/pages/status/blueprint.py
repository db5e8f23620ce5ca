"""The blueprint of the person's own page; its views hang themselves on it."""

from __future__ import annotations

from referral.web.pages import Blueprint
from referral.web.paths import PEOPLE

bp = Blueprint("status", "referral.desk", url_prefix=PEOPLE)
