"""The demonstration's mailbox: what would have been sent by email, to be read by anybody here."""

from __future__ import annotations

import uuid

from flask import Response

from referral.accounts import door
from referral.core.errors import NotFound
from referral.desk import queries
from referral.desk.pages.blueprint import bp
from referral.web.door import actor
from referral.web.pages import render


@bp.get("/demo/mailbox")
def mailbox() -> Response:
    """The latest messages, newest first, and one of them opened."""
    return render("desk/mailbox.html", messages=queries.messages(actor()))


@bp.get("/demo/mailbox/<uuid:message_id>")
def message(message_id: uuid.UUID) -> Response:
    return render("desk/message.html", message=queries.message(actor(), message_id))


@bp.get("/demo/phone")
def phone() -> Response:
    """The phone of somebody who answers for a group without an account; anybody may play them."""
    if not door.here().demo:
        raise NotFound
    return render("desk/phone.html", messages=queries.phone_unscoped())
