"""How a referral fitted: three taps of who received it, read by who referred and nobody else."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, Forbidden, NotFound
from referral.core.i18n import _
from referral.outcomes import codes, queries, services
from referral.outcomes.pages import ways
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.pages.ways import Way
from referral.outcomes.schemas.finishing import FitIn
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

THANKS = _("Thank you. Only the person who referred them reads this.")
# How far back an organisation's totals look.
A_YEAR = timedelta(days=365)


@bp.get("/referrals/fit")
def fits() -> Response:
    """How what I referred fitted, the latest first; and how all of ours did, from five on."""
    today = clock.today()
    organisation = actor().organisation
    if organisation is None:
        raise NotFound
    return render(
        "outcomes/fits.html",
        rows=queries.my_fits(actor()),
        totals=queries.fits(actor(), organisation, today - A_YEAR, today),
        codes=codes,
    )


@bp.route("/referrals/<uuid:referral_id>/fit", methods=["GET", "POST"])
@commits
def fit(referral_id: uuid.UUID) -> Response:
    """Say it, or read what was said."""
    return _fit(ways.staff(), referral_id)


@bp.route("/answer/referrals/<uuid:referral_id>/fit", methods=["GET", "POST"])
@commits
def answer_fit(referral_id: uuid.UUID) -> Response:
    """The same on a contact's phone."""
    way = ways.contact()
    try:
        return _fit(way, referral_id)
    except NotFound:
        return render("referrals/answer/elsewhere.html", 404, way=way)


@bp.route("/telephone/<uuid:referral_id>/fit", methods=["GET", "POST"])
@commits
def telephone_fit(referral_id: uuid.UUID) -> Response:
    """The same, as the group says it by telephone."""
    return _fit(ways.telephone(referral_id), referral_id)


def _fit(way: Way, referral_id: uuid.UUID) -> Response:
    """``all`` is the button that says yes to the three of them."""
    form = Form(FitIn, ignore=("all",))
    if request.method == "POST":
        data = dict.fromkeys(codes.FIT, True) if "all" in request.form else form.read()
        if data is not None and _said(way.voice, referral_id, data, form):
            say(THANKS)
            return redirect_to(way.one, referral_id=referral_id)
    asked = queries.fit_asked(way.voice, referral_id)
    if way.by_telephone:  # who rings writes down what is said, and reads nothing that was said
        asked = replace(asked, fit=None)
    if request.method == "POST" and not asked.mine:
        raise Forbidden
    if request.method == "GET" and asked.fit is not None:
        form.values |= {part: _yes(getattr(asked.fit, part)) for part in codes.FIT}
    status = 409 if "request" in form.errors else None
    return render("outcomes/fit.html", status, way=way, form=form, asked=asked, codes=codes)


def _said(voice: Actor, referral_id: uuid.UUID, data: dict[str, Any], form: Form) -> bool:
    try:
        services.rate_fit(voice, referral_id, data)
    except Conflict as error:
        form.add("request", error.detail)
        return False
    return True


def _yes(said: bool) -> str:
    return "yes" if said else "no"
