"""Somebody handed over by a clinical system: its form posts here, and referring goes on from there.

Nothing stands in an address. What was posted waits for ten minutes in a sealed cookie, also while
the user signs in, and fills in step 1 for the practice and the user it names, and for nobody else.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Response, current_app, request

from referral.accounts import queries as accounts
from referral.core import clock, encryption
from referral.core.i18n import Lazy, _
from referral.desk.pages.blueprint import bp
from referral.desk.schemas import HandedOver
from referral.web.door import actor, commits, from_elsewhere
from referral.web.pages import redirect_to
from referral.web.security import limiter

COOKIE = "joined_up_handed"
PATH = "/referrals"
SECONDS = 600
COOKIE_MAX = 4000
RATE = "60 per minute"
CONTEXT = "handed"
FACTS = ("title", "given_name", "family_name", "sex", "address", "postcode", "phone", "email")


@dataclass(frozen=True)
class Handed:
    """What was handed over. ``wrong`` says why nothing is filled in."""

    number: str = ""
    born: date | None = None
    facts: dict[str, str] = field(default_factory=dict)
    wrong: Lazy | None = None

    def values(self) -> dict[str, Any]:
        """The fields of step 1."""
        return {} if self.wrong else {"number": self.number, "date_of_birth": self.born}

    def is_of(self, number: str, born: date) -> bool:
        """Whether what was sent is of this person: the number may have been written with spaces."""
        digits = "".join(char for char in self.number if char.isdigit())
        return not self.wrong and (digits, self.born) == (number, born)


@bp.post("/referrals/new/from-record")
@from_elsewhere
@commits
@limiter.limit(RATE)
def from_record() -> Response:
    """Take over who is on the other system's screen. Nothing is looked up or kept."""
    posted = {name: value for name, value in request.form.items() if value.strip()}
    data = HandedOver().read(posted)
    kept = {
        "practice": data["practice"].upper(),
        "referrer": data["referrer"].lower(),
        "number": data["number"],
        "born": data["born"].isoformat(),
        "facts": {name: data[name] for name in FACTS if data.get(name)},
        "at": clock.now().timestamp(),
    }
    sealed = _sealed(kept)
    if len(sealed) > COOKIE_MAX:  # what is too long for a cookie is asked for here
        sealed = _sealed(kept | {"facts": {}})
    response = redirect_to("desk.refer")
    response.set_cookie(
        COOKIE,
        sealed,
        max_age=SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _sealed(kept: dict[str, Any]) -> str:
    return urlsafe_b64encode(encryption.seal_for_installation(kept, CONTEXT)).decode()


def read() -> Handed | None:
    """What waits for this user; None when there is nothing, or it is too old."""
    given = request.cookies.get(COOKIE, "")
    if not given or len(given) > COOKIE_MAX:
        return None
    try:
        sealed = urlsafe_b64decode(given.encode("ascii", "strict"))
        kept: dict[str, Any] = encryption.open_for_installation(sealed, CONTEXT)
    except (ValueError, TypeError):
        return None
    if not 0 <= clock.now().timestamp() - kept["at"] <= SECONDS:
        return None
    own = actor().organisation
    practice = accounts.organisation_unscoped(own).ods_code if own else None
    if practice is None or practice.upper() != kept["practice"]:
        return Handed(wrong=_("it was sent for another practice than the one you work for here"))
    if accounts.own_account(actor()).email != kept["referrer"]:
        return Handed(wrong=_("it was sent by somebody else than the one signed in here"))
    return Handed(kept["number"], date.fromisoformat(kept["born"]), kept["facts"])


def forget(response: Response) -> Response:
    """Drop the cookie, if the browser holds one."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path=PATH)
    return response
