"""One referral in front of a group: its page, and each verb as a plain form or a tap.

Both doors use it, the phone of a contact and the telephone: they read the same and do the same
verbs. What differs is the ``Way``. Whoever was slower is told who did what meanwhile.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, IllegalAction, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.people import codes as people_codes
from referral.referrals import answering, codes, queries, services, timeline
from referral.referrals.schemas import forms
from referral.referrals.services.telephone import SAID
from referral.web.door import actor
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

DATES = {"contact": ("on",), "pause": ("until",)}
# Nothing need be said: one tap on the referral's own page does them.
ONE_TAP = frozenset({"accept", "start", "resume", "undo", "settle"})
NOT_TYPED = ("version", "seen", "said_by")


class Nothing(Schema):
    """What a tap sends."""


@dataclass(frozen=True)
class Way:
    """How a group speaks here: ``voice`` is whose word it is; endpoints are those of its pages."""

    voice: Actor
    home: str
    one: str
    act: str
    by_telephone: bool = False

    @property
    def layout(self) -> str:
        return "layouts/page.html" if self.by_telephone else "layouts/public.html"

    def page(self, referral_id: uuid.UUID) -> str:
        return url_for(f"answer.{self.one}", referral_id=referral_id)

    def verb(self, referral_id: uuid.UUID, verb: str) -> str:
        return url_for(f"answer.{self.act}", referral_id=referral_id, verb=verb)


def show(way: Way, referral_id: uuid.UUID) -> Response:
    """The referral as the group may see it, with what it can do now."""
    view = queries.view(way.voice, referral_id, beside=True)
    return render("referrals/answer/one.html", **shown(way, view))


def shown(way: Way, view: dict[str, Any]) -> dict[str, Any]:
    """What every page about one referral says."""
    today = clock.today()
    tried, missing = answering.tries(view)
    return {
        "way": way,
        "view": view,
        "heading": answering.heading(view, today),
        "known": view["disclosure"] == "identified",
        "facts": answering.facts(view),
        "details": answering.details(view),
        "items": timeline.items(view, None),
        "tried": tried,
        "missing": missing,
        "answering": answering,
        "codes": codes,
        "people_codes": people_codes,
        "can": allowed(view),
        "small": answering.small(view),
        "one_tap": ONE_TAP if not way.by_telephone else frozenset(),
        "today": today,
    }


def allowed(view: dict[str, Any]) -> list[str]:
    """What a group may do now."""
    return [verb for verb in answering.offered(view) if verb in SAID]


def act(way: Way, referral_id: uuid.UUID, verb: str) -> Response:
    """GET asks what must be said, POST does it and goes back to the referral."""
    if verb not in SAID:
        raise NotFound
    form = _form(verb)
    if request.method == "POST":
        response = _done(way, referral_id, verb, form)
        if response is not None:
            return response
    view = queries.view(way.voice, referral_id)
    if verb not in allowed(view):
        return _refused(way, view, verb, form=form)
    if request.method == "GET":
        form.values |= _starting(view, verb)
    return _asked(way, view, verb, form)


def _form(verb: str) -> Form:
    schema = Nothing if verb == "settle" else forms.FORMS[verb]
    return Form(schema, date_fields=DATES.get(verb, ()), ignore=NOT_TYPED)


def _done(way: Way, referral_id: uuid.UUID, verb: str, form: Form) -> Response | None:
    """Do it and go on; None when the form must be shown again."""
    data = form.read()
    said_by = request.form.get("said_by", "").strip()
    if way.by_telephone:
        form.values["said_by"] = said_by
        if not said_by or len(said_by) > 100:
            form.add("said_by", _("Write who told you"))
            data = None
    if data is None:
        return None
    try:
        body = forms.body_of(verb, data)
        _do(way, referral_id, verb, body, said_by)
    except Invalid as error:
        form.refuse(error)
        return None
    except StaleVersion:
        return _stale(way, referral_id, verb, form)
    except IllegalAction as error:
        return _refused(way, queries.view(way.voice, referral_id), verb, error.detail, form)
    except Conflict as error:
        form.add("request", error.detail)
        return None
    say(answering.DONE[verb])
    return redirect_to(f"answer.{way.one}", referral_id=referral_id)


def _do(way: Way, referral_id: uuid.UUID, verb: str, body: dict[str, Any], said_by: str) -> None:
    if way.by_telephone:
        services.record(actor(), referral_id, verb, version(), body, said_by)
    elif verb == "settle":
        services.settle_in(way.voice, referral_id, version())
    else:
        services.act(way.voice, referral_id, verb, version(), body)


def version() -> int:
    """The version the writer saw; raise ``Invalid`` for a form that lost it."""
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise Invalid({"request": [str(_("Open this again: the form is not complete."))]})
    return int(given)


def _starting(view: dict[str, Any], verb: str) -> dict[str, Any]:
    if verb == "contact":
        wanted = request.args.get("result", "")
        found = {"channel": answering.first_way(view)}
        return found | ({"result": wanted} if wanted in codes.RESULTS else {})
    if verb == "answer":
        thread = _thread(view)
        return {"thread_id": str(thread["id"])} if thread else {}
    return {}


def _thread(view: dict[str, Any]) -> dict[str, Any] | None:
    """The thread that was asked for, or else the first that waits for the group."""
    wanted = request.values.get("thread") or request.values.get("thread_id")
    waiting = [row for row in view["threads"] if row["mine"] and not row["answered_at"]]
    chosen = [row for row in waiting if str(row["id"]) == wanted]
    return next(iter(chosen or waiting), None)


def _asked(
    way: Way, view: dict[str, Any], verb: str, form: Form, status: int | None = None, **more: Any
) -> Response:
    return render(
        "referrals/answer/act.html",
        status,
        form=form,
        verb=verb,
        thread=_thread(view) if verb == "answer" else None,
        **shown(way, view),
        **more,
    )


def _stale(way: Way, referral_id: uuid.UUID, verb: str, form: Form) -> Response:
    """Somebody of the group was quicker, or the sender changed it: who, what, and the form again.

    After the last step nothing of the person may be seen: then it is said without.
    """
    try:
        view = queries.view(way.voice, referral_id)
    except NotFound:
        return gone(way)
    seen = request.form.get("seen", "")
    since = int(seen) if seen.isdecimal() and len(seen) < 6 else None
    changes = [row for row in view["history"] if since is None or row["number"] > since]
    if verb in allowed(view) and verb not in ONE_TAP:
        return _asked(way, view, verb, form, 409, changes=changes)
    return _refused(way, view, verb, form=form, changes=changes)


def _refused(
    way: Way,
    view: dict[str, Any],
    verb: str,
    detail: str = "",
    form: Form | None = None,
    changes: list[dict[str, Any]] | None = None,
) -> Response:
    """It cannot be done now: why, what happened meanwhile, and what was typed, to be copied."""
    typed = [
        str(value)
        for name, value in (form.values.items() if form else ())
        if isinstance(value, str) and len(value) > 10 and name not in ("thread_id", "said_by")
    ]
    latest = [row for row in view["history"] if not row["mine"]][-1:]
    return render(
        "referrals/answer/refused.html",
        409,
        verb=verb,
        detail=detail,
        typed=typed,
        changes=latest if changes is None else changes,
        **shown(way, view),
    )


def gone(way: Way) -> Response:
    """What is not, or no longer, with this group: one page for all, which names nobody."""
    return render("referrals/answer/elsewhere.html", 404, way=way)
