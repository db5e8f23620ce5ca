"""Studies and evaluations: nobody is asked about one that no privacy lead has registered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, StaleVersion
from referral.referrals import queries
from referral.referrals.models import Evaluation

FIELDS = ("name", "led_by", "approval", "words", "asked_from", "asked_until")


def register_evaluation(actor: Actor, data: Mapping[str, Any]) -> Evaluation:
    """Register a study (fields of ``schemas.EvaluationForm``): from its first day people of the
    locality may be asked about it.
    """
    permit(actor, Permission.REGISTER_EVALUATIONS)
    if actor.locality is None:
        raise Forbidden
    made = Evaluation(
        locality_id=actor.locality,
        registered_at=clock.now(),
        registered_by=actor.user,
        **{name: data[name] for name in FIELDS},
    )
    session().add(made)
    session().flush()
    audit.record(actor, "evaluation:registered", ("evaluation", made.id))
    return made


def change_evaluation(
    actor: Actor, evaluation_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Evaluation:
    """Change a study, or end it by its last day; who agreed to it before stays so."""
    found = queries.evaluation(actor, evaluation_id, to_change=True)
    if found.version != version:
        raise StaleVersion(version, found.version)
    for name in FIELDS:
        setattr(found, name, data[name])
    found.version += 1
    session().flush()
    audit.record(actor, "evaluation:changed", ("evaluation", found.id))
    return found
