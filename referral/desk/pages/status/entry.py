"""The way in to the person's own page, and the quick way out.

Whatever is typed goes on to the question for a code, and whatever is wrong with that is one
sentence. Nothing that is typed stands in an address; a GET changes nothing.
"""

from __future__ import annotations

import base64

from flask import Response, make_response, redirect, request

from referral.accounts import devices, door, services
from referral.accounts import queries as accounts
from referral.accounts.schemas import StatusAskTyped, StatusCodeTyped
from referral.core import encryption, i18n
from referral.core.actor import ANONYMOUS
from referral.core.i18n import _
from referral.desk.pages.status import own
from referral.desk.pages.status.blueprint import bp
from referral.referrals import queries as referrals
from referral.web import language, own_cookies
from referral.web.door import actor, commits, from_elsewhere
from referral.web.forms import Form
from referral.web.pages import redirect_to, render
from referral.web.paths import PEOPLE
from referral.web.security import limiter

ASKED = "joined_up_asked"
ASKED_SECONDS = 15 * 60
CONTEXT = "status-ask"
# All that is sent from these pages by one network, whichever page it is.
POST_RATE = "30 per minute"
WRONG = _("That code did not work. Try again, or ask for a new code.")

people_rate = limiter.shared_limit(POST_RATE, scope="status", methods=["POST"])


@bp.get("")
def start() -> Response:
    """The person's page, or the question what opens it."""
    if actor().id is not None:
        return own.home()
    return render("desk/status/start.html", form=_form())


@bp.post("")
@commits
@people_rate
def ask() -> Response:
    """Go on to the code, whatever was typed."""
    form = _form()
    data = form.read()
    if data is None:
        return render("desk/status/start.html", form=form)
    typed = data | {"language": i18n.language()}
    ask_id = services.ask(ANONYMOUS, typed, request.remote_addr or "")
    response = redirect_to("status.code")
    sealed = encryption.seal_for_installation(str(ask_id), CONTEXT)
    own_cookies.put(
        response, ASKED, base64.urlsafe_b64encode(sealed).decode(), PEOPLE, ASKED_SECONDS
    )
    return response


@bp.route("/code", methods=["GET", "POST"])
@commits(also=(422,))
@people_rate
def code() -> Response:
    """The code of a message, or of a card; a wrong one counts, so it is kept."""
    form = Form(StatusCodeTyped)
    if request.method == "POST" and (data := form.read()) is not None:
        word = services.open_(
            ANONYMOUS,
            own_cookies.sealed_id(ASKED, CONTEXT),
            data["code"],
            request.remote_addr or "",
            devices.name_of(request.headers.get("User-Agent", "")),
        )
        if word is not None:
            response = redirect_to("status.start")
            own_cookies.put(response, door.here().status_cookie, word, PEOPLE)
            own_cookies.forget(response, ASKED, PEOPLE)
            _read_as_written_to(response, word)
            return response
        form.values = {}
        form.add("code", WRONG)
    return render("desk/status/code.html", form=form)


@bp.post("/leave")
@from_elsewhere
@commits
def leave() -> Response:
    """Go to another site at once, and end the sitting: going back finds nothing.

    No token is asked for: a page that stood open for long, or beside somebody who signed out, must
    be left as fast. Another site's form brings no cookie of ours, so it ends nothing.
    """
    cookie = door.here().status_cookie
    services.leave(actor(), request.cookies.get(cookie, ""))
    response = make_response(redirect(door.here().quick_exit, code=303))
    own_cookies.forget(response, cookie, PEOPLE)
    own_cookies.forget(response, ASKED, PEOPLE)
    return response


def _read_as_written_to(response: Response, word: str) -> None:
    """Who is written to in Welsh and has chosen nothing here finds their page in Welsh."""
    known = accounts.by_status_session(word)
    if known is not None and not language.chosen(request):
        written = referrals.written_in(known)
        if written != i18n.language():
            language.keep(response, written)


def _form() -> Form:
    return Form(StatusAskTyped, date_fields=("born",))
