"""What came to the team, and what has come to a halt somewhere."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.caseload import queries
from referral.caseload.pages.blueprint import bp
from referral.caseload.pages.desk import side
from referral.core.errors import Conflict
from referral.core.i18n import _
from referral.referrals import services as verbs
from referral.referrals.codes import NEEDS
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say


@bp.get("/caseload/triage")
def triage() -> Response:
    """Urgent first, then who has waited longest."""
    return render(
        "caseload/triage.html",
        found=queries.triage(actor()),
        needs=NEEDS,
        show="triage",
        **side(actor().id),
    )


@bp.post("/caseload/triage/<uuid:referral_id>/take")
@commits
def take(referral_id: uuid.UUID) -> Response:
    """Yes, and in one's own name: one tap."""
    given = request.form.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        verbs.accept(actor(), referral_id, version, {})
    except Conflict:
        say(_("Somebody else was quicker. The list shows what waits now."))
    else:
        say(_("Yours now. The sender has been told."))
    return redirect_to("caseload.triage")


@bp.get("/caseload/exceptions")
def exceptions() -> Response:
    """What nobody can answer, what went quiet, and whom messages do not reach."""
    return render(
        "caseload/exceptions.html",
        found=queries.exceptions(actor()),
        lost=queries.lost(actor()),
        show="exceptions",
        **side(actor().id),
    )
