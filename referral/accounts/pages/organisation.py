"""An organisation's own matters: its people, when it is shut, where messages go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from referral.accounts import queries, services
from referral.accounts.pages.blueprint import bp
from referral.accounts.permissions import Permission, may
from referral.accounts.roles import ROLE_LABELS, ROLES_OF_KIND
from referral.accounts.schemas import Inbox, Invite, NewClosure, Roles, TeamInbox
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

# What a role comes for, in a line, where roles are given.
ROLE_HINTS = {
    "practice_staff": _("Refers people and reads what came of it"),
    "care_navigator": _("Passes people on to the link worker; sees where a referral is, not why"),
    "practice_manager": _("Figures, colleagues, closures; sees where referrals are, not why"),
    "link_worker": _("Takes on referrals, refers onward, keeps the directory"),
    "link_worker_lead": _("A link worker who also allocates and looks after colleagues"),
    "provider_worker": _("Answers referrals and reports what came of them"),
    "provider_manager": _("A worker who also looks after colleagues and closures"),
    "commissioner": _("Figures of the whole locality; no person and no referral"),
    "privacy_lead": _("Who looked at what; records that may be one person"),
    "administrator": _("Organisations, users and settings; no referral"),
}


def _choices(kind: str) -> list[tuple[str, object, object]]:
    return [(role, ROLE_LABELS[role], ROLE_HINTS[role]) for role in ROLES_OF_KIND[kind]]


@bp.get("/organisations/<uuid:organisation_id>")
def organisation(organisation_id: UUID) -> Response:
    found = queries.organisation(actor(), organisation_id)
    people = queries.people_of(actor(), organisation_id)
    closures = queries.closures_of(actor(), organisation_id)
    return render(
        "accounts/organisation.html",
        organisation=found,
        people=people,
        closures=closures,
        role_labels=ROLE_LABELS,
        administrator=may(actor(), Permission.MANAGE_INSTALLATION),
        answers=found.kind == "provider" and may(actor(), Permission.KEEP_ANSWER_CONTACTS),
    )


@bp.route("/organisations/<uuid:organisation_id>/people/invite", methods=["GET", "POST"])
@commits
def invite(organisation_id: UUID) -> Response:
    found = queries.organisation(actor(), organisation_id)
    queries.people_of(actor(), organisation_id)
    form = Form(Invite, lists=("roles",))
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                services.invite(actor(), organisation_id, **data)
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Invited. The link in the message works for 72 hours."))
                return redirect_to("accounts.organisation", organisation_id=organisation_id)
    return render(
        "accounts/invite.html", form=form, organisation=found, choices=_choices(found.kind)
    )


@bp.route("/organisations/<uuid:organisation_id>/people/<uuid:user_id>", methods=["GET", "POST"])
@commits
def colleague(organisation_id: UUID, user_id: UUID) -> Response:
    """A colleague's roles here; none takes them out of the organisation."""
    found = queries.organisation(actor(), organisation_id)
    people = {person.id: person for person in queries.people_of(actor(), organisation_id)}
    if user_id not in people:
        raise NotFound
    form = Form(Roles, lists=("roles",), values={"roles": list(people[user_id].roles)})
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                services.set_roles(actor(), user_id, organisation_id, data["roles"])
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Saved") if data["roles"] else _("They no longer work here"))
                return redirect_to("accounts.organisation", organisation_id=organisation_id)
    return render(
        "accounts/colleague.html",
        form=form,
        organisation=found,
        person=people[user_id],
        choices=_choices(found.kind),
    )


@bp.post("/organisations/<uuid:organisation_id>/people/<uuid:user_id>/invite-again")
@commits
def invite_again(organisation_id: UUID, user_id: UUID) -> Response:
    services.invite_again(actor(), user_id, organisation_id)
    say(_("Invited again. The link sent before no longer works."))
    return redirect_to("accounts.organisation", organisation_id=organisation_id)


@bp.route("/organisations/<uuid:organisation_id>/closures", methods=["GET", "POST"])
@commits
def closures(organisation_id: UUID) -> Response:
    """Days the organisation is shut: clocks do not run then."""
    found = queries.organisation(actor(), organisation_id)
    form = Form(NewClosure, date_fields=("first", "last"))
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                services.add_closure(actor(), organisation_id, **data)
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Added"))
                return redirect_to("accounts.closures", organisation_id=organisation_id)
    return render(
        "accounts/closures.html",
        form=form,
        organisation=found,
        closures=queries.closures_of(actor(), organisation_id),
    )


@bp.post("/organisations/<uuid:organisation_id>/closures/<uuid:closure_id>/remove")
@commits
def remove_closure(organisation_id: UUID, closure_id: UUID) -> Response:
    services.remove_closure(actor(), organisation_id, closure_id)
    say(_("Removed"))
    return redirect_to("accounts.closures", organisation_id=organisation_id)


@bp.route("/organisations/<uuid:organisation_id>/inbox", methods=["GET", "POST"])
@commits
def inbox(organisation_id: UUID) -> Response:
    """Where messages for the organisation go, and its telephone."""
    found = queries.organisation(actor(), organisation_id)
    form = Form(Inbox, values={"email": found.email, "phone": found.phone})
    if request.method == "POST":
        data = form.read()
        if data is not None:
            services.change_inbox(actor(), organisation_id, data["email"], data["phone"])
            say(_("Saved"))
            return redirect_to("accounts.organisation", organisation_id=organisation_id)
    return _inboxes(found, form, Form(TeamInbox))


@bp.post("/organisations/<uuid:organisation_id>/inboxes")
@commits
def add_team(organisation_id: UUID) -> Response:
    """A further inbox, which a referral may name for what comes back."""
    found = queries.organisation(actor(), organisation_id)
    form = Form(TeamInbox)
    if (data := form.read()) is not None:
        try:
            services.add_team(actor(), organisation_id, data["name"], data["email"])
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Added"))
            return redirect_to("accounts.inbox", organisation_id=organisation_id)
    return _inboxes(found, Form(Inbox, values={"email": found.email, "phone": found.phone}), form)


@bp.post("/organisations/<uuid:organisation_id>/inboxes/<uuid:team_id>/close")
@commits
def close_team(organisation_id: UUID, team_id: UUID) -> Response:
    """It is named no more."""
    services.close_team(actor(), organisation_id, team_id)
    say(_("Taken out. What comes back to it goes to the shared address."))
    return redirect_to("accounts.inbox", organisation_id=organisation_id)


def _inboxes(found: Any, shared: Form, more: Form) -> Response:
    teams = [one for one in queries.teams_of(found.id) if not one.default]
    return render("accounts/inbox.html", form=shared, more=more, organisation=found, teams=teams)
