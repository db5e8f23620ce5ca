"""Doing something with a referral: one page per verb, or one tap where nothing is to be said.

Each form carries the version its writer saw. Somebody else first: the page shows what changed
meanwhile and keeps what was typed. A verb that does not fit any more: the page says what does.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request, url_for

from referral.accounts import queries as accounts
from referral.accounts.roles import PARTY_ROLES
from referral.core.errors import (
    Conflict,
    Duplicate,
    IllegalAction,
    Invalid,
    NotFound,
    NotTaking,
    StaleVersion,
)
from referral.core.i18n import Lazy, _, format_day
from referral.desk import verbs, words
from referral.desk.pages.blueprint import bp
from referral.desk.pages.referral import shown
from referral.directory import queries as directory
from referral.referrals import answering, services
from referral.referrals import queries as referrals
from referral.referrals.models import Referral
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

LEAVES_HOME = frozenset({"decline"})


@bp.route("/referrals/<uuid:referral_id>/<verb>", methods=["GET", "POST"])
@commits
def act(referral_id: uuid.UUID, verb: str) -> Response:
    """GET asks what must be said, POST does it and goes back to the referral."""
    if verb not in verbs.PAGES:
        raise NotFound
    page = verbs.PAGES[verb]
    form = Form(
        page.schema,
        date_fields=page.dates,
        lists=page.lists,
        clearable=page.clearable,
        ignore=("version", "seen"),
    )
    if request.method == "POST":
        response = _done(referral_id, verb, form)
        if response is not None:
            return response
    view = referrals.view(actor(), referral_id)
    if verb not in answering.offered(view):
        return _refused(view, verb, form=form)
    if request.method == "GET":
        form.values |= verbs.starting_values(verb, view, request.args.get("thread"))
    return _asked(view, verb, form)


def _done(referral_id: uuid.UUID, verb: str, form: Form) -> Response | None:
    """Do it and go on; None when the form must be shown again."""
    data = form.read()
    if data is None:
        return None
    try:
        body = verbs.body_of(verb, data)
        if verb == "amend":
            body = verbs.changed(data, form.values, referrals.view(actor(), referral_id))
        found = _do(referral_id, verb, body)
    except Invalid as error:
        form.refuse(error)
        return None
    except StaleVersion:
        return _stale(referral_id, verb, form)
    except IllegalAction as error:
        return _refused(referrals.view(actor(), referral_id), verb, error.detail, form)
    except Duplicate as error:
        return _duplicate(referral_id, form, error)
    except NotTaking as error:
        form.add("who", error.detail)
        return _asked(referrals.view(actor(), referral_id), verb, form, 409)
    except Conflict as error:
        form.add("request", error.detail)
        return None
    say(words.VERBS[verb].done)
    if verb == "redirect":
        return redirect_to("desk.sent", referral_id=found.replaced_by_id)
    if verb in LEAVES_HOME:
        return redirect_to("desk.home")
    return redirect_to("desk.referral", referral_id=referral_id)


def _do(referral_id: uuid.UUID, verb: str, body: dict[str, Any]) -> Referral:
    if verb == "settle":
        return services.settle_in(actor(), referral_id, _version())
    return services.act(actor(), referral_id, verb, _version(), body)


def _asked(
    view: dict[str, Any], verb: str, form: Form, status: int | None = None, **more: Any
) -> Response:
    """The form of the verb, with whatever its choices need."""
    known = shown(view)
    return render(
        "desk/act.html",
        status,
        form=form,
        verb=verb,
        spoken=words.VERBS[verb],
        **known,
        **_choices(view, verb),
        **more,
    )


def _choices(view: dict[str, Any], verb: str) -> dict[str, Any]:
    """What the form offers beside fixed lists."""
    if verb == "assign":
        owner = view["owner"]["organisation"]["id"]
        people = accounts.users_with_roles(owner, PARTY_ROLES["owner"])
        return {"people": [(str(one.id), one.name, _beside(one)) for one in people]}
    if verb == "redirect":
        person = view["person"]
        found = directory.best_three(
            actor(), view["needs"], person.get("area") or "", None, person.get("sex") or ""
        )
        three = [one for one in found.three if not _same_service(view, one.service.id)]
        return {"suggestion": found, "three": three}
    if verb == "answer":
        return {"thread": _thread(view)}
    if verb == "end":
        return {"missing": answering.tries(view)[1]}
    if verb == "reply":
        asked = [row for row in view["history"] if row["verb"] == "ask" and not row["undone"]]
        return {"question": asked[-1] if asked else None}
    return {}


def _same_service(view: dict[str, Any], service_id: uuid.UUID) -> bool:
    return bool(view["service"] and view["service"]["id"] == service_id)


def _beside(one: accounts.Colleague) -> str | Lazy:
    """What stands beside a name: away until when, and that the box hears of it then."""
    if one.is_away and one.away_until is not None:
        return _("away until {day}; the team’s box is told", day=format_day(one.away_until))
    return one.job_title


def _thread(view: dict[str, Any]) -> dict[str, Any] | None:
    """The thread that was asked for, or else the first that waits for the actor."""
    wanted = request.values.get("thread") or request.values.get("thread_id")
    waiting = [row for row in view["threads"] if row["mine"] and not row["answered_at"]]
    chosen = [row for row in waiting if str(row["id"]) == wanted]
    return next(iter(chosen or waiting), None)


def _stale(referral_id: uuid.UUID, verb: str, form: Form) -> Response:
    """Somebody changed it meanwhile: both versions side by side, and the same form again."""
    view = referrals.view(actor(), referral_id)
    seen = request.form.get("seen", "")
    since = int(seen) if seen.isdecimal() and len(seen) < 6 else None
    changes = [row for row in view["history"] if since is None or row["number"] > since]
    before = [row for row in view["history"] if since is not None and row["number"] <= since]
    facts = {"changes": changes, "before": before[-1]["to"] if before else None}
    if verb in answering.offered(view):
        return _asked(view, verb, form, 409, stale=facts)
    return _refused(view, verb, form=form, stale=facts)


def _refused(
    view: dict[str, Any],
    verb: str,
    detail: str = "",
    form: Form | None = None,
    stale: dict[str, Any] | None = None,
) -> Response:
    """It cannot be done now: why, what can be, and what was typed, to be copied."""
    typed = [
        str(value)
        for name, value in (form.values.items() if form else ())
        if isinstance(value, str) and len(value) > 10 and name not in ("thread_id",)
    ]
    return render(
        "desk/refused.html",
        409,
        **shown(view),
        verb=verb,
        spoken=words.VERBS[verb],
        detail=detail,
        typed=typed,
        stale=stale,
    )


def _duplicate(referral_id: uuid.UUID, form: Form, error: Duplicate) -> Response:
    """Redirecting would refer the person twice."""
    view = referrals.view(actor(), referral_id)
    other = url_for("desk.referral", referral_id=error.duplicate_of)
    return _asked(view, "redirect", form, 409, duplicate=other)


def _version() -> int:
    """The version the writer saw; raise ``Invalid`` for a form that lost it."""
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise Invalid({"request": ["Open the referral again: this form is not complete."]})
    return int(given)
