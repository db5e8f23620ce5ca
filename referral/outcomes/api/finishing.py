"""What came of a referral by whose word, and how it fitted, for programs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.errors import NotFound
from referral.outcomes import queries, services
from referral.outcomes.api.blueprint import bp
from referral.outcomes.schemas.finishing import FitIn, FitOut, ResultIn, ResultsOut
from referral.web.api import answers, body, etag, idempotent
from referral.web.door import actor, commits


@bp.get("/referrals/<uuid:referral_id>/results")
@answers(200, ResultsOut)
def results(referral_id: uuid.UUID) -> dict[str, Any]:
    """What came of it by each word, overall and by goal; blank until it is finished.

    The practice has what the person agreed to; ``words`` only the group's side and the team.
    """
    return _results(referral_id)


@bp.post("/referrals/<uuid:referral_id>/results")
@body(ResultIn)
@answers(200, ResultsOut)
@idempotent
@commits
def say_result(data: Mapping[str, Any], referral_id: uuid.UUID) -> dict[str, Any]:
    """Write down how it went by the person's own word, once it is finished.

    What they said on their own page is not written over: 409.
    """
    services.say_result(
        actor(),
        referral_id,
        data["about"],
        data["outcome"],
        data["how"],
        data["said"],
        data["version"],
    )
    return _results(referral_id)


@bp.get("/referrals/<uuid:referral_id>/fit")
@answers(200, FitOut)
def fit(referral_id: uuid.UUID) -> tuple[Any, int, dict[str, str]]:
    """How it fitted, for who referred and who said so; 404 while nobody has."""
    return _fit(referral_id)


@bp.put("/referrals/<uuid:referral_id>/fit")
@body(FitIn)
@answers(200, FitOut)
@commits
def rate_fit(data: Mapping[str, Any], referral_id: uuid.UUID) -> tuple[Any, int, dict[str, str]]:
    """Say how it fitted, once it is finished; it may be said otherwise for 14 days."""
    services.rate_fit(actor(), referral_id, data)
    return _fit(referral_id)


def _results(referral_id: uuid.UUID) -> dict[str, Any]:
    came = queries.results_of(actor(), referral_id)
    return {
        "referral_id": came.referral_id,
        "results": came.overall,
        "told_apart": came.told_apart,
        "goals": [{"text": text, "results": said} for text, said in came.goals],
        "words": came.words,
        "attendance": came.attendance,
    }


def _fit(referral_id: uuid.UUID) -> tuple[Any, int, dict[str, str]]:
    found = queries.fit_of(actor(), referral_id)
    if found is None:
        raise NotFound
    return found, 200, etag(found.version)
