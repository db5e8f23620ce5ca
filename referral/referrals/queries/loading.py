"""One referral, in scope; what surrounds it when a verb is tried."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, may, permit
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people import queries as people
from referral.referrals import attempts, lifecycle, parties
from referral.referrals.models import Contact, Referral, StatusChange, Thread
from referral.referrals.queries.scope import in_scope

# A referral whose end the person may still reach through others made from it.
HELD = ("accepted", "contacting", "started")


def referral(actor: Actor, referral_id: uuid.UUID, *, to_change: bool = False) -> Referral:
    """A referral in the actor's scope; ``to_change`` locks the row. Raise ``NotFound``.

    What only refers to it, as a sitting of the person does, may still be written: a key never
    changes, and who comes in with a card locks the card first.
    """
    chosen = select(Referral).where(Referral.id == referral_id, in_scope(actor))
    if to_change:
        chosen = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    permit(actor, Permission.SEE_OWN if actor.kind == "person" else Permission.SEE_REFERRALS)
    return found


def may_write(actor: Actor, found: Any) -> bool:
    """May the actor go on with a draft: who wrote it last, or who may read what stands in it."""
    return found.owner_user_id == actor.id or may(actor, Permission.READ_CLINICAL)


@dataclass(frozen=True)
class Circumstances:
    """What ``lifecycle.check`` asks beside the status. ``last`` is the newest change."""

    parties: frozenset[str]
    threads_to_answer: bool
    undoable: bool
    onward_open: bool
    last: StatusChange | None

    def facts(self) -> dict[str, bool]:
        return {
            "threads_to_answer": self.threads_to_answer,
            "undoable": self.undoable,
            "onward_open": self.onward_open,
        }


def circumstances(actor: Actor, found: Referral) -> Circumstances:
    """Look around a referral that the actor is about to change."""
    waiting = session().scalar(
        select(Thread.id)
        .where(
            Thread.referral_id == found.id,
            Thread.owner_id == actor.voice,
            Thread.answered_at.is_(None),
        )
        .limit(1)
    )
    onward = session().scalar(
        select(Referral.id)
        .where(Referral.based_on_id == found.id, Referral.status.in_(lifecycle.OPEN))
        .limit(1)
    )
    last = session().scalar(
        select(StatusChange)
        .where(StatusChange.referral_id == found.id)
        .order_by(StatusChange.number.desc())
        .limit(1)
    )
    return Circumstances(
        parties=parties.of(actor, found),
        threads_to_answer=waiting is not None,
        undoable=is_undoable(actor, last),
        onward_open=onward is not None,
        last=last,
    )


def is_undoable(actor: Actor, last: Any) -> bool:
    """Whether ``last``, the newest change, is the actor's own and fresh enough to take back."""
    return (
        last is not None
        and not last.undone
        and actor.id is not None
        and lifecycle.may_undo(
            last.verb,
            last_by=str(last.actor_id),
            last_at=last.at,
            previous=last.from_status,
            by=str(actor.id),
            at=clock.now(),
        )
    )


def allowed_unscoped(actor: Actor, found: Any, around: Circumstances) -> list[str]:
    """The verbs the actor's roles may use now. The caller has checked the scope."""
    return [
        verb
        for verb in lifecycle.allowed(found.status, around.parties, **around.facts())
        if parties.may(
            actor,
            verb,
            around.parties & lifecycle.parties_for(found.status, verb),
            triage=parties.for_triage(found),
        )
    ]


def duplicate_of(
    actor: Actor, found: Referral, *, except_ids: Sequence[uuid.UUID] = ()
) -> uuid.UUID | None:
    """An open referral of the same person to the same service (or team), known to the actor.

    What is out of the actor's scope is not told: that somebody else referred them is theirs.
    """
    same = (
        Referral.service_id == found.service_id
        if found.service_id is not None
        else (Referral.recipient_id == found.recipient_id) & Referral.triage
    )
    return session().scalar(
        select(Referral.id)
        .where(
            Referral.person_id.in_(people.same_person_unscoped(found.person_id)),
            Referral.id != found.id,
            Referral.id.not_in(list(except_ids)),
            Referral.status.in_(lifecycle.OPEN),
            same,
            in_scope(actor),
        )
        .order_by(Referral.id)
        .limit(1)
    )


def held_of_person(actor: Actor, person_id: uuid.UUID) -> uuid.UUID | None:
    """The referral through which the actor's link-worker team supports the person, the newest."""
    return session().scalar(
        select(Referral.id)
        .where(
            Referral.person_id.in_(people.same_person_unscoped(person_id)),
            Referral.recipient_id == actor.organisation,
            Referral.status.in_(HELD),
        )
        .order_by(Referral.id.desc())
        .limit(1)
    )


def open_of_person_unscoped(person_id: uuid.UUID) -> list[Referral]:
    """Every open referral of the person, locked: for what ends them all."""
    return list(
        session().scalars(
            select(Referral)
            .where(
                Referral.person_id.in_(people.same_person_unscoped(person_id)),
                Referral.status.in_(lifecycle.OPEN),
            )
            .order_by(Referral.id)
            .with_for_update(key_share=True)
        )
    )


def tries_missing_unscoped(referral_id: uuid.UUID) -> int:
    """How many more tries it takes until it may be said that the person could not be reached."""
    made = session().execute(
        select(Contact.at, Contact.channel, Contact.result, Contact.fair).where(
            Contact.referral_id == referral_id, Contact.undone.is_(False)
        )
    )
    return attempts.missing([attempts.Attempt(*row) for row in made])


def text_unscoped(key: bytes, found: Any) -> dict[str, Any]:
    """The sealed free text of a referral; ``key`` is the person's."""
    text: dict[str, Any] = encryption.open_(key, found.text_sealed, f"referral:{found.id}")
    return text
