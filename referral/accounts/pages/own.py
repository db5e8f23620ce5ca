"""One's own account: name, absence, password, and where one is signed in."""

from __future__ import annotations

from flask import Response, request

from referral.accounts import door, notifications, queries, services
from referral.accounts.pages.blueprint import bp
from referral.accounts.permissions import ROLE_LABELS
from referral.accounts.schemas import ChangePassword, OwnAccount
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say


@bp.route("/account", methods=["GET", "POST"])
@commits
def account() -> Response:
    own = queries.own_account(actor())
    form = Form(
        OwnAccount,
        date_fields=("away_until",),
        values={
            "name": own.name,
            "job_title": own.job_title,
            "away_until": own.away_until,
            "version": own.version,
        },
    )
    if request.method == "POST":
        data = form.read()
        if data is not None:
            services.change_own_account(actor(), **data)
            say(_("Saved"))
            return redirect_to("accounts.account")
    return render(
        "accounts/account.html",
        form=form,
        own=own,
        posts=queries.posts_of(own.id),
        role_labels=ROLE_LABELS,
        sessions=queries.sessions_of(actor(), door.token(), door.here().idle),
        tokens=queries.tokens_of(own.id),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@commits(also=(422,))
def password() -> Response:
    """Change one's own password; a wrong present one is kept in the audit trail."""
    form = Form(ChangePassword)
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                user = services.change_own_password(actor(), door.token(), **data)
            except Invalid as error:
                form.refuse(error)
            else:
                notifications.password_changed(actor(), user)
                say(_("Your password is changed. Every other device was signed out."))
                return redirect_to("accounts.account")
    return render("accounts/password.html", form=form)


@bp.post("/account/sessions/<key>/end")
@commits
def end_session(key: str) -> Response:
    services.end_session(actor(), key)
    say(_("Signed out there"))
    return redirect_to("accounts.account")
