"""What the two engines say differently; ``window.py`` writes the rest of the statement.

Words reach SQL inside the statement, so that the database can plan with them; nothing but letters,
digits and underscores gets that far (``_safe``). Everything else is bound.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from referral.core.database import current, session
from referral.directory.search.question import Choice

_WORD = re.compile(r"[a-z0-9_]{1,80}")
# Of several groups all, of a group one, of a choice every word; the flag says "beginning of".
Choices = Sequence[tuple[Sequence[str], bool]]


@dataclass(frozen=True)
class Engine:
    """The words of one engine's SQL.

    ``match`` writes a condition on ``search_entry e``; ``distance`` how far a spot is from
    (:x, :y) on the map, in any measure that grows with it; ``around`` (join, condition) finds spots
    within :reach by the index; ``nearest_first`` orders and cuts; ``by_name``, ``by_word`` order;
    ``service`` joins services after spots have been looked at;
    ``bind`` writes a parameter and ``value`` what is bound; ``shares`` says where words that
    share a piece are; ``neighbours`` the nearest spots, where the index itself walks outwards.
    """

    match: Callable[[Iterable[Choices]], str]
    distance: Callable[[str], str]
    around: tuple[str, str]
    nearest_first: str
    neighbours: str
    service: str
    by_name: str
    by_word: str
    bind: Callable[[str], str]
    value: Callable[[Any], Any]
    shares: Callable[[Sequence[str]], tuple[str, str]]
    dates_as_text: bool = False


def here() -> Engine:
    """The engine of the database in use."""
    return SQLITE if current().is_sqlite else POSTGRESQL


def run(sql: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Rows of a statement written for the engine at hand."""
    value = here().value
    bound = {name: value(given) for name, given in values.items()}
    return session().connection().exec_driver_sql(sql, bound).fetchall()


def choices_of(choices: Iterable[Choice]) -> Choices:
    return [(choice.stems, choice.how == "begins") for choice in choices]


def marks_of(marks: Iterable[str]) -> Choices:
    return [((mark,), False) for mark in marks]


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _safe(word: str) -> str:
    if not _WORD.fullmatch(word):
        raise ValueError("a word of the index holds letters, digits and underscores")
    return word


def _tsquery(groups: Iterable[Choices]) -> str:
    def choice(stems: Sequence[str], begins: bool) -> str:
        words = [f"{_safe(stem)}:*" if begins else _safe(stem) for stem in stems]
        return words[0] if len(words) == 1 else f"({' & '.join(words)})"

    said = " & ".join(f"({' | '.join(choice(*one) for one in group)})" for group in groups)
    return f"e.engine_document @@ '{said}'::tsquery"


def _fts5(groups: Iterable[Choices]) -> str:
    def choice(stems: Sequence[str], begins: bool) -> str:
        words = [f'"{_safe(stem)}"{" *" if begins else ""}' for stem in stems]
        return words[0] if len(words) == 1 else f"({' AND '.join(words)})"

    said = " AND ".join(f"({' OR '.join(choice(*one) for one in group)})" for group in groups)
    found = "SELECT rowid FROM engine_text WHERE engine_text MATCH"
    return f"e.number IN ({found} '{said}')"


def _trigrams(pieces: Sequence[str]) -> tuple[str, str]:
    """(where words sharing a piece are, how many they share); by ``pg_trgm``."""
    like = [f"word LIKE '%%{_safe(piece)}%%'" for piece in pieces]
    return f"search_word WHERE ({' OR '.join(like)})", " + ".join(f"({one})::int" for one in like)


def _pieces(pieces: Sequence[str]) -> tuple[str, str]:
    """The same by FTS5's trigrams."""
    said = " OR ".join(f'"{_safe(piece)}"' for piece in pieces)
    shared = " + ".join(f"(instr(word, '{_safe(piece)}') > 0)" for piece in pieces)
    return f"engine_word WHERE engine_word MATCH '{said}'", shared


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


POSTGRESQL = Engine(
    match=_tsquery,
    distance=lambda spot: f"(point({spot}.x, {spot}.y) <-> point(%(x)s, %(y)s))",
    around=("", "point(s.x, s.y) <@ circle(point(%(x)s, %(y)s), %(reach)s)"),
    # Everything as far as the last: a second key to sort by would keep the planner from the index.
    nearest_first="{key} FETCH FIRST {most} ROWS WITH TIES",
    neighbours=(
        "(SELECT *, point(x, y) <-> point(%(x)s, %(y)s) AS away FROM search_spot"
        " ORDER BY away LIMIT {most})"
    ),
    # Else the planner looks up every service in the squares, and most lie outside the circle.
    service="JOIN LATERAL (SELECT * FROM service WHERE id = s.service_id OFFSET 0) v ON true",
    by_name='e.name_key COLLATE "C"',
    by_word='word COLLATE "C"',
    bind=lambda name: f"%({name})s",
    value=lambda value: value,
    shares=_trigrams,
)
SQLITE = Engine(
    match=_fts5,
    distance=lambda spot: (
        f"(({spot}.x - :x) * ({spot}.x - :x) + ({spot}.y - :y) * ({spot}.y - :y))"
    ),
    around=(
        "JOIN engine_spot b ON b.number = s.number",
        (
            "b.east >= :x - :reach AND b.west <= :x + :reach"
            " AND b.north >= :y - :reach AND b.south <= :y + :reach"
        ),
    ),
    nearest_first="{key}, s.number LIMIT {most}",
    neighbours="",
    service="JOIN service v ON v.id = s.service_id",
    by_name="e.name_key",
    by_word="word",
    bind=lambda name: f":{name}",
    value=_sqlite_value,
    shares=_pieces,
    dates_as_text=True,
)
