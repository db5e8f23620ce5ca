"""Who answers for a group without an account, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.accounts import queries as accounts
from referral.accounts import services as keeping
from referral.accounts.models import Organisation
from referral.directory import schemas, services
from referral.directory.api.blueprint import bp
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits

Answer = tuple[Any, int, dict[str, str]]


@bp.get("/organisations/<uuid:organisation_id>/answering")
@answers(200, schemas.AnsweringOut)
def answering(organisation_id: uuid.UUID) -> Answer:
    """By safe link or from accounts only, a weekly sheet, and the days the group works."""
    found = accounts.answered_by(actor(), organisation_id)
    return _answering(found), 200, etag(found.version)


@bp.put("/organisations/<uuid:organisation_id>/answering")
@body(schemas.Answering)
@answers(200, schemas.AnsweringOut)
@versioned
@commits
def choose_answering(data: dict[str, Any], organisation_id: uuid.UUID) -> Answer:
    """Choose all three. Send ``If-Match`` with the version you saw."""
    found = keeping.choose_answering(actor(), organisation_id, if_match(), **data)
    return _answering(found), 200, etag(found.version)


@bp.get("/organisations/<uuid:organisation_id>/answer-contacts")
@answers(200, schemas.AnswerContactsOut)
def answer_contacts(organisation_id: uuid.UUID) -> dict[str, Any]:
    """Who answers, the oldest first; at most two for each service."""
    return {"items": accounts.contacts_of(actor(), organisation_id)}


@bp.post("/organisations/<uuid:organisation_id>/answer-contacts")
@body(schemas.AnswerContact)
@answers(201, schemas.AnswerContactOut)
@idempotent
@commits
def add_answer_contact(data: dict[str, Any], organisation_id: uuid.UUID) -> Answer:
    """Add somebody. With ``pin`` ask ``…/pin`` next: until then they cannot open anything."""
    made = services.keep_contact(actor(), organisation_id, data)
    return _shown(organisation_id, made.id, 201)


@bp.put("/organisations/<uuid:organisation_id>/answer-contacts/<uuid:contact_id>")
@body(schemas.AnswerContact)
@answers(200, schemas.AnswerContactOut)
@versioned
@commits
def edit_answer_contact(
    data: dict[str, Any], organisation_id: uuid.UUID, contact_id: uuid.UUID
) -> Answer:
    """Everything that is said of somebody. Send ``If-Match`` with the version you saw."""
    services.keep_contact(actor(), organisation_id, data, contact_id, if_match())
    return _shown(organisation_id, contact_id, 200)


@bp.post("/organisations/<uuid:organisation_id>/answer-contacts/<uuid:contact_id>/pin")
@answers(200, schemas.PinOut)
@versioned
@commits
def new_pin(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Answer:
    """A new PIN, shown this once. Send ``If-Match``."""
    accounts.contact_of(actor(), organisation_id, contact_id)
    pin = keeping.new_pin(actor(), contact_id, if_match())
    kept = accounts.contact_of(actor(), organisation_id, contact_id)
    return {"pin": pin, "version": kept.version}, 200, etag(kept.version)


@bp.post("/organisations/<uuid:organisation_id>/answer-contacts/<uuid:contact_id>/link")
@answers(204)
@commits
def send_link(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Send them a link to try both ways before somebody waits."""
    accounts.contact_of(actor(), organisation_id, contact_id)
    keeping.send_link(actor(), contact_id)


@bp.delete("/organisations/<uuid:organisation_id>/answer-contacts/<uuid:contact_id>")
@answers(204)
@versioned
@commits
def remove_answer_contact(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """They no longer answer; links and phones end at once. Send ``If-Match``."""
    accounts.contact_of(actor(), organisation_id, contact_id)
    keeping.remove_contact(actor(), contact_id, if_match())


def _answering(found: Organisation) -> dict[str, Any]:
    return {
        "answers_by": found.answers_by,
        "paper": found.paper,
        "open_weekdays": list(found.open_weekdays),
        "version": found.version,
    }


def _shown(organisation_id: uuid.UUID, contact_id: uuid.UUID, status: int) -> Answer:
    kept = accounts.contact_of(actor(), organisation_id, contact_id)
    return kept, status, etag(kept.version)
