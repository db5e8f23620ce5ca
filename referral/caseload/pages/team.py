"""Who is in the team, how much each has, and how much they should."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.caseload import queries, schemas, services, words
from referral.caseload.pages.blueprint import bp
from referral.core.errors import StaleVersion
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.get("/caseload/team")
def team() -> Response:
    """One line a worker."""
    return render(
        "caseload/team.html",
        team=queries.team(actor()),
        handovers=queries.handovers(actor()),
        allocates=may(actor(), Permission.ALLOCATE),
        supervises=may(actor(), Permission.SUPERVISE),
        words=words,
    )


@bp.route("/caseload/team/<uuid:user_id>/guide", methods=["GET", "POST"])
@commits
def guide(user_id: uuid.UUID) -> Response:
    """How many people one worker should have."""
    found = queries.worker(actor(), user_id)
    values = {"people": found.people, "hours": found.hours, "version": found.version}
    form, stale = Form(schemas.Guide, values=values), False
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.set_guide(actor(), user_id, data["version"], data["people"], data["hours"])
        except StaleVersion:
            stale = True
        else:
            say(_("Saved. It warns; it stops nobody."))
            return redirect_to("caseload.team")
    return render(
        "caseload/guide.html", 409 if stale else None, found=found, form=form, stale=stale
    )
