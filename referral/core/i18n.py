"""Words and dates below the doors, without Flask: lazy markers, translated where they are shown.

English stands in the code; another language is a catalogue in ``translations/`` (docs/languages.md)
with a list beside it of what a machine wrote and nobody has signed off yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations
from markupsafe import escape

from referral.core import clock

LANGUAGES = ("en", "cy")
# What a language calls itself, whoever reads it.
NAMES = {"en": "English", "cy": "Cymraeg"}
_language: ContextVar[str] = ContextVar("language", default="en")
# Whether the present block has said something that is a draft; one cell for each ``speaking``.
_said_draft: ContextVar[list[bool] | None] = ContextVar("said_draft", default=None)
FOLDER = Path(__file__).resolve().parent.parent / "translations"


def words_of(language: str) -> Path:
    """Where the built catalogue of a language lies, and ``drafts.json`` beside it."""
    return FOLDER / language / "LC_MESSAGES"


@lru_cache(maxsize=8)
def catalogue(language: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [language])


@lru_cache(maxsize=8)
def drafts(language: str) -> frozenset[str]:
    """The messages of a language that a machine wrote and nobody has signed off."""
    there = words_of(language) / "drafts.json"
    return frozenset(json.loads(there.read_text("utf-8"))) if there.is_file() else frozenset()


def language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into ``language`` inside the block.

    What was said of drafts inside another block of the same language counts for that as well.
    """
    code = language if language in LANGUAGES else "en"
    outer = _said_draft.get() if code == _language.get() else None
    said: list[bool] = []
    token, cell = _language.set(code), _said_draft.set(said)
    try:
        yield
    finally:
        _said_draft.reset(cell)
        _language.reset(token)
        if outer is not None:
            outer.extend(said)


def translate(message: str) -> str:
    if not message:
        return ""
    _note_draft(message)
    return catalogue(_language.get()).gettext(message)


def translate_plural(one: str, many: str, n: int) -> str:
    _note_draft(one)
    return catalogue(_language.get()).ngettext(one, many, n)


def in_english(message: str | Lazy) -> str:
    """The message as it stands, for a reader of whichever language."""
    return message if isinstance(message, str) else message.in_english()


def is_draft(message: str) -> bool:
    """Are the words for ``message``, in the language now spoken, a machine's and unchecked?"""
    return message in drafts(_language.get())


def drafts_shown() -> bool:
    """Has anything been said since this language was begun that is a draft?"""
    return bool(_said_draft.get())


def _note_draft(message: str) -> None:
    said = _said_draft.get()
    if said is not None and not said and is_draft(message):
        said.append(True)


class Lazy:
    """A message that is looked up when shown, with values filled in then."""

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: Any) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        text = translate(self.message)
        return text.format(**self.values) if self.values else text

    def in_english(self) -> str:
        """The message as it stands in the code."""
        return self.message.format(**self.values) if self.values else self.message

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __repr__(self) -> str:
        return f"Lazy({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.message)


def _(message: str, **values: Any) -> Lazy:
    """Mark ``message`` for translation; ``{name}`` places take ``values``."""
    return Lazy(message, **values)


def format_day(day: date) -> str:
    """``Tue 9 June``; the year is added when it is not this one."""
    return _written(day, "EEE d MMMM" if day.year == clock.today().year else "EEE d MMMM y")


def format_day_short(day: date) -> str:
    """``Tue 24 Nov``, for lists; the year is added when it is not this one."""
    return _written(day, "EEE d MMM" if day.year == clock.today().year else "EEE d MMM y")


def format_day_long(day: date) -> str:
    """``Tuesday 9 June 2026``."""
    return _written(day, "EEEE d MMMM y")


def format_month(day: date) -> str:
    """``May``; the year is added when it is not this one."""
    return _written(day, "MMMM" if day.year == clock.today().year else "MMMM y")


def format_month_year(day: date) -> str:
    """``May 2026``, where a span of months may lie in two years."""
    return _written(day, "MMMM y")


def _written(day: date, form: str) -> str:
    return _written_in(day, form, _locale())


@lru_cache(maxsize=4096)
def _written_in(day: date, form: str, locale: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    text = format_date(day, form, locale=locale)
    # "erbyn dydd Llun": only the name of the day is a name.
    return text[0].lower() + text[1:] if text.startswith("Dydd ") else text


def format_moment(moment: datetime) -> str:
    """``Tue 9 June, 10:14`` in local time."""
    local = clock.local(moment)
    return f"{format_day(local.date())}, {local:%H:%M}"


def _locale() -> str:
    return "en_GB" if _language.get() == "en" else _language.get()
