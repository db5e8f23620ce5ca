"""Referrals over the API: make, list, read, and act by verb."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from referral.core.schema import Choice, Text, Yes
from referral.referrals import queries, services
from referral.referrals.api.blueprint import bp
from referral.referrals.lifecycle import STATUSES
from referral.referrals.schemas import BODIES, Create, Draft, ReferralOut, ReferralRow
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
)
from referral.web.door import actor, commits
from referral.web.paging import decode, encode

LISTING = "referrals"
Answer = tuple[dict[str, Any], int, dict[str, str]]


class Statuses(Text):
    """One status or several, with commas between."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        typed: str = super()._deserialize(value, attr, data, **kwargs)
        found = [part.strip() for part in typed.split(",") if part.strip()]
        if unknown := [key for key in found if key not in STATUSES]:
            raise ValidationError("must be among: " + ", ".join(STATUSES) + f" (not {unknown[0]})")
        return found or None


class ListArguments(PageArguments):
    """What a list of referrals may ask."""

    box = Choice(queries.BOXES)
    status = Statuses(max=400)
    overdue = Yes()


@bp.post("/referrals")
@body(Create)
@answers(201, ReferralOut)
@idempotent
@commits
def create(data: Mapping[str, Any]) -> Answer:
    """Refer somebody: sent at once, or kept as a draft."""
    made = services.create(actor(), data)
    shown = queries.view(actor(), made)
    return shown, 201, {**etag(made.version), "Location": f"/api/v1/referrals/{made.id}"}


@bp.get("/referrals")
@arguments(ListArguments)
@answers(200, page_schema(ReferralRow))
def listing(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The referrals you may see, what is due first first."""
    cursor = decode(LISTING, asked["cursor"]) if asked["cursor"] else None
    items, after = queries.listing(
        actor(),
        box=asked.get("box"),
        status=asked.get("status"),
        overdue=asked.get("overdue"),
        limit=asked["limit"],
        cursor=cursor,
    )
    return page_of(items, encode(LISTING, *after) if after else None)


@bp.get("/referrals/<uuid:referral_id>")
@answers(200, ReferralOut)
def read(referral_id: uuid.UUID) -> Answer:
    """One referral, as far as you may see it."""
    shown = queries.view(actor(), referral_id)
    return shown, 200, etag(shown["version"])


@bp.put("/referrals/<uuid:referral_id>")
@body(Draft)
@answers(200, ReferralOut)
@commits
def rewrite(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
    """Change the answers of a draft; those not given stay."""
    return _shown(services.rewrite(actor(), referral_id, if_match(), data))


def _shown(found: Any) -> Answer:
    return queries.view(actor(), found), 200, etag(found.version)


def _door(verb: str) -> Any:
    """The view of one verb: every verb has a body of its own in the OpenAPI document."""

    def act(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
        return _shown(services.act(actor(), referral_id, verb, if_match(), data))

    act.__name__ = f"act_{verb}"
    act.__doc__ = f"``{verb}``. Send ``If-Match`` with the version you saw; answers the referral."
    return act


for _verb, _schema in BODIES.items():
    _view = _door(_verb)
    for _wrap in (commits, idempotent, answers(200, ReferralOut), body(_schema)):
        _view = _wrap(_view)
    bp.post(f"/referrals/<uuid:referral_id>/actions/{_verb}")(_view)


@bp.post("/referrals/<uuid:referral_id>/actions/<verb>")
@commits
def act_unknown(referral_id: uuid.UUID, verb: str) -> Answer:
    """What is not a verb: 409 with what is allowed now, or 404 out of scope."""
    return _shown(services.act(actor(), referral_id, verb, None, {}))
