"""Whom to turn to: the local route when somebody is at risk, and the clinician for concerns."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from referral.accounts import queries, services
from referral.accounts.pages.blueprint import bp
from referral.accounts.schemas import Clinician, Route
from referral.accounts.services.safeguarding import CLINICIANS, OF_KINDS
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


@bp.route("/safeguarding", methods=["GET", "POST"])
@commits
def safeguarding() -> Response:
    """The locality's own words: whom to ring about an adult, and about a child."""
    own = actor().locality
    if own is None:
        raise NotFound
    found = queries.locality(actor(), own)
    form = Form(
        Route,
        ignore=("version",),
        values={"adults": found.safeguarding_adults, "children": found.safeguarding_children},
    )
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.set_route(actor(), own, seen_version(), data["adults"], data["children"])
        except StaleVersion:
            status = 409
        else:
            say(_("Saved. It is shown from now on."))
            return redirect_to("accounts.safeguarding")
    return render("accounts/safeguarding.html", status, form=form, found=found, stale=status)


@bp.route("/organisations/<uuid:organisation_id>/clinician", methods=["GET", "POST"])
@commits
def clinician(organisation_id: UUID) -> Response:
    """Who answers health concerns here."""
    found = queries.organisation(actor(), organisation_id)
    people = queries.people_of(actor(), organisation_id)
    if found.kind not in OF_KINDS:
        raise NotFound
    form = Form(
        Clinician,
        ignore=("version",),
        values={"clinician": str(found.clinician_id or ""), "words": found.clinician_words},
    )
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.name_clinician(
                actor(), organisation_id, seen_version(), data["clinician"], data["words"]
            )
        except StaleVersion:
            status = 409
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved."))
            return redirect_to("accounts.clinician", organisation_id=organisation_id)
    able = [one for one in people if one.active and not set(CLINICIANS).isdisjoint(one.roles)]
    return render(
        "accounts/clinician.html", status, form=form, organisation=found, people=able, stale=status
    )
