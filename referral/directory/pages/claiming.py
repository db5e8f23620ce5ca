""" "Is this your organisation?", and the queue of those who decide."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.directory.pages.correcting import TRAP, is_known
from referral.directory.remarks import CLAIM_STATES
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paging import decode, encode
from referral.web.security import limiter

LISTING = "directory.claims"
PAGE = 25
ANONYMOUS_RATE = "10 per hour"
THANKS = _("Thank you. A person will check this and write to you; it may take some days.")


@bp.route("/directory/organisations/<uuid:organisation_id>/claim", methods=["GET", "POST"])
@commits
@limiter.limit(ANONYMOUS_RATE, methods=["POST"], exempt_when=is_known)
def claim(organisation_id: uuid.UUID) -> Response:
    """Say that an organisation is one's own; a person checks it."""
    found = queries.claimable(actor(), organisation_id)
    form = Form(schemas.Claim, ignore=(TRAP,))
    if request.method == "POST" and (data := form.read()) is not None:
        if not request.form.get(TRAP):
            services.claim(actor(), organisation_id, data)
        say(THANKS)
        return redirect_to("directory.organisation", organisation_id=organisation_id)
    return render(
        "directory/claim.html",
        found=found,
        form=form,
        managed=queries.has_manager(organisation_id),
        trap=TRAP,
    )


@bp.get("/directory/claims")
def claims() -> Response:
    """Claims, the oldest first while they wait."""
    status = request.args.get("status", "waiting")
    if status not in CLAIM_STATES:
        raise NotFound
    cursor = request.args.get("cursor")
    after = decode(LISTING, cursor)[0] if cursor else None
    rows = queries.claims(actor(), status, limit=PAGE + 1, after=after)
    return render(
        "directory/claims.html",
        rows=rows[:PAGE],
        state=status,
        states=CLAIM_STATES.items(),
        next_cursor=encode(LISTING, rows[PAGE - 1].id) if len(rows) > PAGE else None,
    )


@bp.route("/directory/claims/<uuid:claim_id>", methods=["GET", "POST"])
@commits
def decide_claim(claim_id: uuid.UUID) -> Response:
    """One claim beside what the directory knows, and the decision."""
    found = queries.claim(actor(), claim_id)
    form = Form(schemas.ClaimDecisionForm, values={"version": found.version})
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.decide_claim(
                actor(), claim_id, data["version"], data["outcome"], data["reason"] or ""
            )
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Decided, and told."))
            return redirect_to("directory.claims")
    return render(
        "directory/decide_claim.html",
        found=found,
        form=form,
        organisation=queries.organisation(actor(), found.organisation_id),
        beside=queries.claims_beside(actor(), found),
        managed=queries.has_manager(found.organisation_id),
    )
