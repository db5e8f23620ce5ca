"""Whom the actor's organisation has met."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Acquaintance


@dataclass(frozen=True)
class Met:
    """The last meeting; ``people`` are names of the other side."""

    met_on: date
    people: str


def met(actor: Actor, organisation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Met]:
    """When the actor's organisation last met each of these, where it has."""
    if actor.organisation is None or not organisation_ids:
        return {}
    rows = session().execute(
        select(Acquaintance.other_id, Acquaintance.met_on, Acquaintance.people).where(
            Acquaintance.organisation_id == actor.organisation,
            Acquaintance.other_id.in_(organisation_ids),
        )
    )
    return {row.other_id: Met(row.met_on, row.people) for row in rows}
