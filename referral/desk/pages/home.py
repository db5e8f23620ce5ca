"""Home: what needs me, what I should read, one line of reassurance. One shape for every role."""

from __future__ import annotations

from flask import Response

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.desk import words
from referral.desk.pages.blueprint import bp
from referral.referrals import queries as referrals
from referral.web.door import actor
from referral.web.pages import render


@bp.get("/")
def home() -> Response:
    """The home of the actor's role; those who see no referrals are shown where their work is."""
    sees = may(actor(), Permission.SEE_REFERRALS)
    return render(
        "desk/home.html",
        now=clock.local(clock.now()),
        today=clock.today(),
        words=words,
        found=referrals.home(actor()) if sees else None,
        may_refer=may(actor(), Permission.RAISE_FOR_TRIAGE),
        may_send_anywhere=may(actor(), Permission.REFER),
        role=next(iter(sorted(actor().roles)), ""),
    )
