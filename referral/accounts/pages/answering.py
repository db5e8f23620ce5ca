"""The doors of the safe link: what a message leads to, the code, and the end of a phone's day.

Opening a link by GET changes nothing, however often a scanner of mail does it. What is wrong with a
link or a code is not said: guessed, too old, taken back and used are one page.
"""

from __future__ import annotations

import base64

from flask import Response, make_response, redirect, request

from referral.accounts import devices, door, queries, services
from referral.accounts.pages.blueprint import bp
from referral.accounts.safe_links import PHONE_REMEMBERED
from referral.accounts.schemas import LinkCodeTyped
from referral.core import encryption
from referral.core.actor import ANONYMOUS
from referral.core.i18n import _
from referral.web import own_cookies
from referral.web.door import actor, commits, note
from referral.web.forms import Form
from referral.web.pages import redirect_to, render
from referral.web.paths import CONTACTS
from referral.web.security import limiter

# Counted for links that are none: somebody who tries words is slowed, a scanner of mail is not.
GUESS_RATE = "60 per minute"
# Sent from a phone, or by a program that has found a link.
POST_RATE = "60 per minute"
CODE_ASKED = "joined_up_code"
CODE_ASKED_SECONDS = 15 * 60
CONTEXT = "answer-code"
WRONG = _("That code does not fit. Try again, or open the link of our message for a new one.")


def _is_gone(response: Response) -> bool:
    return response.status_code == 404


@bp.get("/answer/<token>")
@limiter.limit(GUESS_RATE, deduct_when=_is_gone)
def answer_link(token: str) -> Response:
    """What a message leads to: the question for a code, and nothing else."""
    found = queries.by_link_unscoped(token)
    if found is None:
        note(lambda: services.refused(ANONYMOUS))
        return render("accounts/answer_gone.html", status=404)
    if actor().contact == found.contact_id:
        return make_response(redirect(CONTACTS, code=303))
    return render("accounts/answer_link.html", organisation=found.organisation)


@bp.post("/answer/<token>")
@commits
@limiter.limit(POST_RATE)
def answer_ask(token: str) -> Response:
    """Send the code, or a new link; the same answer whatever the link was."""
    address = request.remote_addr or ""
    if request.form.get("do") == "again":
        services.ask_again(ANONYMOUS, token, address)
        return render("accounts/answer_again.html")
    code_id = services.ask_code(
        ANONYMOUS, token, address, own_cookies.sealed_id(CODE_ASKED, CONTEXT)
    )
    response = redirect_to("accounts.answer_code")
    sealed = encryption.seal_for_installation(str(code_id), CONTEXT)
    own_cookies.put(
        response,
        CODE_ASKED,
        base64.urlsafe_b64encode(sealed).decode(),
        CONTACTS,
        CODE_ASKED_SECONDS,
    )
    return response


@bp.route("/answer/code", methods=["GET", "POST"])
@commits(also=(422,))
@limiter.limit(POST_RATE, methods=["POST"])
def answer_code() -> Response:
    """Six digits open a day on this phone; a wrong try counts, so it is kept."""
    form = Form(LinkCodeTyped)
    if request.method == "POST" and (data := form.read()) is not None:
        word = services.open_with_code(
            ANONYMOUS,
            own_cookies.sealed_id(CODE_ASKED, CONTEXT),
            data["code"],
            request.remote_addr or "",
            devices.name_of(request.headers.get("User-Agent", "")),
        )
        if word is not None:
            response = make_response(redirect(CONTACTS, code=303))
            lasts = int(PHONE_REMEMBERED.total_seconds())
            own_cookies.put(response, door.here().answer_cookie, word, CONTACTS, lasts)
            own_cookies.forget(response, CODE_ASKED, CONTACTS)
            return response
        form.values = {}
        form.add("code", WRONG)
    return render("accounts/answer_code.html", form=form)


@bp.post("/answer/close")
@commits
def answer_close() -> Response:
    """Forget this phone: it is somebody else's, or the work is done."""
    services.close(actor(), request.cookies.get(door.here().answer_cookie, ""))
    response = render("accounts/answer_closed.html")
    own_cookies.forget(response, door.here().answer_cookie, CONTACTS)
    return response
