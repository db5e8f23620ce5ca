"""The message back: read, written, printed, copied; and all that came back, on one page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _, translate_plural
from referral.outcomes import drafting, pdf, queries, record, services
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.queries import Line, Told
from referral.outcomes.schemas.messaging import MessageIn, QuestionIn
from referral.referrals import codes
from referral.referrals import services as life
from referral.referrals.lifecycle import OPEN
from referral.web.door import actor, commits
from referral.web.forms import Form, seen_version
from referral.web.pages import redirect_to, render, say

# A row of the list, as its button sends it: the referral and the version that was seen.
Row = tuple[uuid.UUID, int]


@bp.get("/referrals/<uuid:referral_id>/message")
def message(referral_id: uuid.UUID) -> Response:
    """What came of it, as its reader may have it; for its writer, and what the practice sees."""
    return _shown("outcomes/message.html", queries.message(actor(), referral_id))


@bp.get("/referrals/<uuid:referral_id>/message/print")
def print_message(referral_id: uuid.UUID) -> Response:
    """The same on one sheet."""
    return _shown("outcomes/print_message.html", _there(referral_id))


@bp.get("/referrals/<uuid:referral_id>/message.pdf")
def message_pdf(referral_id: uuid.UUID) -> Response:
    """The same as a file, where the extra ``pdf`` is installed."""
    if not pdf.is_here():
        raise NotFound
    told = _there(referral_id)
    page = _shown("outcomes/pdf_message.html", told).get_data(as_text=True)
    made = Response(pdf.made(page), mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'attachment; filename="{told.reference}.pdf"'
    return made


@bp.get("/referrals/<uuid:referral_id>/message/copy")
def copy_message(referral_id: uuid.UUID) -> Response:
    """The same as plain text for the practice's own record, with author and verified codes."""
    told = _there(referral_id)
    assert told.message is not None  # noqa: S101 - _there
    text = record.message(told.message, clock.today())
    return _shown("outcomes/copy_message.html", told, text=text)


@bp.route("/referrals/<uuid:referral_id>/message/write", methods=["GET", "POST"])
@commits
def write_message(referral_id: uuid.UUID) -> Response:
    """What was done, what did not work, and the paragraph where the draft will not do."""
    told = queries.message(actor(), referral_id)
    if not told.editable:
        raise Forbidden
    form = Form(MessageIn, ignore=("version",), values=told.own)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.write(actor(), referral_id, seen_version(), data)
        except StaleVersion:
            now = queries.message(actor(), referral_id)
            return _shown("outcomes/write_message.html", now, 409, form=form, stale=True)
        say(_("Saved. This is what they read now."))
        return redirect_to("outcomes.message", referral_id=referral_id)
    return _shown("outcomes/write_message.html", told, form=form)


@bp.post("/referrals/<uuid:referral_id>/message/thank")
@commits
def thank(referral_id: uuid.UUID) -> Response:
    """Thank you, in one click."""
    services.thank(actor(), [referral_id])
    say(_("They will hear that you said thank you."))
    return redirect_to("outcomes.message", referral_id=referral_id)


@bp.route("/referrals/<uuid:referral_id>/message/ask", methods=["GET", "POST"])
@commits
def ask_back(referral_id: uuid.UUID) -> Response:
    """A question to who supported the person."""
    told = _there(referral_id)
    form = Form(QuestionIn)
    if request.method == "POST" and (data := form.read()) is not None:
        services.ask_back(actor(), referral_id, data["text"])
        say(_("Asked. The answer comes back to you here."))
        return redirect_to("desk.referral", referral_id=referral_id)
    return _shown("outcomes/ask_back.html", told, form=form)


@bp.get("/read")
def read() -> Response:
    """What happened to your people: what asks something first, one line each."""
    found = queries.came_back(actor())
    return render(
        "outcomes/read.html",
        found=found,
        quiet=quiet(found.to_read),
        codes=codes,
        drafting=drafting,
    )


@bp.post("/read")
@commits
def close() -> Response:
    """One click: this one is read, all that ask nothing are, or thank you for all of them."""
    if "thank" in request.form:
        thanked = [id_ for id_, _version in _rows("row")]
        n = services.thank(actor(), thanked)
        say(translate_plural("Thank you said for {n}.", "Thank you said for {n}.", n).format(n=n))
        return redirect_to("outcomes.read")
    asked = _rows("quiet") if "all" in request.form else _rows("read")
    closed, left = 0, Lazy("")
    for id_, version in asked:
        try:
            life.act(actor(), id_, "acknowledge", version, {})
        except StaleVersion:
            left = _("Something changed meanwhile: look at it again.")
        except Conflict as error:
            left = Lazy(error.detail)
        else:
            closed += 1
    if closed:
        done = translate_plural("{n} read and closed.", "{n} read and closed.", closed)
        say(" ".join(part for part in (done.format(n=closed), str(left)) if part))
    elif asked:
        say(left)
    return redirect_to("outcomes.read")


def quiet(lines: tuple[Line, ...]) -> list[Line]:
    """Those that one click closes together: nothing is asked, and nothing is still to come."""
    return [one for one in lines if one.mine and one.goes_on is None]


def _rows(name: str) -> list[Row]:
    """What the buttons and lines of the list sent, ``<id>.<version>``."""
    found: list[Row] = []
    for given in request.form.getlist(name)[:200]:
        id_, _dot, version = given.partition(".")
        try:
            row = (uuid.UUID(id_), int(version))
        except ValueError as error:
            rule = str(_("Open the page again: this form is not complete."))
            raise Invalid({"request": [rule]}) from error
        if not 0 < row[1] < 10**9:
            raise Invalid({"request": [str(_("Open the page again."))]})
        found.append(row)
    return found


def _there(referral_id: uuid.UUID) -> Told:
    """The message, for who has any of it."""
    told = queries.message(actor(), referral_id)
    if told.message is None or not told.finished:
        raise NotFound
    return told


def _shown(template: str, told: Told, status: int | None = None, **more: Any) -> Response:
    return render(
        template,
        status,
        told=told,
        parts=_parts(told.message),
        seen=_parts(told.preview),
        codes=codes,
        drafting=drafting,
        longest=drafting.LONGEST,
        has_pdf=pdf.is_here(),
        may_thank=told.finished
        and told.message is not None
        and told.thanked_at is None
        and told.hears
        and may(actor(), Permission.ACT_ON_REFERRALS),
        may_ask=told.hears
        and told.message is not None
        and told.status in OPEN
        and may(actor(), Permission.ACT_ON_REFERRALS),
        today=clock.today(),
        **more,
    )


def _parts(message: Any) -> tuple[str, str, str]:
    return drafting.whole(message) if message is not None else ("", "", "")
