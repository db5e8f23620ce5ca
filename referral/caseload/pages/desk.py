"""The caseload: whose, which part of it, one line a person; and giving work to somebody."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request, url_for

from referral.accounts.permissions import Permission, may
from referral.caseload import queries, services, words
from referral.caseload.load import Load
from referral.caseload.pages.blueprint import bp
from referral.caseload.queries import Worker
from referral.caseload.schemas import MOST_AT_ONCE, SHOWS
from referral.core import clock
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.web import paging
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say

EVERYBODY = "team"


@bp.get("/caseload")
def caseload() -> Response:
    """The list, with what stands beside it. An address that makes no sense shows one's own."""
    show, worker = _asked()
    listing = f"caseload:{show}:{worker or EVERYBODY}"
    given = request.args.get("cursor")
    cursor = paging.decode(listing, given) if given else None
    page = queries.caseload(actor(), show, worker, cursor=cursor)
    here: dict[str, Any] = {"show": show, "worker": _said(worker)}
    following = page.next_cursor and url_for(
        "caseload.caseload", **here, cursor=paging.encode(listing, *page.next_cursor)
    )
    beside = side(worker)
    if worker is not None and beside["shown"] is None:
        raise NotFound
    return render(
        "caseload/caseload.html",
        page=page,
        show=show,
        worker=worker,
        here=here,
        next_href=following,
        first_href=url_for("caseload.caseload", **here) if cursor else None,
        **beside,
    )


@bp.post("/caseload/allocate")
@commits
def allocate() -> Response:
    """Give the people chosen to somebody of the team. The guide warns and stops nothing."""
    where, back = "caseload.triage", {}
    if request.form.get("from") != "triage":
        where = "caseload.caseload"
        back = {"show": request.form.get("show", "mine"), "worker": request.form.get("worker")}
    chosen, versions = _chosen()
    user_id = _id(request.form.get("user_id", ""))
    if not chosen or user_id is None:
        rule = _("Tick at least one person.") if not chosen else _("Choose who gets them.")
        say(rule)
        return redirect_to(where, **back)
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid({"chosen": [str(_("choose at most {max}", max=MOST_AT_ONCE))]})
    made = services.allocate(actor(), chosen, user_id, versions)
    for line in _told(made):
        say(line)
    return redirect_to(where, **back)


def side(worker: uuid.UUID | None) -> dict[str, Any]:
    """What stands beside every list of the desk, and the words for it."""
    team = queries.team(actor())
    own = next((one for one in team if one.id == actor().id), None)
    return {
        "numbers": queries.numbers(actor(), worker),
        "team": team,
        "own": own,
        "shown": next((one for one in team if one.id == worker), None),
        "receivers": receivers(team),
        "allocates": may(actor(), Permission.ALLOCATE),
        "brings": may(actor(), Permission.BRING_ACROSS),
        "words": words,
        "today": clock.today(),
        "whole_team": EVERYBODY,
    }


def receivers(team: list[Worker]) -> list[Worker]:
    """To whom the actor may give work: the lead to everybody there, others to themselves."""
    if may(actor(), Permission.ALLOCATE):
        return [one for one in team if one.here]
    return [one for one in team if one.id == actor().id]


def _told(made: services.Allocated) -> list[str]:
    """What happened, without a name."""
    said = [str(_("Given: {n}.", n=len(made.done)))] if made.done else []
    if made.done and made.load.state != "room":
        said.append(str(_warned(made.load)))
    if made.left:
        reasons = sorted({one.why for one in made.left})
        said.append(str(_("Not given: {n}.", n=len(made.left))) + " " + " ".join(reasons))
    return said or [str(_("They were in this name already."))]


def _warned(load: Load) -> Any:
    values = {"points": words.short(load.points), "guide": words.short(load.guide)}
    if load.state == "over":
        return _("That is {points} of {guide} now: more than the guide.", **values)
    return _("That is {points} of {guide} now: nearly the guide.", **values)


def _asked() -> tuple[str, uuid.UUID | None]:
    show = request.args.get("show", "mine")
    whose = request.args.get("worker", "")
    worker = None if whose == EVERYBODY else (_id(whose) or actor().id)
    return (show if show in SHOWS else "mine"), worker


def _said(worker: uuid.UUID | None) -> str | None:
    """As the address says it; the actor's own goes without saying."""
    if worker is None:
        return EVERYBODY
    return None if worker == actor().id else str(worker)


def _chosen() -> tuple[list[uuid.UUID], dict[uuid.UUID, int]]:
    """The referrals ticked, each with the version on the page: ``<id>.<version>`` by commas."""
    versions: dict[uuid.UUID, int] = {}
    for value in request.form.getlist("chosen"):
        for part in value.split(","):
            given, _dot, version = part.partition(".")
            found = _id(given)
            if found is not None and version.isascii() and version.isdigit() and len(version) < 10:
                versions[found] = int(version)
    return list(versions), versions


def _id(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None
