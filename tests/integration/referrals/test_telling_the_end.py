"""That it has ended is told by a message, never by somebody's time; who reads first is told to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.outbox import channels
from referral.referrals.models import PersonNotice, Referral
from referral.referrals.services import person_notices
from tests.factories import World, say
from tests.integration.referrals.hearing import FAST, SETTINGS, at, sent, state

DONE = {"outcome": "met", "told_by": "person", "actions_for_practice": []}


def ended(
    world: World, ways: dict[str, object], *, first: bool = False, **how: object
) -> list[str]:
    """``event:channel:state`` of what is told when the help of somebody ends."""
    found = sent(world, **ways)
    with at(), transaction(world.provider_worker):
        for verb in ("accept", "start"):
            say(world.provider_worker, found.id, verb)
    with at(), transaction(SYSTEM):
        session().get_one(Referral, found.id).sees_first = first
    with at(), transaction(world.provider_worker):
        say(world.provider_worker, found.id, "end" if how else "complete", **DONE, **how)
    channels.configure(SETTINGS)
    with at(seconds=FAST.total_seconds()), transaction(SYSTEM):
        chosen = select(PersonNotice.id).where(PersonNotice.referral_id == found.id)
        for one in session().scalars(chosen.order_by(PersonNotice.id)).all():
            person_notices.release(SYSTEM, one)
    return [":".join(row) for row in state(found) if row[0] in ("finished", "read_first")]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_end_is_told_where_a_message_reaches_and_never_of_a_death(world: World) -> None:
    text = {"reach_by": ["text"], "phone": "07700 900417"}
    assert ended(world, text) == ["finished:text:queued"]
    assert ended(world, {"reach_by": ["phone"]}) == ["finished:tell:dropped"]
    assert ended(world, {"reach_by": ["letter"], "address": "1 Mill Road"}) == [
        "finished:tell:dropped"
    ]
    assert ended(world, text, reason="moved_away") == ["finished:text:queued"]
    assert ended(world, text, reason="died") == []
    # Who asked to read first is told so in whatever way: it waits for them.
    assert ended(world, text, first=True) == ["read_first:text:queued"]
    assert ended(world, {"reach_by": ["phone"]}, first=True) == ["read_first:tell:waiting"]
