"""A card for the person, to print and hand over: who, by when, how to change one's mind."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _, format_day_long
from referral.desk.pages.blueprint import bp
from referral.referrals import queries as referrals
from referral.referrals import services
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say

REACH: dict[str, Lazy] = {
    "phone": _("{to} will answer us by {day}. Then they will ring you."),
    "text": _("{to} will answer us by {day}. Then they will text you."),
    "email": _("{to} will answer us by {day}. Then they will email you."),
    "letter": _("{to} will answer us by {day}. Then they will write to you."),
    "visit": _("{to} will answer us by {day}. Then they will come to see you."),
}
ANYHOW = _("{to} will answer us by {day}. Then they will be in touch with you.")
LATER = _("{to} will be in touch with you.")


DONE: dict[str, Lazy] = {
    "text": _("The text is on its way. It says the reference and by when they will hear."),
    "letter": _("The letter waits under “Letters and calls”."),
    "letter elsewhere": _("The link-worker team prints and posts the letter."),
}


@bp.post("/referrals/<uuid:referral_id>/tell-now")
@commits
def tell_now(referral_id: uuid.UUID) -> Response:
    """Text it to the person, or have a letter printed, now and not in a quarter of an hour."""
    channel = request.form.get("channel", "")
    if channel not in ("text", "letter"):
        raise NotFound
    made = services.tell_now(actor(), referral_id, channel)
    elsewhere = channel == "letter" and made.owner_id != actor().organisation
    say(DONE["letter elsewhere" if elsewhere else channel])
    return redirect_to("desk.sent", referral_id=referral_id)


@bp.get("/referrals/<uuid:referral_id>/card")
def card(referral_id: uuid.UUID) -> Response:
    """Only the sender hands out cards. No name stands on it: it may be lost in the street."""
    view = referrals.view(actor(), referral_id)
    if "sender" not in view["parties"] or view["status"] == "draft":
        raise NotFound
    to = view["service"]["name"] if view["service"] else view["to"]["name"]
    ways = view["person"].get("reach_by") or ()
    said = REACH.get(next(iter(ways), ""), ANYHOW)
    if view["status"] != "sent":
        said = LATER
    day = format_day_long(view["due_on"]) if view["due_on"] else ""
    return render(
        "desk/card.html",
        view=view,
        to=to,
        fresh=view["status"] == "sent",
        knows=view["triage"] or any(one["to"] == "accepted" for one in view["history"]),
        promise=Lazy(said.message, to=to, day=day),
        phone=accounts.organisation(actor(), view["from"]["id"]).phone,
    )
