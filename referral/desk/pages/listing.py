"""The list of referrals: to us, from us, mine; overdue first, one line each, keyset pages."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Invalid
from referral.desk import words
from referral.desk.pages.blueprint import bp
from referral.desk.schemas import Listed
from referral.referrals import queries
from referral.referrals.lifecycle import OPEN, STATUSES
from referral.web import paging
from referral.web.door import actor
from referral.web.pages import render

LIMIT = 25
BOXES = {
    "practice": ("from_me", "to_me", "caseload"),
    "link_worker_team": ("to_me", "from_me", "caseload"),
    "provider": ("to_me", "caseload"),
}
# What the filter offers besides single statuses.
GROUPS: dict[str, tuple[str, ...]] = {
    "open": OPEN,
    "waiting": ("sent", "question_asked", "waiting_list", "paused"),
    "over": ("withdrawn", "closed", "entered_in_error"),
}


@bp.get("/referrals")
def referrals() -> Response:
    """One box, one filter; both stand in the address, and nothing personal."""
    asked = _asked()
    boxes = boxes_of(actor())
    box = asked["box"] if asked["box"] in boxes else boxes[0]
    chosen = asked["status"]
    overdue = True if chosen == "overdue" else None
    statuses = GROUPS.get(chosen, (chosen,) if chosen in STATUSES else GROUPS["open"])
    cursor = paging.decode(f"desk:{box}:{chosen}", asked["cursor"]) if asked["cursor"] else None
    rows, after = queries.listing(
        actor(), box=box, status=statuses, overdue=overdue, limit=LIMIT, cursor=cursor
    )
    here: dict[str, Any] = {"box": box, "status": chosen or None}
    return render(
        "desk/referrals.html",
        found=rows,
        boxes=boxes,
        box=box,
        chosen=chosen or "open",
        first=not cursor,
        next_href=url_for(
            "desk.referrals", **here, cursor=paging.encode(f"desk:{box}:{chosen}", *after)
        )
        if after
        else None,
        first_href=url_for("desk.referrals", **here) if cursor else None,
        statuses=STATUSES,
        words=words,
        today=clock.today(),
        may_refer=may(actor(), Permission.RAISE_FOR_TRIAGE),
    )


def boxes_of(who: Actor) -> tuple[str, ...]:
    """The boxes an organisation of this kind has, its main one first."""
    return BOXES.get(who.organisation_kind, ("from_me",))


def _asked() -> dict[str, Any]:
    """The filters; an address that makes no sense shows the whole list rather than an error."""
    try:
        given = {name: request.args.get(name) for name in ("box", "status", "cursor")}
        return Listed().read({name: value for name, value in given.items() if value})
    except Invalid:
        return {"box": "", "status": "", "cursor": ""}
