"""Complaints of people referred, for whoever answers them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.schema import Schema, Yes
from referral.referrals import queries, services
from referral.referrals.api.blueprint import bp
from referral.referrals.queries import Complained
from referral.referrals.schemas.complaining import AnswerComplaint, ComplaintOut, PassOn
from referral.web.api import (
    PageArguments,
    answers,
    arguments,
    body,
    etag,
    idempotent,
    if_match,
    page_of,
    page_schema,
    versioned,
)
from referral.web.door import actor, commits
from referral.web.paging import decode, encode

LISTING = "complaints"
# Before every id there is.
FIRST = uuid.UUID(int=0)


class ComplaintArguments(PageArguments):
    """``open=yes``: only those that are not answered yet."""

    open = Yes(load_default=False)


class AcknowledgeComplaint(Schema):
    """No fields: the address says it all."""


@bp.get("/complaints")
@arguments(ComplaintArguments)
@answers(200, page_schema(ComplaintOut))
def complaints(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What your organisation answers, the oldest first."""
    limit = asked["limit"]
    after = decode(LISTING, asked["cursor"])[0] if asked["cursor"] else FIRST
    rows = queries.queue_of_complaints(
        actor(), open_only=asked["open"], limit=limit + 1, after=after
    )
    end = encode(LISTING, rows[limit - 1].id) if len(rows) > limit else None
    return page_of([_plain(one) for one in rows[:limit]], end)


@bp.get("/complaints/<uuid:complaint_id>")
@answers(200, ComplaintOut)
def complaint(complaint_id: uuid.UUID) -> Any:
    """One complaint."""
    return _answer(complaint_id)


@bp.post("/complaints/<uuid:complaint_id>/acknowledge")
@body(AcknowledgeComplaint)
@answers(200, ComplaintOut)
@versioned
@idempotent
@commits
def acknowledge_complaint(data: Mapping[str, Any], complaint_id: uuid.UUID) -> Any:
    """Say that it has arrived; the person is told."""
    services.acknowledge_complaint(actor(), complaint_id, if_match())
    return _answer(complaint_id)


@bp.post("/complaints/<uuid:complaint_id>/answer")
@body(AnswerComplaint)
@answers(200, ComplaintOut)
@versioned
@idempotent
@commits
def answer_complaint(data: Mapping[str, Any], complaint_id: uuid.UUID) -> Any:
    """Answer it in words for the person."""
    services.answer_complaint(actor(), complaint_id, if_match(), data["text"])
    return _answer(complaint_id)


@bp.post("/complaints/<uuid:complaint_id>/pass-on")
@body(PassOn)
@answers(204)
@versioned
@idempotent
@commits
def pass_on_complaint(data: Mapping[str, Any], complaint_id: uuid.UUID) -> Any:
    """Hand it to another organisation of the referral; you see it no more."""
    services.pass_on_complaint(actor(), complaint_id, if_match(), data["owner_id"])
    return "", 204


def _answer(complaint_id: uuid.UUID) -> Any:
    found = queries.complaint(actor(), complaint_id)
    return _plain(found), 200, etag(found.version)


def _plain(one: Complained) -> dict[str, Any]:
    names = (
        "id", "version", "reference", "referral_id", "kind", "state", "how", "made_at",
        "acknowledge_by", "acknowledged_at", "answered_at", "text", "wants", "answer",
    )  # fmt: skip
    person = one.person
    return {name: getattr(one, name) for name in names} | {
        "late": one.is_late,
        "owner": {"id": one.owner_id, "name": one.owner},
        "about": {"id": one.about_id, "name": one.about} if one.about_id else None,
        "allowed_actions": list(one.actions),
        "person": person
        and {"name": person.name, "date_of_birth": person.date_of_birth, "phone": person.phone},
    }
