"""Bringing somebody to a group: referring on, a first meeting together, or a first visit."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.desk.pages.blueprint import bp
from referral.referrals import answering, codes, services
from referral.referrals import queries as referrals
from referral.referrals.schemas.introducing import Together, Visit
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

WORDS = {"came": answering.CAME, "missed": answering.MISSED}


@bp.post("/referrals/<uuid:referral_id>/onward")
@commits
def onward(referral_id: uuid.UUID) -> Response:
    """Refer the person to a group: a draft with what is known, on the page where it is chosen."""
    try:
        made = services.onward(actor(), referral_id)
    except Conflict as error:
        say(error.detail)
        return redirect_to("desk.referral", referral_id=referral_id)
    return redirect_to("desk.helps", referral_id=made.id)


@bp.route("/referrals/<uuid:referral_id>/together", methods=["GET", "POST"])
@commits
def together(referral_id: uuid.UUID) -> Response:
    """When and where the link worker, the person and the group meet for the first time."""
    view = referrals.view(actor(), referral_id)
    if not _sent_to_a_group(view):
        raise Forbidden
    form = Form(
        Together, date_fields=("on",), values={"place": "venue", "minutes": "60", "remind": "yes"}
    )
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.bring_together(actor(), referral_id, data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
        else:
            say(_("The day is set. The group sees it too."))
            return redirect_to("desk.referral", referral_id=referral_id)
    return render("desk/together.html", form=form, view=view, places=codes.PLACES)


@bp.route("/referrals/<uuid:referral_id>/turn-up", methods=["GET", "POST"])
@commits
def turn_up(referral_id: uuid.UUID) -> Response:
    """Which group expects the person, on which day, by which first name."""
    view = referrals.view(actor(), referral_id)
    if not _worked_on_here(view):
        raise Forbidden
    form = Form(
        Visit,
        date_fields=("on",),
        values={
            "first_name": view["person"].get("given_name") or "",
            "service_id": request.args.get("service", ""),
            "minutes": "60",
            "remind": "yes",
        },
    )
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.expect(actor(), referral_id, data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add("request", error.detail)
        else:
            say(_("The group is told: one newcomer, and the day."))
            return redirect_to("desk.referral", referral_id=referral_id)
    return render("desk/turn_up.html", form=form, view=view, groups=referrals.expecting(actor()))


@bp.get("/newcomers")
def newcomers() -> Response:
    """Whom a group expects that people turn up at: a first name and a day, for who signs in."""
    return render(
        "desk/newcomers.html", newcomers=referrals.newcomers(actor()), today=clock.today()
    )


@bp.post("/newcomers/<uuid:appointment_id>/<said>")
@commits
def newcomer(appointment_id: uuid.UUID, said: str) -> Response:
    """They came, or they did not."""
    if said not in WORDS:
        raise NotFound
    given = request.form.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 10 else 0
    try:
        services.turned_up(actor(), appointment_id, version, came=said == "came")
    except StaleVersion:
        say(_("Somebody has said it meanwhile."))
    except Conflict as error:
        say(error.detail)
    else:
        say(WORDS[said])
    return redirect_to("desk.newcomers")


def _sent_to_a_group(view: dict[str, Any]) -> bool:
    """The actor's team sent it to a service."""
    return (
        actor().organisation_kind == "link_worker_team"
        and "sender" in view["parties"]
        and "recipient" not in view["parties"]
        and view["service"] is not None
    )


def _worked_on_here(view: dict[str, Any]) -> bool:
    """It came to the actor's team, which knows the person."""
    own = actor().organisation_kind == "link_worker_team" and "recipient" in view["parties"]
    return own and view["disclosure"] == "identified"
