"""Finishing: how it went, by whose word, and what the practice should do. The rest is welcome.

Signed in, on a contact's phone and by telephone it is one page; what differs is the ``Way``.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import Conflict, IllegalAction, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _
from referral.outcomes import codes, drafting, queries, services
from referral.outcomes.message import attendance
from referral.outcomes.pages import ways
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.pages.ways import Way
from referral.outcomes.schemas.finishing import VERBS, FinishForm, body_of
from referral.referrals import answering
from referral.referrals import codes as referral_codes
from referral.referrals import queries as referrals
from referral.web.door import commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

NOT_TYPED = ("version", "seen", "said_by")
NAME_MAX = 100
# Beside these, what is typed is only said more of.
FIRST = frozenset({"verb", "reason", "outcome", "told_by", "do", "actions", "said_by", "request"})
DONE = _("Thank you. Your words are on their way.")
# Who may say so, as a button each: what a tap sends, and its words by whose page it is.
TELLERS: tuple[tuple[str, Lazy, Lazy], ...] = (
    ("person", _("They said so"), _("The person said so")),
    ("provider", _("That is how we see it"), _("The group sees it so")),
    ("both", _("We both see it so"), _("Both say so")),
)


@bp.route("/referrals/<uuid:referral_id>/finish", methods=["GET", "POST"])
@commits
def finish(referral_id: uuid.UUID) -> Response:
    """One tap for how it went, one for whose word it is."""
    return _finish(ways.staff(), referral_id)


@bp.route("/answer/referrals/<uuid:referral_id>/finish", methods=["GET", "POST"])
@commits
def answer_finish(referral_id: uuid.UUID) -> Response:
    """The same on a contact's phone."""
    way = ways.contact()
    try:
        return _finish(way, referral_id)
    except NotFound:
        return render("referrals/answer/elsewhere.html", 404, way=way)


@bp.route("/telephone/<uuid:referral_id>/finish", methods=["GET", "POST"])
@commits
def telephone_finish(referral_id: uuid.UUID) -> Response:
    """The same, as the group says it by telephone."""
    return _finish(ways.telephone(referral_id), referral_id)


def _finish(way: Way, referral_id: uuid.UUID) -> Response:
    form = Form(FinishForm, ignore=NOT_TYPED)
    if request.method == "POST":
        response = _done(way, referral_id, form)
        if response is not None:
            return response
    view = referrals.view(way.voice, referral_id)
    if request.method == "GET":
        form.values |= {"do": "none", "verb": "end" if "early" in request.args else "complete"}
    elif form.values.get("verb") not in VERBS:
        form.values["verb"] = "complete"
    if form.values.get("verb") not in view["allowed_actions"]:
        return _refused(way, view, form)
    return _asked(way, view, form)


def _done(way: Way, referral_id: uuid.UUID, form: Form) -> Response | None:
    """Finish and go back to the referral; None when the form must be shown again."""
    data = form.read()
    if way.by_telephone:
        said_by = " ".join(request.form.get("said_by", "").split())
        form.values["said_by"] = said_by
        if not said_by or len(said_by) > NAME_MAX:
            form.add("said_by", _("Write who told you"))
            data = None
        way = way.told(said_by)
    if data is None:
        return None
    try:
        services.finish(way.voice, referral_id, seen_version(), body_of(data))
    except Invalid as error:
        form.refuse(error)
        return None
    except StaleVersion:
        return _stale(way, referral_id, form)
    except IllegalAction as error:
        return _refused(way, referrals.view(way.voice, referral_id), form, error.detail)
    except Conflict as error:
        form.add("request", error.detail)
        return None
    say(DONE)
    return redirect_to(way.one, referral_id=referral_id)


def _asked(
    way: Way, view: dict[str, Any], form: Form, status: int | None = None, **more: Any
) -> Response:
    more_said = {*form.values, *form.errors} - FIRST
    contacts = ((clock.local(row["at"]).date(), row["result"]) for row in view["contacts"])
    early = form.values.get("verb") == "end"
    came = attendance(contacts)
    return render(
        "outcomes/finish.html",
        status,
        way=way,
        view=view,
        form=form,
        early=early,
        goals=queries.goals_of_unscoped(way.voice, view),
        tellers=TELLERS,
        opened=any(form.values.get(name) or form.errors.get(name) for name in more_said),
        attended=drafting.attendance(came) if came else None,
        missing=answering.tries(view)[1] if early else 0,
        heard=view["consent"]["feedback"] not in ("codes", "none"),
        codes=codes,
        referral_codes=referral_codes,
        **more,
    )


def _stale(way: Way, referral_id: uuid.UUID, form: Form) -> Response:
    """Somebody was quicker: who, what, and the form again with all that was typed.

    After a last step nothing of the person may be seen on a phone: then it is said without.
    """
    view = referrals.view(way.voice, referral_id)
    seen = request.form.get("seen", "")
    since = int(seen) if seen.isdecimal() and len(seen) < 6 else None
    changes = [row for row in view["history"] if since is None or row["number"] > since]
    if form.values.get("verb") in view["allowed_actions"]:
        return _asked(way, view, form, 409, changes=changes)
    return _refused(way, view, form, changes=changes)


def _refused(
    way: Way,
    view: dict[str, Any],
    form: Form,
    detail: str = "",
    changes: list[dict[str, Any]] | None = None,
) -> Response:
    """It cannot be finished now: why, what happened meanwhile, and what was typed, to be copied."""
    typed = [
        str(value)
        for name, value in form.values.items()
        if isinstance(value, str) and len(value) > 10 and name not in FIRST - {"actions"}
    ]
    latest = [row for row in view["history"] if not row["mine"]][-1:]
    return render(
        "outcomes/finish_refused.html",
        409,
        way=way,
        view=view,
        detail=detail,
        typed=typed,
        changes=latest if changes is None else changes,
    )
