"""What happened to your people: everything that came back and waits to be read, a line each."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.outcomes import results
from referral.outcomes.message import Said
from referral.outcomes.models import Result, Thanks
from referral.outcomes.queries.gathering import VIEWED
from referral.people import queries as people
from referral.people.models import PersonKey
from referral.referrals import codes, disclosure, lifecycle, parties
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral
from referral.referrals.queries import in_scope, rows
from referral.referrals.queries.view import level_of

MOST = 50
# What was read stays so long, so that somebody can still say thank you.
LATELY = timedelta(days=7)
WAITING = ("completed", "ended_early")


@dataclass(frozen=True)
class Line:
    """One referral that came back, with no more than the reader may know.

    ``actions``: what the practice is asked. ``asked``: how many, where the reader's role may not
    read them. ``said``: the outcome by each word; empty where it is not told, or waits until
    ``goes_on``. ``told``: something comes back at all; ``shares``: more than that it finished.
    ``decides``: somebody must decide what the person gets next. ``mine``: the reader's organisation
    holds it and may close it; of what a team sent for the practice's patient it only hears.
    ``read``: closed already.
    """

    id: uuid.UUID
    version: int
    reference: str
    person: str
    to: str
    finished_on: date | None
    actions: tuple[str, ...]
    asked: int
    said: tuple[Said, ...]
    end_reason: str
    told: bool
    shares: bool
    goes_on: date | None
    decides: bool
    mine: bool
    read: bool
    thanked: bool

    @property
    def waits(self) -> bool:
        """Something is asked of whoever reads it."""
        return bool(self.actions or self.asked or self.decides)


@dataclass(frozen=True)
class CameBack:
    """``asked``: actions and decisions, first. ``to_read``: nothing is asked. ``lately``: read in
    the last week. ``acts``: the reader may say that it is read. ``more``: there is more to come.
    """

    asked: tuple[Line, ...]
    to_read: tuple[Line, ...]
    lately: tuple[Line, ...]
    acts: bool
    more: bool

    def thankable(self) -> list[Line]:
        """Those that the practice has not said thank you for."""
        every = (*self.asked, *self.to_read, *self.lately)
        return [one for one in every if one.told and not one.thanked]


def came_back(actor: Actor) -> CameBack:
    """What came back to the actor's organisation, what asks something first; it is audited.

    The same few statements however many there are.
    """
    permit(actor, Permission.SEE_REFERRALS)
    session().flush()
    found = session().execute(_chosen(actor)).all()
    said = _said([row.Referral for row in found])
    lines = [_line(actor, row, said) for row in found[:MOST]]
    audit.viewed_list(
        actor,
        VIEWED,
        [
            (("referral", row.Referral.id), row.Referral.person_id)
            for row, line in zip(found, lines, strict=False)
            if line.told
        ],
    )
    open_ = [line for line in lines if not line.read]
    return CameBack(
        asked=tuple(line for line in open_ if line.waits),
        to_read=tuple(line for line in open_ if not line.waits),
        lately=tuple(line for line in lines if line.read),
        acts=may(actor, Permission.ACT_ON_REFERRALS),
        more=len(found) > MOST,
    )


def first_words(actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """``{referral: outcome}`` by the word that is shown first: the person's, where they said it.

    Of referrals whose outcome the actor was shown already.
    """
    chosen = (
        select(Result, Referral.told_by, Referral.outcome, Referral.finished_at)
        .join(Referral, Referral.id == Result.referral_id)
        .where(Result.about == "overall", Result.referral_id.in_(ids), in_scope(actor))
    )
    kept: dict[uuid.UUID, list[Any]] = {}
    for row in session().execute(chosen) if ids else ():
        kept.setdefault(row.Result.referral_id, []).append(row)
    found = {}
    for one, rows_ in kept.items():
        step = (rows_[0].told_by, rows_[0].outcome)
        counting = results.standing([row.Result for row in rows_], *step, rows_[0].finished_at)
        if said := results.together(results.by_word(counting, *step)):
            found[one] = said[0].outcome
    return found


def _chosen(actor: Actor) -> Any:
    """What waits for the organisation, actions first, and behind it what was read lately."""
    own = actor.organisation
    concerned = or_(
        Referral.owner_id == own,
        and_(Referral.practice_id == own, Referral.sender_id != own),
    )
    waiting = and_(concerned, Referral.status.in_(WAITING))
    lately = and_(
        or_(Referral.sender_id == own, Referral.practice_id == own),
        Referral.status == "closed",
        Referral.closed_at > clock.now() - LATELY,
    )
    chosen = select(
        Referral,
        *rows.NAMES,
        *rows.IDENTITY,
        PersonKey.wrapped.label("wrapped"),
        Thanks.at.label("thanked_at"),
    ).select_from(Referral)
    return (
        rows.with_identity_unscoped(rows.with_names_unscoped(chosen))
        .outerjoin(PersonKey, PersonKey.person_id == Referral.person_id)
        .outerjoin(Thanks, Thanks.referral_id == Referral.id)
        .where(Referral.outcome.is_not(None), or_(waiting, lately))
        .order_by(
            Referral.status == "closed",
            Referral.self_closing,
            Referral.due_on,
            Referral.finished_at.desc(),
            Referral.id,
        )
        .limit(MOST + 1)
    )


def _said(found: list[Referral]) -> dict[uuid.UUID, tuple[Said, ...]]:
    """The overall outcome of each by each word, in one statement."""
    kept: dict[uuid.UUID, list[Result]] = {one.id: [] for one in found}
    if found:
        chosen = select(Result).where(Result.referral_id.in_(list(kept)), Result.about == "overall")
        for row in session().scalars(chosen):
            kept[row.referral_id].append(row)
    made: dict[uuid.UUID, tuple[Said, ...]] = {}
    for one in found:
        step = (one.told_by, one.outcome)
        counting = results.standing(kept[one.id], *step, one.finished_at)
        made[one.id] = tuple(results.together(results.by_word(counting, *step)))
    return made


def _line(actor: Actor, row: Any, said: dict[uuid.UUID, tuple[Said, ...]]) -> Line:
    found: Referral = row.Referral
    own = parties.of(actor, found)
    seen = level_of(actor, found, row.recipient_kind, own)
    practice = actor.organisation_kind == "practice"
    level = found.consent_feedback if practice else "full"
    shares, known = disclosure.shares_actions(level), seen == Level.IDENTIFIED
    waits = practice and disclosure.words_wait(found, clock.now())
    clinical = known and may(actor, Permission.READ_CLINICAL)
    actions = _actions(row) if shares and clinical and found.actions_count else ()
    mine = found.owner_id is not None and found.owner_id == actor.organisation
    decides = mine and found.status == "ended_early" and _left_to_decide(found)
    tells = shares and not waits and known
    return Line(
        id=found.id,
        version=found.version,
        reference=found.reference,
        person=_name(row) if known else found.reference,
        to=row.service_name or row.recipient_name or "",
        finished_on=_day(found),
        actions=actions,
        asked=found.actions_count if shares and not clinical else 0,
        said=said[found.id] if tells else (),
        end_reason=(found.end_reason or "") if tells else "",
        told=level != "none",
        shares=shares,
        goes_on=clock.local(found.summary_from).date() if waits and found.summary_from else None,
        decides=decides,
        mine=mine,
        read=found.status not in lifecycle.OPEN,
        thanked=row.thanked_at is not None,
    )


def _day(found: Referral) -> date | None:
    return clock.local(found.finished_at).date() if found.finished_at else None


def _left_to_decide(found: Referral) -> bool:
    reason = found.end_reason
    return reason is None or codes.left_to_decide(reason, found.outcome or "not_known")


def _name(row: Any) -> str:
    return people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped).short


def _actions(row: Any) -> tuple[str, ...]:
    if row.wrapped is None:
        return ()
    found: Referral = row.Referral
    key = encryption.unwrap(row.wrapped)
    text = encryption.open_(key, found.text_sealed, f"referral:{found.id}")
    return tuple(text.get("actions_for_practice") or ())
