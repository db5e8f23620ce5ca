"""How we are doing, both sides: one page for practices, providers, teams and the locality."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import groupby

from flask import Response, request

from referral.accountability import figures, queries, wording
from referral.accountability.queries import Record, Report
from referral.accountability.schemas import Wish
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.i18n import Lazy, _, format_day_long
from referral.people.holding import PARTS, Held
from referral.web.charts import Band, Point
from referral.web.door import actor
from referral.web.pages import Blueprint, render

bp = Blueprint("accountability", __name__)
BARS = figures.FUNNEL
NOT_ALL = _(
    "This is what we may see. Other organisations that helped may hold notes of their own: they "
    "hand those over themselves."
)


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
        takes_out=may(actor(), Permission.EXPORT_OWN_DATA) and not wish["organisation_id"],
    )


@bp.get("/accountability/unmet")
def unmet() -> Response:
    """What was needed and was not there, by need and district; for who plans services."""
    wish = Wish().read(request.args.to_dict())
    subject = queries.subject(actor(), "locality", wish["organisation_id"])
    found = queries.unmet(actor(), subject, wish["months"])
    return render(
        "accountability/unmet.html",
        found=found,
        period=wording.period(found.period),
        months=figures.MONTHS,
    )


@bp.get("/referrals/<uuid:referral_id>/held")
def held(referral_id: uuid.UUID) -> Response:
    """What we hold about the person, to hand over to them: on the screen and on paper."""
    found = queries.record(actor(), referral_id)
    return render(
        "accountability/held.html",
        found=found,
        held=[(title, _in_days(lines)) for title, lines in _in_parts(found)],
        referral_id=referral_id,
        not_all=NOT_ALL,
    )


@bp.get("/referrals/<uuid:referral_id>/held.txt")
def held_file(referral_id: uuid.UUID) -> Response:
    """The same as a plain text file; its name says nothing of anybody."""
    found = queries.record(actor(), referral_id)
    text = [f"{_('What we hold about {name}', name=found.name)}", str(NOT_ALL)]
    for title, lines in _in_parts(found):
        text += ["", str(title).upper()]
        for line in lines:
            told = [format_day_long(clock.local(line.at).date())] if line.at else []
            told += [part for part in (line.by, line.reference) if part]
            text.append(f"{line.label}: {line.text}" + (f" ({', '.join(told)})" if told else ""))
    answer = Response("\n".join(text) + "\n", content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="what-we-hold.txt"'
    return answer


def _in_parts(found: Record) -> list[tuple[Lazy, list[Held]]]:
    return [(PARTS[part], list(own)) for part, own in groupby(found.lines, lambda one: one.part)]


def _in_days(lines: list[Held]) -> list[tuple[date | None, str, list[Held]]]:
    """What was written on one day by one organisation stands together."""

    def when(line: Held) -> tuple[date | None, str]:
        return (clock.local(line.at).date() if line.at else None, line.by)

    return [(day, by, list(own)) for (day, by), own in groupby(lines, when)]


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
