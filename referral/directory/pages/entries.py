"""A service and an organisation, as readers see them."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Invalid
from referral.directory import queries, schemas, services
from referral.directory.needs import labels
from referral.directory.pages.blueprint import bp
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import render


@bp.get("/directory/services/<uuid:service_id>")
def service(service_id: uuid.UUID) -> Response:
    """A service: what it is, for whom, where and when, how sure, and how to refer."""
    return service_page(service_id)


def service_page(service_id: uuid.UUID, form: Form | None = None) -> Response:
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
