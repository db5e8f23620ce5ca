"""From a step to what the person must be told of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.outbox import services as outbox
from referral.referrals import telling
from referral.referrals.models import Appointment, PersonNotice, Referral, StatusChange

# These end what was to be told: nobody hears "it is on its way" of what was taken back.
ENDS = ("withdraw", "correct", "person_gone")
# A text of the evening leaves in the morning, a message that did not arrive leaves again.
NOT_LEFT_YET = ("held", "waiting", "queued")
# Nobody is there to be told any more; taken back, they are.
LETS_GO = ("person_gone", "end")


class Stepped(Protocol):
    """A referral after its step."""

    @property
    def referral(self) -> Referral: ...
    @property
    def verb(self) -> str: ...


def after(actor: Actor, step: Stepped) -> PersonNotice | None:
    """Keep what the person must be told of this step until it can no longer be undone.

    An undo drops what it took back; a redirect tells of the new referral in its own words.
    """
    found, verb = step.referral, step.verb
    if verb == "undo":
        _take_up_again(found)
        _drop_undone(actor, found)
    elif verb in ENDS or (verb == "end" and found.end_reason == "died"):
        drop(actor, found.id)
    elif verb == "redirect" and found.replaced_by_id is not None:
        drop(actor, found.replaced_by_id, event=telling.OF_VERB[telling.TOGETHER[verb]])
    event = telling.OF_VERB.get(verb)
    if event is None or found.end_reason == "died":
        return None
    if event == "finished" and found.summary_from is not None:
        event = "read_first"  # it waits for the person's own reading
    return hold(actor, found, event, f"{found.id}:{found.version}:{event}:1")


def hold(actor: Actor, found: Referral, event: str, key: str) -> PersonNotice:
    """A notice that waits out the quarter of an hour; which way it goes is decided then."""
    now = clock.now()
    made = PersonNotice(
        id=new_id(),
        version=1,
        key=key,
        referral_id=found.id,
        event=event,
        channel="tell",
        state="held",
        not_before=now + telling.HELD_FOR,
        owner_id=found.sender_id,
        owner_user_id=found.sent_by_id,
        made_at=now,
    )
    session().add(made)
    session().flush()
    return made


def appointed(actor: Actor, made: Appointment, event: str = "appointment") -> PersonNotice | None:
    """A day was set, or is near (``reminder``): tell the person, once for each."""
    key = f"appointment:{made.id}:{event}:1"
    if session().scalar(select(PersonNotice.id).where(PersonNotice.key == key)) is not None:
        return None
    return hold(actor, session().get_one(Referral, made.referral_id), event, key)


def drop(actor: Actor, referral_id: uuid.UUID, event: str | None = None) -> int:
    """Let go of what has not left yet, all of it or one ``event``; answer how many.

    What is told of a complaint stays: somebody who wants no more help still gets an answer.
    """
    chosen = select(PersonNotice).where(
        PersonNotice.referral_id == referral_id,
        PersonNotice.state.in_(NOT_LEFT_YET),
        PersonNotice.event.not_in(telling.OF_COMPLAINT),
    )
    if event is not None:
        chosen = chosen.where(PersonNotice.event == event)
    return _drop(actor, session().scalars(chosen.order_by(PersonNotice.id).with_for_update()))


def called_off(actor: Actor, appointment_id: uuid.UUID) -> int:
    """Nobody is told of a day that is over or not to be: no letter, no call; answer how many."""
    chosen = select(PersonNotice).where(
        PersonNotice.key.startswith(f"appointment:{appointment_id}:"),
        PersonNotice.state.in_(NOT_LEFT_YET),
    )
    return _drop(actor, session().scalars(chosen.order_by(PersonNotice.id).with_for_update()))


def cancelled(actor: Actor, made: Appointment) -> PersonNotice | None:
    """The day will not be: who was told of it, or is being told now, hears that it is off."""
    told = select(PersonNotice.id).where(
        PersonNotice.key.startswith(f"appointment:{made.id}:"),
        PersonNotice.state.in_(("done", "queued")),
    )
    if session().scalar(told.limit(1)) is None:
        return None
    return appointed(actor, made, "called_off")


def ways_changed(actor: Actor, person_id: uuid.UUID) -> int:
    """What has not left goes where the person is reached now: the way is chosen again."""
    rows = session().scalars(
        select(PersonNotice)
        .join(Referral, Referral.id == PersonNotice.referral_id)
        .where(Referral.person_id == person_id, PersonNotice.state == "queued")
        .order_by(PersonNotice.id)
        .with_for_update(of=PersonNotice)
    )
    again = [row for row in rows if outbox.recall(actor, f"notice:{row.key}")]
    for row in again:
        row.channel, row.state = "tell", "held"
        row.version += 1
    session().flush()
    return len(again)


def _take_up_again(found: Referral) -> None:
    """What was let go because the person was said to be gone must be told after all."""
    since = session().scalar(
        select(StatusChange.at).where(
            StatusChange.referral_id == found.id,
            StatusChange.number == found.version - 1,
            StatusChange.verb.in_(LETS_GO),
        )
    )
    if since is None:
        return
    rows = session().scalars(
        select(PersonNotice)
        .where(
            PersonNotice.referral_id == found.id,
            PersonNotice.state == "dropped",
            PersonNotice.done_at >= since,
        )
        .order_by(PersonNotice.id)
        .with_for_update()
    )
    for row in rows:
        row.channel, row.state, row.done_at = "tell", "held", None
        row.due_on = row.printed_at = None
        row.version += 1
    session().flush()


def _drop_undone(actor: Actor, found: Referral) -> None:
    undone = select(StatusChange.number).where(
        StatusChange.referral_id == found.id, StatusChange.undone
    )
    stems = {f"{found.id}:{number}" for number in session().scalars(undone)}
    held = session().scalars(
        select(PersonNotice)
        .where(PersonNotice.referral_id == found.id, PersonNotice.state == "held")
        .order_by(PersonNotice.id)
        .with_for_update()
    )
    _drop(actor, [one for one in held if one.key.rsplit(":", 2)[0] in stems])


def _drop(actor: Actor, rows: Iterable[PersonNotice]) -> int:
    gone = 0
    for row in rows:
        # What has left cannot be taken back; what is leaving now is told.
        if row.state != "queued" or outbox.recall(actor, f"notice:{row.key}"):
            put_aside(row)
            gone += 1
    session().flush()
    return gone


def put_aside(row: PersonNotice) -> None:
    """It is told no more: undone, overtaken, or nobody is there to be told."""
    row.state, row.look_on, row.done_at = "dropped", None, clock.now()
    row.version += 1
