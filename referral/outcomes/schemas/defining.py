"""A locality's own measure as its form sends it, and the definition that makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from referral.core.i18n import _
from referral.core.schema import Choice, Schema, Text, Whole
from referral.outcomes.defining import HIGHEST, OPTIONS_MAX, WORDS_MAX
from referral.outcomes.measures import HIGHER, LOWER, Measure

QUESTIONS = 8
NAMES = tuple(f"q{number}" for number in range(1, QUESTIONS + 1))
SCALE, CHOICES = "scale", "choices"
KINDS = (SCALE, CHOICES)
NEITHER = "neither"
WAYS = (HIGHER, LOWER, NEITHER)
EACH, SUM = "each", "sum"


class Question(Schema):
    """One question; without ``text`` there is none. ``choices``: one answer a line."""

    text = Text(max=WORDS_MAX, line=False, load_default="")
    short = Text(max=60, load_default="")
    kind = Choice(KINDS, load_default=SCALE)
    low = Whole(min=0, max=HIGHEST, load_default=0)
    high = Whole(min=0, max=HIGHEST, load_default=10)
    low_words = Text(max=60, load_default="")
    high_words = Text(max=60, load_default="")
    choices = Text(max=1000, line=False, load_default="")
    better = Choice(WAYS, load_default=HIGHER)

    @validates_schema
    def can_be_asked(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("text"):
            return
        if data.get("kind") == CHOICES:
            count = len(_lines(data.get("choices", "")))
            if not 2 <= count <= OPTIONS_MAX:
                rule = _("needs 2 to {max} answers, one on each line", max=OPTIONS_MAX)
                raise ValidationError(str(rule), "choices")
        elif data.get("low", 0) >= data.get("high", 0):
            raise ValidationError(str(_("must be below the highest")), "low")


OwnMeasure: type[Schema] = type(
    "OwnMeasure",
    (Schema,),
    {
        "__doc__": "A measure in the locality's own words.",
        "title": Text(max=100, required=True),
        "preamble": Text(max=WORDS_MAX, line=False, load_default=""),
        "source": Text(max=200, load_default=""),
        "counts": Choice((EACH, SUM), load_default=EACH),
        "better": Choice((HIGHER, LOWER), load_default=HIGHER),
        **{name: fields.Nested(Question, load_default=None) for name in NAMES},
    },
)


# What a new form begins with.
USUAL: dict[str, Any] = {
    "counts": EACH,
    "better": HIGHER,
    **{name: {"kind": SCALE, "low": 0, "high": 10, "better": HIGHER} for name in NAMES},
}


def definition_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``outcomes.defining`` reads, of what ``OwnMeasure`` loads."""
    asked = [(name, data[name]) for name in NAMES if data[name] and data[name]["text"]]
    return {
        "title": data["title"],
        "preamble": data["preamble"],
        "source": data["source"],
        "summed": data["counts"] == SUM,
        "better": data["better"],
        "items": [_item(name, one) for name, one in asked],
    }


def values_of(measure: Measure) -> dict[str, Any]:
    """The form filled with a measure, to write the next edition of it."""
    shown: dict[str, Any] = {
        "title": str(measure.title),
        "preamble": str(measure.preamble),
        "source": measure.source,
        "counts": SUM if measure.summed else EACH,
        "better": measure.better,
    }
    for name, item in zip(NAMES, measure.items, strict=False):
        ends = dict(item.anchors)
        shown[name] = {
            "text": str(item.text),
            "short": str(item.short),
            "kind": CHOICES if item.options else SCALE,
            "low": item.low,
            "high": item.high,
            "low_words": str(ends.get(item.low, "")),
            "high_words": str(ends.get(item.high, "")),
            "choices": "\n".join(str(words) for words, _number in item.options),
            "better": item.better or NEITHER,
        }
    return shown


def _item(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": name,
        "text": one["text"],
        "short": one["short"],
        "better": "" if one["better"] == NEITHER else one["better"],
    }
    if one["kind"] == CHOICES:
        lines = enumerate(_lines(one["choices"]), start=1)
        return found | {"options": [[words, number] for number, words in lines]}
    ends = {one["low"]: one["low_words"], one["high"]: one["high_words"]}
    return found | {
        "low": one["low"],
        "high": one["high"],
        "anchors": {str(number): words for number, words in ends.items() if words},
    }


def _lines(choices: str) -> list[str]:
    return [line.strip() for line in choices.split("\n") if line.strip()]
