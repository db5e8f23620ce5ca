"""Plays planned referrals through the real services, with the clock at each step's moment.

So history, audit, tallies, messages and due dates are what they would have been. Each morning the
sweep runs, as the worker would run it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select

from referral.core import audit, clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session, transaction
from referral.core.errors import ReferralError
from referral.core.schema import Schema
from referral.people import services as people
from referral.people.schemas import Person
from referral.referrals import queries, schemas, services
from referral.referrals.models import Referral, Thread
from referral.seed import beyond, calendar, reading
from referral.seed.plan import Case
from referral.seed.reading import Table
from referral.seed.routes import Step
from referral.seed.town import Town

SWEPT_AT = 6.1  # in the morning, local time
DATES = ("expected_on", "until")
Progress = Callable[[int], None]


@dataclass
class Playing:
    """A case and what it has become."""

    case: Case
    sender: Actor | None = None
    referral_id: UUID | None = None
    stopped: bool = False
    seen: bool = False


@dataclass(frozen=True)
class Event:
    """``step`` None: the referral is made."""

    moment: datetime
    playing: Playing
    step: Step | None


@dataclass
class Play:
    """``dropped`` counts steps that the rules refused, by verb and reason; nearly none."""

    town: Town
    dice: random.Random
    today: date
    dropped: Counter[str] = field(default_factory=Counter)
    played: dict[int, Playing] = field(default_factory=dict)
    # What happens in the town on the way, once its moment has come.
    asides: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def run(self, cases: Sequence[Case], progress: Progress) -> None:
        """Play every event before today, one transaction a month. ``progress``: events done."""
        self.played = {id(case): Playing(case) for case in cases}
        events = sorted(self._events(cases), key=lambda event: event.moment)
        swept = events[0].moment.date() if events else self.today
        for _month, group in groupby(events, key=lambda event: event.moment.strftime("%Y-%m")):
            done = 0
            with transaction(SYSTEM):
                for event in group:
                    swept = self._sweep_until(clock.local(event.moment).date(), swept)
                    self._step_aside(event.moment)
                    with clock.at(event.moment):
                        self._play(event)
                    done += 1
            progress(done)
        with transaction(SYSTEM):
            self._sweep_until(self.today, swept)

    def _step_aside(self, moment: datetime) -> None:
        while self.asides and self.asides[0][0] <= moment:
            before, happens = self.asides.pop(0)
            with clock.at(before):
                happens()

    def _events(self, cases: Sequence[Case]) -> Iterator[Event]:
        end = calendar.start_of(self.today)
        for case in cases:
            playing = self.played[id(case)]
            if case.sent < end:
                yield Event(case.sent, playing, None)
            for moment, step in zip(case.moments, case.route, strict=True):
                if moment < end and not case.draft:
                    yield Event(moment, playing, step)

    def _sweep_until(self, day: date, swept: date) -> date:
        """Sweep every morning after ``swept`` up to ``day``."""
        while swept < day:
            swept += timedelta(days=1)
            with clock.at(min(calendar.at(swept, SWEPT_AT), clock.now())):
                for referral_id in queries.to_sweep(SYSTEM, limit=500):
                    services.sweep(SYSTEM, referral_id)
        return swept

    def _play(self, event: Event) -> None:
        playing = event.playing
        if playing.stopped:
            return
        verb = event.step.verb if event.step else "create"
        try:
            if event.step is None:
                playing.referral_id = self._make(playing)
            elif playing.referral_id is not None:
                self._act(playing, playing.referral_id, event.step)
        except ReferralError as error:
            playing.stopped = True
            self.dropped[f"{verb}: {type(error).__name__}"] += 1

    def _make(self, playing: Playing) -> UUID:
        case = playing.case
        if case.after is None:
            playing.sender = self._sender(case)
            person = self._registered(playing.sender, case)
            data = {**_answers(case), "person_id": str(person), "draft": case.draft}
            return services.create(playing.sender, _read(schemas.Create, data)).id
        parent = self.played[id(case.after)]
        if parent.referral_id is None or parent.stopped:
            raise ReferralError("the referral this one comes from was never made")
        if case.how == "onward":
            playing.sender = self._recipient(parent)
            data = {**_answers(case), "based_on": str(parent.referral_id)}
            return services.create(playing.sender, _read(schemas.Create, data)).id
        playing.sender = self._owner(parent, parent.referral_id)
        data = {"confirm_duplicate": True, **_where(case)}
        body = _read(schemas.BODIES["redirect"], data)
        old = services.redirect(playing.sender, parent.referral_id, None, body)
        return _made_from(old)

    def _act(self, playing: Playing, referral_id: UUID, step: Step) -> None:
        actor = self._actor(playing, referral_id, step.party)
        if step.party == "recipient" and not playing.seen:
            playing.seen = True
            self._look(actor, referral_id)
        data = dict(step.data)
        if step.verb == "answer":
            thread = _open_thread(referral_id)
            actor = self._of(playing, thread.owner_id)
            data["thread_id"] = str(thread.id)
        for name in DATES:
            if name in data:
                data[name] = calendar.TOWN.add(clock.today(), data[name]).isoformat()
        if step.verb in beyond.STEPS:
            beyond.STEPS[step.verb](actor, referral_id, data)
            return
        body = _read(schemas.BODIES[step.verb], data)
        by_telephone = step.party == "recipient" and self._rings(playing)
        if by_telephone:
            worker = self._link_worker(playing.case)
            services.record(worker, referral_id, step.verb, None, body, by_telephone)
        else:
            services.act(actor, referral_id, step.verb, None, body)

    def _look(self, actor: Actor, referral_id: UUID) -> None:
        """They open it some minutes before they answer."""
        found = session().get_one(Referral, referral_id)
        sent = found.sent_at or clock.now()
        before = clock.now() - timedelta(minutes=self.dice.randint(4, 40))
        with clock.at(max(before, sent + timedelta(minutes=1))):
            view = audit.View(actor, "referral:viewed")
            view.subjects.append((("referral", referral_id), found.person_id))
            audit.write_views([view])

    def _registered(self, actor: Actor, case: Case) -> UUID:
        known = case.someone.registered
        if case.sender not in known:
            known[case.sender] = people.register(actor, _read(Person, case.someone.fields)).id
        return known[case.sender]

    def _actor(self, playing: Playing, referral_id: UUID, party: str) -> Actor:
        if party == "recipient":
            return self._recipient(playing)
        if party == "sender":
            return self._clinician(playing)
        if party == beyond.THEMSELVES:
            return beyond.person_of(referral_id)
        return self._owner(playing, referral_id)

    def _owner(self, playing: Playing, referral_id: UUID) -> Actor:
        """Whoever holds it."""
        return self._of(playing, session().get_one(Referral, referral_id).owner_id)

    def _of(self, playing: Playing, organisation: UUID | None) -> Actor:
        """Somebody of ``organisation``: the sender's own, the practice's, or the link workers'."""
        if playing.sender is not None and organisation == playing.sender.organisation:
            return self._clinician(playing)
        practice = playing.case.sender
        if organisation == self.town.organisations[practice]:
            return self.town.who(practice, "practice_staff")[0]
        return self._link_worker(playing.case)

    def _clinician(self, playing: Playing) -> Actor:
        """Who sent it; what reception raised for triage a clinician answers for."""
        if playing.sender is None or playing.sender.has("care_navigator"):
            return self.town.who(playing.case.sender, "practice_staff")[0]
        return playing.sender

    def _sender(self, case: Case) -> Actor:
        """Mostly the first of the practice; reception raises some of those for triage."""
        if case.offer is None and not case.draft and self.dice.random() < 0.25:
            reception = self.town.who(case.sender, "care_navigator")
            if reception:
                return reception[0]
        staff = self.town.who(case.sender, "practice_staff")
        return staff[0] if case.draft or self.dice.random() < 0.6 else self.dice.choice(staff)

    def _recipient(self, playing: Playing) -> Actor:
        offer = playing.case.offer
        if offer is None:
            return self._link_worker(playing.case)
        by_link = self.town.contacts.get(offer.provider)
        if by_link and offer.id in by_link[0].services:
            return by_link[0]
        return self.town.who(offer.provider, "provider_worker", "provider_manager")[0]

    def _rings(self, playing: Playing) -> str:
        """Who of the group says it to a link worker on the telephone; "" where they answer."""
        at = playing.case.offer.provider if playing.case.offer is not None else ""
        rings = at in self.town.contacts and at in reading.table("desks")["ways"]["telephone"]
        return (
            next(row["contact"] for row in reading.providers() if row["key"] == at) if rings else ""
        )

    def _link_worker(self, case: Case) -> Actor:
        """The same one for all of a person's referrals, so that a caseload is one."""
        team = self.town.practices[case.someone.practice]["team"]
        workers = self.town.who(team, "link_worker", "link_worker", "link_worker_lead")
        return workers[int(case.someone.fields["health_number"]["value"]) % len(workers)]


