"""The ways a referral may go, as lists of steps with working days between them.

Pure: knows verbs and words, no database. ``party`` is who acts: ``sender``, ``recipient``,
``team`` for the practice's link workers, or ``person``. A child is a referral made on the way from
this one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from referral.seed import reading
from referral.seed.folk import Someone
from referral.seed.reading import Table

# One in so many of these never hears of the next step; the sweep does the rest.
HEALTH, PRACTICAL, SAFEGUARDING = 0.05, 0.03, 0.005


@dataclass
class Step:
    """``after``: working days since the step before. ``data`` as ``schemas.BODIES[verb]`` takes it.

    ``expected``/``until`` in ``data`` are working days from the step, made dates when it is played.
    """

    after: float
    verb: str
    party: str
    data: Table = field(default_factory=dict)


Route = list[Step]


class Teller:
    """Chooses words and delays for one person; every choice comes from the same dice."""

    def __init__(self, dice: random.Random, someone: Someone, *, swift: bool) -> None:
        self.dice, self.someone, self.swift = dice, someone, swift
        stories = reading.table("stories")
        self.words: Table = stories["words"]
        self.group: Table = stories["groups"][someone.story["group"]]

    def say(self, kind: str) -> str:
        return self.someone.tell(self.dice.choice(self.words[kind]))

    def noted(self, kind: str) -> Table:
        text = self.say(kind)
        return {"note": text} if text else {}

    def delay(self, middle: float, least: float = 0.1, most: float = 99) -> float:
        return min(most, max(least, self.dice.lognormvariate(0, 0.45) * middle))

    def answering(self) -> float:
        """Days to answer; faster since the organisations agreed to look in every morning."""
        return self.delay(0.9, most=3) if self.swift else self.delay(3.2, most=8)

    def channel(self) -> str:
        ways = self.someone.fields["reach_by"]
        known = {way: way for way in ("phone", "text", "email", "letter", "visit")}
        return known.get(ways[0], "phone") if ways else "phone"


def answer(teller: Teller) -> Route:
    """Yes, sometimes after a question or a wait."""
    dice, found = teller.dice, list[Step]()
    if dice.random() < 0.14:
        question, reply = dice.choice(teller.words["questions"])
        found += [
            Step(
                teller.answering(), "ask", "recipient", {"question": teller.someone.tell(question)}
            ),
            Step(
                teller.delay(1.8, most=7), "reply", "sender", {"answer": teller.someone.tell(reply)}
            ),
        ]
    after = min(teller.answering(), 2) if found else teller.answering()
    found.append(Step(after, "accept", "recipient", teller.noted("accept")))
    return found


def waiting(teller: Teller, weeks: int) -> Route:
    """The waiting list, its date said again on the way, then a place."""
    left = max(2, weeks) * 5
    found = [
        Step(
            teller.answering(),
            "waitlist",
            "recipient",
            {"expected_on": left + 2, **teller.noted("waitlist")},
        )
    ]
    while left > 18:
        found.append(Step(15, "waitlist", "recipient", {"expected_on": left - 13}))
        left -= 15
    found.append(Step(left, "accept", "recipient", teller.noted("accept")))
    return found


def reaching(teller: Teller) -> Route:
    """One to three tries, the last one lucky."""
    tries = teller.dice.choices((0, 1, 2), (7, 3, 1))[0]
    found = [
        Step(
            teller.delay(2.2, most=5),
            "contact",
            "recipient",
            {"channel": teller.channel(), "result": result, **teller.noted("tried_notes")},
        )
        for result in teller.dice.sample(("no_answer", "message_left"), tries)
    ]
    reached = {"channel": teller.channel(), "result": "reached", **teller.noted("contact_notes")}
    return [*found, Step(teller.delay(3.0, most=9), "contact", "recipient", reached)]


def support(teller: Teller) -> Route:
    """Begun, and a few sessions; now and then a break or something raised with the practice."""
    dice = teller.dice
    found = [Step(teller.delay(4, most=12), "start", "recipient", {})]
    for _session in range(dice.randint(1, 3)):
        came = "attended" if dice.random() < 0.88 else "did_not_attend"
        said = teller.noted("session_notes")  # of who came; drawn anyway, so the rest stays
        data = {"channel": "visit", "result": came, **(said if came == "attended" else {})}
        found.append(Step(dice.randint(5, 14), "contact", "recipient", data))
    draw = dice.random()
    if draw < HEALTH:
        found += raised(teller, "health", "health_concerns")
    elif draw < HEALTH + PRACTICAL:
        found += raised(teller, "practical", "practical_concerns")
    elif draw < HEALTH + PRACTICAL + SAFEGUARDING:
        found += raised(teller, "safeguarding", "safeguarding_concerns")
    elif draw > 0.94:
        days = dice.randint(8, 15)
        found += [
            Step(3, "pause", "recipient", {"until": days, "note": teller.say("pauses")}),
            Step(days - 1, "resume", "recipient", {}),
        ]
    return found


def raised(teller: Teller, kind: str, words: str) -> Route:
    raised_at = Step(1, "raise", "recipient", {"kind": kind, "text": teller.say(words)})
    answered = Step(
        teller.delay(0.8 if kind == "health" else 2, most=4),
        "answer",
        "sender",
        {"text": teller.say("concern_answers")},
    )
    return [raised_at, answered]


def finish(teller: Teller, outcome: str | None = None, *, actions: bool | None = None) -> Route:
    """Completed, with an outcome, a summary, and now and then something for the practice."""
    dice = teller.dice
    outcome = (
        outcome or dice.choices(("met", "partly_met", "not_met", "not_known"), (58, 24, 11, 7))[0]
    )
    asks = dice.random() < 0.16 if actions is None else actions
    data: dict[str, Any] = {
        "outcome": outcome,
        "told_by": dice.choice(("person", "both", "both", "provider")),
        "actions_for_practice": [teller.say("actions")] if asks else [],
    }
    if outcome != "not_known":
        data["summary"] = teller.someone.tell(dice.choice(teller.group[outcome]))
    return [Step(dice.randint(4, 12), "complete", "recipient", data)]


def read(teller: Teller, finished: Step) -> Route:
    """Most people read what came back and all do what it asks; the rest closes by itself."""
    if finished.data["actions_for_practice"] or teller.dice.random() < 0.75:
        return [Step(teller.delay(2.5, most=9), "acknowledge", "sender", {})]
    return []


def ending(teller: Teller, reason: str | None = None) -> Route:
    """It stopped before its time."""
    dice = teller.dice
    reason = (
        reason
        or dice.choices(
            ("could_not_reach", "did_not_attend", "person_choice", "unwell", "needs_changed"),
            (30, 30, 20, 10, 10),
        )[0]
    )
    data: Table = {
        "reason": reason,
        "outcome": dice.choice(("not_met", "not_known", "partly_met")),
        "told_by": "provider",
        "actions_for_practice": [],
        "summary": teller.say("summaries_ended"),
    }
    holder = "team" if reason in ("could_not_reach", "did_not_attend") else "either"
    tried = {"channel": teller.channel(), "result": "no_answer"}
    apart = 6 if teller.channel() == "letter" else 2
    tries = 3 if reason == "could_not_reach" else 0
    return [
        *(Step(apart, "contact", "recipient", dict(tried)) for _n in range(tries)),
        Step(dice.randint(3, 9), "end", "recipient", data),
        Step(teller.delay(3, most=8), "acknowledge", holder, {}),
    ]


def refusing(teller: Teller) -> Route:
    """Can't help, and who holds it then finds something else or closes it."""
    dice = teller.dice
    reason = dice.choices(
        ("capacity", "not_appropriate", "person_choice", "too_far", "transport", "not_eligible"),
        (40, 20, 15, 8, 8, 9),
    )[0]
    data = {"reason": reason, **teller.noted("decline_notes")}
    suggestion = teller.say("suggestions")
    if suggestion:
        data["suggestion"] = suggestion
    return [Step(teller.answering(), "decline", "recipient", data)]


def helped(teller: Teller, wait_weeks: int = 0) -> Route:
    """The whole way: answer, contact, support, an outcome, and it is read."""
    begin = waiting(teller, wait_weeks) if wait_weeks else answer(teller)
    done = finish(teller)
    return [*begin, *reaching(teller), *support(teller), *done, *read(teller, done[0])]
