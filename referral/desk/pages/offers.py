"""Help was offered and the person said no: two taps, and words for the record."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.desk import queries, services
from referral.desk.draft import record_declined
from referral.desk.pages import remembered
from referral.desk.pages.blueprint import bp
from referral.referrals import codes
from referral.referrals import queries as referrals
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render


@bp.route("/referrals/<uuid:referral_id>/declined", methods=["GET", "POST"])
@commits
def decline(referral_id: uuid.UUID) -> Response:
    """The second tap: why. What was begun is thrown away; nobody has had it."""
    found = queries.draft(actor(), referral_id)
    if found.sent:
        return redirect_to("desk.referral", referral_id=referral_id)
    if request.method == "POST":
        reason = request.form.get("reason", "")
        if reason not in codes.DECLINED_OFFER:
            raise NotFound
        made = services.decline(actor(), found, reason)
        return remembered.forget(redirect_to("desk.offered", offer_id=made.id))
    return render(
        "desk/decline.html",
        draft=found,
        reasons=[(key, row.label) for key, row in codes.DECLINED_OFFER.items()],
    )


@bp.get("/offers/<uuid:offer_id>")
def offered(offer_id: uuid.UUID) -> Response:
    """What to copy to the record."""
    found = referrals.offer(actor(), offer_id)
    record = record_declined(found.at, found.need, found.reason)
    return render("desk/offered.html", record=record, title=_("Written down: offered, declined"))
