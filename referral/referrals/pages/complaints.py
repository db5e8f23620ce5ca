"""Complaints, for those who answer them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response

from referral.core import clock
from referral.core.errors import Conflict, Invalid, StaleVersion
from referral.core.i18n import Lazy, _
from referral.referrals import complaints as rules
from referral.referrals import queries, services
from referral.referrals.codes import SAID_HOW
from referral.referrals.pages.blueprints import talking
from referral.referrals.schemas.complaining import AnswerComplaint, PassOn
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


@talking.get("/complaints")
def complaints() -> Response:
    """What waits for my organisation, and what was settled; for a lead, what others let wait."""
    rows = queries.queue_of_complaints(actor())
    return render(
        "referrals/complaints/complaints.html",
        waiting=[one for one in rows if one.actions],
        settled=[one for one in rows if not one.actions],
        elsewhere=queries.late_complaints_elsewhere(actor()),
        rules=rules,
        today=clock.today(),
    )


@talking.get("/complaints/<uuid:complaint_id>")
def complaint(complaint_id: uuid.UUID) -> Response:
    """One complaint: the words, by when, and what can be done."""
    return _page(complaint_id)


@talking.post("/complaints/<uuid:complaint_id>/acknowledge")
@commits
def acknowledge_complaint(complaint_id: uuid.UUID) -> Response:
    """Say that it has arrived; the person is told."""
    return _done(
        complaint_id,
        lambda: services.acknowledge_complaint(actor(), complaint_id, seen_version()),
        _("Acknowledged. The person is told that you are looking into it."),
    )


@talking.post("/complaints/<uuid:complaint_id>/answer")
@commits
def answer_complaint(complaint_id: uuid.UUID) -> Response:
    """Answer it, in words for the person."""
    form = Form(AnswerComplaint, ignore=("version",))
    data = form.read()
    if data is None:
        return _page(complaint_id, answer=form)
    return _done(
        complaint_id,
        lambda: services.answer_complaint(actor(), complaint_id, seen_version(), data["text"]),
        _("Answered. The person is told that there is an answer."),
        answer=form,
    )


@talking.post("/complaints/<uuid:complaint_id>/pass-on")
@commits
def pass_on_complaint(complaint_id: uuid.UUID) -> Response:
    """Hand it to another organisation of the referral."""
    form = Form(PassOn, ignore=("version",))
    data = form.read()
    if data is None:
        return _page(complaint_id, pass_on=form)
    try:
        services.pass_on_complaint(actor(), complaint_id, seen_version(), data["owner_id"])
    except (Invalid, Conflict) as error:
        return _refused(complaint_id, form, error, "pass_on")
    say(_("Passed on. They see it now, and you do not any more."))
    return redirect_to("talking.complaints")


@talking.post("/complaints/<uuid:complaint_id>/take-back")
@commits
def take_back_complaint(complaint_id: uuid.UUID) -> Response:
    """The person does not want it looked into any more."""
    return _done(
        complaint_id,
        lambda: services.take_back_complaint(actor(), complaint_id, seen_version()),
        _("Noted: the person took it back."),
    )


def _done(
    complaint_id: uuid.UUID, do: Callable[[], object], said: Lazy, answer: Form | None = None
) -> Response:
    try:
        do()
    except Conflict as error:
        return _refused(complaint_id, answer or Form(AnswerComplaint), error, "answer")
    say(said)
    return redirect_to("talking.complaint", complaint_id=complaint_id)


def _refused(
    complaint_id: uuid.UUID, form: Form, error: Invalid | Conflict, which: str
) -> Response:
    """The page again with what was typed, and why it was not done."""
    if isinstance(error, Invalid):
        form.refuse(error)
        return _page(complaint_id, 422, **{which: form})
    stale = isinstance(error, StaleVersion)
    form.add(
        "request",
        _("Somebody else changed it meanwhile. This is how it stands now.")
        if stale
        else error.detail,
    )
    return _page(complaint_id, 409, **{which: form})


def _page(complaint_id: uuid.UUID, status: int | None = None, **forms: Form) -> Response:
    found = queries.complaint(actor(), complaint_id)
    answer = forms.get("answer") or Form(AnswerComplaint)
    pass_on = forms.get("pass_on") or Form(PassOn)
    others: dict[Any, str] = (
        services.others_for_complaint(actor(), complaint_id) if "pass_on" in found.actions else {}
    )
    return render(
        "referrals/complaints/complaint.html",
        status,
        found=found,
        form=next(iter(forms.values()), answer),
        answer=answer,
        pass_on=pass_on,
        others=others,
        rules=rules,
        how=SAID_HOW,
        today=clock.today(),
    )
