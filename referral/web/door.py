"""The life of a request: who asks, may they, inside which transaction, what is written after.

A GET runs inside ``reading(actor)``; a view marked ``@commits`` runs inside ``transaction(actor)``
and is committed only when it answers with a status below 400. The body is finished before either
ends, so nothing is loaded while it is sent. Views of a person collected on the way
(``core.audit.viewed``) are written in the same transaction on a write, and otherwise in a short
second one before the body leaves: if that fails, the answer is 503 and nobody has seen anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast, overload

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import BadRequest, NotFound

from referral.core import audit, database
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.errors import Forbidden, NotSignedIn, Unavailable
from referral.core.i18n import speaking
from referral.core.logging import log
from referral.web import access, idempotency, language
from referral.web.paths import for_machines

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]
Loader = Callable[[Request], Actor]
Allows = Callable[[Actor, str], bool]
Write = Callable[[], None]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def actor() -> Actor:
    """The actor of this request; ``ANONYMOUS`` when nobody is signed in."""
    found: Actor = g.get("actor", ANONYMOUS)
    return found


@overload
def commits(view: View[P, R]) -> View[P, R]: ...


@overload
def commits(*, also: tuple[int, ...]) -> Callable[[View[P, R]], View[P, R]]: ...


def commits(view: Any = None, *, also: tuple[int, ...] = ()) -> Any:
    """Mark a view that writes: its transaction is committed when the status is below 400.

    ``@commits(also=(422,))`` commits at these statuses too, for what must be kept of a refusal
    (a failed sign-in). Goes under the route decorator. A GET of the same view only reads.
    """

    def mark(function: Any) -> Any:
        function.commits_at = also
        return function

    return mark if view is None else mark(view)


def takes_files(most: int) -> Callable[[View[P, R]], View[P, R]]:
    """Let a view's body have ``most`` bytes, for who may come in; goes under the route decorator.

    Every other body stops at ``security.BODY_MAX``.
    """

    def mark(function: Any) -> Any:
        function.body_max = most
        return function

    return mark


def from_elsewhere(view: View[P, R]) -> View[P, R]:
    """Mark a view whose form stands on another system's page, and so carries no token of ours, or
    that must work without one.

    It must do nothing for whoever is signed in, and read nothing. Goes under the route decorator.
    """
    view.from_elsewhere = True  # type: ignore[attr-defined] # a mark read before every view
    return view


def note(write: Write) -> None:
    """Have ``write`` called in the short transaction after the answer is made.

    For the few things a GET may write: when a session was last seen, a search that found nothing.
    """
    g.setdefault("notes", []).append(write)


class Site(Flask):
    """A Flask whose views run inside a transaction of the house."""

    load_actor: Loader = staticmethod(lambda _request: ANONYMOUS)
    allows: Allows = staticmethod(lambda _actor, _key: False)
    access_rules: dict[str, str] = access.ACCESS

    def full_dispatch_request(self) -> Response:
        with speaking(language.of(request)):
            return super().full_dispatch_request()

    def dispatch_request(self) -> Any:
        view = self.view_functions.get(request.endpoint or "")
        if request.routing_exception is not None or view is None or request.endpoint == "static":
            return super().dispatch_request()
        also = getattr(view, "commits_at", None)
        if request.method in SAFE or also is None:
            with database.reading(actor()):
                response = self._answer()
                views = audit.pending_views()
        else:
            response, views = self._written(view, also)
        self._write_after(views)
        return response

    def _answer(self) -> Response:
        """Run the view and finish its body."""
        response = self.make_response(super().dispatch_request())
        if not response.direct_passthrough:
            response.make_sequence()
        return response

    def _written(self, view: Any, also: tuple[int, ...]) -> tuple[Response, list[audit.View]]:
        """Run a writing view in its transaction; views it could not keep are handed back."""
        once = getattr(view, "is_idempotent", False)
        with database.transaction(actor()) as opened:
            response = idempotency.once(actor(), self._answer) if once else self._answer()
            views = audit.pending_views()
            if response.status_code < 400 or response.status_code in also:
                opened.flush()
                audit.write_views(views)
                return response, []
            opened.rollback()
        return response, views

    def _write_after(self, views: list[audit.View]) -> None:
        notes: list[Write] = g.pop("notes", [])
        if not views and not notes:
            return
        try:
            with database.transaction(actor()):
                audit.write_views(views)
                for write in notes:
                    write()
        except Exception as error:
            log.error("views not written", type=type(error).__name__, endpoint=request.endpoint)
            raise Unavailable from error


def refuse_unreadable() -> None:
    """Before anything else: no NUL and no broken text in the path or the query string."""
    if any(_broken(str(value)) for value in (request.view_args or {}).values()):
        raise NotFound
    pairs = request.args.items(multi=True)
    if any(_broken(name) or _broken(value) for name, value in pairs):
        raise BadRequest("The address contains characters that are not text.")


def make_room() -> None:
    """Let the body be as long as the view says, before anything reads it."""
    view = site().view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "body_max", None)


def _broken(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)


def load() -> None:
    """Find out who asks, in a short read of its own.

    Machines come with a bearer token and people with a cookie; neither door takes the other's.
    """
    g.actor = ANONYMOUS
    if request.endpoint == "static":
        return
    with database.reading(SYSTEM):
        found = site().load_actor(request)
    wrong = "user" if for_machines(request.path) else "api_client"
    g.actor = ANONYMOUS if found.kind == wrong else found


def permit() -> None:
    """Hold the endpoint's rule against the actor."""
    if request.endpoint is None or request.routing_exception is not None:
        return
    rule = site().access_rules[request.endpoint]
    if rule == access.PUBLIC:
        return
    if actor() == ANONYMOUS:
        raise NotSignedIn
    if rule != access.SIGNED_IN and not site().allows(actor(), rule):
        raise Forbidden


def site() -> Site:
    """The site that serves this request."""
    return cast("Site", current_app)
