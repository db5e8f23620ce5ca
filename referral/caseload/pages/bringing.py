"""Bringing a caseload across: choose a file, read row by row what became of it."""

from __future__ import annotations

from flask import Response, request

from referral.caseload import services, spreadsheet, words
from referral.caseload.pages.blueprint import bp
from referral.core.errors import FieldErrors, Forbidden, Invalid
from referral.core.i18n import _
from referral.referrals.codes import NEEDS
from referral.web.door import actor, commits, takes_files
from referral.web.pages import render

UPLOAD_MAX = 2_000_000
ROWS_MAX = 500


@bp.route("/caseload/bring", methods=["GET", "POST"])
@takes_files(UPLOAD_MAX + 50_000)
@commits
def bring() -> Response:
    """The file is read and forgotten; trying it first keeps nothing."""
    errors: FieldErrors = {}
    report = None
    if request.method == "POST":
        team = actor().organisation
        if team is None:
            raise Forbidden
        sent = request.files.get("file")
        raw = sent.read(UPLOAD_MAX + 1) if sent is not None else b""
        dry = request.form.get("do") != "bring"
        try:
            if not raw:
                raise Invalid({"file": [str(_("Choose the file first"))]})
            if len(raw) > UPLOAD_MAX:
                raise Invalid({"file": [str(_("must be smaller than 2 MB"))]})
            report = services.bring_across(actor(), team, raw, dry=dry, most=ROWS_MAX)
        except Invalid as error:
            errors = error.errors
    return render(
        "caseload/bring.html",
        422 if errors else None,
        errors=errors,
        report=report,
        columns=spreadsheet.COLUMNS,
        needed=spreadsheet.NEEDED,
        needs=NEEDS,
        words=words,
        most=ROWS_MAX,
    )
