"""The passport of an organisation: every check with what it does not show. Also for strangers."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from referral.core import clock
from referral.core.actor import ANONYMOUS
from referral.core.errors import NotFound
from referral.directory import queries as directory
from referral.vetting.pages.blueprint import bp
from referral.web.door import actor
from referral.web.pages import render


@bp.get("/vetting/organisations/<uuid:organisation_id>/passport")
def passport(organisation_id: uuid.UUID) -> Response:
    """What was seen of an organisation, by whom, until when, and what is missing."""
    return render("vetting/passport.html", **_shown(organisation_id))


@bp.get("/vetting/organisations/<uuid:organisation_id>/passport/print")
def print_passport(organisation_id: uuid.UUID) -> Response:
    """The same on a sheet of paper."""
    return render("vetting/print_passport.html", **_shown(organisation_id))


def _shown(organisation_id: uuid.UUID) -> dict[str, Any]:
    """Raise ``NotFound`` for who offers nothing, and for strangers where nothing is to be read."""
    known = directory.known(actor(), organisation_id)
    if not known.checks.services:
        raise NotFound
    return {
        "found": known.organisation,
        "checks": known.checks,
        "today": clock.today(),
        "signed_in": actor() != ANONYMOUS,
    }
