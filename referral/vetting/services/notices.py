"""Whom the clock tells what: each thing once, whenever it comes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.vetting import notifications, passport, queries
from referral.vetting.models import Application, ExpiryNotice
from referral.vetting.notifications import About, Ending, Place
from referral.vetting.queries import Dossier, Line


@dataclass(frozen=True)
class Due:
    """A check ends, or has: of whose answer (``holder``), and who hears of it as what.

    ``subject_id``: the answer, or the decision that let it wait.
    """

    line: Line
    subject_id: uuid.UUID
    until: date
    step: int
    holder: Organisation

    def ending(self, of: Organisation) -> Ending:
        """As it is told of one organisation: a group reads who holds it for them."""
        held_by = "" if of.id == self.holder.id else self.holder.name
        return Ending(self.line.item.check.title, self.until, self.step, held_by)


def tell(
    actor: Actor,
    made: Application,
    found: Dossier,
    *,
    stopped: bool | None = None,
    only_out: bool = False,
) -> None:
    """Tell the organisation, its anchor and the leads what is due and they have not heard yet.

    ``stopped``: new referrals stopped just now (True) or go on again (False). ``only_out``: what
    ends soon can wait for the clock.
    """
    own, teams = found.organisation, queries.reviewing_teams(made)
    places = _places(actor, found, teams)
    if stopped is False:
        for reader in (own.id, *teams):
            about = About(made.id, own.name, lead=reader in teams)
            for place in places[reader]:
                notifications.resumed(actor, place, about, clock.now())
    letters: dict[tuple[uuid.UUID, uuid.UUID], dict[str, Ending]] = defaultdict(dict)
    for due in _due(made, found):
        if only_out and due.step:
            continue
        for reader, of in _readers(found, due, teams):
            if places[reader] and _is_news(due, reader):
                ending = due.ending(of)
                letters[reader, of.id][ending.fact] = ending
    if stopped:
        for reader in (own.id, *teams):
            letters[reader, own.id] |= {one.fact: one for one in _short(found)}
    names = {own.id: own.name} | {due.holder.id: due.holder.name for due in _due(made, found)}
    for (reader, of_id), endings in letters.items():
        at = clock.now() if stopped and of_id == own.id else None
        about = About(made.id, names[of_id], lead=reader in teams)
        for place in places[reader]:
            notifications.checks_end(actor, place, about, list(endings.values()), at)


def _places(
    actor: Actor, found: Dossier, teams: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Place]]:
    sides = [found.organisation.id, *([found.hosting.anchor_id] if found.hosting else [])]
    return {side: notifications.people_of(actor, side) for side in sides} | {
        team: notifications.leads_of(actor, team) for team in teams
    }


def _due(made: Application, found: Dossier) -> Iterator[Due]:
    """What holds referrals back when it ends, and the step of it that is due today."""
    today = clock.today()
    for line in found.checklist(today):
        item, answer = line.item, line.answer
        if item.until is None or not (item.check.mandatory and item.check.pauses):
            continue
        step = passport.notice(item.until, today)
        if step is None:
            continue
        if answer is not None:
            holder = answer.held_by or found.organisation
            yield Due(line, answer.evidence.id, item.until, step, holder)
        elif made.decision_id is not None and not _was_decided_later(made, item.until, step):
            yield Due(line, made.decision_id, item.until, step, found.organisation)


def _was_decided_later(made: Application, until: date, step: int) -> bool:
    """The decision that set the day came after this step; it said so itself."""
    decided_on = clock.local(made.decided_at).date() if made.decided_at else date.min
    return step > 0 and decided_on >= until - timedelta(days=step)


def _readers(
    found: Dossier, due: Due, teams: Sequence[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, Organisation]]:
    """(who hears, of which organisation). What is held for a group, leads hear of its anchor."""
    own = found.organisation
    for team in teams:
        yield team, due.holder
    # Whoever has answered and waits for a reviewer is not asked again.
    waits = due.line.open is not None and due.line.open.state == "given"
    if not (due.step and waits):
        yield own.id, own
        if due.holder.id != own.id:
            yield due.holder.id, due.holder


def _is_news(due: Due, reader: uuid.UUID) -> bool:
    """Write down that they are told; False when they were."""
    insert: Any = sqlite.insert if _dialect() == "sqlite" else postgresql.insert
    done = session().execute(
        insert(ExpiryNotice)
        .values(
            id=new_id(),
            subject_id=due.subject_id,
            check_key=due.line.item.check.key,
            to_organisation_id=reader,
            step=due.step,
            until=due.until,
            told_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ExpiryNotice.id)
    )
    return done.scalar_one_or_none() is not None


def _dialect() -> str:
    return session().get_bind().dialect.name


def _short(found: Dossier) -> list[Ending]:
    """What holds referrals back now, for good measure also what never was there."""
    return [
        Ending(
            line.item.check.title,
            line.item.until,
            0,
            line.answer.held_by.name if line.answer and line.answer.held_by else "",
        )
        for line in found.checklist(clock.today())
        if line.item.holds_back
    ]
