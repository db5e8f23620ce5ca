"""Studies and evaluations: the privacy lead's page. Nobody is asked about any other."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.core.errors import StaleVersion
from referral.core.i18n import _
from referral.referrals import queries, schemas, services
from referral.referrals.pages.blueprints import talking
from referral.referrals.services.evaluations import FIELDS
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

DAYS = ("asked_from", "asked_until")


@talking.get("/evaluations")
def evaluations() -> Response:
    """What is registered, and what people are asked about today."""
    rows = queries.evaluations(actor())
    return render(
        "referrals/talking/evaluations.html",
        rows=rows,
        now={row.id for row in rows if queries.is_asked_unscoped(row)},
    )


@talking.route("/evaluations/new", methods=["GET", "POST"])
@commits
def new_evaluation() -> Response:
    """Register a study."""
    form = Form(schemas.EvaluationForm, date_fields=DAYS)
    if request.method == "POST" and (data := form.read()) is not None:
        services.register_evaluation(actor(), data)
        say(_("Registered."))
        return redirect_to("talking.evaluations")
    return render("referrals/talking/evaluation.html", form=form, found=None)


@talking.route("/evaluations/<uuid:evaluation_id>", methods=["GET", "POST"])
@commits
def evaluation(evaluation_id: uuid.UUID) -> Response:
    """Change a study, or end it by its last day."""
    found = queries.evaluation(actor(), evaluation_id)
    values = {name: getattr(found, name) for name in FIELDS}
    form = Form(schemas.EvaluationForm, date_fields=DAYS, ignore=("version",), values=values)
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.change_evaluation(actor(), evaluation_id, seen_version(), data)
        except StaleVersion:
            status = 409
        else:
            say(_("Saved."))
            return redirect_to("talking.evaluations")
    return render("referrals/talking/evaluation.html", status, form=form, found=found, stale=status)
