"""NHS form controls, drawn once for each set of parameters and then remembered.

The NHS macros are right but slow: a form of ten fields took longer than everything else on its
page. What is remembered never holds what somebody typed: a text box is drawn around a mark, and
the text put in its place each time; a control with an error, or with other markup inside, is drawn
afresh.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from referral.core.i18n import language

MACROS = {
    "button": ("button", "button"),
    "checkboxes": ("checkboxes", "checkboxes"),
    "input": ("input", "input"),
    "radios": ("radios", "radios"),
    "select": ("select", "select"),
    "textarea": ("textarea", "textarea"),
}
# Typed text stands where this does; no character of it can be typed or is changed by escaping.
MARK = "\N{WHITE SQUARE}typed\N{WHITE SQUARE}"
TYPED = frozenset({"input", "textarea"})
KEPT = 2000


class Template(jinja2.Template):
    """A template whose macros are made once, and not compared with the page's names each time."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


class Controls:
    """Draws the NHS macros of one environment."""

    def __init__(self, env: jinja2.Environment) -> None:
        self.env = env
        self._remembered = lru_cache(maxsize=KEPT)(self._drawn_from)

    def __call__(self, name: str, params: dict[str, Any]) -> Markup:
        """The control; ``params`` are those of the NHS macro called ``name``."""
        if params.get("errorMessage") or _holds_markup(params):
            return self._drawn(name, params)
        typed = None
        if name in TYPED and params.get("value"):
            typed, params = params["value"], {**params, "value": MARK}
        drawn = self._remembered(name, json.dumps(_as_text(params), default=str))
        return drawn if typed is None else Markup(drawn.replace(MARK, escape(typed)))  # noqa: S704 - escaped here

    def _drawn_from(self, name: str, params: str) -> Markup:
        return self._drawn(name, json.loads(params))

    def _drawn(self, name: str, params: dict[str, Any]) -> Markup:
        folder, macro = MACROS[name]
        module = self.env.get_template(f"nhsuk/components/{folder}/macro.jinja").module
        return Markup(getattr(module, macro)(params))  # noqa: S704 - the macros escape


def _as_text(value: Any) -> Any:
    """Words that a page has escaped already as plain text again: the macro escapes them."""
    if isinstance(value, Markup):
        return value.unescape()
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    return [_as_text(one) for one in value] if isinstance(value, list) else value


def _holds_markup(params: dict[str, Any]) -> bool:
    return any(item.get("conditional") for item in params.get("items") or ())


class Remembered:
    """Markup that is the same for everybody, drawn once: ``{% call remembered('key', …) %}``.

    The keys must say everything the markup depends on; the reader's language is added here.
    """

    def __init__(self) -> None:
        self._drawn: dict[tuple[object, ...], Markup] = {}

    def __call__(self, *keys: str | bool, caller: Callable[[], Markup]) -> Markup:
        key = (language(), *keys)
        if key not in self._drawn:
            self._drawn[key] = caller()
        return self._drawn[key]
