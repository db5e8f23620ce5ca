"""A service and an organisation, as readers see them: on the screen, on paper, signed in or not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, may
from referral.core import clock, text
from referral.core.actor import ANONYMOUS
from referral.directory import capability, glance, passport, queries, schemas, services, summary
from referral.directory.needs import labels
from referral.directory.pages.blueprint import bp
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import render

PLACE_MAX = 60
SERVICES_SHOWN = 20


@dataclass(frozen=True)
class Said:
    """What an entry says of itself, each thing as the lines a reader sees."""

    capability: list[tuple[Any, Any]]
    ages: str
    only_for: str
    costs: list[str]
    access: list[str]
    areas: list[str]
    funding: list[str]
    when: list[str]
    # The hours kept with each place, where there are several.
    hours: dict[uuid.UUID, list[str]]

    @classmethod
    def by(cls, found: queries.Detail) -> Said:
        one = found.service
        parts = one.parts or {}
        ends = [place.parts or {} for place in found.places]
        hours = {
            place.id: _lines(summary.schedule_words(summary.items(place.here or {}, "schedules")))
            for place in found.places
        }
        several = len(found.places) > 1
        return cls(
            capability=capability.statement(
                {name: getattr(one, name) for name in capability.HOLDS}
            ),
            ages=glance.ages(one),
            only_for=glance.whom(one),
            costs=summary.price_lines(one.fees, parts),
            access=glance.access(one.access_mask, one.accessibility, ends),
            areas=glance.named(parts, "service_areas", "name", "description"),
            funding=glance.named(parts, "funding", "source"),
            when=_lines(one.schedule) or _lines(*(w for lines in hours.values() for w in lines)),
            hours=hours if several else {},
        )


def _lines(*texts: str) -> list[str]:
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return [line for line in dict.fromkeys(lines) if line]


@bp.get("/directory/services/<uuid:service_id>")
def service(service_id: uuid.UUID) -> Response:
    """A service: what it is, for whom, where and when, how sure, and how to refer."""
    return service_page(service_id)


def service_page(service_id: uuid.UUID, form: Form | None = None) -> Response:
    """The page, with the form of its room where that was refused."""
    found = queries.service(actor(), service_id, _near())
    return render(
        "directory/service.html",
        form=form or Form(schemas.CapacityForm, values=_room(found)),
        may_refer=may(actor(), Permission.REFER),
        may_tell=services.may_tell(actor()),
        own=actor().organisation == found.service.organisation_id,
        draft=request.args.get("referral", ""),
        query=urlencode({"near": _near()}) if _near() else "",
        kept=queries.changes_of(actor(), service_id=service_id) if found.may_edit else (None, None),
        **_about(found),
    )


def _room(found: queries.Detail) -> dict[str, Any]:
    names = ("wait_weeks", "places_available", "places_maximum")
    return {name: getattr(found.service, name) for name in names}


@bp.get("/directory/services/<uuid:service_id>/print")
def print_service(service_id: uuid.UUID) -> Response:
    """The service on one sheet, for somebody to take along."""
    return render(
        "directory/print_service.html", **_about(queries.service(actor(), service_id, _near()))
    )


def _about(found: queries.Detail) -> dict[str, Any]:
    people = queries.faces(actor(), [found.service.id]).get(found.service.id, ())
    signed_in = actor() != ANONYMOUS
    return {
        "found": found,
        "one": found.service,
        "said": Said.by(found),
        "needs": labels(found.needs),
        "people": people,
        "met": found.met,
        "today": clock.today(),
        "signed_in": signed_in,
        "checks": passport.of(found.listing, clock.today(), signed_in=signed_in),
    }


def _near() -> str:
    """The place the reader came with; a wrong one is not worth an error here."""
    typed = request.args.get("near") or request.args.get("postcode") or ""
    try:
        return text.one_line(typed)[:PLACE_MAX]
    except ValueError:
        return ""


@bp.get("/directory/organisations/<uuid:organisation_id>")
def organisation(organisation_id: uuid.UUID) -> Response:
    """An organisation, its people and what it offers."""
    known = queries.known(actor(), organisation_id)
    found = known.organisation
    page = queries.search(actor(), organisation_id=organisation_id, limit=SERVICES_SHOWN)
    may_edit = queries.may_keep_organisation(actor(), found)
    return render(
        "directory/organisation.html",
        found=found,
        entry=known.entry,
        page=page,
        glance=glance,
        people=queries.people_of(actor(), organisation_id),
        checks=known.checks,
        met=known.met,
        met_on=known.met.met_on if known.met else None,
        today=clock.today(),
        signed_in=actor() != ANONYMOUS,
        may_refer=may(actor(), Permission.REFER),
        may_edit=may_edit,
        keeps=may(actor(), Permission.KEEP_DIRECTORY, found),
        changes=queries.changes_about(actor(), organisation_id) if may_edit else [],
        answers=accounts.keeps_contacts(actor(), found),
    )
