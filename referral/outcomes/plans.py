"""A plan as those who may see it read it: plain values, and what can be said of them. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from referral.core import clock
from referral.outcomes.sections import Section, filled


@dataclass(frozen=True)
class Action:
    """Who does what by when. ``name``: of the link worker, or of the service referred to."""

    id: uuid.UUID
    version: int
    goal_id: uuid.UUID | None
    text: str
    who: str
    user_id: uuid.UUID | None = None
    name: str = ""
    referral_id: uuid.UUID | None = None
    due_on: date | None = None
    done_on: date | None = None

    def is_late(self, today: date) -> bool:
        """Its day has passed and it is not done."""
        return self.done_on is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Goal:
    """A goal in the person's words; ``importance`` and ``confidence`` 1 to 10 or not said.

    ``chosen``: whose idea it was, a key of ``codes.CHOSEN`` or "" where nobody wrote it down.
    """

    id: uuid.UUID
    version: int
    text: str
    need: str = ""
    importance: int | None = None
    confidence: int | None = None
    state: str = "open"
    actions: tuple[Action, ...] = ()
    chosen: str = ""


@dataclass(frozen=True)
class Contact:
    """An attempt or a meeting, as the record takes it. ``by`` is a name or empty."""

    at: datetime
    channel: str
    result: str
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Shown:
    """The plan of one referral. ``plan_id`` None: nothing was written yet.

    ``person`` is the whole name, ``short`` the one of lists. ``keeps``: the reader may change it
    now. ``reviewer``: who of the team holds the referral. ``version`` is that of the whole plan;
    one that was never written has the first. ``agreed``: None not asked, else whether they agreed,
    on ``agreed_on``; ``agreed_by`` who it was, where it was not the person.
    """

    referral_id: uuid.UUID
    reference: str
    person: str
    short: str
    team: str
    keeps: bool = False
    plan_id: uuid.UUID | None = None
    version: int = 1
    about: Mapping[str, str] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    others: tuple[Action, ...] = ()
    review_on: date | None = None
    reviewer: str = ""
    agreed: bool | None = None
    agreed_on: date | None = None
    agreed_authority: str | None = None
    agreed_by: str = ""
    made_at: datetime | None = None
    updated_at: datetime | None = None
    updated_by: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing is written that could be read."""
        return not (filled(self.about) or self.goals or self.others or self.review_on)

    @property
    def updated_on(self) -> date | None:
        """The local day it was last changed."""
        return clock.local(self.updated_at).date() if self.updated_at is not None else None

    @property
    def changed_since(self) -> bool:
        """It was changed on a later day than it was agreed."""
        if not self.agreed or self.agreed_on is None or self.updated_on is None:
            return False
        return self.updated_on > self.agreed_on

    def sections(self, group: str = "") -> list[tuple[Section, str]]:
        """What is written about the person, in the standard's order; nothing that is blank."""
        return filled(self.about, group)

    def goal(self, goal_id: uuid.UUID) -> Goal | None:
        return next((one for one in self.goals if one.id == goal_id), None)

    def action(self, action_id: uuid.UUID) -> Action | None:
        every = [*self.others, *(one for goal in self.goals for one in goal.actions)]
        return next((one for one in every if one.id == action_id), None)
