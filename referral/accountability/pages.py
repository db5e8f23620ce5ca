"""How we are doing, both sides: one page for practices, providers, teams and the locality."""

from __future__ import annotations

from flask import Response, request

from referral.accountability import figures, queries, wording
from referral.accountability.queries import Report
from referral.accountability.schemas import Wish
from referral.core import clock
from referral.web.charts import Band, Point
from referral.web.door import actor
from referral.web.pages import Blueprint, render

bp = Blueprint("accountability", __name__)
BARS = figures.FUNNEL


@bp.get("/accountability")
def accountability() -> Response:
    """The dashboard; ``?months=3|6|12`` and, where that is allowed, ``?organisation_id=``."""
    wish = Wish().read(request.args.to_dict())
    subject = queries.subject(actor(), None, wish["organisation_id"])
    report = queries.report(actor(), subject, wish["months"])
    return render(
        "accountability/accountability.html",
        report=report,
        period=wording.period(report.period),
        facing=wording.FACING[subject.kind],
        as_at=clock.local(report.as_at),
        title=wording.finding(report.run, report.finding, report.figures["time_to_answer"]),
        funnel_title=wording.funnel_title(report.figures),
        funnel=[report.figures[key] for key in BARS],
        points=_points(report),
        bands=[
            Band(part.first, part.last, part.low, part.middle, part.high)
            for part in report.finding.stretches
        ],
        monthly=report.period.months > 6,
        pairs=wording.pairs(report.figures, subject.kind),
        sides=wording.SIDES[subject.kind],
        onward=wording.pairs(report.onward, "practice") if report.onward else [],
        onward_sides=wording.SIDES["onward"],
        months=figures.MONTHS,
        organisation_id=wish["organisation_id"],
        value=wording.value,
    )


def _points(report: Report) -> list[Point]:
    """Weeks named by their month where it begins, months by themselves."""
    since = report.finding.since
    monthly = report.period.months > 6
    points, named = [], None
    for index, step in enumerate(report.run):
        month = wording.day_in_words(step.first, "MMM")
        points.append(
            Point(
                label=wording.day_in_words(step.first, "MMMM y" if monthly else "d MMM"),
                value=step.value,
                tick=month if month != named else "",
                special=since is not None and index >= since,
                n=step.n,
            )
        )
        named = month
    return points
