"""Room and wait in one tap, "still correct" signed in or by the link of a message, and pauses."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request, session

from referral.core.actor import ANONYMOUS
from referral.core.errors import Forbidden, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.directory.pages.entries import service_page
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.security import limiter

# The word of the link, held by the browser once it has answered: the address no longer shows it.
HELD = "still_correct"
# Far above what somebody answering for many entries needs.
LINK_RATE = "120 per minute"
THANKS = _("Thank you. The entry shows today’s date.")


@bp.post("/directory/services/<uuid:service_id>/capacity")
@commits
def set_capacity(service_id: uuid.UUID) -> Response:
    """Room and wait in one tap."""
    form = Form(schemas.CapacityForm)
    data = form.read()
    if data is None:
        return service_page(service_id, form)
    services.set_capacity(actor(), service_id, **data)
    say(_("Saved. Everybody sees it now."))
    return redirect_to("directory.service", service_id=service_id)


@bp.post("/directory/services/<uuid:service_id>/confirm")
@commits
def confirm(service_id: uuid.UUID) -> Response:
    """Still correct: one tap."""
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        return service_page(service_id)
    services.confirm_correct(actor(), service_id, data["version"])
    say(THANKS)
    return redirect_to("directory.service", service_id=service_id)


@bp.route("/directory/services/<uuid:service_id>/pause", methods=["GET", "POST"])
@commits
def pause(service_id: uuid.UUID) -> Response:
    """Take nobody until a day; it opens again by itself."""
    found = queries.service(actor(), service_id)
    if not found.may_edit:
        raise Forbidden
    form = Form(
        schemas.ServicePauseForm,
        date_fields=("until",),
        values={
            "until": found.service.paused_until,
            "reason": found.service.paused_reason,
            "version": found.service.version,
        },
    )
    if request.method == "POST" and (data := form.read()) is not None:
        services.pause(actor(), service_id, data["version"], data["until"], data["reason"] or "")
        say(_("Paused. It opens again by itself."))
        return redirect_to("directory.service", service_id=service_id)
    return render("directory/pause.html", form=form, found=found)


@bp.post("/directory/services/<uuid:service_id>/reopen")
@commits
def reopen(service_id: uuid.UUID) -> Response:
    """End a pause before its day."""
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        return service_page(service_id)
    services.reopen(actor(), service_id, data["version"])
    say(_("Open again. Everybody sees it now."))
    return redirect_to("directory.service", service_id=service_id)


@bp.get("/still-correct/<token>")
@limiter.limit(LINK_RATE)
def still_correct(token: str) -> Response:
    """What the link of a message opens: it only reads, for scanners of mail open links too."""
    return _link_page(token)


@bp.get("/still-correct")
@limiter.limit(LINK_RATE)
def still_correct_again() -> Response:
    """The same page after an answer, without the link's word in the address."""
    return _link_page(session.get(HELD, ""))


@bp.post("/still-correct")
@commits
@limiter.limit(LINK_RATE)
def confirm_by_link() -> Response:
    """One tap: entries of the page are still right."""
    form = Form(schemas.RightByLink)
    data = form.read()
    if data is None:
        return _link_page(request.form.get("link", ""), form)
    return _answered(data["link"], data["seen"])


@bp.post("/still-correct/room")
@commits
@limiter.limit(LINK_RATE)
def room_by_link() -> Response:
    """One tap: how much room an entry has."""
    form = Form(schemas.RoomByLink)
    data = form.read()
    if data is None:
        return _link_page(request.form.get("link", ""), form)
    return _answered(data["link"], data["seen"], data["capacity"], data["wait_weeks"])


@bp.post("/still-correct/wrong")
@commits
@limiter.limit(LINK_RATE)
def wrong_by_link() -> Response:
    """It has ended or moved: a link worker looks at it."""
    form = Form(schemas.CorrectionByLink)
    data = form.read()
    if data is None:
        return _link_page(request.form.get("link", ""), form)
    try:
        for service_id in data["seen"]:
            services.suggest_by_link(
                actor(), data["link"], service_id, data["about"], data["text"] or ""
            )
    except NotFound:
        return _dead_link()
    session[HELD] = data["link"]
    say(_("Thank you. A link worker will look at it and write to you."))
    return redirect_to("directory.still_correct_again")


def _answered(
    token: str,
    seen: dict[uuid.UUID, int],
    capacity: str | None = None,
    wait_weeks: int | None = None,
) -> Response:
    try:
        services.answer_by_link(ANONYMOUS, token, seen, capacity, wait_weeks)
    except NotFound:
        return _dead_link()
    except StaleVersion:
        form = Form(schemas.RightByLink)
        form.add("request", _("Somebody changed an entry while this page was open. Look again."))
        return _link_page(token, form, status=409)
    session[HELD] = token
    say(THANKS)
    return redirect_to("directory.still_correct_again")


def _link_page(token: str, refused: Form | None = None, status: int | None = None) -> Response:
    asked = queries.asked_by_link(actor(), token)
    if asked is None:
        return _dead_link()
    seen = str(refused.values.get("seen", "")).split() if refused else []
    forms = {
        one.service.id: refused
        if refused and seen == [f"{one.service.id}:{one.service.version}"]
        else Form(schemas.RoomByLink, values={"wait_weeks": one.service.wait_weeks})
        for one in asked.entries
    }
    return _quietly(
        "directory/still_correct.html",
        status=status,
        asked=asked,
        token=token,
        forms=forms,
        seen_all=" ".join(
            f"{one.service.id}:{one.service.version}" for one in asked.entries if not one.done
        ),
        refused=refused,
    )


def _dead_link() -> Response:
    return _quietly("directory/link_gone.html", status=404)


def _quietly(template: str, status: int | None = None, **context: Any) -> Response:
    """A page whose address may hold the link's word, which no other page may learn."""
    shown = render(template, status=status, **context)
    shown.headers["Referrer-Policy"] = "no-referrer"
    return shown
