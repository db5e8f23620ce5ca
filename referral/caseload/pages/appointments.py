"""Days set with people: one's own, those of a referral, and the calendar other programs read."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from flask import Response, make_response, request

from referral.caseload import queries, services, words
from referral.caseload.pages.blueprint import bp
from referral.core import clock
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.referrals import queries as referrals
from referral.referrals.codes import APPOINTMENTS, MISSED_REASONS, PLACES, RESULTS
from referral.referrals.queries import appointing as days
from referral.referrals.schemas import appointing as schemas
from referral.referrals.services import appointing
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

AHEAD = timedelta(days=60)
# How it can have gone, by where it was.
SPOKEN = ("reached", "no_answer", "message_left")
MET = ("attended", "late", "did_not_attend")
REMOTE = ("phone", "video")


@bp.get("/caseload/appointments")
def appointments() -> Response:
    """One's own days: first those of which nobody has said how they went."""
    return _own_days(None)


@bp.post("/caseload/appointments/feed")
@commits
def feed() -> Response:
    """A new address for one's calendar, shown this once; or none any more."""
    if request.form.get("do") == "stop":
        services.revoke_feed(actor())
        say(_("The address works no more."))
        return redirect_to("caseload.appointments")
    return _own_days(services.new_feed(actor()))


def _own_days(token: str | None) -> Response:
    own = actor().id
    last = clock.today() + AHEAD
    found = days.of_worker(actor(), own, last) if own else []
    return render(
        "caseload/appointments.html",
        over=[one for one in found if one.is_past],
        coming=[one for one in found if not one.is_past],
        feed=queries.own_feed(actor()),
        token=token,
        **_words(),
    )


@bp.route("/referrals/<uuid:referral_id>/appointments", methods=["GET", "POST"])
@commits
def appoint(referral_id: uuid.UUID) -> Response:
    """The days set on one referral, and a new one."""
    found = referrals.referral(actor(), referral_id)
    kind = "review" if found.status == "started" else "first_contact"
    values = {"kind": kind, "place": "phone", "minutes": 30, "remind": True}
    form = Form(schemas.Appoint, date_fields=("on",), values=values)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            appointing.appoint(actor(), referral_id, data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
        else:
            say(_("The day is set."))
            return redirect_to("caseload.appoint", referral_id=referral_id)
    return render(
        "caseload/appoint.html",
        found=found,
        form=form,
        rows=days.appointments(actor(), referral_id),
        offered=[APPOINTMENTS[key] for key in schemas.ALONE],
        **_words(),
    )


@bp.route("/appointments/<uuid:appointment_id>", methods=["GET", "POST"])
@commits
def appointment(appointment_id: uuid.UUID) -> Response:
    """How it went, another day, or not at all."""
    found = days.appointment(actor(), appointment_id)
    do = request.form.get("do", "")
    kept = _form(schemas.HowItWent)
    moved = _form(schemas.When, dates=("on",), minutes=found.minutes)
    stale = False
    if request.method == "POST":
        try:
            if _done(found, do, kept, moved):
                return redirect_to("caseload.appoint", referral_id=found.referral_id)
        except Invalid as error:
            (moved if do == "move" else kept).refuse(error)
        except (StaleVersion, Conflict):
            stale = True
    return render(
        "caseload/appointment.html",
        409 if stale else None,
        found=found,
        kept=kept,
        moved=moved,
        do=do,
        stale=stale,
        results=[RESULTS[key] for key in (SPOKEN if found.place in REMOTE else MET)],
        has_come=found.at <= clock.now(),
        missed=MISSED_REASONS,
        **_words(),
    )


def _form(schema: type[Schema], dates: tuple[str, ...] = (), **values: Any) -> Form:
    return Form(schema, date_fields=dates, ignore=("do", "version"), values=values)


def _done(found: days.Set, do: str, kept: Form, moved: Form) -> bool:
    given = request.form.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if do == "cancel":
        appointing.cancel(actor(), found.id, version)
        say(_("Cancelled. Tell the person, unless they did it."))
        return True
    if do == "move":
        if (data := moved.read()) is not None:
            appointing.move(actor(), found.id, version, data)
            say(_("Moved."))
            return True
        return False
    if (data := kept.read()) is not None:
        appointing.keep(actor(), found.id, version, data)
        say(_("Written down, and logged as a contact."))
        return True
    return False


@bp.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """What a calendar program fetches: references and times. Wrong addresses are all one."""
    text = queries.feed_unscoped(token)
    if text is None:
        raise NotFound
    tag = hashlib.sha256(text.encode()).hexdigest()[:32]
    answer = make_response(text)
    answer.mimetype = "text/calendar"
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer.make_conditional(request)  # type: ignore[return-value] # the same answer


def _words() -> dict[str, Any]:
    return {"words": words, "kinds": APPOINTMENTS, "places": PLACES}
