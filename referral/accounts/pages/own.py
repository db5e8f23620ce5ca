"""One's own account: name, absence, password, and where one is signed in."""

from __future__ import annotations

from flask import Response, request

from referral.accounts import door, notifications, queries, services
from referral.accounts.pages.blueprint import bp
from referral.accounts.roles import ROLE_LABELS
from referral.accounts.schemas import (
    TOLD_BY,
    TOLD_WHEN,
    ChangePassword,
    OwnAccount,
    OwnNotices,
)
from referral.core import clock
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.outbox.channels import sends_texts
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
        told_when=TOLD_WHEN,
        told_by=TOLD_BY,
        is_away=own.away_until is not None and own.away_until >= clock.today(),
        sessions=queries.sessions_of(actor(), door.token(), door.here().idle),
        tokens=queries.tokens_of(own.id),
    )


@bp.route("/account/notices", methods=["GET", "POST"])
@commits
def notices() -> Response:
    """When and by what one is told of referrals."""
    own = queries.own_account(actor())
    form = Form(
        OwnNotices,
        values={
            "told_when": own.told_when,
            "told_by": own.told_by,
            "mobile": queries.own_mobile(actor()),
            "version": own.version,
        },
    )
    if request.method == "POST" and (data := form.read()) is not None:
        services.choose_notices(actor(), **data)
        say(_("Saved"))
        return redirect_to("accounts.account")
    ways = TOLD_BY if sends_texts() or own.told_by == "text" else {"email": TOLD_BY["email"]}
    return render("accounts/notices.html", form=form, own=own, when=TOLD_WHEN, ways=ways)


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
