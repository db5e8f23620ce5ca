"""Applications for programs: an organisation's own, and the reviewers'."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core import clock
from referral.core.schema import Choice
from referral.vetting import judging, queries, schemas, services
from referral.vetting.api.blueprint import bp
from referral.vetting.models import Application
from referral.vetting.queries import Dossier, Line, Offer
from referral.vetting.queries.programs import Whole
from referral.vetting.queries.reviewing import Decided
from referral.vetting.schemas import programs, shown
from referral.web import paging
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

QUEUE = "applications"


class ListArguments(PageArguments):
    """``show``, for reviewers: what waits (the longest first), what ends soon, or all."""

    show = Choice(programs.SHOWS, load_default="waiting")


@bp.get("/applications")
@arguments(ListArguments)
@answers(200, page_schema(shown.ApplicationItemOut))
def applications(asked: dict[str, Any]) -> Any:
    """The reviewers' queue; for an organisation its own applications, one for each locality."""
    if not queries.reviews(actor()):
        return page_of([_item(*one) for one in queries.own_applications(actor())], None)
    name = f"{QUEUE}-{asked['show']}"
    cursor = paging.decode(name, asked["cursor"]) if asked["cursor"] else None
    found = queries.queue(actor(), show=asked["show"], limit=asked["limit"], cursor=cursor)
    following = paging.encode(name, *found.next_cursor) if found.next_cursor else None
    items = [
        _item(one.application, one.organisation) | {"answers_waiting": one.answers}
        for one in found.items
    ]
    return page_of(items, following)


@bp.post("/applications")
@body(programs.Apply)
@answers(201, shown.ApplicationOut)
@idempotent
@commits
def apply(data: dict[str, Any]) -> Any:
    """Begin an application (where there is one, go on with it), or invite an organisation."""
    if data["organisation_id"] not in (None, actor().organisation):
        made = services.invite(actor(), data["organisation_id"], data["note"])
    else:
        made = services.begin(actor(), data["locality_id"])
    return read(made.id, 201)


@bp.get("/applications/<uuid:application_id>")
@answers(200, shown.ApplicationOut)
def application(application_id: uuid.UUID) -> Any:
    """An application whole: what is still asked, the checklist, the decisions."""
    return read(application_id)


@bp.post("/applications/<uuid:application_id>/submit")
@body(programs.NothingMore)
@answers(200, shown.ApplicationOut)
@idempotent
@versioned
@commits
def submit(_data: dict[str, Any], application_id: uuid.UUID) -> Any:
    """Apply. 422 names what is still to be answered."""
    services.submit(actor(), application_id, if_match())
    return read(application_id)


@bp.post("/applications/<uuid:application_id>/leave")
@body(programs.Leave)
@answers(200, shown.ApplicationOut)
@idempotent
@versioned
@commits
def leave(data: dict[str, Any], application_id: uuid.UUID) -> Any:
    """Take the application back, or give the approval up; what is under way goes on."""
    services.leave(actor(), application_id, if_match(), data["reason"])
    return read(application_id)


@bp.get("/organisations/<uuid:organisation_id>/about")
@answers(200, shown.AboutOut)
def about(organisation_id: uuid.UUID) -> Any:
    """What an organisation has said of itself and its services."""
    return _about_answer(organisation_id)


@bp.put("/organisations/<uuid:organisation_id>/about")
@body(schemas.About)
@answers(200, shown.AboutOut)
@versioned
@commits
def say_about(data: dict[str, Any], organisation_id: uuid.UUID) -> Any:
    """Say what an organisation is and does: it decides which checks are asked.

    ``If-Match: "0"`` where nothing was said before. Services left out stay as they are.
    """
    services.say_about(actor(), organisation_id, if_match(), data)
    return _about_answer(organisation_id)


def read(application_id: uuid.UUID, status: int = 200) -> Any:
    """An application as ``shown.ApplicationOut`` shows it."""
    found = queries.whole(actor(), application_id)
    return _whole(found), status, etag(found.application.version)


def decision_shown(one: Decided) -> dict[str, Any]:
    """A decision as ``shown.DecisionOut`` shows it."""
    names = (name for name in shown.DecisionOut._declared_fields if name != "decided_by")
    return {name: getattr(one.made, name) for name in names} | {"decided_by": one.name}


def _whole(found: Whole) -> dict[str, Any]:
    one, made, today = found.application, found.dossier, clock.today()
    waiting = sum(answer.state == "given" for answer in made.open.values())
    in_force = made.hosting if made.held else None
    anchor = next((answer.held_by for answer in made.held.values()), None) if in_force else None
    return _item(one, made.organisation.name) | {
        "answers_waiting": waiting,
        "conditions": one.conditions,
        "waived": one.waived,
        "scheme_number": made.scheme.number,
        "about": _about(made),
        "questions": made.questions(today),
        "renewals": made.renewals(today),
        "checklist": [_line(line) for line in made.checklist(today)],
        "held_by": anchor,
        "decisions": [decision_shown(decided) for decided in found.decisions],
        "allowed_actions": judging.allowed(one.status, pending=one.pending_id is not None)
        if queries.reviews(actor())
        else judging.own_actions(one.status),
    }


def _item(one: Application, name: str) -> dict[str, Any]:
    names = shown.ApplicationItemOut._declared_fields
    made = {field: getattr(one, field) for field in names if hasattr(one, field)}
    return made | {"organisation": {"id": one.organisation_id, "name": name}, "answers_waiting": 0}


def _line(line: Line) -> dict[str, Any]:
    item, answer = line.item, line.answer
    return {
        "check": item.check.key,
        "title": str(item.check.title),
        "state": item.state,
        "until": item.until,
        "mandatory": item.check.mandatory,
        "evidence_id": answer.evidence.id if answer else None,
        "held_by": answer.held_by if answer else None,
        "open_id": line.open.id if line.open else None,
        "open_state": line.open.state if line.open else None,
    }


def _about_answer(organisation_id: uuid.UUID) -> Any:
    made = queries.from_here(actor(), organisation_id)
    said = _about(made)
    return said, 200, etag(said["version"])


def _about(made: Dossier) -> dict[str, Any]:
    today = clock.today()
    return {
        "organisation_id": made.organisation.id,
        "being": made.about.facts if made.about else None,
        "services": [_offer(made, offer, today) for offer in made.services],
        "version": made.about.version if made.about else 0,
    }


def _offer(made: Dossier, offer: Offer, today: Any) -> dict[str, Any]:
    standing = made.standing(offer, today)
    return {
        "service_id": offer.service.id,
        "name": offer.service.name,
        "way": offer.does.way,
        "doing": offer.vetted.facts if offer.vetted else None,
        "tier": offer.does.tier,
        "state": standing.state,
        "accepts": standing.accepts,
        "until": standing.until,
    }
