"""Notes, files and concerns on a referral: what is written beside its course."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request, url_for

from referral.core.errors import Conflict, FieldErrors, Invalid
from referral.core.i18n import _
from referral.core.schema import Schema, Text
from referral.files.limits import MOST_BYTES
from referral.referrals import queries, schemas, services
from referral.referrals.codes import NOTE_KINDS
from referral.referrals.disclosure import Level
from referral.referrals.pages.blueprints import talking
from referral.web.door import actor, commits, takes_files
from referral.web.downloads import attachment
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

UPLOAD_MAX = services.FILES_MOST * MOST_BYTES + 200_000
CONCERN_MAX = 1000
# A browser does not send a file a second time by itself.
CHOOSE_AGAIN = _("Choose the files again. They are kept when everything else is right.")


class Nothing(Schema):
    """A form that sends files, or only a button."""


class Concern(Schema):
    text = Text(max=CONCERN_MAX, line=False, required=True)


@talking.route("/referrals/<uuid:referral_id>/notes", methods=["GET", "POST"])
@takes_files(UPLOAD_MAX)
@commits
def notes(referral_id: uuid.UUID) -> Response:
    """All notes that the actor may read, and one more."""
    form = Form(schemas.NoteForm, ignore=("files",), values={"kind": "shared"})
    status = None
    if request.method == "POST":
        data = form.read()
        sent = _sent()
        if data is not None:
            try:
                services.write_note(actor(), referral_id, data["kind"], data["text"], sent)
            except Invalid as error:
                form.refuse(Invalid(_with_files(error.errors)))
            except Conflict as error:
                form.add("request", error.detail)
                status = 409
            else:
                say(_("Written down."))
                return redirect_to("talking.notes", referral_id=referral_id)
        if sent and "files" not in form.errors:
            form.add("files", CHOOSE_AGAIN)
    view = queries.view(actor(), referral_id)
    known = view["disclosure"] == Level.IDENTIFIED.name.lower()
    kinds = [(key, row.label) for key, row in NOTE_KINDS.items() if known or key == "internal"]
    if request.method == "GET" and not known:
        form.values["kind"] = "internal"
    return render(
        "referrals/talking/notes.html",
        status,
        form=form,
        view=view,
        kinds=kinds,
        files_most=services.FILES_MOST,
        may_write=view["disclosure"] != "none" and view["status"] != "entered_in_error",
    )


@talking.route("/referrals/<uuid:referral_id>/notes/<uuid:note_id>", methods=["GET", "POST"])
@commits
def strike(referral_id: uuid.UUID, note_id: uuid.UUID) -> Response:
    """Strike out a note of one's own organisation, with the reason."""
    form = Form(schemas.Strike)
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.strike(actor(), note_id, data["reason"])
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(_("Struck out. It stays, with your reason."))
            return redirect_to("talking.notes", referral_id=referral_id)
    view = queries.view(actor(), referral_id)
    note = _one(view["notes"], note_id)
    if note is None or not note["mine"]:
        return redirect_to("talking.notes", referral_id=referral_id)
    return render("referrals/talking/strike.html", status, form=form, view=view, note=note)


@talking.route("/referrals/<uuid:referral_id>/files/<uuid:attachment_id>", methods=["GET", "POST"])
@commits
def file(referral_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
    """A file, to keep and open elsewhere; with a warning before one that was not scanned."""
    return _file(referral_id, attachment_id, "talking.file", "layouts/page.html")


@talking.route(
    "/answer/referrals/<uuid:referral_id>/files/<uuid:attachment_id>", methods=["GET", "POST"]
)
@commits
def answer_file(referral_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
    """The same for a group that answers without an account."""
    return _file(referral_id, attachment_id, "talking.answer_file", "layouts/public.html")


def _file(referral_id: uuid.UUID, attachment_id: uuid.UUID, endpoint: str, layout: str) -> Response:
    warned = request.method == "POST"
    fetched = queries.attachment(actor(), referral_id, attachment_id)
    if fetched.file.scan == "not_scanned" and not warned:
        here = url_for(endpoint, referral_id=referral_id, attachment_id=attachment_id)
        return render("referrals/talking/file.html", fetched=fetched, here=here, layout=layout)
    found, name, content = services.hand_out_file(
        actor(), referral_id, attachment_id, warned=warned
    )
    return attachment(content, found.content_type, name)


@talking.route(
    "/referrals/<uuid:referral_id>/threads/<uuid:thread_id>/files", methods=["GET", "POST"]
)
@takes_files(UPLOAD_MAX)
@commits
def attach(referral_id: uuid.UUID, thread_id: uuid.UUID) -> Response:
    """Add files to something raised, until it is answered."""
    form = Form(Nothing, ignore=("files",))
    status = None
    if request.method == "POST" and form.read() is not None:
        try:
            services.attach_to_thread(actor(), referral_id, thread_id, _sent())
        except Invalid as error:
            form.refuse(Invalid(_with_files(error.errors)))
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(_("Added."))
            return redirect_to("desk.referral", referral_id=referral_id)
    view = queries.view(actor(), referral_id)
    thread = _one(view["threads"], thread_id)
    if thread is None:
        return redirect_to("desk.referral", referral_id=referral_id)
    return render(
        "referrals/talking/attach.html",
        status,
        form=form,
        view=view,
        thread=thread,
        files_most=services.FILES_MOST,
    )


@talking.route("/referrals/<uuid:referral_id>/safeguarding", methods=["GET", "POST"])
@commits
def safeguarding(referral_id: uuid.UUID) -> Response:
    """Somebody is at risk: the local route first, then what was noticed, told at once."""
    form = Form(Concern)
    status = None
    if request.method == "POST" and (data := form.read()) is not None:
        concern = {"kind": "safeguarding", "text": data["text"]}
        try:
            services.act(actor(), referral_id, "raise", None, concern)
        except Conflict as error:
            form.add("request", error.detail)
            status = 409
        else:
            say(_("Told at once. It stands in the conversation, with who answers and by when."))
            return redirect_to("desk.referral", referral_id=referral_id)
    view = queries.view(actor(), referral_id)
    can = "raise" in view["allowed_actions"]
    return render("referrals/talking/safeguarding.html", status, form=form, view=view, can=can)


@talking.get("/referrals/<uuid:referral_id>/others")
def others(referral_id: uuid.UUID) -> Response:
    """Who else could help this person now."""
    view = queries.alternatives(actor(), referral_id)
    return render("referrals/talking/others.html", others=view, referral_id=referral_id)


def _one(rows: list[dict[str, Any]], wanted: uuid.UUID) -> dict[str, Any] | None:
    return next((row for row in rows if row["id"] == wanted), None)


def _sent() -> list[tuple[str, bytes]]:
    """The files chosen; a browser sends one without a name where none was."""
    chosen = [one for one in request.files.getlist("files") if one.filename]
    return [(one.filename or "", one.read()) for one in chosen]


def _with_files(errors: FieldErrors) -> FieldErrors:
    """The errors of files at the place where files are chosen."""
    return {("files" if name == "file" else name): rules for name, rules in errors.items()}
