"""Bringing answers from a file: choose it, read row by row what became of it."""

from __future__ import annotations

from flask import Response, request

from referral.core.errors import FieldErrors, Invalid
from referral.core.i18n import _
from referral.outcomes import queries, services, spreadsheet
from referral.outcomes.measures import MOMENTS
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.schemas.measuring import ROWS_MAX
from referral.web.door import actor, commits, takes_files
from referral.web.pages import render

UPLOAD_MAX = 500_000
WHATS = {
    "kept": (_("written down"), "ok"),
    "unchanged": (_("here already"), ""),
    "refused": (_("not taken"), "stop"),
}
TRIED = WHATS | {
    "kept": (_("can be written down"), "ok"),
    "refused": (_("would not be taken"), "stop"),
}
EXAMPLE = """reference,measure,edition,moment,answered_on,satisfaction,worthwhile,happy,anxious
JU-4K7Q-9WX,ons4,1,baseline,2026-05-12,3,4,5,7
JU-4K7Q-9WX,ons4,1,end,12/09/2026,7,8,not said,3"""


@bp.route("/measures/bring", methods=["GET", "POST"])
@takes_files(UPLOAD_MAX + 50_000)
@commits
def bring_measures() -> Response:
    """The file is read and forgotten; trying it first keeps nothing."""
    errors: FieldErrors = {}
    report = None
    if request.method == "POST":
        sent = request.files.get("file")
        raw = sent.read(UPLOAD_MAX + 1) if sent is not None else b""
        try:
            if not raw:
                raise Invalid({"file": [str(_("Choose the file first"))]})
            if len(raw) > UPLOAD_MAX:
                raise Invalid({"file": [str(_("must be smaller than 500 kB"))]})
            rows, encoding = services.read_measures(actor(), raw, ROWS_MAX)
            dry = request.form.get("do") != "bring"
            report = services.bring_measures(actor(), rows, dry=dry, encoding=encoding)
        except Invalid as error:
            errors = error.errors
    return render(
        "outcomes/measures/bring.html",
        422 if errors else None,
        errors=errors,
        report=report,
        needed=spreadsheet.NEEDED,
        goal=spreadsheet.GOAL,
        measures=queries.in_place(actor()),
        moments=MOMENTS,
        whats=TRIED if report and report.dry else WHATS,
        most=ROWS_MAX,
        example=EXAMPLE,
    )
