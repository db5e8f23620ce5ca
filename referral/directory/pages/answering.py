"""Who answers for a group without an account, how it is asked, and the days it works."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts import services as accounts
from referral.accounts.permissions import Permission, may
from referral.accounts.queries import Who
from referral.core.actor import Actor
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.pages.blueprint import bp
from referral.outbox.channels import sends_texts
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

WAYS = {
    ("email", "text"): _("Link by email, code by text"),
    ("email", "pin"): _("Link by email, and a PIN they know"),
    ("text", "pin"): _("Link by text, and a PIN they know"),
}
STATES = {
    "new": (_("Not tried yet"), ""),
    "well": (_("Works"), "ok"),
    "away": (_("Away"), "wait"),
    "lost": (_("Messages do not arrive"), "stop"),
}
WEEKDAYS = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)


@bp.route("/organisations/<uuid:organisation_id>/answering", methods=["GET", "POST"])
@commits
def answering(organisation_id: uuid.UUID) -> Response:
    """The contacts of each service; by link or from accounts only; paper; opening days."""
    found = queries.answering(actor(), organisation_id)
    group = found.organisation
    form = Form(
        schemas.AnsweringForm,
        lists=("open_weekdays",),
        values={
            "answers_by": group.answers_by,
            "paper": group.paper,
            "open_weekdays": list(group.open_weekdays),
            "version": group.version,
        },
    )
    if request.method == "POST" and (data := form.read()) is not None:
        version = data.pop("version")
        try:
            accounts.choose_answering(actor(), organisation_id, version, **data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved"))
            return redirect_to("directory.answering", organisation_id=organisation_id)
    return render(
        "directory/answering.html",
        form=form,
        found=found,
        ways=WAYS,
        states=STATES,
        weekdays=WEEKDAYS,
        own=manages_own(actor(), organisation_id),
    )


def manages_own(who: Actor, organisation_id: uuid.UUID) -> bool:
    """Whether the way back is the organisation's own page, and not its entry."""
    own = who.organisation == organisation_id
    return own and may(who, Permission.MANAGE_ORGANISATION_PEOPLE)


@bp.route("/organisations/<uuid:organisation_id>/answering/contacts/new", methods=["GET", "POST"])
@commits
def new_answer_contact(organisation_id: uuid.UUID) -> Response:
    """Somebody who will answer."""
    found = queries.answering(actor(), organisation_id)
    only = list(map(str, found.services)) if len(found.services) == 1 else []
    form = _form({"service_ids": only})
    if request.method == "POST" and (data := form.read()) is not None:
        return _kept(found, form, data, None)
    return _page(found, form, None)


@bp.route(
    "/organisations/<uuid:organisation_id>/answering/contacts/<uuid:contact_id>",
    methods=["GET", "POST"],
)
@commits
def answer_contact(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """How to reach them, and what for."""
    found = queries.answering(actor(), organisation_id)
    one = _contact(found, contact_id)
    names = ("name", "email", "mobile", "away_until", "version")
    shown = {name: getattr(one, name) for name in names}
    form = _form(shown | {"service_ids": list(map(str, one.service_ids))})
    if request.method == "POST" and (data := form.read()) is not None:
        return _kept(found, form, data, one)
    return _page(found, form, one)


@bp.post("/organisations/<uuid:organisation_id>/answering/contacts/<uuid:contact_id>/pin")
@commits
def answer_pin(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """A new PIN, shown in the answer to this form and never again."""
    found = queries.answering(actor(), organisation_id)
    one = _contact(found, contact_id)
    return _with_pin(found, one.name, contact_id, _version())


@bp.post("/organisations/<uuid:organisation_id>/answering/contacts/<uuid:contact_id>/link")
@commits
def send_link(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """A link to try, before somebody waits for an answer."""
    _contact(queries.answering(actor(), organisation_id), contact_id)
    accounts.send_link(actor(), contact_id)
    say(_("Sent. When they have opened it, it says so here."))
    return redirect_to("directory.answering", organisation_id=organisation_id)


@bp.post("/organisations/<uuid:organisation_id>/answering/contacts/<uuid:contact_id>/remove")
@commits
def remove_answer_contact(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """They no longer answer."""
    _contact(queries.answering(actor(), organisation_id), contact_id)
    accounts.remove_contact(actor(), contact_id, _version())
    say(_("They no longer answer. Their links and phones stopped working at once."))
    return redirect_to("directory.answering", organisation_id=organisation_id)


def _form(values: dict[str, Any]) -> Form:
    return Form(
        schemas.AnswerContactForm,
        date_fields=("away_until",),
        lists=("service_ids",),
        values=values,
    )


def _contact(found: queries.Answering, contact_id: uuid.UUID) -> Who:
    for one in found.contacts:
        if one.id == contact_id:
            return one
    raise NotFound


def _version() -> int:
    form = Form(schemas.Version)
    data = form.read()
    if data is None:
        raise Invalid(form.errors)
    version: int = data["version"]
    return version


def _kept(found: queries.Answering, form: Form, data: dict[str, Any], one: Who | None) -> Response:
    """Save; where there is one way to reach them, a PIN is the other and shown at once."""
    version = data.pop("version")
    needs_pin = services.ways(actor(), data) == 1 and not (one and one.has_pin)
    data["pin"] = "new" if needs_pin else None
    try:
        kept = services.keep_contact(
            actor(), found.organisation.id, data, one.id if one else None, version
        )
    except Invalid as error:
        form.refuse(error)
        return _page(found, form, one)
    if needs_pin:
        return _with_pin(found, data["name"], kept.id, kept.version)
    say(_("Saved. The link comes with the next referral."))
    return redirect_to("directory.answering", organisation_id=found.organisation.id)


def _with_pin(found: queries.Answering, name: str, contact_id: uuid.UUID, version: int) -> Response:
    pin = accounts.new_pin(actor(), contact_id, version)
    return render("directory/answer_pin.html", found=found, name=name, pin=f"{pin[:3]} {pin[3:]}")


def _page(found: queries.Answering, form: Form, one: Who | None) -> Response:
    choices = [(str(id_), name) for id_, name in found.services.items()]
    return render(
        "directory/answer_contact.html",
        form=form,
        found=found,
        one=one,
        choices=choices,
        texts=sends_texts(),
    )
