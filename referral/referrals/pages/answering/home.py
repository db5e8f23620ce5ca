"""The group's page on a contact's phone: all that is open, and one referral."""

from __future__ import annotations

import uuid

from flask import Response, request

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.schema import Schema, Text
from referral.referrals import answering, codes, queries, services
from referral.referrals.pages.answering import doing
from referral.referrals.pages.answering.doing import Way
from referral.referrals.pages.blueprints import answer
from referral.referrals.schemas.bodies import NOTE_MAX
from referral.referrals.schemas.talking import AnswerEnquiry
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


def way_of(who: Actor) -> Way:
    """The way of a contact; raise ``NotFound`` for anybody else."""
    if who.kind != "safe_link":
        raise NotFound
    return Way(who, home="everything", one="one", act="act")


@answer.get("/answer")
def everything() -> Response:
    """One page with all that waits for the group, and everybody it is helping."""
    way = way_of(actor())
    held = queries.open_of_contact(way.voice)
    return render(
        "referrals/answer/everything.html",
        way=way,
        organisation=next(iter(accounts.names_of([way.voice.organisation]).values()), ""),
        new=[row for row in held if row["status"] in answering.NEW],
        helping=[row for row in held if row["status"] not in answering.NEW],
        groups=answering.groups(held),
        raised=queries.raised_to_group(way.voice),
        newcomers=queries.newcomers(way.voice),
        enquiries=queries.enquiries(way.voice, waiting=True),
        codes=codes,
        answering=answering,
        today=clock.today(),
    )


@answer.get("/answer/referrals/<uuid:referral_id>")
def one(referral_id: uuid.UUID) -> Response:
    """One referral: four buttons, and after a yes the name and the taps."""
    way = way_of(actor())
    try:
        return doing.show(way, referral_id)
    except NotFound:
        return doing.gone(way)


@answer.route("/answer/referrals/<uuid:referral_id>/<verb>", methods=["GET", "POST"])
@commits
def act(referral_id: uuid.UUID, verb: str) -> Response:
    """A verb's page, or the tap itself."""
    way = way_of(actor())
    try:
        return doing.act(way, referral_id, verb)
    except NotFound:
        return doing.gone(way)


CAME = {"came": answering.CAME, "missed": answering.MISSED}


class NoteForm(Schema):
    """What others who know the person should know."""

    text = Text(max=NOTE_MAX, line=False, required=True)


@answer.route("/answer/referrals/<uuid:referral_id>/note", methods=["GET", "POST"])
@commits
def note(referral_id: uuid.UUID) -> Response:
    """A note shared with all who may know who the person is."""
    way, form = way_of(actor()), Form(NoteForm)
    try:
        if request.method == "POST" and (data := form.read()) is not None:
            services.write_note(way.voice, referral_id, "shared", data["text"])
            say(answering.WRITTEN)
            return redirect_to("answer.one", referral_id=referral_id)
        view = queries.view(way.voice, referral_id)
    except (NotFound, Conflict):
        return doing.gone(way)
    except Invalid:  # before a yes nothing is shared yet
        return redirect_to("answer.one", referral_id=referral_id)
    return render("referrals/answer/note.html", form=form, way=way, view=view)


@answer.route("/answer/enquiries/<uuid:enquiry_id>", methods=["GET", "POST"])
@commits
def enquiry(enquiry_id: uuid.UUID) -> Response:
    """Would somebody like this fit? Asked before anybody is named."""
    way = way_of(actor())
    form = Form(AnswerEnquiry, ignore=("version",))
    try:
        if request.method == "POST":
            data = form.read()
            if data is not None:
                said = (data["fits"], data["text"])
                services.answer_enquiry(way.voice, enquiry_id, doing.version(), *said)
                say(answering.DONE["answer"])
                return redirect_to("answer.everything")
        row = queries.enquiry(way.voice, enquiry_id)
    except (NotFound, Conflict):
        return doing.gone(way)
    return render("referrals/answer/enquiry.html", form=form, row=row)


@answer.post("/answer/newcomers/<uuid:appointment_id>/<said>")
@commits
def newcomer(appointment_id: uuid.UUID, said: str) -> Response:
    """Somebody was expected: they came, or they did not."""
    way = way_of(actor())
    if said not in CAME:
        raise NotFound
    try:
        services.turned_up(way.voice, appointment_id, doing.version(), came=said == "came")
    except StaleVersion:
        say(answering.SAID_ALREADY)
    except Conflict as error:
        say(error.detail)
    else:
        say(CAME[said])
    return redirect_to("answer.everything")
