"""Measures and what was answered, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.outcomes import queries, schemas, services
from referral.outcomes.api.blueprint import bp
from referral.outcomes.changes import Changed
from referral.outcomes.measures import Measure
from referral.outcomes.queries import Answered
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits

Answer = tuple[dict[str, Any], int, dict[str, str]]


@bp.get("/measures")
@answers(200, schemas.MeasuresOut)
def measures() -> dict[str, Any]:
    """What your organisation may ask, in the words and the order in which it is to be asked.

    A measure that needs a licence is there while yours runs; your locality's own are there too.
    """
    return {"items": [_measure(one) for one in queries.in_place(actor())]}


@bp.get("/referrals/<uuid:referral_id>/measures")
@answers(200, schemas.ReferralMeasuresOut)
def of_referral(referral_id: uuid.UUID) -> dict[str, Any]:
    """What may be asked now, what was answered, and what changed.

    For who works with the person. A change is only between two answers of the same edition.
    """
    found = queries.sheet(actor(), referral_id)
    return {
        "referral_id": found.referral_id,
        "offered": [one.key for one in found.measures],
        "answered": [_answered(one) for one in found.answered],
        "changed": [_changed(one) for one in found.changed],
    }


@bp.post("/referrals/<uuid:referral_id>/measures")
@body(schemas.MeasureIn)
@answers(201, schemas.MeasureAnsweredOut)
@idempotent
@commits
def answer(data: dict[str, Any], referral_id: uuid.UUID) -> Answer:
    """Write down a measure answered once. What was not asked is left out of ``answers``."""
    return _read(services.measure(actor(), referral_id, data).id, 201)


@bp.post("/measures/<uuid:assessment_id>/strike")
@body(schemas.StrikeAnswer)
@answers(200, schemas.MeasureAnsweredOut)
@idempotent
@versioned
@commits
def strike_answer(data: dict[str, Any], assessment_id: uuid.UUID) -> Answer:
    """It was written down by mistake. Send ``If-Match`` with the version you saw."""
    return _read(services.strike(actor(), assessment_id, if_match(), data["reason"]).id)


@bp.post("/measures/import")
@body(schemas.BringAnswers)
@answers(200, schemas.MeasureReportOut)
@idempotent
@commits
def bring_answers(data: dict[str, Any]) -> dict[str, Any]:
    """Many answers at once: each of ``rows`` is what ``POST /referrals/{id}/measures`` takes, with
    ``reference``. A row that cannot be taken is refused alone; one that came before is unchanged.
    """
    rows = services.rows_of(actor(), data["rows"])
    report = services.bring_measures(actor(), rows, dry=data["dry_run"])
    counts = {what: report.count(what) for what in services.WHATS}
    return {"lines": report.lines, "dry_run": report.dry, **counts}


def _read(assessment_id: uuid.UUID, status: int = 200) -> Answer:
    _standing, found = queries.entry(actor(), assessment_id)
    return _answered(found), status, etag(found.version)


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "key": one.key,
        "edition": one.edition,
        "title": str(one.title),
        "source": one.source,
        "preamble": str(one.preamble),
        "summed": one.summed,
        "moments": list(one.moments),
        "items": [
            {
                "key": item.key,
                "text": str(item.text),
                "low": item.low,
                "high": item.high,
                "better": item.better,
                "anchors": [[number, str(words)] for number, words in item.anchors],
                "options": [[str(words), number] for words, number in item.options],
            }
            for item in one.items
        ],
    }


def _answered(one: Answered) -> dict[str, Any]:
    found = one.scored
    return vars(one) | {
        "measure": one.measure.key,
        "edition": one.measure.edition,
        "score": found.score,
        "band": found.band,
        "bands": found.bands if not one.struck else {},
    }


def _changed(one: Changed) -> dict[str, Any]:
    return vars(one) | {"said": one.said()}
