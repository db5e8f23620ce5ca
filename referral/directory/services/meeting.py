"""Who has met whom, written down by ``partnership`` for search, refer and the pages to read."""

from __future__ import annotations

import uuid
from datetime import date

from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Acquaintance


def note_met(
    actor: Actor,
    one_id: uuid.UUID,
    other_id: uuid.UUID,
    met_on: date,
    people_of_one: str = "",
    people_of_other: str = "",
) -> None:
    """Both sides agree that they met: each is told who of the other was there. The last time stays.

    Locks both rows in one order, so that two meetings confirmed at once do not undo each other.
    """
    rows = {
        (one_id, other_id): people_of_other,
        (other_id, one_id): people_of_one,
    }
    for (organisation_id, met_id), people in sorted(rows.items()):
        found = session().get(
            Acquaintance, (organisation_id, met_id), with_for_update=True, populate_existing=True
        )
        if found is None:
            session().add(
                Acquaintance(
                    organisation_id=organisation_id, other_id=met_id, met_on=met_on, people=people
                )
            )
        elif found.met_on <= met_on:
            found.met_on, found.people = met_on, people or found.people
    session().flush()
