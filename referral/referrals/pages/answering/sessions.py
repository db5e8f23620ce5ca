"""Who came? A group's register of one day: on a contact's phone, and for who signs in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request, url_for

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, IllegalAction, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.referrals import answering, codes, queries, services
from referral.referrals.pages.answering.home import way_of
from referral.referrals.pages.blueprints import answer
from referral.referrals.schemas import meeting
from referral.referrals.services import Mark
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

MARK, REASON = "mark-", "reason-"


@answer.get("/sessions")
def groups() -> Response:
    """The groups of the organisation of who is signed in."""
    return render("referrals/answer/groups.html", services=queries.services_of(actor()))


@answer.route("/sessions/<uuid:service_id>", methods=["GET", "POST"])
@commits
def group(service_id: uuid.UUID) -> Response:
    """The register, for who has an account."""
    return _register(actor(), service_id, "group", "layouts/page.html", url_for("answer.groups"))


@answer.route("/answer/sessions/<uuid:service_id>", methods=["GET", "POST"])
@commits
def session(service_id: uuid.UUID) -> Response:
    """The register, on a contact's phone."""
    voice = way_of(actor()).voice
    back = url_for("answer.everything")
    return _register(voice, service_id, "session", "layouts/public.html", back)


def _register(who: Actor, service_id: uuid.UUID, here: str, layout: str, back: str) -> Response:
    name = dict(queries.services_of(who)).get(service_id)
    if name is None:
        raise NotFound
    marks = [key for key in request.form if key.startswith((MARK, REASON))]
    form = Form(
        meeting.SessionForm,
        date_fields=("held_on",),
        ignore=("version", "shown_day", "shown_at", *marks),
    )
    day, at = _asked()
    status = None
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                _mark(who, service_id, data)
            except Invalid as error:
                form.refuse(error)
            except (StaleVersion, IllegalAction, Conflict):
                form.add(
                    "request",
                    _("Somebody changed this meanwhile. Look at it again, then press the button."),
                )
                status, day, at = 409, data["held_on"], data["starts"]
            else:
                say(answering.MARKED)
                where = {"day": data["held_on"].isoformat(), "at": data["starts"] or None}
                return redirect_to(f"answer.{here}", service_id=service_id, **where)
    else:
        form.values |= {"held_on": day, "starts": at}
    found = queries.register(who, service_id, day, at)
    return render(
        "referrals/answer/register.html",
        status,
        form=form,
        service={"id": service_id, "name": name},
        here=here,
        layout=layout,
        back=back,
        day=day,
        at=at,
        today=clock.today(),
        typed=_typed() if request.method == "POST" and status is None else {},
        codes=codes,
        results=meeting.RESULTS,
        **found,
    )


def _asked() -> tuple[date, str]:
    """The day and time of the address, or those that the posted page was about."""
    given = request.form if request.method == "POST" else request.args
    names = ("shown_day", "shown_at") if request.method == "POST" else ("day", "at")
    try:
        said = {"held_on": given.get(names[0]), "starts": given.get(names[1])}
        asked = meeting.SessionForm().read({name: one for name, one in said.items() if one})
    except Invalid:
        return clock.today(), ""
    return asked["held_on"], asked["starts"]


def _typed() -> dict[uuid.UUID, tuple[str, str]]:
    """What was tapped for each person, to be shown again."""
    found = {}
    for key, value in request.form.items():
        referral_id = _id(key.removeprefix(MARK)) if key.startswith(MARK) else None
        if referral_id is not None:
            found[referral_id] = (value, request.form.get(f"{REASON}{referral_id}", ""))
    return found


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _mark(who: Actor, service_id: uuid.UUID, data: Mapping[str, Any]) -> None:
    """Who was marked on the page; who was not is left as it is on a day the page did not show."""
    day, at = _asked()
    shown = (day, at) == (data["held_on"], data["starts"])
    marks: dict[uuid.UUID, Mark | None] = {}
    for referral_id, (result, reason) in _typed().items():
        if result in meeting.RESULTS:
            why = reason if result == "did_not_attend" and reason in codes.MISSED_REASONS else None
            marks[referral_id] = Mark(result, why)
        elif shown:
            marks[referral_id] = None
    if not any(marks.values()) and not (shown and request.form.get("version")):
        raise Invalid({"request": [str(_("Mark at least one person"))]})
    given = request.form.get("version", "")
    version = int(given) if shown and given.isdecimal() and len(given) < 10 else None
    services.record_session(who, service_id, data["held_on"], data["starts"], marks, version)
