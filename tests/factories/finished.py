"""Many people who finished at a service, made of one that was really played."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from referral.core.database import new_id, session
from referral.people.models import Person
from referral.referrals.models import Referral


def like(referral_id: UUID, n: int, *, at: datetime | None = None, **changes: Any) -> list[UUID]:
    """``n`` more referrals like this one, each of a person of its own whose identity does not open.

    ``at``: when they finished. Inside a transaction.
    """
    session().flush()
    one = session().get_one(Referral, referral_id)
    owner = session().get_one(Person, one.person_id)
    people, made = [], []
    for number in range(n):
        person = new_id()
        people.append(_copy(owner) | {"id": person, "group_id": person})
        own = {"id": new_id(), "person_id": person, "reference": f"T{number}-{person.hex[-8:]}"}
        made.append(_copy(one) | own | ({"finished_at": at} if at else {}) | changes)
    session().execute(insert(Person), people)
    session().execute(insert(Referral), made)
    return [row["id"] for row in made]


def _copy(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
