"""What may be asked before and after: every instrument as data. Pure.

Words, order and preamble are those of the source, to the letter: an instrument in other words is
another instrument. A measure is ``(key, edition)`` for good; changed words get a new edition. Ours
are in ``MEASURES``; a locality's own and licensed ones are read by ``defining``. What needs a
licence is a slot without words. ``scoring`` works out what the answers say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from referral.core.i18n import Lazy, _

HIGHER, LOWER = "higher", "lower"
NOT_SAID, DONT_KNOW = "not_said", "dont_know"
# Said instead of a number: an answer, and never a score.
WITHOUT_NUMBER: dict[str, Lazy] = {
    NOT_SAID: _("Prefer not to say"),
    DONT_KNOW: _("Don’t know"),
}
BASELINE, REVIEW, END = "baseline", "review", "end"
MOMENTS: dict[str, Lazy] = {
    BASELINE: _("At the start"),
    REVIEW: _("On the way"),
    END: _("At the end"),
}


@dataclass(frozen=True)
class Item:
    """One question. ``better``: which way is better, ``""`` where neither is.

    ``options`` are ``(words, number)`` in the order asked; without them a number from ``low`` to
    ``high``, whose ends are named in ``anchors``. ``short`` names it where a change is told.
    """

    key: str
    text: Lazy | str
    low: int
    high: int
    better: str = HIGHER
    anchors: tuple[tuple[int, Lazy | str], ...] = ()
    options: tuple[tuple[Lazy | str, int], ...] = ()
    short: Lazy | str = ""

    def takes(self, number: int) -> bool:
        """Whether it can be answered with ``number``."""
        if self.options:
            return any(number == value for _words, value in self.options)
        return self.low <= number <= self.high


@dataclass(frozen=True)
class Band:
    """From ``low`` to ``high``, both counted, is ``key``; of the items named, or of the score."""

    low: int
    high: int
    key: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """``summed``: all items make one score, whose better way is ``better``; else none does.

    ``table`` turns the sum into the score that is reported, as the licence holder gives it.
    ``source`` is named where the measure is printed, ``short`` is the score's name. ``moments``:
    when it may be asked. ``allows``: what may be said instead of a number.
    """

    key: str
    edition: str
    title: Lazy | str
    source: str
    items: tuple[Item, ...]
    preamble: Lazy | str = ""
    summed: bool = False
    better: str = HIGHER
    bands: tuple[Band, ...] = ()
    table: Mapping[int, float] | None = None
    after: str = ""  # asked after this one
    short: Lazy | str = ""
    moments: tuple[str, ...] = tuple(MOMENTS)
    allows: tuple[str, ...] = (NOT_SAID,)

    @property
    def by_key(self) -> dict[str, Item]:
        """The items by their keys, in the order asked."""
        return {item.key: item for item in self.items}


BANDS: dict[str, Lazy] = {
    "very low": _("very low"),
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "very high": _("very high"),
    "not lonely": _("not lonely"),
    "lonely": _("lonely"),
}

_ANCHORS = ((0, _("not at all")), (10, _("completely")))
_HOW_OFTEN = ((_("Hardly ever or never"), 1), (_("Some of the time"), 2), (_("Often"), 3))
_YES_PARTLY_NO = ((_("Yes"), 3), (_("Partly"), 2), (_("No"), 1))
_WELL_BEING = ("satisfaction", "worthwhile", "happy")


def _ten(key: str, text: Lazy, short: Lazy) -> Item:
    return Item(key, text, 0, 10, anchors=_ANCHORS, short=short)


def _goal(key: str, text: Lazy, short: Lazy, ends: tuple[Lazy, Lazy], better: str) -> Item:
    return Item(key, text, 1, 10, better, ((1, ends[0]), (10, ends[1])), short=short)


def _often(key: str, text: Lazy, short: Lazy) -> Item:
    return Item(key, text, 1, 3, LOWER, options=_HOW_OFTEN, short=short)


_ROWS = (
    Measure(
        "ons4",
        "1",
        _("Four questions about well-being (ONS4)"),
        "Office for National Statistics, Open Government Licence v3",
        (
            _ten(
                "satisfaction",
                _("Overall, how satisfied are you with your life nowadays?"),
                _("Life satisfaction"),
            ),
            _ten(
                "worthwhile",
                _(
                    "Overall, to what extent do you feel that the things you do in your life are "
                    "worthwhile?"
                ),
                _("Worthwhile"),
            ),
            _ten("happy", _("Overall, how happy did you feel yesterday?"), _("Happiness")),
            Item(
                "anxious",
                _(
                    "On a scale where 0 is 'not at all anxious' and 10 is 'completely anxious', "
                    "overall, how anxious did you feel yesterday?"
                ),
                0,
                10,
                LOWER,
                ((0, _("not at all anxious")), (10, _("completely anxious"))),
                short=_("Anxiety"),
            ),
        ),
        preamble=_(
            "Next I would like to ask you four questions about your feelings on aspects of your "
            "life. There are no right or wrong answers. For each of these questions I'd like you "
            "to give an answer on a scale of 0 to 10, where 0 is 'not at all' and 10 is "
            "'completely'."
        ),
        # Four answers, each by itself: the ONS recommends no total.
        bands=(
            Band(0, 4, "low", _WELL_BEING),
            Band(5, 6, "medium", _WELL_BEING),
            Band(7, 8, "high", _WELL_BEING),
            Band(9, 10, "very high", _WELL_BEING),
            Band(0, 1, "very low", ("anxious",)),
            Band(2, 3, "low", ("anxious",)),
            Band(4, 5, "medium", ("anxious",)),
            Band(6, 10, "high", ("anxious",)),
        ),
        allows=(DONT_KNOW, NOT_SAID),
    ),
    Measure(
        "ucla3",
        "1",
        _("Three questions about loneliness (UCLA)"),
        "Hughes et al. 2004, in the adult wording recommended by the ONS",
        (
            _often(
                "companionship",
                _("How often do you feel that you lack companionship?"),
                _("Lacking companionship"),
            ),
            _often("left_out", _("How often do you feel left out?"), _("Feeling left out")),
            _often(
                "isolated", _("How often do you feel isolated from others?"), _("Feeling isolated")
            ),
        ),
        summed=True,
        better=LOWER,
        bands=(Band(3, 5, "not lonely"), Band(6, 9, "lonely")),
        short=_("Loneliness"),
    ),
    Measure(
        "ons_direct_loneliness",
        "1",
        _("One question about loneliness (ONS)"),
        "Office for National Statistics, Open Government Licence v3",
        (
            Item(
                "lonely",
                _("How often do you feel lonely?"),
                1,
                5,
                options=(
                    (_("Often/always"), 1),
                    (_("Some of the time"), 2),
                    (_("Occasionally"), 3),
                    (_("Hardly ever"), 4),
                    (_("Never"), 5),
                ),
                short=_("How often lonely"),
            ),
        ),
        bands=(Band(1, 1, "lonely", ("lonely",)),),
        after="ucla3",
    ),
    Measure(
        "goal",
        "1",
        _("A goal of one’s own"),
        "PRSB Social Prescribing standard v1.1",
        (
            _goal(
                "importance",
                _("How much does it matter to you?"),
                _("How much it matters"),
                (_("hardly"), _("more than anything")),
                "",
            ),
            _goal(
                "confidence",
                _("How sure are you that you can do it?"),
                _("How sure they are"),
                (_("not at all"), _("completely")),
                HIGHER,
            ),
        ),
    ),
    Measure(
        "after",
        "1",
        _("Three questions at the end"),
        "",
        (
            Item("helped", _("Did it help you?"), 1, 3, options=_YES_PARTLY_NO),
            Item("heard", _("Did people listen to you?"), 1, 3, options=_YES_PARTLY_NO),
            Item("again", _("Would you tell a friend to go?"), 1, 3, options=_YES_PARTLY_NO),
        ),
        moments=(END,),
    ),
)
MEASURES: dict[str, Measure] = {row.key: row for row in _ROWS}


@dataclass(frozen=True)
class Slot:
    """A measure that may be asked by who has a licence, in words that they load."""

    key: str
    title: Lazy
    owner: str
    items: int
    low: int
    high: int


SLOTS: dict[str, Slot] = {
    "swemwbs": Slot(
        "swemwbs",
        _("Short Warwick-Edinburgh Mental Well-being Scale"),
        "NHS Health Scotland, University of Warwick and University of Edinburgh",
        items=7,
        low=7,
        high=35,
    )
}


def may_ask(reference: str, loaded: bool, until: date | None, today: date) -> bool:
    """Whether a licensed measure is open: a reference, the words, and a licence that runs."""
    return bool(reference.strip()) and loaded and (until is None or today <= until)
