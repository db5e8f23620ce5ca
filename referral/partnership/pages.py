"""Who has met whom: say it, answer it, read it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.core.schema import LINE, Text
from referral.core.schema import Schema as InputSchema
from referral.directory import queries as directory
from referral.partnership import queries, schemas, services
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import Blueprint, redirect_to, render, say
from referral.web.paging import decode, encode

LISTING = "introductions"
PAGE = 25
WAITING_SHOWN = 50

bp = Blueprint("partnership", __name__)


class Choosing(InputSchema):
    """The words somebody looks for an organisation by."""

    text = Text(max=LINE, load_default="")


@bp.get("/introductions")
def introductions() -> Response:
    """What waits, who has met us, and whom we only know on paper."""
    cursor = request.args.get("cursor", "")
    after = decode(LISTING, cursor) if cursor else None
    rows = queries.introductions(
        actor(), ("confirmed", "declined"), PAGE + 1, (after[0], after[1]) if after else None
    )
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    keeper = may(actor(), Permission.MANAGE_ORGANISATION_PEOPLE)
    return render(
        "partnership/introductions.html",
        waiting=queries.introductions(actor(), ("waiting",), WAITING_SHOWN),
        rows=rows[:PAGE],
        next_cursor=encode(LISTING, last.met_on, last.id) if last else None,
        continued=bool(cursor),
        not_met=queries.not_met(actor()) if keeper and not cursor else [],
        keeper=keeper,
    )


@bp.route("/introductions/new", methods=["GET", "POST"])
@commits
def introduce() -> Response:
    """First whom we met, found by name; then when, where and who was there."""
    asked = _organisation_asked()
    if asked is None:
        return _choose()
    other = directory.organisation(actor(), asked)
    form = Form(
        schemas.Introduce,
        date_fields=("met_on",),
        lists=("profiles",),
        values={"organisation_id": str(other.id)},
    )
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            made = services.introduce(actor(), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_SAID[made.status])
            return redirect_to("partnership.introductions")
    return render("partnership/introduce.html", form=form, other=other, profiles=_own_profiles())


_SAID = {
    "waiting": _("Saved. They are asked whether they say so too."),
    "confirmed": _("Saved. Both sides say so."),
}


@bp.route("/introductions/<uuid:introduction_id>", methods=["GET"])
def introduction(introduction_id: uuid.UUID) -> Response:
    """One meeting; whoever is asked says yes or no here."""
    return _page(introduction_id, None, None)


@bp.post("/introductions/<uuid:introduction_id>/confirm")
@commits
def confirm(introduction_id: uuid.UUID) -> Response:
    """Yes, we met."""
    form = _confirm_form()
    if (data := form.read()) is not None:
        try:
            services.confirm(actor(), introduction_id, data.pop("version"), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved. Both sides see it when they refer."))
            return redirect_to("partnership.introductions")
    return _page(introduction_id, form, None)


@bp.post("/introductions/<uuid:introduction_id>/decline")
@commits
def decline(introduction_id: uuid.UUID) -> Response:
    """That was not us."""
    form = Form(schemas.DeclineMeetingForm)
    if (data := form.read()) is not None:
        services.decline(actor(), introduction_id, data["version"], data["reason"])
        say(_("Saved. They are told."))
        return redirect_to("partnership.introductions")
    return _page(introduction_id, None, form)


@bp.post("/introductions/<uuid:introduction_id>/withdraw")
@commits
def withdraw(introduction_id: uuid.UUID) -> Response:
    """We take it back."""
    form = Form(schemas.WithdrawMeetingForm)
    if (data := form.read()) is not None:
        services.withdraw(actor(), introduction_id, data["version"])
        say(_("Taken back."))
        return redirect_to("partnership.introductions")
    return _page(introduction_id, None, None)


def _organisation_asked() -> uuid.UUID | None:
    given = request.form.get("organisation_id") or request.args.get("organisation", "")
    try:
        return uuid.UUID(given)
    except ValueError:
        return None


def _choose() -> Response:
    form = Form(Choosing, values={"text": request.args.get("text", "")})
    try:
        text = Choosing().read({"text": request.args.get("text", "")})["text"]
    except Invalid as error:
        form.refuse(error)
        text = ""
    return render(
        "partnership/choose.html",
        form=form,
        found=queries.choices(actor(), text),
        most=queries.CHOICES,
    )


def _confirm_form() -> Form:
    return Form(schemas.ConfirmMeetingForm, lists=("profiles",))


def _own_profiles() -> list[tuple[str, str, str]]:
    own = actor().organisation
    faces = directory.people_of(actor(), own) if own else ()
    return [(str(face.id), face.name, face.role) for face in faces]


def _page(introduction_id: uuid.UUID, form: Form | None, refusal: Form | None) -> Response:
    found = queries.introduction(actor(), introduction_id)
    shown: dict[str, Any] = {
        "form": form or _confirm_form(),
        "refusal": refusal or Form(schemas.DeclineMeetingForm),
        "profiles": _own_profiles() if found.waits_for_us else [],
    }
    return render(
        "partnership/introduction.html",
        found=found,
        label=schemas.STATUS_LABELS[found.status],
        **shown,
    )
