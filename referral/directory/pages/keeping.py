"""Keeping entries right: everything that is said of them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.needs import NEEDS
from referral.directory.pages.blueprint import bp
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


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
