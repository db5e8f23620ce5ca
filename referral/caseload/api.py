"""The link worker's desk, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import fields

from referral.caseload import queries, schemas, services
from referral.caseload.models import Handover, UnmetNeed
from referral.caseload.queries import Line
from referral.core.schema import Choice
from referral.referrals.queries import appointing as days
from referral.referrals.schemas.appointing import Appoint, AppointmentOut, HowItWent, When
from referral.referrals.services import appointing
from referral.web.api import (
    Blueprint,
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

LISTING = "caseload"
Answer = tuple[Any, int, dict[str, str]]

bp = Blueprint("caseload", __name__, description="The link worker’s desk")


class CaseloadArguments(PageArguments):
    """``worker``: a colleague of the team; one's own without it."""

    show = Choice(schemas.SHOWS, load_default="mine")
    worker = fields.UUID(load_default=None)


@bp.get("/caseload")
@arguments(CaseloadArguments)
@answers(200, page_schema(schemas.LineOut))
def caseload(asked: dict[str, Any]) -> dict[str, Any]:
    """People of your team’s caseload, what is exceptional first, then what is due first."""
    worker = asked["worker"] or actor().id
    listing = f"{LISTING}:{asked['show']}:{worker}"
    cursor = decode(listing, asked["cursor"]) if asked["cursor"] else None
    page = queries.caseload(actor(), asked["show"], worker, asked["limit"], cursor)
    following = encode(listing, *page.next_cursor) if page.next_cursor else None
    return page_of([_line(line) for line in page.lines], following)


@bp.post("/caseload/allocations")
@body(schemas.Allocate)
@answers(200, schemas.AllocatedOut)
@idempotent
@commits
def allocate(data: dict[str, Any]) -> services.Allocated:
    """Give referrals your team holds to somebody of it. The guide warns and stops nothing."""
    return services.allocate(actor(), data["referral_ids"], data["user_id"])


@bp.post("/caseload/handovers")
@body(schemas.HandOver)
@answers(201, schemas.HandoverOut)
@idempotent
@commits
def hand_over(data: dict[str, Any]) -> Handover:
    """Everything of one worker’s to another, with what was promised."""
    return services.hand_over(actor(), data["from_user_id"], data["to_user_id"], data["reason"])


@bp.post("/unmet-needs")
@body(schemas.NoteUnmet)
@answers(201, schemas.UnmetOut)
@idempotent
@commits
def note_unmet(data: dict[str, Any]) -> UnmetNeed:
    """A need for which there was nothing; of the person only the area is kept."""
    return services.note_unmet(actor(), data["need"], data["reason"], data["referral_id"])


@bp.get("/referrals/<uuid:referral_id>/appointments")
@answers(200, AppointmentOut(many=True))
def appointments(referral_id: uuid.UUID) -> list[days.Set]:
    """Days set with the person, the latest first."""
    return days.appointments(actor(), referral_id)


@bp.post("/referrals/<uuid:referral_id>/appointments")
@body(Appoint)
@answers(201, AppointmentOut)
@idempotent
@commits
def appoint(data: dict[str, Any], referral_id: uuid.UUID) -> Answer:
    """Set a day and a local time."""
    return _read(appointing.appoint(actor(), referral_id, data).id, 201)


@bp.post("/appointments/<uuid:appointment_id>/keep")
@body(HowItWent)
@answers(200, AppointmentOut)
@idempotent
@versioned
@commits
def keep_appointment(data: dict[str, Any], appointment_id: uuid.UUID) -> Answer:
    """How it went; it is logged as a contact. Send ``If-Match`` with the version you saw."""
    return _read(appointing.keep(actor(), appointment_id, if_match(), data).id)


@bp.post("/appointments/<uuid:appointment_id>/move")
@body(When)
@answers(200, AppointmentOut)
@idempotent
@versioned
@commits
def move_appointment(data: dict[str, Any], appointment_id: uuid.UUID) -> Answer:
    """Another day: the new appointment is answered. Send ``If-Match`` with the version you saw."""
    return _read(appointing.move(actor(), appointment_id, if_match(), data).id)


@bp.post("/appointments/<uuid:appointment_id>/cancel")
@answers(200, AppointmentOut)
@idempotent
@versioned
@commits
def cancel_appointment(appointment_id: uuid.UUID) -> Answer:
    """It does not take place. Send ``If-Match`` with the version you saw."""
    return _read(appointing.cancel(actor(), appointment_id, if_match()).id)


def _line(line: Line) -> dict[str, Any]:
    return {
        "person": line.person,
        "since": line.since,
        "next_at": line.next_at,
        "flags": list(line.flags),
        "rows": list(line.rows),
    }


def _read(appointment_id: uuid.UUID, status: int = 200) -> Answer:
    found = days.appointment(actor(), appointment_id)
    return found, status, etag(found.version)
