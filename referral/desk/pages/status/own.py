"""What the person reads on their own page, and what its other pages share."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Response, request

from referral.core import clock
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, format_day_long
from referral.outcomes import queries as outcomes
from referral.referrals import plain
from referral.referrals import queries as referrals
from referral.referrals.queries import Own
from referral.web.door import actor
from referral.web.pages import render


def home() -> Response:
    """Who has what, what happens next, and what one can do."""
    found = referrals.mine(actor(), beside=True)
    return page("home.html", found, has_plan=outcomes.has_plan(actor()))


def page(template: str, found: list[Own], status: int | None = None, **context: Any) -> Response:
    """One of the person's pages; ``found`` is what ``referrals.mine`` answered."""
    return render(
        f"desk/status/{template}",
        status,
        found=found,
        speech=plain,
        next_line=next_line,
        now_line=now_line,
        fill=fill,
        hour=hour,
        today=clock.today(),
        **context,
    )


def fill(words: Lazy, **values: Any) -> Lazy:
    """The words with their places filled."""
    return Lazy(words.message, **values)


def hour(at: datetime) -> str:
    """``10:30``, local time."""
    return f"{clock.local(at):%H:%M}"


def now_line(one: Own) -> str:
    """Who has it, in a sentence."""
    if one.stopped:
        return str(fill(plain.STOPPED, group=one.group))
    return plain.now(one.status, one.group)


def next_line(one: Own) -> str:
    """What happens next, with the day where there is one."""
    if one.stopped or one.due_on is None:
        return plain.next_(one.status)
    day = format_day_long(one.due_on)
    if one.status == "accepted":
        way = next(iter(one.identity.reach_by), "")
        if said := plain.reached(way, one.worker, day):
            return said
    return plain.next_(one.status, day)


def chosen(found: list[Own], wanted: list[Own] | None = None) -> Own:
    """The referral that the form names; without one the first of ``wanted``, or of all.

    Raise ``NotFound`` for one that is not the person's.
    """
    named = request.form.get("referral", "") if request.method == "POST" else ""
    if not named:
        return next(iter(wanted or found))
    try:
        id_ = uuid.UUID(named)
    except ValueError as error:
        raise NotFound from error
    one = next((each for each in found if each.id == id_), None)
    if one is None:
        raise NotFound
    return one
