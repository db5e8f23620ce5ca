"""The reviewer's pages: records that may be one person."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.people import queries, services
from referral.people.codes import MATCH_REASONS, MATCH_STATES
from referral.people.schemas import Decision
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import Blueprint, redirect_to, render, say
from referral.web.paging import decode, encode

bp = Blueprint("people", __name__)
LISTING = "people.matches"
PAGE = 25
DECISIONS = ("merge", "unmerge", "keep_apart")
SAID = {
    "merge": _("The two records are one person now. You can take them apart again."),
    "unmerge": _("The two records are apart again, as they were."),
    "keep_apart": _("Noted: these are two people."),
}


@bp.get("/people/matches")
def matches() -> Response:
    state = request.args.get("state", "waiting")
    if state not in MATCH_STATES:
        raise NotFound
    cursor = request.args.get("cursor")
    after = decode(LISTING, cursor)[0] if cursor else None
    rows = queries.matches(actor(), state, limit=PAGE + 1, after=after)
    more = encode(LISTING, rows[PAGE - 1].id) if len(rows) > PAGE else None
    return render(
        "people/matches.html",
        rows=rows[:PAGE],
        state=state,
        states=MATCH_STATES,
        reasons=MATCH_REASONS,
        next_cursor=more,
        page_title=_("Records that may be one person"),
    )


@bp.get("/people/matches/<uuid:match_id>")
def match(match_id: uuid.UUID) -> Response:
    return _page(match_id, Form(Decision, ignore=("decision",)))


@bp.post("/people/matches/<uuid:match_id>")
@commits
def decide(match_id: uuid.UUID) -> Response:
    form = Form(Decision, ignore=("decision",))
    decision = request.form.get("decision", "")
    if decision not in DECISIONS:
        form.add("decision", _("Choose what these records are"))
        return _page(match_id, form)
    data = form.read()
    if data is None:
        return _page(match_id, form)
    if decision == "merge":
        services.merge(actor(), match_id, data["version"], data["keep"])
    else:
        act = services.unmerge if decision == "unmerge" else services.keep_apart
        act(actor(), match_id, data["version"])
    say(SAID[decision])
    return redirect_to("people.matches")


def _page(match_id: uuid.UUID, form: Form) -> Response:
    found = queries.match(actor(), match_id)
    names = accounts.names_of([found.kept.practice_id, found.other.practice_id])
    by = accounts.user_names_of([found.decided_by])
    sides: list[dict[str, Any]] = [
        {"known": one, "practice": names.get(one.practice_id) if one.practice_id else None}
        for one in (found.kept, found.other)
    ]
    return render(
        "people/match.html",
        found=found,
        sides=sides,
        form=form,
        reason=MATCH_REASONS[found.why].label,
        state=MATCH_STATES[found.state].label,
        decided_by=by.get(found.decided_by) if found.decided_by else None,
    )
