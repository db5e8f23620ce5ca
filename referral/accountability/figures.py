"""One set of figures for practices, providers, teams and localities, and what each one means.

Both sides are counted by the same rules from the same lines (``referrals.tallies``). The sender's
figures say how it supports those it refers to; the recipient's how it answers. ``docs/figures.md``
repeats the definitions for people who do not read Python, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from referral.core.i18n import Lazy, _
from referral.directory import signpost

# Figures about fewer people than this are not shown to somebody who may see no person at all.
SMALL = 5
TENTH = 10
MONTHS = (3, 6, 12)

COUNT, TOLD, DAYS, PERCENT = "referrals", "times", "working days", "%"
Value = int | float | None


@dataclass(frozen=True)
class Period:
    """First and last day, both counted."""

    months: int
    first: date
    last: date


def period_of(months: int, today: date) -> Period:
    """The last ``months`` (1 to 12) months up to ``today``: six on 21 July begin on 22 January."""
    month = today.month - months
    year, month = (today.year, month) if month > 0 else (today.year - 1, month + 12)
    next_month = date(year + month // 12, month % 12 + 1, 1)
    same_day = min(date(year, month, 1) + timedelta(days=today.day - 1), next_month - timedelta(1))
    return Period(months, same_day + timedelta(days=1), today)


class Sums:
    """What the tallies add up to: ``{(metric, bucket): value}``, a bucket a tenth of a day."""

    def __init__(self, lines: Mapping[tuple[str, int], int]) -> None:
        self._lines = {key: value for key, value in lines.items() if value}

    def count(self, metric: str) -> int:
        """How often; never below nought, should a taken-back line lie in another period."""
        return max(0, sum(v for (name, _bucket), v in self._lines.items() if name == metric))

    def median(self, metric: str) -> float | None:
        """Working days within which half had it; None when there is none."""
        buckets = [(b, v) for (name, b), v in self._lines.items() if name == metric and v > 0]
        return median_of(dict(buckets))


def median_of(buckets: Mapping[int, int]) -> float | None:
    """The median of ``{tenths of a day: how many}``, in days; the mean of the middle two."""
    total = sum(buckets.values())
    if not total:
        return None
    middles = ((total - 1) // 2, total // 2)
    found, passed = [], 0
    for bucket in sorted(buckets):
        before, passed = passed, passed + buckets[bucket]
        found += [bucket for middle in middles if before <= middle < passed]
    return sum(found) / len(found) / TENTH


@dataclass(frozen=True)
class Now:
    """How things stand at the moment, counted from the referrals themselves."""

    overdue: int = 0
    replies_owed: int = 0
    actions_open: int = 0


Compute = Callable[[Sums, Now], tuple[Value, int | None]]


def _count(metric: str) -> Compute:
    return lambda sums, _now: (sums.count(metric), sums.count("sent"))


def _events(metric: str) -> Compute:
    return lambda sums, _now: (sums.count(metric), None)


def _median(metric: str) -> Compute:
    return lambda sums, _now: (sums.median(metric), sums.count(metric))


def _share(metric: str, of: str) -> Compute:
    def compute(sums: Sums, _now: Now) -> tuple[Value, int | None]:
        whole = sums.count(of)
        return (round(100 * sums.count(metric) / whole, 1) if whole else None, whole)

    return compute


def _said(sums: Sums, _now: Now) -> tuple[Value, int | None]:
    finished = sums.count("finished")
    known = sum(sums.count(outcome) for outcome in ("met", "partly_met", "not_met"))
    return (round(100 * known / finished, 1) if finished else None, finished)


@dataclass(frozen=True)
class Definition:
    """A figure: its words, its unit, what it means, and how it comes out of the tallies.

    ``side``: whose doing it is (``recipient``, ``sender``), or ``both``.
    """

    key: str
    label: Lazy
    unit: str
    side: str
    definition: Lazy
    compute: Compute


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "sent", _("Sent"), COUNT, "sender",
        _("Referrals sent in the period. Drafts and those entered in error do not count."),
        _count("sent"),
    ),
    Definition(
        "answered", _("Answered"), COUNT, "recipient",
        _(
            "Of those, referrals the recipient itself answered: yes, waiting list, can't help, or "
            "a question. One that went back because nobody answered does not count."
        ),
        _count("answered"),
    ),
    Definition(
        "first_contact", _("First contact"), COUNT, "recipient",
        _("Of those sent, referrals where the recipient reached or met the person."),
        _count("first_contact"),
    ),
    Definition(
        "started", _("Started"), COUNT, "recipient",
        _("Of those sent, referrals where the support itself began."),
        _count("started"),
    ),
    Definition(
        "finished", _("Finished"), COUNT, "recipient",
        _("Of those sent, referrals completed or ended early. Finished does not mean helped."),
        _count("finished"),
    ),
    Definition(
        "met_goal", _("Met their goal"), COUNT, "recipient",
        _(
            "Of those sent, referrals finished with the outcome “got what they needed”, as the "
            "person, the recipient or both said."
        ),
        _count("met"),
    ),
    Definition(
        "met_said", _("Said so themselves"), COUNT, "recipient",
        _(
            "Of those who met their goal, referrals where the person said so themselves: to the "
            "recipient, by telephone, at a desk or on their own page."
        ),
        lambda sums, _now: (sums.count("met_said"), sums.count("met")),
    ),
    Definition(
        "returned", _("Came back because nobody answered"), COUNT, "recipient",
        _("Of those sent, referrals that went back after two clocks of silence."),
        _count("returned"),
    ),
    Definition(
        "declined", _("Could not help"), COUNT, "recipient",
        _("Of those sent, referrals the recipient declined, for whatever reason."),
        _count("declined"),
    ),
    Definition(
        "withdrawn", _("Withdrawn"), COUNT, "sender",
        _("Of those sent, referrals the sender took back."),
        _count("withdrawn"),
    ),
    Definition(
        "time_to_answer", _("Time to answer"), DAYS, "recipient",
        _(
            "Median working days from sending to the first answer, by the recipient's calendar, "
            "for answers given in the period. Silence counts until the referral went back."
        ),
        _median("answer_time"),
    ),
    Definition(
        "time_to_first_contact", _("Time to first contact"), DAYS, "recipient",
        _(
            "Median working days from accepting to the first time the person was reached or met, "
            "by the recipient's calendar, for first contacts made in the period."
        ),
        _median("contact_time"),
    ),
    Definition(
        "feedback", _("Says what happened"), PERCENT, "recipient",
        _(
            "Of the finished referrals, the share with a known outcome: met, partly met or not "
            "met. “Not known” counts against it."
        ),
        _said,
    ),
    Definition(
        "concerns_answered_recipient", _("Answers concerns of the sender"), DAYS, "recipient",
        _("Median working days in which the recipient answered what the sender raised."),
        _median("raised_time_recipient"),
    ),
    Definition(
        "completeness", _("Complete information"), PERCENT, "sender",
        _(
            "Of those sent, the share that says what the person needs, their area and age, and how "
            "to reach them. As it stands now, so mending a referral counts."
        ),
        _share("complete", "sent"),
    ),
    Definition(
        "questions", _("Questions asked"), COUNT, "recipient",
        _("Questions recipients asked in the period before they could answer."),
        _events("asked"),
    ),
    Definition(
        "time_to_reply", _("Time to reply to a question"), DAYS, "sender",
        _(
            "Median working days from a question to the sender's reply, by the sender's calendar, "
            "for replies given in the period."
        ),
        _median("reply_time"),
    ),
    Definition(
        "actions_done", _("Does the actions asked"), PERCENT, "sender",
        _(
            "Of the finished referrals that asked the sender to do something, the share the sender "
            "has dealt with and closed."
        ),
        _share("actions_done", "actions_asked"),
    ),
    Definition(
        "concerns", _("Concerns raised with the sender"), COUNT, "recipient",
        _("Questions and health, safeguarding or practical concerns raised with the sender."),
        _events("raised_to_sender"),
    ),
    Definition(
        "concerns_answered", _("Answers concerns raised"), DAYS, "sender",
        _("Median working days in which the sender answered what the recipient raised."),
        _median("raised_time_sender"),
    ),
    Definition(
        "signposts", _("Told about a service"), TOLD, "sender",
        _(
            "How often somebody was told about a service in the period, by email, by text or on "
            "paper, without a referral. Who they are is not kept."
        ),
        _events(signpost.METRIC),
    ),
    Definition(
        "brought", _("Brought across"), COUNT, "recipient",
        _(
            "People taken on from another system in the period, where they stood there. They are "
            "in none of the figures above: how they were sent and answered was not measured here."
        ),
        _events("brought"),
    ),
    Definition(
        "overdue", _("Overdue now"), COUNT, "both",
        _(
            "Open referrals whose next step is past its date at this moment, whoever holds them. "
            "Feedback that asks for nothing is never overdue."
        ),
        lambda _sums, now: (now.overdue, None),
    ),
    Definition(
        "replies_owed", _("Replies owed now"), COUNT, "sender",
        _("Questions about a referral that wait for the sender's reply at this moment."),
        lambda _sums, now: (now.replies_owed, None),
    ),
    Definition(
        "actions_open", _("Actions open now"), COUNT, "sender",
        _("Finished referrals that ask the sender to do something, not yet closed."),
        lambda _sums, now: (now.actions_open, None),
    ),
)  # fmt: skip
FUNNEL = ("sent", "answered", "first_contact", "started", "finished", "met_goal")
# The same question asked of both: (recipient's figure, sender's figure).
PAIRS = (
    ("time_to_answer", "time_to_reply"),
    ("feedback", "actions_done"),
    ("time_to_first_contact", "completeness"),
    ("concerns_answered_recipient", "concerns_answered"),
)


@dataclass(frozen=True)
class Figure:
    """One figure as it came out. ``value`` is None when there is nothing to say or too little.

    ``n``: the number of referrals or events it rests on, where that is not the value itself.
    """

    definition: Definition
    value: Value
    n: int | None
    suppressed: bool = False

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def label(self) -> Lazy:
        return self.definition.label

    @property
    def unit(self) -> str:
        return self.definition.unit


def figures(sums: Sums, now: Now, *, anonymous: bool = False) -> dict[str, Figure]:
    """Every figure by its key. ``anonymous``: for somebody who may see no person."""
    found = {}
    for definition in DEFINITIONS:
        value, n = definition.compute(sums, now)
        figure = Figure(definition, value, n)
        found[definition.key] = hide_small(figure) if anonymous else figure
    return found


def hide_small(figure: Figure) -> Figure:
    """Nothing that rests on one to four people, and no share that would give such a number away."""
    n, value = figure.n, figure.value
    counted = value if figure.unit in (COUNT, TOLD) and isinstance(value, int) else None
    hidden = any(number is not None and 0 < number < SMALL for number in (counted, n))
    if figure.unit == PERCENT and n and value is not None:
        part = round(value * n / 100)
        hidden = hidden or 0 < part < SMALL or 0 < n - part < SMALL
    if figure.key == "met_said" and n and counted is not None:
        hidden = hidden or 0 < n - counted < SMALL
    if not hidden:
        return figure
    return Figure(figure.definition, None, n if n and n >= SMALL else None, suppressed=True)
