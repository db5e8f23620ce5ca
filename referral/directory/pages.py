"""The directory's pages: search, a service, an organisation, and keeping them right."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.needs import NEEDS, labels
from referral.directory.search import COUNT_MAX
from referral.directory.standing import CAPACITIES, CAPACITY_LABELS
from referral.web import paging
from referral.web.api import PageArguments
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import Blueprint, redirect_to, render, say

bp = Blueprint("directory", __name__)
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


@bp.get("/directory/services/<uuid:service_id>")
def service(service_id: uuid.UUID) -> Response:
    """A service: what it is, for whom, where and when, how sure, and how to refer."""
    return _service_page(service_id)


def _service_page(service_id: uuid.UUID, form: Form | None = None) -> Response:
    found = queries.service(actor(), service_id, _near())
    return render(
        "directory/service.html",
        found=found,
        one=found.service,
        form=form or Form(schemas.CapacityForm, values={"wait_weeks": found.service.wait_weeks}),
        needs=labels(found.needs),
        may_refer=may(actor(), Permission.REFER),
        own=actor().organisation == found.service.organisation_id,
        draft=request.args.get("referral", ""),
    )


def _near() -> str:
    """The postcode the reader came with; a wrong one is not worth an error here."""
    try:
        data = schemas.Near().read({"postcode": request.args.get("postcode", "")})
    except Invalid:
        return ""
    found: str = data["postcode"]
    return found


@bp.post("/directory/services/<uuid:service_id>/capacity")
@commits
def set_capacity(service_id: uuid.UUID) -> Response:
    """Room and wait in one tap."""
    form = Form(schemas.CapacityForm)
    data = form.read()
    if data is None:
        return _service_page(service_id, form)
    services.set_capacity(
        actor(), service_id, data["version"], data["capacity"], data["wait_weeks"]
    )
    say(_("Saved. Everybody sees it now."))
    return redirect_to("directory.service", service_id=service_id)


@bp.post("/directory/services/<uuid:service_id>/confirm")
@commits
def confirm(service_id: uuid.UUID) -> Response:
    """Still correct: one tap."""
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        return _service_page(service_id)
    services.confirm_correct(actor(), service_id, data["version"])
    say(_("Thank you. The entry shows today’s date."))
    return redirect_to("directory.service", service_id=service_id)


@bp.route("/directory/services/new", methods=["GET", "POST"])
@commits
def add_service() -> Response:
    """A new service of one's own organisation, or of the one named in the address."""
    organisation = queries.organisation(actor(), _organisation_asked())
    if not services.may_keep_organisation(actor(), organisation):
        raise Forbidden
    form = _service_form(schemas.Service, {"needs": []})
    if request.method == "POST" and (data := form.read()) is not None:
        made = services.add_service(actor(), data, organisation.id)
        say(_("The service is in the directory."))
        return redirect_to("directory.service", service_id=made.id)
    return render("directory/add_service.html", form=form, organisation=organisation, **_choices())


def _organisation_asked() -> uuid.UUID:
    given = request.args.get("organisation")
    try:
        found = uuid.UUID(given) if given else actor().organisation
    except ValueError as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found


@bp.route("/directory/services/<uuid:service_id>/edit", methods=["GET", "POST"])
@commits
def edit_service(service_id: uuid.UUID) -> Response:
    """Everything that is said of a service, on one page."""
    found = queries.service(actor(), service_id)
    if not found.may_edit:
        raise Forbidden
    names = [name for name in schemas.Service().fields if hasattr(found.service, name)]
    values = {name: getattr(found.service, name) for name in names}
    form = _service_form(
        schemas.ServiceForm,
        values
        | queries.place_of(service_id)
        | {"needs": list(found.needs), "version": found.service.version},
    )
    if request.method == "POST" and (data := form.read()) is not None:
        services.edit_service(actor(), service_id, data.pop("version"), data)
        say(_("Saved."))
        return redirect_to("directory.service", service_id=service_id)
    return render(
        "directory/edit_service.html",
        form=form,
        found=found,
        organisation=found.organisation,
        **_choices(),
    )


def _service_form(schema: type[schemas.Service], values: dict[str, Any]) -> Form:
    return Form(schema, lists=("needs",), values=values)


def _choices() -> dict[str, Any]:
    return {"needs": NEEDS.items()}


@bp.get("/directory/organisations/<uuid:organisation_id>")
def organisation(organisation_id: uuid.UUID) -> Response:
    """An organisation and what it offers."""
    found = queries.organisation(actor(), organisation_id)
    page = queries.search(actor(), organisation_id=organisation_id, limit=100)
    return render(
        "directory/organisation.html",
        found=found,
        page=page,
        today=clock.today(),
        need_labels=labels,
        may_refer=may(actor(), Permission.REFER),
        may_edit=services.may_keep_organisation(actor(), found),
    )


@bp.route("/directory/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@commits
def edit_organisation(organisation_id: uuid.UUID) -> Response:
    """What an organisation says of itself."""
    found = queries.organisation(actor(), organisation_id)
    if not services.may_keep_organisation(actor(), found):
        raise Forbidden
    names = (*schemas.Organisation().fields, "version")
    form = Form(schemas.OrganisationForm, values={name: getattr(found, name) for name in names})
    if request.method == "POST" and (data := form.read()) is not None:
        services.edit_organisation(actor(), organisation_id, data.pop("version"), data)
        say(_("Saved."))
        return redirect_to("directory.organisation", organisation_id=organisation_id)
    return render("directory/edit_organisation.html", form=form, found=found)
