"""From a wish to ranked services: what fits all, else with slips mended, else some of the words.

Candidates come in windows of at most ``COUNT_MAX`` in the engine's order; each window is ranked,
the same on both engines. A cursor is ``[stage, *key before the window, place in the window]``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from referral.core.actor import Actor
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import ranking
from referral.directory.queries.searching import vocabulary
from referral.directory.queries.searching.showing import offered, whole
from referral.directory.queries.searching.window import MOST, Candidate, Key, candidates, km_from
from referral.directory.search import COUNT_MAX, Found, Wish, reasons
from referral.directory.search.question import Group, groups, loosened

ALL, MENDED, SOME = range(3)
NOT_PLACED = float("inf")


class Hit(NamedTuple):
    """A candidate with what its place in the list comes from; hits sort as they are."""

    points: float
    name_key: str
    number: int
    km: float | None
    levels: tuple[int, ...]
    candidate: Candidate


class Window(NamedTuple):
    """A page of it. ``total`` up to ``MOST``; ``asked`` the words as they were understood."""

    items: list[Found]
    following: list[Any] | None
    total: int
    relaxed: bool
    corrected: str


class _Answer(NamedTuple):
    """Candidates, and how far they had to be sought."""

    found: list[Candidate]
    stage: int
    groups: tuple[Group, ...]
    corrections: dict[str, str]


def find(
    actor: Actor, wish: Wish, today: date, *, cursor: Sequence[Any] | None, limit: int
) -> Window:
    """A page of services, ranked within their window."""
    stage, after, at = _start(cursor)
    asked = groups(wish.text, vocabulary.synonyms()) if wish.text.strip() else ()
    if wish.text.strip() and not asked:
        return Window([], None, 0, relaxed=False, corrected="")
    answer = _answer(actor, wish, today, asked, stage, after)
    window = answer.found[:COUNT_MAX]
    hits = _ranked(window, wish, today, answer.groups)
    shown = hits[at : at + limit]
    following: list[Any] | None = None
    if at + limit < len(hits):
        following = [answer.stage, *(after or (None, None, None)), at + limit]
    elif len(answer.found) == MOST:
        following = [answer.stage, *window[-1].key, 0]
    return Window(
        _shown(actor, today, shown, answer.groups),
        following,
        len(answer.found),
        relaxed=answer.stage == SOME,
        corrected=_corrected(asked, answer.corrections),
    )


def nearest(
    actor: Actor, wish: Wish, today: date, chosen: uuid.UUID | None = None
) -> tuple[list[Found], Found | None]:
    """One window of services, whole, in the engine's order: for suggestions ranked elsewhere; and
    the one ``chosen`` where it is nearest, None when it is in no list of the actor's.

    Nothing is looked for without a need.
    """
    window = candidates(actor, wish, today)[:COUNT_MAX] if wish.needs else []
    days, distance = ranking.Days.of(today), km_from(wish.near) if wish.near else None
    hits = [_hit(one, (), days, distance) for one in window]
    at_spots, entries, spots = offered(actor, *_numbers(hits), chosen)
    return _dressed(today, hits, (), at_spots, entries), _at_nearest(spots, distance, today)


def _at_nearest(
    spots: Sequence[Found], distance: Callable[[float, float], float] | None, today: date
) -> Found | None:
    def away(one: Found) -> float | None:
        if distance is None or one.latitude is None or one.longitude is None:
            return None
        return distance(one.latitude, one.longitude)

    stale_before = ranking.Days.of(today).stale
    made = [
        one._replace(
            distance_km=away(one), stale=one.checked_on is None or one.checked_on < stale_before
        )
        for one in spots
    ]
    return min(
        made,
        key=lambda one: NOT_PLACED if one.distance_km is None else one.distance_km,
        default=None,
    )


def _start(cursor: Sequence[Any] | None) -> tuple[int, Key | None, int]:
    if cursor is None:
        return ALL, None, 0
    if len(cursor) != 5 or cursor[0] not in (ALL, MENDED, SOME):
        raise Invalid(
            {"cursor": [str(_("is not a place in this list; start from its first page"))]}
        )
    stage, k0, k1, k2, at = cursor
    return stage, None if k0 is None else (k0, k1, k2), at


def _answer(
    actor: Actor,
    wish: Wish,
    today: date,
    asked: tuple[Group, ...],
    stage: int,
    after: Key | None,
) -> _Answer:
    """What fits all of the words; only when nothing does, what fits nearly."""
    if stage == ALL:
        found = candidates(actor, wish, today, asked, after=after)
        if found or not asked or after is not None:
            return _Answer(found, ALL, asked, {})
    mended = vocabulary.corrections([group.asked for group in asked if " " not in group.asked])
    wider = loosened(asked, mended, vocabulary.synonyms())
    found = candidates(actor, wish, today, wider, loose=True, after=after)
    if stage == MENDED or (stage == ALL and found and _fits(found[0])):
        return _Answer([one for one in found if _fits(one)], MENDED, wider, mended)
    return _Answer(found, SOME, wider, mended)


def _fits(one: Candidate) -> bool:
    return all(anything for _itself, anything in one.flags)


def _ranked(
    window: list[Candidate], wish: Wish, today: date, asked: tuple[Group, ...]
) -> list[Hit]:
    """Fewest points first; what is only leafed through stays by name."""
    days, distance = ranking.Days.of(today), km_from(wish.near) if wish.near else None
    hits = [_hit(one, asked, days, distance) for one in window]
    if asked or wish.near is not None:
        hits.sort()
    return hits


def _hit(
    one: Candidate,
    asked: tuple[Group, ...],
    days: ranking.Days,
    distance: Callable[[float, float], float] | None,
) -> Hit:
    points = ranking.standing_points(
        one.capacity, one.wait_weeks, one.checked_on, one.paused_until, days
    )
    km: float | None = None
    levels: tuple[int, ...] = ()
    if asked:
        levels = ranking.levels(asked, one.name_words, one.flags)
        points += ranking.words_points(levels)
    if distance is not None:
        if one.latitude is None or one.longitude is None:
            points += ranking.NOWHERE
        else:
            km = distance(one.latitude, one.longitude)
            points += km
    return Hit(points, one.name_key, one.number, km, levels, one)


def _shown(actor: Actor, today: date, hits: Sequence[Hit], asked: tuple[Group, ...]) -> list[Found]:
    placed, others = _numbers(hits)
    at_spots, entries = whole(actor, placed, near=True), whole(actor, others, near=False)
    return _dressed(today, hits, asked, at_spots, entries)


def _numbers(hits: Sequence[Hit]) -> tuple[list[int], list[int]]:
    """Of the spots of those on the map, and of the entries of the others."""
    placed = [hit.candidate.number for hit in hits if hit.candidate.latitude is not None]
    return placed, [hit.candidate.number for hit in hits if hit.candidate.latitude is None]


def _dressed(
    today: date,
    hits: Sequence[Hit],
    asked: tuple[Group, ...],
    at_spots: Mapping[int, tuple[Found, str]],
    entries: Mapping[int, tuple[Found, str]],
) -> list[Found]:
    """With distance, freshness and reasons."""
    stale_before = ranking.Days.of(today).stale
    found = []
    for hit in hits:
        rows = entries if hit.candidate.latitude is None else at_spots
        one, words = rows[hit.candidate.number]
        stale = one.checked_on is None or one.checked_on < stale_before
        made = one._replace(distance_km=hit.km, stale=stale)
        said = reasons.of_words(asked, hit.levels, hit.candidate.name_words, words)
        found.append(made._replace(why=(*said, *reasons.of_standing(made, today))))
    return found


def _corrected(asked: tuple[Group, ...], corrections: dict[str, str]) -> str:
    """The question as it was read, when a typing error was taken for something."""
    if not corrections:
        return ""
    return " ".join(corrections.get(group.asked, group.asked) for group in asked)
