"""Saying what a service or an organisation is; what is not shown at once waits for a look."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import _
from referral.directory import folding, queries, schemas, services
from referral.directory.models import ProposedChange
from referral.directory.pages.blueprint import bp
from referral.directory.pages.entry_form import choices, service_form
from referral.directory.queries import Kept
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.rows import RowForm

WAITS = _("A link worker looks at it first. It shows after that.")


@bp.route("/directory/services/new", methods=["GET", "POST"])
@commits
def add_service() -> Response:
    """A new service of one's own organisation, or of the one named in the address."""
    organisation = queries.organisation(actor(), _organisation_asked())
    if not queries.may_keep_organisation(actor(), organisation):
        raise Forbidden
    waiting = queries.waiting_service(actor(), organisation.id, _id_of("change"))
    waits = services.needs_a_look(actor(), organisation.id)
    form = service_form(schemas.Service, waiting.data if waiting else {"needs": []})
    if (data := _sent(form)) is not None:
        if waits:
            services.propose_service(
                actor(), data, organisation.id, waiting.id if waiting else None
            )
            say(WAITS)
            return redirect_to("directory.organisation", organisation_id=organisation.id)
        made = services.add_service(actor(), data, organisation.id)
        say(_("The service is in the directory."))
        return redirect_to("directory.service", service_id=made.id)
    return render(
        "directory/add_service.html",
        form=form,
        organisation=organisation,
        waits=waits,
        waiting=waiting,
        **choices(),
    )


@bp.route("/directory/services/<uuid:service_id>/edit", methods=["GET", "POST"])
@commits
def edit_service(service_id: uuid.UUID) -> Response:
    """Everything that is said of a service, on one page."""
    kept = queries.editable_service(actor(), service_id)
    service = kept.service
    if service is None or not kept.may_edit:
        raise Forbidden
    waits = services.needs_a_look(actor(), kept.organisation.id)
    form = service_form(schemas.ServiceForm, _shown(kept, waits), service.version)
    if (data := _sent(form)) is not None:
        version = data.pop("version")
        if waits:
            services.propose_edit(actor(), service_id, version, data)
        else:
            services.edit_service(actor(), service_id, version, data)
        say(WAITS if waits else _("Saved."))
        return redirect_to("directory.service", service_id=service_id)
    return render(
        "directory/edit_service.html",
        form=form,
        found=kept,
        service=service,
        organisation=kept.organisation,
        waits=waits,
        **choices(),
    )


@bp.route("/directory/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@commits
def edit_organisation(organisation_id: uuid.UUID) -> Response:
    """What an organisation says of itself."""
    kept = queries.editable_organisation(actor(), organisation_id)
    if not kept.may_edit:
        raise Forbidden
    found = kept.organisation
    waits = services.needs_a_look(actor(), found.id)
    said = _shown(kept, waits)
    words = folding.as_words(said)
    form = Form(
        schemas.OrganisationForm,
        clearable=("phone", "funded_by"),
        values={name: said[name] for name in ("name", "description", "email", "website")}
        | {name: said[name] for name in ("address", "postcode")}
        | {name: words[name] for name in ("phone", "funded_by")}
        | {"version": found.version},
    )
    if request.method == "POST" and (data := form.read()) is not None:
        version = data.pop("version")
        if waits:
            services.propose_organisation(actor(), organisation_id, version, data)
        else:
            services.edit_organisation(actor(), organisation_id, version, data)
        say(WAITS if waits else _("Saved."))
        return redirect_to("directory.organisation", organisation_id=organisation_id)
    return render(
        "directory/edit_organisation.html", form=form, found=found, kept=kept, waits=waits
    )


def _sent(form: RowForm) -> dict[str, Any] | None:
    """What was sent to be saved; None for a first look, a row more or less, or a mistake."""
    if request.method != "POST":
        return None
    if form.reshapes:
        form.reshape()
        return None
    return form.read()


def _shown(kept: Kept, waits: bool) -> dict[str, Any]:
    """What the form starts from: the entry, under what its own people have already proposed."""
    said = kept.said or {}
    change: ProposedChange | None = kept.waiting if waits else None
    return said if change is None else folding.over(said, change.before, change.data)


def _organisation_asked() -> uuid.UUID:
    found = _id_of("organisation") or actor().organisation
    if found is None:
        raise NotFound
    return found


def _id_of(name: str) -> uuid.UUID | None:
    given = request.args.get(name)
    try:
        return uuid.UUID(given) if given else None
    except ValueError as error:
        raise NotFound from error
