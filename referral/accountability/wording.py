"""Figures in words: what the run says, a value with its unit, the same question for both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from referral.accountability import figures, runs
from referral.accountability.figures import Figure, Period
from referral.core import i18n
from referral.core.i18n import Lazy, _
from referral.referrals import clocks

# (what is asked of the recipient / of the sender): the rows of the table of both sides.
QUESTIONS: dict[str, Lazy] = {
    "time_to_answer": _("Answers a referral / answers a question"),
    "feedback": _("Says what happened / does the actions asked"),
    "time_to_first_contact": _("Gets in touch / sends complete information"),
    "concerns_answered_recipient": _("Answers what the other side raises"),
}
SIDES: dict[str, tuple[Lazy, Lazy]] = {
    "practice": (_("Organisations"), _("Our practice")),
    "provider": (_("Our organisation"), _("Those who refer to us")),
    "team": (_("Our team"), _("Practices")),
    "locality": (_("Organisations"), _("Practices")),
    "onward": (_("Organisations"), _("Our team")),
}
FACING: dict[str, Lazy] = {
    "practice": _("all organisations"),
    "provider": _("all who refer to us"),
    "team": _("practices and organisations"),
    "locality": _("practices and organisations, without a name"),
}
LATEST = 3  # weeks or months that must all be better before we say that it stayed so
UNITS: dict[str, tuple[str, str]] = {
    figures.COUNT: ("{n} referral", "{n} referrals"),
    figures.TOLD: ("{n} time", "{n} times"),
    figures.DAYS: ("{n} working day", "{n} working days"),
    figures.PERCENT: ("{n}%", "{n}%"),
}


def day_in_words(day: date, form: str) -> str:
    """``day`` by a CLDR pattern, in the language of the page."""
    language = i18n.language()
    return format_date(day, form, locale="en_GB" if language == "en" else language)


def period(span: Period) -> str:
    """``May–Nov 2026`` or ``Nov 2025–Nov 2026``."""
    first = "MMM" if span.first.year == span.last.year else "MMM y"
    return f"{day_in_words(span.first, first)}–{day_in_words(span.last, 'MMM y')}"


def value(figure: Figure) -> Lazy | str:
    """``1.4 working days``, ``88 %``, ``84 referrals``; a dash or a reason when there is none."""
    if figure.suppressed:
        return _("too few to show")
    if figure.value is None:
        return "–"
    rounded = round(figure.value, 1)
    one, many = UNITS[figure.unit]
    text = i18n.translate_plural(one, many, 1 if rounded == 1 else 2)
    return text.format(n=f"{rounded:g}")


@dataclass(frozen=True)
class Pair:
    """One question: what the recipient does, what the sender does, and what is agreed of each."""

    question: Lazy
    recipient: Figure
    sender: Figure
    agreed: str


def pairs(found: Mapping[str, Figure], kind: str) -> list[Pair]:
    """The same questions, asked of both sides. ``kind``: whose page it is."""
    team = "link_worker_team" if kind == "team" else "provider"
    answer = clocks.length("sent", recipient_kind=team)
    agreed = {
        "time_to_answer": f"{answer} / {clocks.length('question_asked')}",
        "feedback": "–",
        "time_to_first_contact": f"{clocks.length('accepted')} / –",
        "concerns_answered_recipient": f"{clocks.THREAD_DAYS['practical']}",
    }
    return [
        Pair(QUESTIONS[one], found[one], found[other], agreed[one]) for one, other in figures.PAIRS
    ]


def finding(run: Sequence[runs.Step], found: runs.Finding, median: Figure) -> Lazy:
    """The title of the chart: what it shows, and nothing that chance could have done."""
    if found.kind == "too_few":
        return _("Too few answers yet to see a pattern")
    if found.kind == "steady":
        if median.value is None:
            return _("Time to answer has not changed more than chance would")
        return _("Half are answered within {days}, with no real change", days=value(median))
    when = day_in_words(run[found.since or 0].first, "MMMM")
    before, after = found.stretches
    latest = [step.value for step in run if step.value is not None][-LATEST:]
    if found.kind == "slower":
        said = _("Answers got slower in {month}: from {before:.1f} to {after:.1f} days")
    elif max(latest) < before.middle:
        said = _(
            "Answers got faster in {month}: from {before:.1f} to {after:.1f} days, and stayed so"
        )
    else:
        said = _("Answers got faster in {month}: from {before:.1f} to {after:.1f} days")
    return Lazy(said.message, month=when, before=before.middle, after=after.middle)


def funnel_title(found: Mapping[str, Figure]) -> Lazy:
    """``From 84 sent, 37 met their goal``."""
    sent, met = found["sent"].value, found["met_goal"].value
    if not sent:
        return _("Nothing sent in this period")
    if met is None:
        return _("What became of {sent} referrals", sent=sent)
    return _("From {sent} sent, {met} met their goal so far", sent=sent, met=met)
