"""An organisation's own data: to take out, beside what is paid for; stories to read."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _, format_month_year
from referral.outcomes import figures, own_data, queries, services, workbook
from referral.outcomes.pages.blueprint import bp
from referral.outcomes.schemas.exporting import OwnData, Paid, Remove
from referral.outcomes.schemas.stories import Decide
from referral.outcomes.stories import SHOWN_AS
from referral.web.door import actor, commits
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

LISTS = ("columns", "groups")
DATES = ("first", "last")
MONTHS, MONTHS_BACK = 12, 36
# What stands typed beside the button that takes an agreement out.
TYPED = (
    "funder", "people", "service_id",
    *(f"{name}-{part}" for name in DATES for part in ("day", "month", "year")),
)  # fmt: skip
CSV = "text/csv; charset=utf-8"


@bp.get("/our-data", endpoint="own_data")
def choose() -> Response:
    """Which months, which columns; two buttons take it out."""
    return _choose(Form(OwnData, lists=LISTS, values=_usual()))


@bp.get("/our-data/people.<string:format>", endpoint="own_data_file")
def take(format: str) -> Response:
    """The file itself, made while it is read; the view of everybody in it is audited."""
    if format not in own_data.FORMATS:
        raise NotFound
    form = Form(OwnData, lists=LISTS)
    form.values = {name: request.args.getlist(name) for name in LISTS} | {
        name: request.args.get(name, "") for name in ("way", "first", "last")
    }
    try:
        asked = OwnData().read({name: value for name, value in form.values.items() if value})
    except Invalid as error:
        form.values = _usual() | {name: value for name, value in form.values.items() if value}
        form.refuse(error)
        return _choose(form)
    way = asked["way"]
    columns = asked["groups" if way == own_data.SUPPRESSED else "columns"]
    found = queries.rows(actor(), _own(), columns, way, asked["first"], asked["last"])
    if format == "xlsx":
        body = io.BytesIO()
        workbook.write(body, str(_("Our people")), found)
        answer = Response(body.getvalue(), content_type=workbook.CONTENT_TYPE)
    else:
        # The mark tells a spreadsheet that letters are UTF-8.
        answer = Response(["\ufeff", *_as_csv(found)], content_type=CSV)
    what = "our-people" if way == own_data.IDENTIFIED else "our-numbers"
    name = f"{what}-{asked['first']:%Y-%m}-to-{asked['last']:%Y-%m}.{format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _as_csv(rows: Any) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _choose(form: Form) -> Response:
    return render(
        "outcomes/own_data.html",
        form=form,
        ways=own_data.WAYS,
        choices=[(key, column.label) for key, column in own_data.COLUMNS.items()],
        groups=own_data.GROUPS,
        months=_months(),
        stories=may(actor(), Permission.SHOW_STORIES),
    )


def _usual() -> dict[str, Any]:
    first, last = figures.full_months(MONTHS, clock.today())
    return {
        "way": own_data.SUPPRESSED,
        "first": f"{first:%Y-%m}",
        "last": f"{last:%Y-%m}",
        "columns": list(own_data.USUAL),
        "groups": list(own_data.USUAL_GROUPS),
    }


def _months() -> list[tuple[str, str]]:
    """The months to choose from, this one first."""
    today = clock.today()
    number = today.year * 12 + today.month - 1
    days = [date(n // 12, n % 12 + 1, 1) for n in range(number, number - MONTHS_BACK, -1)]
    return [(f"{day:%Y-%m}", format_month_year(day)) for day in days]


@bp.route("/our-data/funding", methods=["GET", "POST"])
@commits
def funding() -> Response:
    """People who started beside what is paid for; what is paid for, and more of it."""
    form = Form(Paid, date_fields=DATES)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.add_funding(actor(), _own(), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved."))
            return redirect_to("outcomes.funding")
    return render("outcomes/funding.html", found=queries.unfunded(actor(), _own()), form=form)


@bp.route("/our-data/funding/<uuid:funding_id>", methods=["GET", "POST"])
@commits
def change_funding(funding_id: uuid.UUID) -> Response:
    """One agreement: mend it, or take it out."""
    row = queries.agreement(actor(), funding_id)
    names = ("funder", "people", "service_id", "first", "last", "version")
    form = Form(Paid, date_fields=DATES, values={name: getattr(row, name) for name in names})
    stale = False
    if request.method == "POST" and "remove" in request.form:
        gone = Form(Remove, ignore=("remove", *TYPED))
        if (wish := gone.read()) is not None:
            try:
                services.remove_funding(actor(), funding_id, wish["version"])
            except StaleVersion:
                stale = True
            else:
                say(_("Taken out."))
                return redirect_to("outcomes.funding")
    elif request.method == "POST" and (data := form.read()) is not None:
        try:
            services.change_funding(actor(), funding_id, data)
        except Invalid as error:
            form.refuse(error)
        except StaleVersion:
            stale = True
        else:
            say(_("Saved."))
            return redirect_to("outcomes.funding")
    return render(
        "outcomes/change_funding.html",
        409 if stale else None,
        form=form,
        row=row,
        offered=queries.services_to_fund(actor()),
        stale=stale,
    )


@bp.get("/our-data/stories")
def stories() -> Response:
    """What people told about the organisation's services, and asked to have shown."""
    return render(
        "outcomes/stories.html", found=queries.stories_to_read(actor()), shown_as=SHOWN_AS
    )


@bp.post("/our-data/stories/<uuid:story_id>/<any(show, decline):verb>")
@commits
def decide_story(story_id: uuid.UUID, verb: str) -> Response:
    """Show it, or do not; what changed meanwhile is read again."""
    form = Form(Decide)
    data = form.read()
    if data is None:
        return redirect_to("outcomes.stories")
    decide = services.show_story if verb == "show" else services.decline_story
    try:
        decide(actor(), story_id, data["version"])
    except StaleVersion:
        say(_("They have changed their story since. Please read it again."))
    else:
        say(_("It is on the page.") if verb == "show" else _("It is not on the page."))
    return redirect_to("outcomes.stories")


def _own() -> uuid.UUID:
    own = actor().organisation
    if own is None:
        raise NotFound
    return own
