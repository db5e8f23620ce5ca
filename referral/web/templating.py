"""Jinja for the house: NHS macros, gettext, our filters, static files named by their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import jinja2
from flask import Flask, g, request, url_for
from jinja2.runtime import Undefined
from jinja2.utils import missing
from markupsafe import Markup

from referral.config import Settings
from referral.core import clock, database, i18n
from referral.core.actor import ANONYMOUS
from referral.core.folders import folder
from referral.core.i18n import Lazy
from referral.web import charts, door, drawing, language, security
from referral.web.pages import Navigate, Navigation

PACKAGE = Path(__file__).resolve().parent.parent
STATIC = PACKAGE / "static"
# A telephone number inside a sentence: 01632 960180, 020 7946 0000.
NUMBER = re.compile(r"\b0\d{2,4}(?: ?\d){6,8}\b")


class Careful(jinja2.ChainableUndefined):
    """Silent for a key a macro was not given, as the NHS macros need; loud for a name nobody set
    and for an attribute our own objects do not have.
    """

    def _is_mistake(self) -> bool:
        if self._undefined_obj is missing:
            return self._undefined_name not in (None, "undefined")
        return not isinstance(self._undefined_obj, dict | str | Undefined)

    def __str__(self) -> str:
        return self._fail_with_undefined_error() if self._is_mistake() else ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Any:
        if self._is_mistake():
            self._fail_with_undefined_error()
        return super().__iter__()


class Tagged(Protocol):
    """A status as a tag shows it: its words, and a colour of the NHS tag."""

    @property
    def label(self) -> Lazy: ...
    @property
    def colour(self) -> str: ...


def install(
    app: Flask, settings: Settings, navigate: Navigate, statuses: Mapping[str, Tagged]
) -> None:
    env = app.jinja_env
    env.loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(folder("templates")),
            jinja2.PackageLoader("nhsuk_frontend_jinja"),
        ]
    )
    # Every template: Flask alone would leave the NHS ones, which end in .jinja, unescaped.
    env.autoescape = True
    env.template_class = drawing.Template
    env.undefined = Careful
    env.finalize = _finalize
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        i18n.translate, i18n.translate_plural, newstyle=True
    )
    filters: dict[str, Callable[..., Any]] = {
        "day": _day,
        "day_long": _day_long,
        "month": _month,
        "month_year": _month_year,
        "moment": _moment,
        "ringable": ringable,
        "status_tag": lambda key: _status_tag(statuses[key]),
    }
    env.filters |= filters
    env.globals |= {
        "asset": asset,
        "nhs": drawing.Controls(env),
        "remembered": drawing.Remembered(),
        "nonce": security.nonce,
        "language": i18n.language,
        "drafts_shown": i18n.drafts_shown,
        "in_english": i18n.in_english,
        "in_language": in_language,
        "easy_read": language.easy_read,
        "languages": language.choices,
        "reading": language.reading,
        "product_name": settings.product_name,
        "demo": settings.demo,
        "map_tiles": settings.map_tiles_url,
        "map_credit": settings.map_tiles_credit,
        "actor": door.actor,
        "signed_in": lambda: door.actor() != ANONYMOUS,
        "navigation": lambda: _navigation(navigate),
        "form_failed": lambda: bool(g.get("form_failed")),
        "place_line": charts.line,
        "share_of": charts.share,
        "error_summary": lambda form: form.summary(),
        "is_current": lambda item: item.is_current(request.path),
    }


def asset(name: str) -> str:
    """The address of a built file, with a mark of its content so that it may be kept for ever."""
    path = STATIC / "dist" / name
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _address(name, path, changed)


@lru_cache(maxsize=64)
def _address(name: str, path: Path, changed: int) -> str:
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if changed else None
    return url_for("static", filename=f"dist/{name}", v=mark)


def _navigation(navigate: Navigate) -> Navigation:
    """What the header shows; read once per page, and nothing at all when the site is in trouble."""
    if "navigation" not in g:
        who = door.actor()
        if who == ANONYMOUS or g.get("broken"):
            g.navigation = Navigation()
        elif database.in_transaction():
            g.navigation = navigate(who)
        else:  # a page about an error, made after its transaction has ended
            with database.reading(who):
                g.navigation = navigate(who)
    found: Navigation = g.navigation
    return found


def _finalize(value: Any) -> Any:
    """``None`` is nothing: a textarea would otherwise say "None", and that would be sent back."""
    return "" if value is None else value


def ringable(text: object) -> Markup:
    """The text with each telephone number in it as a link that rings it."""
    said, found, end = str(text), Markup(), 0
    for number in NUMBER.finditer(said):
        link = Markup('<a href="tel:{}">{}</a>')
        found += said[end : number.start()]
        found += link.format(number[0].replace(" ", ""), number[0])
        end = number.end()
    return found + said[end:]


def in_language(code: str, caller: Callable[[], Markup]) -> Markup:
    """What the block says, in another language than its page: a letter, a card."""
    with i18n.speaking(code):
        return caller()


def _day(value: date | None) -> str:
    return i18n.format_day(_local(value)) if value else ""


def _day_long(value: date | None) -> str:
    return i18n.format_day_long(_local(value)) if value else ""


def _month_year(value: date | None) -> str:
    return i18n.format_month_year(_local(value)) if value else ""


def _month(value: date | None) -> str:
    return i18n.format_month(_local(value)) if value else ""


def _moment(value: datetime | None) -> str:
    return i18n.format_moment(value) if value else ""


def _status_tag(status: Tagged) -> Markup:
    """The words of a status in its colour; the words alone say it all."""
    return Markup('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>').format(
        status.colour, status.label
    )


def _local(value: date) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value
