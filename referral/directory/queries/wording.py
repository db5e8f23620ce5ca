"""The words people search by, and what they looked for in vain."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy
from referral.directory.models import SearchMiss, Synonym
from referral.directory.needs import labels
from referral.directory.words import fold

MISSED_DAYS = 90
MISSED_MAX = 50


@dataclass(frozen=True)
class Missed:
    """Something that was looked for and not found; ``times`` in the last ``MISSED_DAYS``."""

    words: str
    need: str
    area: str
    times: int
    last: datetime

    @property
    def needs(self) -> list[Lazy]:
        return labels(self.need.split(","))


def synonyms(
    actor: Actor, text: str = "", limit: int = 50, after: str | None = None
) -> Sequence[Synonym]:
    """Words in alphabetical order; those that hold ``text`` or also find it."""
    permit(actor, Permission.KEEP_DIRECTORY)
    query = select(Synonym).order_by(Synonym.word).limit(limit)
    for word in fold(text).split():
        query = query.where(
            or_(
                Synonym.word.contains(word, autoescape=True),
                Synonym.means.contains(word, autoescape=True),
            )
        )
    if after is not None:
        query = query.where(Synonym.word > after)
    return session().scalars(query).all()


def synonym(actor: Actor, synonym_id: uuid.UUID) -> Synonym:
    """One of them; ``NotFound`` when it is not there."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found = session().get(Synonym, synonym_id)
    if found is None:
        raise NotFound
    return found


def missed(actor: Actor) -> list[Missed]:
    """What people of the actor's locality, or nobody's, did not find; the most frequent first."""
    permit(actor, Permission.KEEP_DIRECTORY)
    times = func.count()
    what = (SearchMiss.words, SearchMiss.need, SearchMiss.area)
    query = (
        select(*what, times.label("times"), func.max(SearchMiss.at).label("last"))
        .where(SearchMiss.at > clock.now() - timedelta(days=MISSED_DAYS))
        .group_by(*what)
        .order_by(times.desc(), func.max(SearchMiss.at).desc(), *what)
        .limit(MISSED_MAX)
    )
    if actor.locality is not None:
        query = query.where(
            or_(SearchMiss.locality_id == actor.locality, SearchMiss.locality_id.is_(None))
        )
    return [Missed(**row._mapping) for row in session().execute(query)]
