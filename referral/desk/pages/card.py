"""A card for the person, to print and hand over: who, by when, how to change one's mind.

With a code on it the person can open their own page. The code is shown once, on the answer to the
form that made it; no name stands beside it, and without the date of birth it opens nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request

from referral.accounts import queries as accounts
from referral.accounts import status_door
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, NotFound
from referral.core.i18n import Lazy, _, format_day_long
from referral.desk.pages.blueprint import bp
from referral.referrals import queries as referrals
from referral.referrals import services
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say
from referral.web.paths import PEOPLE

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


def hands_card(view: Mapping[str, Any]) -> bool:
    """Whether this reader may hand out a card: who sent it, or looks after the person."""
    if view["status"] == "draft":
        return False
    looks_after = {"sender", "practice", "fallback"} | ({"recipient"} if view["triage"] else set())
    return not looks_after.isdisjoint(view["parties"])


@bp.get("/referrals/<uuid:referral_id>/card")
def card(referral_id: uuid.UUID) -> Response:
    """The card. No name stands on it: it may be lost in the street."""
    return _card(referral_id)


@bp.post("/referrals/<uuid:referral_id>/card")
@commits
def make_card(referral_id: uuid.UUID) -> Response:
    """The card with a new code, shown this once; the code before opens no more."""
    try:
        code = services.make_card(actor(), referral_id)
    except Conflict as error:
        say(error.detail)
        return redirect_to("desk.card", referral_id=referral_id)
    return _card(referral_id, code)


def _card(referral_id: uuid.UUID, code: str = "") -> Response:
    view = referrals.view(actor(), referral_id)
    if not hands_card(view):
        raise NotFound
    to = view["service"]["name"] if view["service"] else view["to"]["name"]
    # Their page names the organisation: on the card stand both, so that they are known as one.
    whose = view["to"]["name"] if view["to"] else to
    ways = view["person"].get("reach_by") or ()
    said = REACH.get(next(iter(ways), ""), ANYHOW)
    own = view["to"] is not None and view["to"]["id"] == view["from"]["id"]
    if own or view["status"] != "sent":
        said = LATER
    day = format_day_long(view["due_on"]) if view["due_on"] else ""
    phone, has_code = accounts.on_card(view["id"], view["from"]["id"])
    return render(
        "desk/card.html",
        view=view,
        to=to,
        asked=to if whose == to else f"{to} ({whose})",
        own=own and not view["service"],
        fresh=view["status"] == "sent",
        knows=view["triage"] or any(one["to"] == "accepted" for one in view["history"]),
        promise=Lazy(said.message, to=to, day=day),
        phone=phone,
        code=code,
        until=clock.today() + status_door.CARD_LASTS,
        address=current_app.config["BASE_URL"].partition("://")[2] + PEOPLE,
        has_code=not code and has_code,
        may_make=may(actor(), Permission.TELL_PEOPLE),
    )
