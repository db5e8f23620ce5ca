"""Answers to checks for programs: giving, taking back, and looking at them."""

from __future__ import annotations

import uuid
from typing import Any

from referral.accounts.roles import ROLE_LABELS
from referral.vetting import queries, schemas, services
from referral.vetting.api.blueprint import bp
from referral.vetting.queries.programs import Said
from referral.vetting.schemas import programs, shown
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.bodies import json_body
from referral.web.door import actor, commits

WORDS = ("number", "issuer", "lead_name", "lead_phone", "note")


@bp.get("/organisations/<uuid:organisation_id>/evidence")
@answers(200, shown.EvidencesOut)
def evidence(organisation_id: uuid.UUID) -> Any:
    """What an organisation has said that counts, waits to be looked at, or was not accepted."""
    return {"items": [_shown(one) for one in queries.answers_of(actor(), organisation_id)]}


@bp.post("/organisations/<uuid:organisation_id>/evidence")
@body(programs.GiveEvidence)
@answers(201, shown.EvidenceOut)
@idempotent
@commits
def give_evidence(data: dict[str, Any], organisation_id: uuid.UUID) -> Any:
    """Answer a check. Files come first, by ``POST files``; an answer that waits is replaced.

    ``GET checks`` says which fields each check wants. Never send a criminal record certificate.
    """
    said = {name: value for name, value in json_body().items() if name not in ("check", "file_ids")}
    read = queries.answer_schema(actor(), organisation_id, data["check"]).read(said)
    made = services.give(actor(), organisation_id, data["check"], read, data["file_ids"])
    return _read(made.id, 201)


@bp.get("/evidence/<uuid:evidence_id>")
@answers(200, shown.EvidenceOut)
def one_answer(evidence_id: uuid.UUID) -> Any:
    """One answer, whatever became of it."""
    return _read(evidence_id)


@bp.post("/evidence/<uuid:evidence_id>/take-back")
@body(programs.NothingMore)
@answers(200, shown.EvidenceOut)
@idempotent
@versioned
@commits
def take_back(_data: dict[str, Any], evidence_id: uuid.UUID) -> Any:
    """Take back an answer that nobody has decided on."""
    services.take_back(actor(), evidence_id, if_match())
    return _read(evidence_id)


@bp.post("/evidence/<uuid:evidence_id>/accept")
@body(schemas.Accept)
@answers(200, shown.EvidenceOut)
@idempotent
@versioned
@commits
def accept(data: dict[str, Any], evidence_id: uuid.UUID) -> Any:
    """It will do; until ``expires_on`` at most, with ``limits`` that readers see."""
    services.review(actor(), evidence_id, if_match(), "accept", **data)
    return _read(evidence_id)


@bp.post("/evidence/<uuid:evidence_id>/reject")
@body(schemas.Reject)
@answers(200, shown.EvidenceOut)
@idempotent
@versioned
@commits
def reject(data: dict[str, Any], evidence_id: uuid.UUID) -> Any:
    """It will not do; also of one that was accepted, when more is known."""
    services.review(actor(), evidence_id, if_match(), "reject", reason=data["reason"])
    return _read(evidence_id)


@bp.post("/evidence/<uuid:evidence_id>/ask")
@body(schemas.AskBack)
@answers(200, shown.EvidenceOut)
@idempotent
@versioned
@commits
def ask(data: dict[str, Any], evidence_id: uuid.UUID) -> Any:
    """Ask the organisation something about its answer."""
    services.review(actor(), evidence_id, if_match(), "ask", reason=data["reason"])
    return _read(evidence_id)


def _read(evidence_id: uuid.UUID, status: int = 200) -> Any:
    found = queries.answer(actor(), evidence_id)
    return _shown(found), status, etag(found.evidence.version)


def _shown(one: Said) -> dict[str, Any]:
    found = one.evidence
    names = shown.EvidenceOut._declared_fields
    reviewed = ", ".join(part for part in (_role(found.reviewer_role), one.reviewer) if part)
    return (
        {name: getattr(found, name) for name in names if hasattr(found, name)}
        | {name: one.words.get(name, "") for name in WORDS}
        | {
            "check": found.check_key,
            "told_by": one.told_by,
            "reviewed_by": reviewed,
            "files": one.files,
        }
    )


def _role(role: str) -> str:
    """A role in words; "" for none."""
    return str(ROLE_LABELS[role]) if role in ROLE_LABELS else ""
