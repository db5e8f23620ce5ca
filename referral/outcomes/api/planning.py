"""The plan of a referral, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.outcomes import queries, schemas, services
from referral.outcomes.api.blueprint import bp
from referral.outcomes.plans import Shown
from referral.outcomes.sections import SECTIONS
from referral.web.api import answers, body, etag, if_match, versioned
from referral.web.door import actor, commits

Answer = tuple[dict[str, Any], int, dict[str, str]]


@bp.get("/referrals/<uuid:referral_id>/plan")
@answers(200, schemas.PlanOut)
def plan(referral_id: uuid.UUID) -> Answer:
    """The plan: what matters to the person, goals, who does what, when it is looked at again.

    For the link-worker team that works on the referral, and for the practice while the person
    agreed that everything comes back.
    """
    return _read(queries.shown(actor(), referral_id))


@bp.put("/referrals/<uuid:referral_id>/plan")
@body(schemas.PlanIn)
@answers(200, schemas.PlanOut)
@versioned
@commits
def replace(data: dict[str, Any], referral_id: uuid.UUID) -> Answer:
    """Make the whole plan what you send. Send ``If-Match`` with the version you saw.

    What you leave out is taken out; a goal or action with its id is the one that is there.
    """
    services.replace(actor(), referral_id, if_match(), data)
    return _read(queries.shown(actor(), referral_id))


def _read(found: Shown) -> Answer:
    shown = vars(found) | {
        "about": {section.key: text for section, text in found.sections()},
        "paths": {key: section.path for key, section in SECTIONS.items() if found.about.get(key)},
        "actions": found.others,
        "agreed": schemas.ANSWERS[found.agreed],
        "authority": found.agreed_authority,
        "name": found.agreed_by,
    }
    return shown, 200, etag(found.version)
