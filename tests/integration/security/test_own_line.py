"""A sitting opens one referral: another one of the same person is not there, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import transaction
from referral.core.errors import NotFound
from referral.outcomes import queries as outcomes
from referral.outcomes import services as coming
from referral.referrals import queries, services
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting

ASKED: dict[str, Any] = {"measure": "ons4", "edition": "1", "moment": "end", "goal_id": None}
WAYS: dict[str, Any] = {
    "reach_by": ["letter"], "access_needs": [], "language": "", "interpreter": False,
    "written_in": "en",
}  # fmt: skip
COMPLAINT = {"kind": "help", "about": "group", "text": "Late", "wants": ""}
NAMED = {"name": "Ann", "relation": "", "phone": "", "email": "", "may": "hear"}
TOLD = {"text": "It helped", "shown_as": "nobody", "version": None}
ASKS: dict[str, Callable[[Actor, UUID], object]] = {
    "the message": outcomes.message,
    "what came of it": outcomes.results_of,
    "the plan": outcomes.shown,
    "a story": outcomes.story_of,
    "measures": outcomes.answered,
    "supporters": queries.supporters,
    "say": lambda actor, id_: services.say(actor, id_, "other", "Hello"),
    "in touch": lambda actor, id_: services.say(actor, id_, "in_touch"),
    "change mind": lambda actor, id_: services.change_mind(actor, id_, "else", "No"),
    "reach me": lambda actor, id_: services.reach_me(actor, id_, WAYS),
    "stop": lambda actor, id_: services.stop(actor, id_, "refer", ""),
    "read first": lambda actor, id_: services.sees_first(actor, id_, True),
    "name a supporter": lambda actor, id_: services.name_supporter(actor, id_, NAMED),
    "complain": lambda actor, id_: services.complain(actor, id_, COMPLAINT),
    "how it went": lambda actor, id_: coming.say_result(actor, id_, "overall", "met", "page"),
    "answer": lambda actor, id_: coming.measure(
        actor, id_, ASKED | {"answered_on": clock.today(), "answers": {"happy": 3}}
    ),
    "comment": lambda actor, id_: coming.comment(actor, id_, "Thanks"),
    "let go": coming.let_go,
    "tell a story": lambda actor, id_: coming.give_story(actor, id_, TOLD),
    "take it back": coming.withdraw_story,
}
# Where nothing is what there is, for there may be none.
NOTHING: dict[str, object] = {"supporters": [], "a story": None}


@pytest.fixture
def pair(world: World) -> tuple[Actor, UUID]:
    """Somebody at the page of one reference, and another reference of theirs, finished."""
    with transaction(world.practice_staff):
        own = factories.referral(world, "started", 31).id
        again = {"confirm_duplicate": True}
        other = factories.referral(world, "completed", 31, **again).id
    there = sitting(other)
    with transaction(there):
        services.name_supporter(there, other, NAMED)
        coming.give_story(there, other, TOLD)
    return sitting(own), other


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_reference_of_the_same_person_is_not_there(pair: tuple[Actor, UUID]) -> None:
    person, other = pair
    here = []
    for name, ask in ASKS.items():
        try:
            with transaction(person):
                found = ask(person, other)
        except NotFound:
            continue
        if name not in NOTHING or found != NOTHING[name]:
            here.append(name)
    assert here == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_each_of_these_is_there_on_their_own(pair: tuple[Actor, UUID]) -> None:
    _person, other = pair
    person = sitting(other)
    for name in ("the message", "supporters", "a story", "how it went", "comment"):
        with transaction(person):
            assert ASKS[name](person, other), name
