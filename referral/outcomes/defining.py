"""A measure that a locality made, or that a licence holder loads, read from its definition. Pure.

What cannot be asked or scored is refused with its place named: ``items.2.low``. The shape:
``{title, short?, source?, preamble?, items[], summed?, better?, bands?: [{low, high, key,
items?}], table?: {sum: score}}``; an item is ``{key, text, short?, better, low, high, anchors?:
{number: words}}`` or ``{key, text, short?, better, options: [[words, number]]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from referral.core import text
from referral.core.i18n import Lazy, _
from referral.outcomes.measures import BANDS, HIGHER, LOWER, Band, Item, Measure

FILE_MAX = 100_000
ITEMS_MAX, OPTIONS_MAX, WORDS_MAX, HIGHEST = 30, 12, 500, 100
HIGHEST_SCORE = ITEMS_MAX * HIGHEST
_KEY = re.compile(r"[a-z][a-z0-9_]{0,38}")
Errors = dict[str, list[str]]


class Undefined(ValueError):
    """``errors`` says what to mend, by place."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{place}: {rules[0]}" for place, rules in errors.items()))
        self.errors = errors


def defined(definition: Mapping[str, Any], key: str, edition: str) -> Measure:
    """The measure; raise ``Undefined`` naming all that is wrong with it."""
    errors = {place: [str(rule)] for place, rule in _wrong(definition)}
    if errors:
        raise Undefined(errors)
    items = tuple(map(_item, definition["items"]))
    table = definition.get("table")
    return Measure(
        key,
        edition,
        definition["title"],
        definition.get("source", ""),
        items,
        preamble=definition.get("preamble", ""),
        summed=bool(definition.get("summed")),
        better=definition.get("better", HIGHER),
        bands=tuple(
            Band(row["low"], row["high"], row["key"], tuple(row.get("items", ())))
            for row in definition.get("bands", ())
        ),
        table={int(total): float(score) for total, score in table.items()} if table else None,
        short=definition.get("short", ""),
    )


def read_words(raw: bytes) -> dict[str, Any]:
    """The definition in a file of JSON; raise ``Undefined`` on ``file``."""
    if len(raw) > FILE_MAX:
        raise Undefined({"file": [str(_("The file must be smaller than 100 kB"))]})
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Undefined({"file": [str(_("The file is not JSON in UTF-8"))]}) from error
    if not isinstance(found, dict):
        raise Undefined({"file": [str(_("The file must hold an object with title and items"))]})
    words: dict[str, Any] = cleaned(found)
    return words


def _no_number(_word: str) -> Any:
    raise ValueError


def cleaned(raw: Any, depth: int = 6) -> Any:
    """A definition as it may be stored: text that can be shown; raise ``Undefined``."""
    if depth == 0:
        raise Undefined({"items": [str(_("lists and objects lie too deep"))]})
    if isinstance(raw, str):
        try:
            return text.clean(raw)
        except ValueError as error:
            rule = _("contains characters that cannot be used")
            raise Undefined({"title": [str(rule)]}) from error
    if isinstance(raw, Mapping):
        return {cleaned(key, depth - 1): cleaned(value, depth - 1) for key, value in raw.items()}
    return [cleaned(one, depth - 1) for one in raw] if isinstance(raw, list) else raw


def is_key(name: str) -> bool:
    """Whether a measure or a question may be called so."""
    return _KEY.fullmatch(name) is not None


def _item(row: Mapping[str, Any]) -> Item:
    options = tuple((words, number) for words, number in row.get("options", ()))
    numbers = [number for _words, number in options] or [row["low"], row["high"]]
    anchors = tuple((int(number), words) for number, words in row.get("anchors", {}).items())
    return Item(
        row["key"],
        row["text"],
        min(numbers),
        max(numbers),
        row["better"],
        anchors,
        options,
        row.get("short", ""),
    )


