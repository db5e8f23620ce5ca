"""Why a service is in the list, in words: what it says, how far it is, how soon, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from referral.core.i18n import Lazy, _
from referral.directory import ranking, standing
from referral.directory.search.found import Found
from referral.directory.search.question import Group


def of_words(
    asked: Sequence[Group], levels: Sequence[int], name_words: str, words: str
) -> list[Lazy]:
    """``Name matches “walk”``; ``“lonely” also finds befriending``."""
    found: list[Lazy] = []
    by_level: dict[int, list[str]] = {}
    for group, level in zip(asked, levels, strict=True):
        by_level.setdefault(level, []).append(group.meant)
    named, said = by_level.get(ranking.IN_NAME), by_level.get(ranking.SAID)
    lost = by_level.get(ranking.MISSING)
    if named:
        found.append(_("Name matches “{words}”", words=" ".join(named)))
    if said:
        found.append(_("Entry mentions “{words}”", words=" ".join(said)))
    everything = {*name_words.split(), *words.split()}
    for group, level in zip(asked, levels, strict=True):
        if level in (ranking.ALSO_IN_NAME, ranking.ALSO_SAID):
            also = next(
                (
                    choice.words
                    for choice in group.choices
                    if choice.how == "also" and ranking.in_words(choice, everything)
                ),
                "",
            )
            found.append(_("“{word}” also finds {also}", word=group.meant, also=also))
    if lost:
        found.append(_("Does not mention “{words}”", words=" ".join(lost)))
    return found


def of_standing(found: Found, today: date) -> list[Lazy]:
    """Distance, room, and when it was last checked."""
    told = []
    if found.how_far is not None:
        told.append(_("{distance} away", distance=found.how_far))
    if found.paused_until is not None and found.paused_until >= today:
        told.append(_("Takes nobody until {day}", day=standing.Day(found.paused_until)))
    else:
        told.append(found.room)
    if found.stale:
        told.append(_("Nobody has checked it for 6 months: lower in the list"))
    else:
        told.append(found.freshness)
    return told
