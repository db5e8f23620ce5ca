"""The demonstration's mailbox and phones: what would have been sent, to be read by anybody here."""

from __future__ import annotations

import uuid

from flask import Response

from referral.accounts import door
from referral.core.errors import NotFound
from referral.desk import queries
from referral.desk.pages.blueprint import bp
from referral.referrals.lifecycle import STATUSES
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


@bp.get("/demo/person")
def person_to_play() -> Response:
    """Somebody who was referred, whom anybody may play: what opens their page, and their phone."""
    if not door.here().demo:
        raise NotFound
    people = queries.to_play_unscoped()
    told = queries.messages_to_unscoped([one.referral_id for one in people])
    return render("desk/person_to_play.html", people=people, messages=told, statuses=STATUSES)
