"""Signing in and out, invitations, and a new password by email."""

from __future__ import annotations

from uuid import UUID

import flask_login
from flask import Response, make_response, redirect, request, session

from referral.accounts import devices, door, queries, services
from referral.accounts.models import User
from referral.accounts.pages.blueprint import bp
from referral.accounts.schemas import AcceptInvitation, NewPassword, RequestReset, SignIn
from referral.core.actor import ANONYMOUS
from referral.core.errors import Invalid, NotFound, TooMany
from referral.core.i18n import _
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say
from referral.web.paths import safe_next

DEVICE_DAYS = 180


@bp.route("/sign-in", methods=["GET", "POST"])
@commits(also=(422, 429))
def sign_in() -> Response:
    """The door for people. Who is signed in already goes on; a failure counts, so it is kept."""
    onward = safe_next(request.args.get("next"))
    if request.method == "GET" and actor() != ANONYMOUS:
        return make_response(redirect(onward, code=303))
    form = Form(SignIn, ignore=("next",), values={"email": request.args.get("email", "")[:254]})
    status = None
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                return _sign_in(data["email"], data["password"], onward)
            except Invalid as error:
                form.refuse(error)
            except TooMany as error:
                form.add("email", error.detail)
                status = error.status
    demo = queries.demo_users() if door.here().demo else []
    return render("accounts/sign_in.html", status=status, form=form, demo_users=demo)


def _sign_in(email: str, password: str, onward: str) -> Response:
    opened = services.sign_in(
        ANONYMOUS,
        email,
        password,
        address=request.remote_addr or "",
        lasting=door.here().lasting,
        device=request.cookies.get(_device_cookie(), ""),
        browser=devices.name_of(request.headers.get("User-Agent", "")),
    )
    _hold(opened.token)
    response = make_response(redirect(onward, code=303))
    response.set_cookie(
        _device_cookie(),
        opened.device,
        max_age=DEVICE_DAYS * 86400,
        secure=door.here().secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _device_cookie() -> str:
    return "__Host-joined_up_device" if door.here().secure else "joined_up_device"


def _hold(token: str) -> None:
    """Give the browser a new session: new word, new CSRF secret, nothing of what was before."""
    session.clear()
    flask_login.login_user(door.SignedInUser(token, None))


@bp.post("/sign-out")
@commits
def sign_out() -> Response:
    services.sign_out(actor(), door.token())
    flask_login.logout_user()
    session.clear()
    return redirect_to("accounts.sign_in")


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@commits
def invitation(token: str) -> Response:
    """Choose a name and a password by the link of an invitation; then one is signed in."""
    invited = queries.link(token, "invite")
    if invited is None:
        return render("accounts/link_used.html", status=404, invitation=True)
    form = Form(AcceptInvitation, values={"name": invited.name})
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                user = services.accept_invitation(actor(), token, **data)
            except Invalid as error:
                form.refuse(error)
            else:
                return _go_in(user)
    return render("accounts/invitation.html", form=form, invited=invited)


@bp.route("/password-reset", methods=["GET", "POST"])
@commits
def request_reset() -> Response:
    """Ask for a link; the answer is the same for an address that nobody has."""
    form = Form(RequestReset)
    if request.method == "POST":
        data = form.read()
        if data is not None:
            services.request_reset(actor(), data["email"])
            return render("accounts/reset_sent.html")
    return render("accounts/request_reset.html", form=form)


@bp.route("/password-reset/<token>", methods=["GET", "POST"])
@commits
def reset_password(token: str) -> Response:
    """Set a new password by the link; then one is signed in, and nowhere else."""
    asked = queries.link(token, "reset")
    if asked is None:
        return render("accounts/link_used.html", status=404, invitation=False)
    form = Form(NewPassword)
    if request.method == "POST":
        data = form.read()
        if data is not None:
            try:
                user = services.reset_password(actor(), token, data["password"])
            except Invalid as error:
                form.refuse(error)
            else:
                say(_("Your password is changed. Every other device was signed out."))
                return _go_in(user)
    return render("accounts/reset_password.html", form=form)


def _go_in(user: User) -> Response:
    """Sign in somebody who has just shown the link and chosen a password."""
    browser = devices.name_of(request.headers.get("User-Agent", ""))
    flashes = session.get("_flashes", [])
    _hold(services.open_session(actor(), user, door.here().lasting, browser))
    session["_flashes"] = flashes
    return make_response(redirect("/", code=303))


@bp.post("/switch-organisation")
@commits
def switch_organisation() -> Response:
    """Work for another of one's organisations: its home comes next."""
    try:
        chosen = UUID(request.form.get("organisation_id", ""))
    except ValueError as error:
        raise NotFound from error
    services.switch(actor(), door.token(), chosen)
    return make_response(redirect("/", code=303))
