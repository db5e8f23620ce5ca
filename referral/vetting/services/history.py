"""The history of checks: one line for each thing that happened, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.accounts.roles import ROLE_LABELS
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.vetting.models import VettingChange


def note(
    actor: Actor,
    what: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    locality_id: uuid.UUID | None,
    after: Mapping[str, Any],
) -> None:
    """Write down what happened. ``after``: fields of the subject that changed, as they are now.

    Ids and dates in it may be as they are. No free text, nobody's name, nothing private.
    """
    session().add(
        VettingChange(
            id=new_id(),
            at=clock.now(),
            organisation_id=organisation_id,
            locality_id=locality_id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            what=what,
            after={name: _plain(value) for name, value in after.items()},
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_role=role_of(actor),
            actor_organisation_id=actor.organisation,
        )
    )
    session().flush()


def role_of(actor: Actor) -> str:
    """The most senior role the actor holds at work; "" for the installation."""
    return next((role for role in reversed(ROLE_LABELS) if actor.has(role)), "")


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
