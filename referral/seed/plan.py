"""Plans a year of referrals: who, for what, to whom, and every step with its moment.

Everything follows from the date and the random seed alone; nothing is played here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from referral.seed import calendar, reading, routes
from referral.seed.folk import Someone
from referral.seed.routes import Route, Step, Teller
from referral.seed.town import Offer

DAYS = 365
SWIFT_SINCE = 95  # days ago, since when organisations answer faster
SOON = ("accept", "ask", "reply", "decline", "waitlist", "contact")  # when it is urgent
FAVOURITES = {"riverside": 4, "elder_park": 2, "advice": 2, "columba": 2, "mens_shed": 2}


@dataclass
class Case:
    """One referral to be made. ``offer`` None: sent to the link workers for triage.

    ``sender`` is a practice's or a team's key. ``after``: the case this one is made from, by
    ``how``: ``redirect`` or ``onward``.
    """

    someone: Someone
    sender: str
    offer: Offer | None
    sent: datetime
    reason: str
    needs: list[str]
    route: Route
    urgent: bool = False
    draft: bool = False
    risk: str = ""
    feedback: str = "full"
    if_not: str = "link_worker"
    after: Case | None = None
    how: str = ""
    moments: list[datetime] = field(default_factory=list)

    def time(self, dice: random.Random) -> None:
        """Give every step its moment."""
        moment = self.sent
        for step in self.route:
            moment = calendar.later(moment, step.after, dice)
            self.moments.append(moment)

    @property
    def ends(self) -> datetime:
        return self.moments[-1] if self.moments else self.sent


class Planner:
    """Draws cases; the dice are the only source of chance."""

    def __init__(
        self, dice: random.Random, today: date, people: Sequence[Someone], offers: Sequence[Offer]
    ) -> None:
        self.dice, self.today = dice, today
        self.people, self.offers = people, offers
        self.stories = reading.table("stories")
        self.now = calendar.start_of(today)

    def year(self, count: int) -> list[Case]:
        """Cases, those made from another one included, ``count`` of them before now."""
        found: list[Case] = []
        while self.made(found) < count:
            room = count - self.made(found)
            found += self.family(self._some_day(), room)
        return found

    def made(self, cases: Sequence[Case]) -> int:
        """How many of them are there already."""
        return sum(case.sent < self.now for case in cases)

    def _some_day(self) -> datetime:
        """More of them lately: the practices are getting into the habit."""
        back = min(int(self.dice.triangular(1, DAYS, 60)), DAYS - 5)
        day = self.today - timedelta(days=back)
        while not calendar.TOWN.is_working(day):
            day -= timedelta(days=1)
        return calendar.at(day, self.dice.uniform(8.5, 17.9))

    def family(self, sent: datetime, room: int) -> list[Case]:
        """A case and what is made from it, when there is ``room`` for more than one."""
        someone = self.dice.choice(self.people)
        draw = self.dice.random()
        if draw < 0.2:
            return self._triaged(someone, sent, onward=room > 1)
        offer = self.offer_for(someone)
        if offer is None:
            return self._triaged(someone, sent, onward=False)
        teller = self.teller(someone, sent)
        if draw < 0.31 and room > 1:
            return self._redirected(someone, offer, sent)
        route = self._route(teller, offer)
        return [self.case(someone, offer, sent, route)]

    def _route(self, teller: Teller, offer: Offer) -> Route:
        draw, wait = self.dice.random(), 0
        if offer.capacity == "waiting_list":
            wait = offer.wait_weeks
        if draw < 0.70:
            return routes.helped(teller, wait)
        if draw < 0.82:
            begin = [*routes.answer(teller), *routes.reaching(teller)]
            if self.dice.random() < 0.6:
                begin += routes.support(teller)[:2]
            return [*begin, *routes.ending(teller)]
        if draw < 0.88:
            return [*routes.refusing(teller), Step(2, "acknowledge", "either", {})]
        if draw < 0.92:
            return [Step(13, "acknowledge", "either", {})]  # silence, and it came back
        if draw < 0.97:
            words = {"reason": teller.say("withdrawn")}
            return [*routes.answer(teller), Step(2, "withdraw", "sender", words)]
        return [Step(1, "correct", "sender", {"reason": teller.say("corrected")})]

    def _triaged(self, someone: Someone, sent: datetime, *, onward: bool) -> list[Case]:
        """To the link workers, who meet the person and send them on."""
        teller = self.teller(someone, sent)
        begin = [
            Step(teller.delay(0.6 if teller.swift else 1.6, most=2), "accept", "recipient", {}),
            *routes.reaching(teller),
            Step(teller.delay(2, most=6), "start", "recipient", {}),
        ]
        offer = self.offer_for(someone) if onward else None
        if offer is None:
            done = routes.finish(teller)
            route = [*begin, *done, *routes.read(teller, done[0])]
            return [self.case(someone, None, sent, route)]
        parent = self.case(someone, None, sent, begin)
        moment = calendar.later(parent.ends, teller.delay(2), self.dice)
        route = [*routes.helped(teller)]
        if route[-1].verb != "acknowledge":
            route.append(Step(3, "acknowledge", "sender", {}))
        child = self.case(someone, offer, moment, route, parent, "onward")
        gap = calendar.TOWN.between(parent.ends.date(), child.ends.date())
        met = Step(10, "contact", "recipient", {"channel": "phone", "result": "reached"})
        between = [Step(met.after, met.verb, met.party, met.data) for _n in range(gap // 12)]
        last = routes.finish(teller, actions=False)[0]
        last.after = gap - 10 * len(between) + 14
        more: Route = [*between, last]
        for step in more:
            parent.moments.append(calendar.later(parent.ends, step.after, self.dice))
            parent.route.append(step)
        return [parent, child]

    def _redirected(self, someone: Someone, offer: Offer, sent: datetime) -> list[Case]:
        """Declined, or never answered; then the link workers find something else."""
        teller = self.teller(someone, sent)
        silent = self.dice.random() < 0.3
        route = [] if silent else routes.refusing(teller)
        first = self.case(someone, offer, sent, route)
        other = self.offer_for(someone)
        wait = 13.0 if silent else teller.delay(2.5, most=5)
        moment = calendar.later(first.ends, wait, self.dice)
        if other is None:  # nothing else would suit; the link worker says so and closes it
            first.moments.append(moment)
            first.route.append(Step(wait, "acknowledge", "either", {}))
            return [first]
        route = routes.helped(teller)
        second = self.case(someone, other, moment, route, first, "redirect", urgent=first.urgent)
        return [first, second]

    def teller(self, someone: Someone, sent: datetime) -> Teller:
        swift = sent > self.now - timedelta(days=SWIFT_SINCE)
        return Teller(self.dice, someone, swift=swift)

    def offer_for(self, someone: Someone, name: str = "") -> Offer | None:
        """A service for the person's story that has not had them yet."""
        needs = set(someone.story["needs"])
        fit = [
            offer
            for offer in self.offers
            if (offer.listed or offer.name == name)
            and offer.capacity in ("open", "waiting_list")
            and offer.id not in someone.served
            and offer.minimum_age <= someone.age <= offer.maximum_age
            and offer.only_for in ("", someone.sex)
            and (offer.name == name if name else needs & set(offer.needs))
        ]
        if not fit:
            return None
        first = someone.story["needs"][0]
        fit = [offer for offer in fit if first in offer.needs[:2]] or fit
        chosen = self.dice.choices(fit, [FAVOURITES.get(offer.provider, 1) for offer in fit])[0]
        someone.served.add(chosen.id)
        return chosen

    def case(
        self,
        someone: Someone,
        offer: Offer | None,
        sent: datetime,
        route: Route,
        after: Case | None = None,
        how: str = "",
        *,
        urgent: bool | None = None,
    ) -> Case:
        story = someone.story
        risk = story.get("risk", "")
        if not risk and self.dice.random() < 0.07:
            risk = self.dice.choice(self.stories["words"]["risks"])
        made = Case(
            someone=someone,
            sender=someone.practice,
            offer=offer,
            sent=sent,
            reason=someone.tell(self.dice.choice(story["reasons"])),
            needs=list(story["needs"]),
            route=route,
            urgent=self.dice.random() < 0.06 if urgent is None else urgent,
            risk=someone.tell(risk),
            feedback=self.dice.choices(("full", "summary", "codes", "none"), (70, 18, 8, 4))[0],
            if_not="referrer" if self.dice.random() < 0.15 else "link_worker",
            after=after,
            how=how,
        )
        if made.urgent:
            for step in takewhile(lambda step: step.verb != "start", route):
                step.after = min(step.after, 0.9 if step.verb in SOON else step.after)
        made.time(self.dice)
        return made
