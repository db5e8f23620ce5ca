"""What people looked for and did not find: unmet need, without anything that says who."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.directory.models import SearchMiss
from referral.directory.queries import searching
from referral.directory.search import Wish
from referral.directory.search.question import known_words
from referral.places import queries as places

NEED_MAX, WORDS_MAX = 100, 200
# The same question again within this time is somebody trying once more.
AGAIN = timedelta(hours=1)


def note_miss(actor: Actor, wish: Wish) -> None:
    """Keep need, area (outward code) and words of a search that found nothing.

    Of what was typed only words of the synonym vocabulary: the rest may be somebody's name.
    """
    said = {
        "locality_id": actor.locality,
        "organisation_id": actor.organisation,
        "need": _fitting(wish.needs, ",", NEED_MAX),
        "area": wish.area or (places.nearest_outcode(wish.near) if wish.near else ""),
        "words": _fitting(known_words(wish.text, searching.synonyms()), " ", WORDS_MAX),
    }
    if not (said["need"] or said["area"] or said["words"]):
        return
    same = [getattr(SearchMiss, name) == value for name, value in said.items()]
    since = SearchMiss.at > clock.now() - AGAIN
    if session().scalar(select(SearchMiss.id).where(since, *same).limit(1)) is None:
        session().add(SearchMiss(id=new_id(), at=clock.now(), **said))


def _fitting(parts: tuple[str, ...], between: str, most: int) -> str:
    """As many whole parts as the column holds."""
    found = ""
    for part in parts:
        longer = f"{found}{between}{part}" if found else part
        if len(longer) > most:
            break
        found = longer
    return found
