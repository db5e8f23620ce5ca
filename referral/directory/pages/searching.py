"""Find support: the question on top, the services that fit below it."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import queries, schemas
from referral.directory.needs import NEEDS, labels
from referral.directory.pages.blueprint import bp
from referral.directory.search import COUNT_MAX
from referral.directory.standing import CAPACITIES, CAPACITY_LABELS
from referral.web import paging
from referral.web.api import PageArguments
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import render

LISTING = "directory"
PAGE = 20
RADII = (2, 5, 8, 15, 30)
COSTS = {"free": _("Free"), "paid": _("Costs something")}


class SearchForm(schemas.Search, PageArguments):
    """The search page's query string."""


@bp.get("/directory")
def search() -> Response:
    """Find support: what fits, nearest first, with room, wait and when it was last checked."""
    form = Form(SearchForm, lists=("need",))
    page = _found(form)
    known = {name: request.args.getlist(name) for name in SearchForm().fields if name != "cursor"}
    following = (
        paging.encode(LISTING, *page.next_cursor) if page is not None and page.next_cursor else None
    )
    return render(
        "directory/search.html",
        form=form,
        page=page,
        known={name: values for name, values in known.items() if any(values)},
        cursor=following,
        continued="cursor" in request.args,
        today=clock.today(),
        counted_to=COUNT_MAX,
        needs=NEEDS.items(),
        need_labels=labels,
        radii=RADII,
        costs=COSTS.items(),
        rooms=[(key, CAPACITY_LABELS[key]) for key in CAPACITIES],
        may_refer=may(actor(), Permission.REFER),
        may_add=may(actor(), Permission.KEEP_OWN_LISTING),
    )


def _found(form: Form) -> queries.Page | None:
    """The page of services asked for; None when the question breaks a rule, which ``form`` says."""
    asked: dict[str, Any] = {}
    for name in form.schema.fields:
        values = [value for value in request.args.getlist(name) if value.strip()]
        if values:
            asked[name] = values if name in form.lists else values[0]
    form.values = dict(asked)
    asked.pop("limit", None)
    # Without a place a distance means nothing; on a page that is an empty box, not a mistake.
    if "postcode" not in asked:
        asked.pop("radius_km", None)
    try:
        data = form.schema.read(asked)
        cursor = data.pop("cursor")
        start = paging.decode(LISTING, cursor) if cursor else None
        return queries.search(
            actor(), **data | {"limit": PAGE}, cursor=start, counted=start is None
        )
    except Invalid as error:
        form.refuse(error)
        return None