def _wrong(definition: Mapping[str, Any]) -> Iterator[tuple[str, Lazy]]:
    if not _is_text(definition.get("title")):
        yield "title", _("is required")
    items = definition.get("items")
    if not isinstance(items, list) or not 0 < len(items) <= ITEMS_MAX:
        yield "items", _("must be from 1 to {max} questions", max=ITEMS_MAX)
        return
    seen: set[str] = set()
    sound = True
    for place, row in enumerate(items):
        found = list(_wrong_item(row, f"items.{place}", seen))
        sound = sound and not found
        yield from found
    if definition.get("better", HIGHER) not in (HIGHER, LOWER):
        yield "better", _("must be higher or lower")
    for name in ("source", "preamble", "short"):
        if not isinstance(definition.get(name, ""), str):
            yield name, _("must be words")
    bands = definition.get("bands", [])
    if not isinstance(bands, list):
        yield "bands", _("must be a list")
    else:
        for place, row in enumerate(bands):
            yield from _wrong_band(row, f"bands.{place}", seen)
    if sound and definition.get("table") is not None:
        yield from _wrong_table(definition, [_item(row) for row in items])


def _wrong_item(row: Any, place: str, seen: set[str]) -> Iterator[tuple[str, Lazy]]:
    if not isinstance(row, Mapping):
        yield place, _("must be a question")
        return
    key = row.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key) or key in seen:
        yield f"{place}.key", _("must be a short name in small letters, once only")
    else:
        seen.add(key)
    if not _is_text(row.get("text")):
        yield f"{place}.text", _("is required")
    if not isinstance(row.get("short", ""), str):
        yield f"{place}.short", _("must be words")
    if row.get("better") not in [HIGHER, LOWER, ""]:
        yield f"{place}.better", _("must be higher, lower or empty")
    if "options" in row:
        if not _are_options(row["options"]):
            yield f"{place}.options", _("must be 2 to 12 answers, each with words and a number")
    elif not _is_range(row.get("low"), row.get("high")):
        yield f"{place}.low", _("must be a whole number below the highest")
    anchors = row.get("anchors", {})
    if not isinstance(anchors, Mapping) or not all(
        str(number).isdecimal() and _is_text(words) for number, words in anchors.items()
    ):
        yield f"{place}.anchors", _("must name numbers with words")


def _wrong_band(row: Any, place: str, items: set[str]) -> Iterator[tuple[str, Lazy]]:
    if not isinstance(row, Mapping) or row.get("key") not in list(BANDS):
        yield place, _("must be one of the bands that have words")
    elif not _is_number(row.get("low")) or not _is_number(row.get("high")):
        yield place, _("must go from a whole number to another")
    elif not isinstance(row.get("items", []), list) or any(
        name not in items for name in row.get("items", []) if isinstance(name, str)
    ):
        yield f"{place}.items", _("names a question that is not there")


def _wrong_table(definition: Mapping[str, Any], items: list[Item]) -> Iterator[tuple[str, Lazy]]:
    table = definition["table"]
    lowest, highest = sum(item.low for item in items), sum(item.high for item in items)
    wanted = {str(total) for total in range(lowest, highest + 1)}
    if not definition.get("summed"):
        yield "table", _("goes only with a sum")
    elif not isinstance(table, Mapping) or set(table) != wanted:
        yield "table", _("must turn every sum from {low} to {high}", low=lowest, high=highest)
    elif not all(map(_is_score, table.values())):
        yield "table", _("must turn sums into numbers from 0 to {max}", max=HIGHEST_SCORE)


def _is_score(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and bool(0 <= value <= HIGHEST_SCORE)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= WORDS_MAX


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST


def _is_range(low: Any, high: Any) -> bool:
    return _is_number(low) and _is_number(high) and bool(low < high)


def _are_options(options: Any) -> bool:
    if not isinstance(options, list) or not 2 <= len(options) <= OPTIONS_MAX:
        return False
    pairs = all(
        isinstance(pair, list) and len(pair) == 2 and _is_text(pair[0]) and _is_number(pair[1])
        for pair in options
    )
    return pairs and len({pair[1] for pair in options}) == len(options)
