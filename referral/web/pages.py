"""What a page's door needs: a blueprint, ``render``, a banner after a redirect, the navigation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from flask import Response, flash, g, make_response, redirect, render_template, url_for

from referral.core.actor import Actor
from referral.core.i18n import Lazy
from referral.web import forms


class Blueprint(flask.Blueprint):
    """The pages of one slice; a view function is named for its template."""


@dataclass(frozen=True)
class NavItem:
    """One entry of the header. ``href`` is a path on this site; ``also`` belong to it too."""

    label: str | Lazy
    href: str
    also: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        if self.href == "/":
            return path == "/"
        return (path + "/").startswith(tuple(f"{one}/" for one in (self.href, *self.also)))


@dataclass(frozen=True)
class Place:
    """An organisation the user may switch to; ``role`` in words."""

    id: uuid.UUID
    name: str
    role: str | Lazy
    current: bool = False


@dataclass(frozen=True)
class Navigation:
    """What the header says to this actor. Empty for somebody not signed in."""

    items: tuple[NavItem, ...] = ()
    user: str = ""
    organisation: str = ""
    places: tuple[Place, ...] = ()


Navigate = Callable[[Actor], Navigation]


def render(template: str, status: int | None = None, **context: Any) -> Response:
    """The finished page. A form with errors makes it 422 unless told otherwise."""
    text = forms.place_summaries(render_template(template, **context))
    code = status if status is not None else (422 if g.get("form_failed") else 200)
    return make_response(text, code)


def say(message: str | Lazy) -> None:
    """Show ``message`` in a banner on the next page. No personal data: it travels in a cookie."""
    flash(str(message), "success")


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Go on to another page after a write (303)."""
    return make_response(redirect(url_for(endpoint, **values), code=303))
