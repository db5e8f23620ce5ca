"""Supervision: for the two it is between. Whom the team turns to."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.caseload import queries, schemas, services
from referral.caseload.pages.blueprint import bp
from referral.core import clock
from referral.core.errors import Invalid, StaleVersion
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

DATES = ("held_on", "next_on")


@bp.get("/caseload/supervision")
def supervision() -> Response:
    """The actor's own notes, of either side."""
    supervises = may(actor(), Permission.SUPERVISE)
    return render(
        "caseload/supervision.html",
        notes=queries.notes(actor()),
        clinician=queries.clinician(actor()),
        supervises=supervises,
        names=may(actor(), Permission.MANAGE_ORGANISATION_PEOPLE),
        workers=[w for w in queries.team(actor()) if w.here and w.id != actor().id]
        if supervises
        else [],
    )


@bp.route("/caseload/team/<uuid:user_id>/supervision", methods=["GET", "POST"])
@commits
def write_note(user_id: uuid.UUID) -> Response:
    """What was said with one worker."""
    worker = queries.worker(actor(), user_id)
    values = {"held_on": clock.today(), "version": 0}
    form = Form(schemas.Supervise, date_fields=DATES, values=values)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.write_note(actor(), user_id, data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved. Only the two of you can read it."))
            return redirect_to("caseload.supervision")
    return render("caseload/write_note.html", name=worker.name, form=form, stale=None)


@bp.route("/caseload/supervision/<uuid:note_id>", methods=["GET", "POST"])
@commits
def supervision_note(note_id: uuid.UUID) -> Response:
    """One note; who wrote it may mend it."""
    found = queries.note(actor(), note_id)
    values = {
        "held_on": found.held_on,
        "text": found.text,
        "next": found.next,
        "next_on": found.next_on,
        "version": found.version,
    }
    form = Form(schemas.Supervise, date_fields=DATES, clearable=("next_on",), values=values)
    stale = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.amend_note(actor(), note_id, data["version"], data)
        except StaleVersion:
            stale = found
        else:
            say(_("Saved."))
            return redirect_to("caseload.supervision")
    if found.supervisor_id != actor().id:
        return render("caseload/supervision_note.html", found=found)
    return render(
        "caseload/write_note.html",
        409 if stale else None,
        name=found.worker,
        form=form,
        stale=stale,
    )


@bp.route("/caseload/clinician", methods=["GET", "POST"])
@commits
def clinician() -> Response:
    """Whom the team turns to about somebody's health."""
    found = queries.clinician(actor())
    form = Form(schemas.Clinician, values={"words": found.words, "version": found.version})
    stale = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.name_clinician(actor(), data["version"], data["words"])
        except StaleVersion:
            stale = found
        else:
            say(_("Saved."))
            return redirect_to("caseload.supervision")
    return render("caseload/clinician.html", 409 if stale else None, form=form, stale=stale)