def _read(schema: type[Schema], data: Table) -> Table:
    return schema().read(data)


def _where(case: Case) -> Table:
    return {"triage": True} if case.offer is None else {"service_id": str(case.offer.id)}


def _answers(case: Case) -> Table:
    risk: Table = {"known": True, "text": case.risk} if case.risk else {"known": False}
    return {
        **_where(case),
        "needs": case.needs,
        "reason": case.reason,
        "risk": risk,
        "urgency": "urgent" if case.urgent else "routine",
        "consent": {
            "refer": True,
            "feedback": case.feedback,
            "evaluation": True,
            "told": True,
            "authority": "self",
        },
        "if_not": case.if_not,
        "confirm_duplicate": True,
    }


def _open_thread(referral_id: UUID) -> Thread:
    """The thread that waits for an answer. Raise ``ReferralError`` when none does."""
    found = session().scalar(
        select(Thread).where(Thread.referral_id == referral_id, Thread.answered_at.is_(None))
    )
    if found is None:
        raise ReferralError("nothing waits for an answer")
    return found


def _made_from(old: Referral) -> UUID:
    if old.replaced_by_id is None:
        raise ReferralError("redirecting made no referral")
    return old.replaced_by_id


def by_status() -> dict[str, int]:
    """How many referrals there are, by status."""
    rows = session().execute(
        select(Referral.status, func.count()).group_by(Referral.status).order_by(Referral.status)
    )
    return {status: int(count) for status, count in rows}
