"""What the person reads beside: their plan, who looked, all that is held, and paper."""

from __future__ import annotations

from itertools import groupby

from flask import Response

from referral.accountability import queries as accountability
from referral.core import clock
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.desk.pages.status.blueprint import bp
from referral.desk.pages.status.doing import attempt, thanks
from referral.desk.pages.status.entry import people_rate
from referral.desk.pages.status.own import page
from referral.outcomes import codes as outcome_codes
from referral.outcomes import queries as outcomes
from referral.people.holding import PARTS
from referral.referrals import queries as referrals
from referral.referrals import services
from referral.referrals.schemas import own as schemas
from referral.web.door import actor, commits
from referral.web.forms import Form


@bp.route("/plan", methods=["GET", "POST"])
@commits
@people_rate
def plan() -> Response:
    """One's own plan, to read, to print, and to say something to."""
    own = actor().referral
    if own is None:
        raise NotFound
    form = Form(schemas.Words)
    done = attempt(form, lambda data: services.say(actor(), own, "plan", data["text"]))
    if done == 303:
        return thanks(_("Thank you. We told the people who help you."), to="status.plan")
    shown = outcomes.shown(actor(), own)
    return page("plan.html", [], done, shown=shown, form=form, codes=outcome_codes)


@bp.get("/seen")
def seen() -> Response:
    """Who has looked, from where, on which day."""
    looks = referrals.looked(actor())
    days = [(day, list(own)) for day, own in groupby(looks, key=lambda one: one.day)]
    return page("seen.html", [], days=days)


@bp.get("/held")
def held() -> Response:
    """All that is held about one."""
    lines = accountability.held(actor())
    parts = [(PARTS[part], list(own)) for part, own in groupby(lines, key=lambda one: one.part)]
    return page("held.html", [], parts=parts)


@bp.get("/print")
def paper() -> Response:
    """The page in large type, on paper: without a name, for it may lie on a table."""
    found = referrals.mine(actor(), beside=True)
    return page("print.html", found, printed_on=clock.today())
