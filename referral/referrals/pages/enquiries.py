"""Asked first: questions about fit, before anybody is named."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.core.schema import Day, Schema, Text
from referral.directory import queries as directory
from referral.people import numbers
from referral.people import queries as people
from referral.referrals import codes, queries, schemas, services
from referral.referrals.pages.blueprints import talking
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say


class Whom(Schema):
    """Who it was about: enough to know whether the person is known here."""

    number = Text(max=40, required=True)
    date_of_birth = Day(past=True, required=True)


@talking.get("/enquiries")
def enquiries() -> Response:
    """What I asked and what waits for my answer."""
    rows = queries.enquiries(actor())
    return render(
        "referrals/talking/enquiries.html",
        waiting=[row for row in rows if row["to_answer"]],
        by_telephone=[row for row in rows if row["by_telephone"] and not row["mine"]],
        rest=[row for row in rows if row["mine"] or not (row["to_answer"] or row["by_telephone"])],
        may_ask=may(actor(), Permission.ASK_FIRST),
        **_words(),
    )


@talking.route("/enquiries/new", methods=["GET", "POST"])
@commits
def ask_first() -> Response:
    """Ask a service whether somebody like that would fit."""
    given = request.values.get("service_id") or request.args.get("service") or ""
    service = _service(given)
    form = Form(schemas.AskFirst, lists=("needs",), values={"service_id": given})
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            made = services.ask_first(actor(), data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(_("Asked. You hear from them here and by message."))
            return redirect_to("talking.enquiry", enquiry_id=made.id)
    return render(
        "referrals/talking/ask_first.html", status, form=form, service=service, **_words()
    )


@talking.route("/enquiries/<uuid:enquiry_id>", methods=["GET", "POST"])
@commits
def enquiry(enquiry_id: uuid.UUID) -> Response:
    """One question; whoever answers for the service answers here."""
    form = Form(schemas.AnswerEnquiry, ignore=("version",))
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.answer_enquiry(
                actor(), enquiry_id, seen_version(), data["fits"], data["text"], data["said_by"]
            )
        except Invalid as error:
            form.refuse(error)
        except StaleVersion:
            form.add("request", _("Somebody else answered or closed it meanwhile."))
            status = 409
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(_("Answered. Who asked is told."))
            return redirect_to("talking.enquiry", enquiry_id=enquiry_id)
    row = queries.enquiry(actor(), enquiry_id)
    return render("referrals/talking/enquiry.html", status, form=form, row=row, **_words())


@talking.route("/enquiries/<uuid:enquiry_id>/convert", methods=["GET", "POST"])
@commits
def convert(enquiry_id: uuid.UUID) -> Response:
    """Refer the person it was about: who they are is asked now, and not before."""
    row = queries.enquiry(actor(), enquiry_id)
    if not row["mine"] or row["status"] not in ("asked", "answered"):
        raise NotFound
    form = Form(Whom, date_fields=("date_of_birth",))
    status = unknown = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            known = _known(data)
            if known is not None:
                made = services.convert(actor(), enquiry_id, known)
                return redirect_to("desk.helps", referral_id=made.id)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            unknown = True
    return render(
        "referrals/talking/convert.html", status, form=form, row=row, unknown=unknown, **_words()
    )


@talking.post("/enquiries/<uuid:enquiry_id>/close")
@commits
def close_enquiry(enquiry_id: uuid.UUID) -> Response:
    """Nothing came of it."""
    try:
        services.close_enquiry(actor(), enquiry_id, seen_version())
    except Conflict:
        say(_("It was changed meanwhile: look again."))
    else:
        say(_("Closed."))
    return redirect_to("talking.enquiry", enquiry_id=enquiry_id)


def _known(data: dict[str, Any]) -> uuid.UUID | None:
    """The person's id, for somebody in scope; raise ``Invalid`` for a number that is none."""
    rules = []
    for kind in numbers.NAMES:
        try:
            number = numbers.parse(kind, data["number"], demo=actor().demo)
        except ValueError as error:
            rules.append(str(error))
            continue
        as_typed = {"type": number.kind, "value": number.value}
        found = people.find(actor(), data["date_of_birth"], number=as_typed)
        if found is not None:
            return found.id
    if len(rules) == len(numbers.NAMES):
        raise Invalid({"number": rules[:1]})
    return None


def _service(given: str) -> Any:
    """The service that is asked. Raise ``NotFound`` for none of the directory's."""
    try:
        wanted = uuid.UUID(given)
    except ValueError as error:
        raise NotFound from error
    return directory.service(actor(), wanted).service


def _words() -> dict[str, Any]:
    return {"codes": codes, "today": clock.today()}
