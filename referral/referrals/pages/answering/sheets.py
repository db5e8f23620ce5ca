"""The weekly sheets of groups that want paper: a list for the team, and each to print."""

from __future__ import annotations

import uuid

from flask import Response

from referral.core import clock
from referral.core.i18n import _
from referral.referrals import answering, queries, services
from referral.referrals.pages.answering import doing
from referral.referrals.pages.blueprints import answer
from referral.web.door import actor, commits
from referral.web.pages import redirect_to, render, say


@answer.get("/sheets")
def sheets() -> Response:
    """What is still to be printed, and what was."""
    return render(
        "referrals/answer/sheets.html", sheets=queries.sheets(actor()), today=clock.today()
    )


@answer.get("/sheets/<uuid:sheet_id>/print")
def print_sheet(sheet_id: uuid.UUID) -> Response:
    """All that the group holds, on paper, with boxes to tick."""
    sheet, held = queries.sheet(actor(), sheet_id)
    return render(
        "referrals/answer/sheet.html",
        sheet=sheet,
        new=[row for row in held if row["status"] in answering.NEW],
        helping=[row for row in held if row["status"] in answering.HELPING],
        answering=answering,
        today=clock.today(),
    )


@answer.post("/sheets/<uuid:sheet_id>/printed")
@commits
def sheet_printed(sheet_id: uuid.UUID) -> Response:
    """It is on its way."""
    services.sheet_printed(actor(), sheet_id, doing.version())
    say(_("Noted: printed and on its way."))
    return redirect_to("answer.sheets")
