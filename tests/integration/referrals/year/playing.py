"""What people do on a day: refer, answer, get in touch, end, read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, IllegalAction, NotFound, StaleVersion
from referral.referrals import lifecycle, schemas, services
from referral.referrals.models import Referral
from tests.integration.referrals.year import offices
from tests.integration.referrals.year.places import Group, Places, Practice
from tests.support import api

ENDING = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
# Ways of reaching a person, as practices write them down; the last has neither telephone nor
# email nor address.
REACHED: tuple[dict[str, Any], ...] = (
    {"phone": "07700 900321", "reach_by": ["text"]},
    {"email": "canary@example.org", "reach_by": ["email"]},
    {"reach_by": ["letter"]},
    {"phone": "01632 960001", "reach_by": ["phone"]},
    {"phone": "", "email": "", "address": "", "postcode": "", "reach_by": []},
)
# So long after the due date a link worker rings the group.
RINGS_AFTER = timedelta(days=14)
OPEN = (
    Referral.id,
    Referral.status,
    Referral.status_since,
    Referral.sender_id,
    Referral.owner_id,
    Referral.recipient_id,
    Referral.service_id,
    Referral.person_id,
    Referral.due_on,
    Referral.expected_on,
    Referral.self_closing,
)


@dataclass
class Played:
    """What was done, and refused, in the whole year."""

    verbs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    made: int = 0
    unreachable: int = 0


def open_now() -> list[Any]:
    """The open referrals, as rows of ``OPEN``."""
    with reading(SYSTEM):
        chosen = select(*OPEN).where(Referral.status.in_(lifecycle.OPEN)).order_by(Referral.id)
        return list(session().execute(chosen))


class Year:
    """The people of a locality, each day anew with the same dice."""

    def __init__(self, places: Places, seed: int) -> None:
        self.places, self.dice, self.played = places, Random(seed), Played()

    def day(self, day: date, referrals: int) -> None:
        """Everything that people do on ``day``, in the order of the clock."""
        doings: list[tuple[datetime, int, Callable[[], None]]] = []
        for row in open_now():
            found = self._of(row, day)
            if found is not None:
                doings.append((self._moment(day), len(doings), found))
        for _n in range(referrals):
            doings.append((self._moment(day), len(doings), self._refer))
        doings.append((self._moment(day), len(doings), self._offices))
        for moment, _n, do in sorted(doings, key=lambda doing: doing[:2]):
            with clock.at(moment):
                do()

    def leaves(self, actor: Actor) -> None:
        """Somebody's account is closed; what they held goes on without them."""
        offices.leave(actor)
        for practice in self.places.practices:
            practice.staff = [one for one in practice.staff if one.id != actor.id]

    def _offices(self) -> None:
        offices.see_to(self.places, self.dice, self.played.told)

    def _moment(self, day: date) -> datetime:
        """Sometime between 8 in the morning and 9 in the evening."""
        minutes = self.dice.randrange(8 * 60, 21 * 60)
        return datetime.combine(day, time(minutes // 60, minutes % 60), clock.UK)

    def _chance(self, of: float) -> bool:
        return self.dice.random() < of

    def _refer(self) -> None:
        practice = self.dice.choice(self.places.practices)
        self.played.made += 1
        number = self.played.made
        reached = REACHED[number % len(REACHED)]
        self.played.unreachable += reached["reach_by"] == []
        group = self.dice.choice(self.places.groups)
        body = api.referral(
            number,
            None if self._chance(0.1) else str(group.service),
            person=api.person(number, **reached),
            urgency="urgent" if self._chance(0.1) else "routine",
            if_not="link_worker" if self._chance(0.7) else "referrer",
        )
        sender = self.dice.choice(practice.staff)
        try:
            with transaction(sender):
                services.create(sender, schemas.Create().read(body))
        except Conflict as refusal:  # not taking referrals just now: the team looks for another
            self.played.refused[f"refer: {refusal.type}"] += 1
            body.pop("service_id")
            with transaction(sender):
                services.create(sender, schemas.Create().read(body | {"triage": True}))
        self.played.verbs["refer"] += 1

    def _say(
        self, actor: Actor, row: Any, verb: str, body: Mapping[str, Any], group: Group | None = None
    ) -> None:
        """One verb; somebody else may have been quicker, that is no fault."""
        read = schemas.BODIES[verb]().read(dict(body))
        try:
            with transaction(actor):
                if group is not None and group.by == "telephone":
                    services.record(actor, row.id, verb, None, read, "Jean")
                else:
                    services.act(actor, row.id, verb, None, read)
        except (IllegalAction, NotFound, StaleVersion, Conflict) as refusal:
            self.played.refused[f"{verb}: {refusal.type}"] += 1
        else:
            self.played.verbs[verb] += 1
            if group is not None:
                group.taps += 2  # which of the buttons, and that it is meant

    def _of(self, row: Any, day: date) -> Callable[[], None] | None:
        """What somebody does about this referral today, if anything."""
        if self._chance(0.0005):
            return lambda: self._dies(row)
        if self._chance(0.002):
            return self._aside(row)
        owner = row.owner_id
        if owner == self.places.world.team_id:
            return self._team(row, day)
        group = self.places.by_service.get(row.service_id)
        if group is not None and owner == group.organisation:
            if row.due_on < day - RINGS_AFTER and self._chance(0.06):
                return self._ring(group, row)
            return self._group(group, row, day)
        practice = next((one for one in self.places.practices if one.id == owner), None)
        return self._practice(practice, row) if practice is not None else None

    def _aside(self, row: Any) -> Callable[[], None] | None:
        """Something raised, or taken back."""
        practice = next((one for one in self.places.practices if one.id == row.sender_id), None)
        if practice is None:
            return None
        staff = self.dice.choice(practice.staff)
        if self._chance(0.3):
            return lambda: self._say(staff, row, "withdraw", {"reason": "She changed her mind"})
        return lambda: self._say(staff, row, "raise", {"kind": "practical", "text": "A ramp?"})

    def _dies(self, row: Any) -> None:
        knows = {practice.id: practice.staff[0] for practice in self.places.practices}
        actor = knows.get(row.sender_id, self.places.workers[0])
        with transaction(actor):
            services.person_gone(actor, row.person_id, "died")
        self.played.verbs["died"] += 1

    def _team(self, row: Any, day: date) -> Callable[[], None] | None:
        worker = self.dice.choice(self.places.workers)
        if row.status in ("declined", "returned_no_reply", "ended_early"):
            if not self._chance(0.35):
                return None
            if row.status == "ended_early" or self._chance(0.3):
                return lambda: self._say(worker, row, "acknowledge", {})
            other = str(self.dice.choice(self.places.groups).service)
            return lambda: self._say(worker, row, "redirect", {"service_id": other})
        return self._deliver(worker, row, day, TEAM, None)

    def _group(self, group: Group, row: Any, day: date) -> Callable[[], None] | None:
        return self._deliver(self.dice.choice(group.voices), row, day, group.habit, group)

    def _ring(self, group: Group, row: Any) -> Callable[[], None]:
        """A link worker rings a group that has gone quiet, and writes down what it says."""
        worker, said = self.dice.choice(self.places.workers), "end"
        body: dict[str, Any] = ENDING | {"reason": "person_choice", "outcome": "not_known"}
        if row.status == "paused":
            said, body = "resume", {}
        if row.status == "sent":
            said, body = "accept", {}
        by_telephone = replace(group, by="telephone", taps=0)
        return lambda: self._say(worker, row, said, body, by_telephone)

    def _deliver(
        self, actor: Actor, row: Any, day: date, habit: Any, group: Group | None
    ) -> Callable[[], None] | None:
        found = self._next(row, day, habit)
        if found is None:
            return None
        verb, body = found
        return lambda: self._say(actor, row, verb, body, group)

    def _next(self, row: Any, day: date, habit: Any) -> tuple[str, dict[str, Any]] | None:
        soon = (day + timedelta(days=self.dice.randrange(5, 40))).isoformat()
        answers: dict[str, dict[str, Any]] = {
            "accept": {},
            "waitlist": {"expected_on": soon},
            "ask": {"question": "Is she happy in groups?"},
            "decline": {"reason": "capacity"},
        }
        if row.status in ("sent", "question_asked"):
            if not self._chance(habit.answers):
                return None
            weights = [habit.yes, habit.wait, habit.ask * (row.status == "sent"), habit.no]
            verb = self.dice.choices(list(answers), weights)[0]
            return verb, answers[verb]
        if row.status == "waiting_list":
            if not self._chance(habit.reaches / 2):
                return None
            verb = self.dice.choice(("accept", "waitlist"))
            return verb, answers[verb]
        if row.status in ("accepted", "contacting"):
            if not self._chance(habit.reaches):
                return None
            if self._chance(0.4):
                return "contact", {"channel": "phone", "result": "no_answer"}
            return ("start", {}) if row.status == "contacting" else ("contact", _met())
        if row.status == "started":
            if self._chance(habit.reaches / 3):
                return "contact", _met()
            if self._chance(0.01 * bool(habit.ends)):
                return "pause", {"until": soon, "note": "In hospital"}
            return self._ending(habit)
        if row.status == "paused" and row.expected_on <= day and self._chance(habit.reaches):
            return "resume", {}
        return None

    def _ending(self, habit: Any) -> tuple[str, dict[str, Any]] | None:
        if not self._chance(habit.ends):
            return None
        actions = {"actions_for_practice": ["Review her tablets"]} if self._chance(0.2) else {}
        if self._chance(0.7):
            return "complete", ENDING | actions
        reason = self.dice.choice(("did_not_attend", "person_choice", "unwell"))
        return "end", ENDING | actions | {"reason": reason, "outcome": "not_met"}

    def _practice(self, practice: Practice, row: Any) -> Callable[[], None] | None:
        staff = self.dice.choice(practice.staff)
        if not self._chance(0.25):
            return None
        if row.status == "question_asked":
            return lambda: self._say(staff, row, "reply", {"answer": "Yes, small ones"})
        if row.self_closing:
            return None
        return lambda: self._say(staff, row, "acknowledge", {})


@dataclass(frozen=True)
class Team:
    """How link workers work on what came to them."""

    answers: float = 0.5
    reaches: float = 0.3
    ends: float = 0.05
    yes: int = 9
    wait: int = 1
    ask: int = 1
    no: int = 0


TEAM = Team()


def _met() -> dict[str, Any]:
    return {"channel": "visit", "result": "attended"}
