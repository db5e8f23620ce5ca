"""What was missing, in one tap; how much work somebody is."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.caseload import schemas, services, words
from referral.caseload.codes import UNMET_REASONS
from referral.caseload.pages.blueprint import bp
from referral.core.errors import StaleVersion
from referral.core.i18n import _
from referral.referrals import queries as referrals
from referral.referrals.codes import NEEDS
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.route("/referrals/<uuid:referral_id>/unmet", methods=["GET", "POST"])
@commits
def unmet(referral_id: uuid.UUID) -> Response:
    """For each need of the referral the reasons as buttons."""
    found = referrals.referral(actor(), referral_id)
    form = Form(schemas.NoteUnmet)
    made = None
    if request.method == "POST" and (data := form.read()) is not None:
        made = services.note_unmet(actor(), data["need"], data["reason"], referral_id)
    own = [key for key in found.needs.split(",") if key in NEEDS]
    return render(
        "caseload/unmet.html",
        found=found,
        made=made,
        form=form,
        own=own,
        others=[key for key in NEEDS if key not in own],
        needs=NEEDS,
        reasons=UNMET_REASONS,
    )


@bp.post("/caseload/unmet/<uuid:unmet_id>/take-back")
@commits
def take_back(unmet_id: uuid.UUID) -> Response:
    """Said by mistake."""
    found = services.take_back(actor(), unmet_id)
    say(_("Taken back. It is not counted."))
    if found.referral_id is None:
        return redirect_to("caseload.caseload")
    return redirect_to("caseload.unmet", referral_id=found.referral_id)


@bp.route("/referrals/<uuid:referral_id>/weight", methods=["GET", "POST"])
@commits
def weigh(referral_id: uuid.UUID) -> Response:
    """How much work the team thinks this person is."""
    found = referrals.referral(actor(), referral_id)
    form = Form(schemas.Weight, values={"weight": found.weight, "version": found.version})
    stale = False
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.set_weight(actor(), referral_id, data["version"], data["weight"])
        except StaleVersion:
            stale = True
        else:
            say(_("Saved."))
            return redirect_to("caseload.caseload")
    return render(
        "caseload/weigh.html",
        409 if stale else None,
        found=found,
        form=form,
        stale=stale,
        weights=words.WEIGHTS,
    )
