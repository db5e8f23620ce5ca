"""Telling somebody about a service: by email, by text, or on paper to take along."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Response, request

from referral.core import clock
from referral.core.errors import Forbidden, Invalid
from referral.core.i18n import _
from referral.directory import notifications, queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.directory.signpost import facts
from referral.outbox.channels import sends_texts
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

SAID = {
    "email": _("The email is on its way. The address is not kept."),
    "text": _("The text is on its way. The number is not kept."),
}


@bp.route("/directory/services/<uuid:service_id>/tell", methods=["GET", "POST"])
@commits
def tell(service_id: uuid.UUID) -> Response:
    """The words as they would arrive, and the ways to send them."""
    found = queries.service(actor(), service_id)
    if not services.may_tell(actor()):
        raise Forbidden
    by_email, by_text = Form(schemas.Signpost), Form(schemas.Signpost)
    if request.method == "POST":
        form = by_text if request.form.get("channel") == "text" else by_email
        if (data := form.read()) is not None:
            try:
                services.tell(actor(), service_id, data["channel"], data["to"])
            except Invalid as error:
                form.refuse(error)
            else:
                return _done(service_id, data["channel"])
    told, closed = (
        facts(found.service, found.organisation, found.places),
        found.service.paused_until,
    )
    short = notifications.words_of(service_id, "text", told, closed)
    return render(
        "directory/tell.html",
        found=found,
        one=found.service,
        by_email=by_email,
        by_text=by_text,
        words=notifications.words_of(service_id, "email", told, closed),
        short=short,
        today=clock.today(),
        texts=sends_texts(),
        own_phone=f"sms:?&body={quote(short, safe='')}",
    )


def _done(service_id: uuid.UUID, channel: str) -> Response:
    if channel == "print":
        return redirect_to("directory.print_service", service_id=service_id)
    say(SAID[channel])
    return redirect_to("directory.service", service_id=service_id)
