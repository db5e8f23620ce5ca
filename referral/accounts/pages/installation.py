"""The administrator's pages: organisations, localities and users. No patient is on any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response, request

from referral.accounts import queries, services
from referral.accounts.models import Organisation
from referral.accounts.pages.blueprint import bp
from referral.accounts.roles import ROLE_LABELS
from referral.accounts.schemas import LocalityForm, OrganisationForm
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paging import decode, encode

PAGE = 25
KINDS = {
    "practice": _("GP practice"),
    "link_worker_team": _("Link-worker team"),
    "provider": _("Provider"),
    "locality": _("Locality office"),
    "installation": _("Installation"),
}
STATUSES = {"active": _("Active"), "closed": _("Closed"), "merged": _("Merged")}
NATION_LABELS = {
    "england": _("England"),
    "scotland": _("Scotland"),
    "wales": _("Wales"),
    "northern_ireland": _("Northern Ireland"),
}
FIELDS = (
    "kind", "name", "locality_id", "link_worker_team_id", "ods_code", "register_number", "email",
    "phone", "address", "postcode", "status", "version",
)  # fmt: skip


@bp.get("/organisations")
def organisations() -> Response:
    text, kind = request.args.get("text", "").strip()[:100], request.args.get("kind", "")
    rows = queries.organisations(
        actor(),
        text=text,
        kind=kind if kind in KINDS else "",
        limit=PAGE + 1,
        after=_after("organisations"),
    )
    return render(
        "accounts/organisations.html",
        rows=rows[:PAGE],
        next=_next("organisations", rows),
        text=text,
        kind=kind,
        kinds=KINDS,
        statuses=STATUSES,
    )


def _after(listing: str) -> tuple[str, UUID] | None:
    cursor = request.args.get("cursor")
    if not cursor:
        return None
    name, id_ = decode(listing, cursor)
    return name, id_


def _next(listing: str, rows: Sequence[Any]) -> str | None:
    if len(rows) <= PAGE:
        return None
    last = rows[PAGE - 1]
    return encode(listing, last.name, last.id)


@bp.route("/organisations/new", methods=["GET", "POST"])
@commits
def new_organisation() -> Response:
    form = Form(OrganisationForm, ignore=("version", "status"))
    if request.method == "POST":
        data = form.read()
        if data is not None:
            data.pop("status")
            try:
                made = services.create_organisation(actor(), **data)
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Added. Now invite the first person to work there."))
                return redirect_to("accounts.organisation", organisation_id=made)
    return _organisation_page(form, None)


@bp.route("/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@commits
def edit_organisation(organisation_id: UUID) -> Response:
    found = queries.organisation(actor(), organisation_id)
    shown = {name: _plain(getattr(found, name)) for name in FIELDS}
    clearable = ("locality_id", "link_worker_team_id", "ods_code", "register_number")
    form = Form(OrganisationForm, values=shown, clearable=clearable)
    if request.method == "POST":
        data = form.read()
        if data is not None:
            version = data.pop("version", 0)
            try:
                services.change_organisation(actor(), organisation_id, version, **data)
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Saved"))
                return redirect_to("accounts.organisation", organisation_id=organisation_id)
    return _organisation_page(form, found)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _organisation_page(form: Form, found: Organisation | None) -> Response:
    return render(
        "accounts/edit_organisation.html",
        form=form,
        organisation=found,
        kinds=[(key, label) for key, label in KINDS.items() if key != "installation"],
        statuses=list(STATUSES.items()),
        localities=[(str(row.id), row.name) for row in queries.localities(actor())],
        teams=[(str(id_), name) for id_, name in queries.link_worker_teams(actor())],
    )


@bp.get("/users")
def users() -> Response:
    text = request.args.get("text", "").strip()[:100]
    rows = queries.users(actor(), text, PAGE + 1, _after("users"))
    return render(
        "accounts/users.html",
        rows=rows[:PAGE],
        next=_next("users", rows),
        text=text,
        installation=actor().organisation,
    )


@bp.get("/users/<uuid:user_id>")
def user(user_id: UUID) -> Response:
    found = queries.user(actor(), user_id)
    return render(
        "accounts/user.html",
        user=found,
        posts=queries.posts_of(user_id),
        tokens=queries.tokens_of(user_id),
        role_labels=ROLE_LABELS,
    )


@bp.post("/users/<uuid:user_id>/disable")
@commits
def disable_user(user_id: UUID) -> Response:
    services.disable_user(actor(), user_id)
    say(_("The account is disabled and signed out everywhere"))
    return redirect_to("accounts.user", user_id=user_id)


@bp.post("/users/<uuid:user_id>/enable")
@commits
def enable_user(user_id: UUID) -> Response:
    services.enable_user(actor(), user_id)
    say(_("The account can be used again"))
    return redirect_to("accounts.user", user_id=user_id)


@bp.post("/tokens/<uuid:token_id>/revoke")
@commits
def revoke_token(token_id: UUID) -> Response:
    """One's own token, or any for an administrator."""
    services.revoke_token(actor(), token_id)
    say(_("Revoked"))
    return redirect_to("accounts.account")


@bp.get("/localities")
def localities() -> Response:
    return render(
        "accounts/localities.html",
        rows=queries.localities(actor()),
        nations=NATION_LABELS,
    )


@bp.route("/localities/new", methods=["GET", "POST"])
@commits
def new_locality() -> Response:
    return _locality({"provider_weekday_limit": 10}, None)


@bp.route("/localities/<uuid:locality_id>", methods=["GET", "POST"])
@commits
def locality(locality_id: UUID) -> Response:
    found = queries.locality(actor(), locality_id)
    names = ("name", "nation", "provider_weekday_limit", "version")
    return _locality({name: getattr(found, name) for name in names}, locality_id)


def _locality(values: Mapping[str, Any], locality_id: UUID | None) -> Response:
    form = Form(LocalityForm, values=values)
    if request.method == "POST":
        data = form.read()
        if data is not None:
            version = data.pop("version", 0)
            if locality_id is None:
                services.create_locality(actor(), **data)
            else:
                services.change_locality(actor(), locality_id, version, **data)
            say(_("Saved"))
            return redirect_to("accounts.localities")
    return render(
        "accounts/locality.html",
        form=form,
        is_new=locality_id is None,
        nations=list(NATION_LABELS.items()),
    )
