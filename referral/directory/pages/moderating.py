"""Changes that wait for a look, whether an organisation is trusted, and the keepers' hub."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.web import paging
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

CHANGES, HISTORY, WANTING = "changes", "history", "wanting"
LISTS = {
    "stale": _("Gone out of date"),
    "room": _("No room said"),
}


@bp.get("/directory/keep")
def keep() -> Response:
    """What waits for those who keep the directory, in one place."""
    return render(
        "directory/keep.html",
        counts=queries.counts(actor()),
        most=queries.COUNT_MAX,
        decides_claims=may(actor(), Permission.APPROVE_CLAIMS),
    )


@bp.get("/directory/keep/<any(stale, room):which>")
def wanting(which: str) -> Response:
    """Services gone out of date, or whose room nobody has said."""
    found = queries.wanting(actor(), which, cursor=_cursor(WANTING))
    return render(
        "directory/wanting.html",
        items=found.items,
        title=LISTS[which],
        which=which,
        cursor=_next(WANTING, found.next_cursor),
        continued="cursor" in request.args,
    )


@bp.get("/directory/changes")
def changes() -> Response:
    """The changes that wait, oldest first: all for keepers, their own for organisations."""
    found = queries.changes(actor(), cursor=_cursor(CHANGES))
    return render(
        "directory/changes.html",
        keeps=may(actor(), Permission.KEEP_DIRECTORY),
        items=found.items,
        cursor=_next(CHANGES, found.next_cursor),
        continued="cursor" in request.args,
    )


@bp.get("/directory/changes/<uuid:change_id>")
def change(change_id: uuid.UUID) -> Response:
    """One change: what the entry says now and what it would say, field by field."""
    return _change_page(change_id)


@bp.post("/directory/changes/<uuid:change_id>/accept")
@commits
def accept_change(change_id: uuid.UUID) -> Response:
    """Put it into the entry, and perhaps trust the organisation from now on."""
    form = Form(schemas.AcceptanceForm)
    data = form.read()
    if data is None:
        return _change_page(change_id)
    services.accept_change(
        actor(), change_id, data["version"], data["entry_version"], data["trusting"]
    )
    say(_("Accepted. Everybody sees it now, and the organisation is told."))
    return redirect_to("directory.changes")


@bp.post("/directory/changes/<uuid:change_id>/refuse")
@commits
def refuse_change(change_id: uuid.UUID) -> Response:
    """Leave the entry as it is, with a reason."""
    form = Form(schemas.RefusalForm)
    data = form.read()
    if data is None:
        return _change_page(change_id, form)
    services.refuse_change(actor(), change_id, data["version"], data["reason"])
    say(_("Refused. The entry stays as it was; the organisation is told and can read why."))
    return redirect_to("directory.changes")


@bp.post("/directory/changes/<uuid:change_id>/withdraw")
@commits
def withdraw_change(change_id: uuid.UUID) -> Response:
    """Take back what one's own organisation has proposed."""
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        return _change_page(change_id)
    taken = services.withdraw_change(actor(), change_id, data["version"])
    say(_("Taken back. Nothing changes."))
    return redirect_to("directory.organisation", organisation_id=taken.organisation_id)


@bp.post("/directory/organisations/<uuid:organisation_id>/trust")
@commits
def trust(organisation_id: uuid.UUID) -> Response:
    """Let what the organisation says show at once from now on, or no longer."""
    data = Form(schemas.Trust).read()
    if data is None:
        raise NotFound
    services.trust_organisation(actor(), organisation_id, data["trusted"])
    say(
        _("What they change shows at once from now on.")
        if data["trusted"]
        else _("A link worker looks at what they change from now on.")
    )
    return redirect_to("directory.organisation", organisation_id=organisation_id)


@bp.get("/directory/services/<uuid:service_id>/history")
def history(service_id: uuid.UUID) -> Response:
    """Who changed what in a service's entry, and when."""
    return _history(queries.service_history, service_id, "directory.service", "service_id")


@bp.get("/directory/organisations/<uuid:organisation_id>/history")
def organisation_history(organisation_id: uuid.UUID) -> Response:
    """The same for an organisation's entry."""
    return _history(
        queries.organisation_history, organisation_id, "directory.organisation", "organisation_id"
    )


def _history(
    read: Callable[..., queries.History], subject_id: uuid.UUID, entry: str, key: str
) -> Response:
    found = read(actor(), subject_id, cursor=_cursor(HISTORY))
    return render(
        "directory/history.html",
        found=found,
        entry=entry,
        key={key: subject_id},
        cursor=_next(HISTORY, found.next_cursor),
        continued="cursor" in request.args,
    )


def _change_page(change_id: uuid.UUID, form: Form | None = None) -> Response:
    found = queries.change(actor(), change_id)
    return render(
        "directory/change.html",
        found=found,
        change=found.change,
        form=form or Form(schemas.RefusalForm),
        own=actor().organisation == found.organisation.id,
    )


def _cursor(listing: str) -> list[Any] | None:
    given = request.args.get("cursor")
    return paging.decode(listing, given) if given else None


def _next(listing: str, cursor: list[Any] | None) -> str | None:
    return paging.encode(listing, *cursor) if cursor else None
