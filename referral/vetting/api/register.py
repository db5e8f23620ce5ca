"""What a locality asks for, and how its organisations stand, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core import clock
from referral.core.errors import NotFound
from referral.vetting import queries, services
from referral.vetting.api.blueprint import bp
from referral.vetting.checks import OPTIONAL, REQUIRED, VERSION, Check
from referral.vetting.queries import Register, Versions
from referral.vetting.queries.overview import DEFINITIONS
from referral.vetting.schemas import programs, shown
from referral.vetting.schemas.scheme import SchemeBody
from referral.web.api import answers, arguments, body, etag, if_match, versioned
from referral.web.door import actor, commits


@bp.get("/checks")
@arguments(programs.LocalityArguments)
@answers(200, shown.RegisterOut)
def checks(asked: dict[str, Any]) -> Any:
    """The register of checks as your locality asks them, or another with ``locality_id``."""
    found = queries.register(actor(), _locality(asked))
    return _register(found), 200, etag(found.scheme.number)


@bp.get("/scheme")
@arguments(programs.LocalityArguments)
@answers(200, shown.SchemeOut)
def scheme(asked: dict[str, Any]) -> Any:
    """What the locality changes in the national register; number 0 = nothing."""
    return _scheme(queries.versions(actor(), _locality(asked)))


@bp.put("/scheme")
@body(SchemeBody)
@arguments(programs.LocalityArguments)
@answers(200, shown.SchemeOut)
@versioned
@commits
def set_scheme(data: dict[str, Any], asked: dict[str, Any]) -> Any:
    """Set the scheme anew, whole. ``If-Match`` carries the number you saw."""
    locality_id = _locality(asked)
    services.set_scheme(actor(), locality_id, if_match(), data)
    return _scheme(queries.versions(actor(), locality_id))


@bp.post("/scheme/preview")
@body(SchemeBody)
@arguments(programs.LocalityArguments)
@answers(200, shown.EffectOut)
@commits
def preview_scheme(data: dict[str, Any], asked: dict[str, Any]) -> Any:
    """Whom a change would touch, and how. Nothing is saved."""
    found = services.preview(actor(), _locality(asked), data)
    return {
        "changed": found.changed,
        "total": found.total,
        "organisations": [
            {
                "id": one.id,
                "name": one.name,
                "gains": [check.key for check in one.gains],
                "loses": [check.key for check in one.loses],
                "otherwise": [check.key for check in one.otherwise],
                "would_pause": one.would_pause,
            }
            for one in found.organisations
        ],
    }


@bp.get("/checks/overview")
@arguments(programs.LocalityArguments)
@answers(200, shown.OverviewOut)
def overview(asked: dict[str, Any]) -> Any:
    """How many organisations are current, expiring, lapsed, missing or suspended, by tier."""
    found = queries.overview(actor(), _locality(asked))
    return {
        "locality_id": found.locality.id,
        "as_at": clock.today(),
        "tiers": found.counts,
        "definitions": {key: str(said) for key, said in DEFINITIONS.items()},
    }


def _locality(asked: dict[str, Any]) -> uuid.UUID:
    found: uuid.UUID | None = asked["locality_id"] or actor().locality
    if found is None:
        raise NotFound
    return found


def _register(found: Register) -> dict[str, Any]:
    return {
        "locality_id": found.locality.id,
        "number": found.scheme.number,
        "two_reviewers": sorted(found.scheme.two_reviewers),
        "appeal_route": found.scheme.appeal_route,
        "items": [_check(check) for check in found.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    renewal = check.renewal
    every = f"{renewal.every[0]:02}-{renewal.every[1]:02}" if renewal.every else None
    return {
        **vars(check),
        **{name: str(getattr(check, name)) for name in ("title", "ask", "evidence", "limits")},
        "renewal": vars(renewal) | {"every": every},
        "required": REQUIRED[check.kind],
        "optional": OPTIONAL[check.kind],
    }


def _scheme(found: Versions) -> Any:
    if not found.items:
        nothing = dict.fromkeys(("appeal_route", "assurer_email", "reason"), "")
        empty = nothing | {"number": 0, "base": VERSION, "rules": [], "two_reviewers": []}
        made: dict[str, Any] = empty | {"affected": 0, "made_at": None, "made_by": None}
    else:
        newest = found.items[0]
        names = (name for name in shown.SchemeOut._declared_fields if name != "made_by")
        made = {name: getattr(newest.made, name) for name in names}
        made |= {"made_by": newest.made_by}
    return made | {"locality_id": found.locality.id}, 200, etag(made["number"])
