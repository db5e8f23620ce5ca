"""Notes, files, questions asked first, and what was agreed, over the API."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from referral.core.schema import Schema, Yes
from referral.referrals import queries, schemas, services
from referral.referrals.api.blueprint import bp
from referral.web.api import answers, arguments, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits
from referral.web.downloads import attachment

F = TypeVar("F", bound=Callable[..., Any])
Answer = tuple[dict[str, Any], int, dict[str, str]]


class NoteFileArguments(Schema):
    """``unscanned=yes``: the warning about a file that nobody scanned was read."""

    unscanned = Yes(load_default=False)


_answers_a_file: Callable[[F], F] = bp.doc(
    responses={
        "200": {
            "description": "The file",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
)


@bp.get("/referrals/<uuid:referral_id>/notes")
@answers(200, schemas.NotesOut)
def notes(referral_id: uuid.UUID) -> dict[str, Any]:
    """The notes that you may read, oldest first."""
    return {"items": queries.view(actor(), referral_id)["notes"]}


@bp.post("/referrals/<uuid:referral_id>/notes")
@body(schemas.NoteForm)
@answers(201, schemas.NoteOut)
@idempotent
@commits
def write_note(data: Mapping[str, Any], referral_id: uuid.UUID) -> tuple[dict[str, Any], int]:
    """A note: ``shared`` with all who support the person, or ``internal``."""
    made = services.write_note(actor(), referral_id, data["kind"], data["text"])
    return _note(referral_id, made.id), 201


@bp.post("/referrals/<uuid:referral_id>/notes/<uuid:note_id>/strike")
@body(schemas.Strike)
@answers(200, schemas.NoteOut)
@idempotent
@commits
def strike_note(
    data: Mapping[str, Any], referral_id: uuid.UUID, note_id: uuid.UUID
) -> dict[str, Any]:
    """Strike out a note of your own organisation; it stays, with the reason."""
    struck = services.strike(actor(), note_id, data["reason"])
    return _note(struck.referral_id, note_id)


def _note(referral_id: uuid.UUID, note_id: uuid.UUID) -> dict[str, Any]:
    shown: list[dict[str, Any]] = queries.view(actor(), referral_id)["notes"]
    return next(note for note in shown if note["id"] == note_id)


@bp.get("/referrals/<uuid:referral_id>/files/<uuid:attachment_id>")
@arguments(NoteFileArguments)
@_answers_a_file
def file(asked: Mapping[str, Any], referral_id: uuid.UUID, attachment_id: uuid.UUID) -> Any:
    """Download a file of a note or of something raised. One nobody scanned: see ``unscanned``."""
    found, name, content = services.hand_out_file(
        actor(), referral_id, attachment_id, warned=asked["unscanned"]
    )
    return attachment(content, found.content_type, name)


@bp.get("/referrals/<uuid:referral_id>/alternatives")
@answers(200, schemas.AlternativesOut)
def alternatives(referral_id: uuid.UUID) -> dict[str, Any]:
    """Up to three other services that can take the person now, for who may refer them on."""
    return {"items": queries.alternatives(actor(), referral_id)}


@bp.get("/referrals/<uuid:referral_id>/consents")
@answers(200, schemas.ConsentsOut)
def consents(referral_id: uuid.UUID) -> dict[str, Any]:
    """What was agreed and taken back, oldest first."""
    return {"items": queries.consents(actor(), referral_id)}


@bp.post("/referrals/<uuid:referral_id>/consent-withdrawals")
@body(schemas.Withdrawal)
@answers(200, schemas.ReferralOut)
@versioned
@idempotent
@commits
def take_back(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
    """The person takes back being referred, what comes back, or the evaluation."""
    found = services.withdraw_consent(actor(), referral_id, if_match(), data)
    return queries.view(actor(), found), 200, etag(found.version)


@bp.post("/referrals/<uuid:referral_id>/said")
@body(schemas.Said)
@answers(201, schemas.SaidOut)
@idempotent
@commits
def said(data: Mapping[str, Any], referral_id: uuid.UUID) -> tuple[dict[str, Any], int]:
    """What the person said by telephone, at the desk or in a letter."""
    row = services.record_said(
        actor(), referral_id, data["kind"], data["how"], data["text"], data["spoken_by"]
    )
    shown = {name: data[name] or None for name in ("kind", "how", "text", "spoken_by")}
    return shown | {"id": row.id, "at": row.at}, 201


@bp.get("/enquiries")
@arguments(schemas.EnquiryArguments)
@answers(200, schemas.EnquiriesOut)
def enquiries(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Questions asked before a referral, by you or of you: the newest 50."""
    return {"items": queries.enquiries(actor(), waiting=asked["waiting"])}


@bp.post("/enquiries")
@body(schemas.AskFirst)
@answers(201, schemas.EnquiryOut)
@idempotent
@commits
def ask_first(data: Mapping[str, Any]) -> Answer:
    """Ask a service whether somebody would fit. Nobody may be named."""
    made = services.ask_first(actor(), data)
    return _enquiry(made.id, 201)


@bp.get("/enquiries/<uuid:enquiry_id>")
@answers(200, schemas.EnquiryOut)
def enquiry(enquiry_id: uuid.UUID) -> Answer:
    """One question and its answer."""
    return _enquiry(enquiry_id)


@bp.post("/enquiries/<uuid:enquiry_id>/answer")
@body(schemas.AnswerEnquiry)
@answers(200, schemas.EnquiryOut)
@versioned
@idempotent
@commits
def answer_enquiry(data: Mapping[str, Any], enquiry_id: uuid.UUID) -> Answer:
    """Say whether it would fit; ``said_by``: who told you so by telephone."""
    services.answer_enquiry(
        actor(), enquiry_id, if_match(), data["fits"], data["text"], data["said_by"]
    )
    return _enquiry(enquiry_id)


@bp.post("/enquiries/<uuid:enquiry_id>/convert")
@body(schemas.Convert)
@answers(201, schemas.ReferralOut)
@idempotent
@commits
def convert_enquiry(data: Mapping[str, Any], enquiry_id: uuid.UUID) -> Answer:
    """Begin a referral to that service for a person you know: answers the draft."""
    made = services.convert(actor(), enquiry_id, data["person_id"])
    where = {"Location": f"/api/v1/referrals/{made.id}"}
    return queries.view(actor(), made), 201, etag(made.version) | where


@bp.post("/enquiries/<uuid:enquiry_id>/close")
@answers(200, schemas.EnquiryOut)
@versioned
@idempotent
@commits
def close_enquiry(enquiry_id: uuid.UUID) -> Answer:
    """Nothing came of it."""
    services.close_enquiry(actor(), enquiry_id, if_match())
    return _enquiry(enquiry_id)


def _enquiry(enquiry_id: uuid.UUID, status: int = 200) -> Answer:
    shown = queries.enquiry(actor(), enquiry_id)
    return shown, status, etag(shown["version"])
