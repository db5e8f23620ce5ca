"""Room and wait in one tap, and "still correct"."""

from __future__ import annotations

import uuid

from flask import Response

from referral.core.i18n import _
from referral.directory import schemas, services
from referral.directory.pages.blueprint import bp
from referral.directory.pages.entries import service_page
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, say


@bp.post("/directory/services/<uuid:service_id>/capacity")
@commits
def set_capacity(service_id: uuid.UUID) -> Response:
    """Room and wait in one tap."""
    form = Form(schemas.CapacityForm)
    data = form.read()
    if data is None:
        return service_page(service_id, form)
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
        return service_page(service_id)
    services.confirm_correct(actor(), service_id, data["version"])
    say(_("Thank you. The entry shows today’s date."))
    return redirect_to("directory.service", service_id=service_id)
