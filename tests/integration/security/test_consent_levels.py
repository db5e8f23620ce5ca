"""Each level of what the person agreed to takes exactly its fields out of every way to read them.

A word of its own stands in every field of what came of a referral. It is read wherever the practice
may read it: the record itself, pages, print, PDF, copied text, program and messages. What is found
must be what stands in ``sharing.FIELDS`` of the level, no more and no less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.outcomes import queries, services, sharing
from referral.outcomes import schemas as shapes
from referral.outcomes.message import Message
from referral.outcomes.schemas.finishing import Finish
from referral.referrals import schemas
from referral.referrals import services as life
from referral.referrals.models import News, Referral
from referral.web.security import limiter
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk
from tests.support import api, documents
from tests.support.planted import found_in

# A word for each text, with a letter of its own for each referral; of the measures, what is seen.
WORDS = {
    "actions": "Zqactionzq",
    "done": "Zqdonezq",
    "not_worked": "Zqnotworkedzq",
    "comment": "Zqcommentzq",
    "goals": "Zqgoalzq",
    "measured": "Life satisfaction",
    "paragraph": "Zqparagraphzq",
}
# Never read by the practice; never in a message, for it is a matter of its own.
NEVER, APART = "Zqherwordszq", "Zqconcernzq"
# Ways to read it, and what must be found there at the highest level: else a leak would hide.
ALL_BUT = frozenset(WORDS) - {"paragraph"}
PAGES: dict[str, frozenset[str]] = {
    "/referrals/{id}": frozenset({"actions"}),
    "/referrals/{id}/message": ALL_BUT,
    "/referrals/{id}/message/print": ALL_BUT,
    "/referrals/{id}/message/copy": ALL_BUT,
    "/referrals/{id}/message.pdf": ALL_BUT,
    "/api/v1/referrals/{id}": frozenset({"actions"}),
    "/api/v1/referrals/{id}/message": ALL_BUT,
    "/api/v1/referrals/{id}/results": frozenset({"goals"}),
    "/api/v1/referrals/{id}/measures": frozenset(),
    "/read": frozenset({"actions"}),
    "/": frozenset(),
    "/referrals": frozenset(),
    "/api/v1/referrals": frozenset(),
    "/referrals/{id}/seen": frozenset(),
    "/referrals/{id}/held": ALL_BUT - {"actions", "measured"},
}
# Who reads at all, and two who read less of it than a clinician.
LESS = ("/referrals/{id}", "/referrals/{id}/message", "/api/v1/referrals/{id}/message", "/read")
READERS: dict[str, tuple[str, ...]] = {
    "practice_staff": tuple(PAGES),
    "practice_manager": LESS,
    "care_navigator": LESS,
}


@dataclass(frozen=True)
class Ended:
    """A referral that has ended while everything was shared, lowered to ``level`` since.

    ``kept``: the fields that are there for the practice.
    """

    id: UUID
    level: str
    written: bool
    letter: str
    kept: frozenset[str]

    @property
    def words(self) -> dict[str, str]:
        return {name: marked(name, self.letter) for name in WORDS}


# At a lower level than it was written for the paragraph is left out, too.
NOT_WRITTEN = {level: found - {"paragraph"} for level, found in sharing.FIELDS.items()}


def marked(name: str, letter: str) -> str:
    return WORDS[name] if name == "measured" else f"{WORDS[name]}{letter}"


def ended(world: World, number: int, level: str, *, written: bool) -> Ended:
    """Everything is filled in by whoever fills it in. ``written``: the paragraph as well."""
    may = sharing.FIELDS[level] if written and level == "full" else NOT_WRITTEN[level]
    case = Ended(world.service_id, level, written, "abcdefgh"[number], may)
    words, worker = case.words, world.link_worker
    with transaction(world.practice_staff):
        body = api.referral(9100 + number, None)
        made = life.create(world.practice_staff, schemas.Create().read(body)).id
    with transaction(worker):
        for verb, said in STEPS:
            factories.say(worker, made, verb, **said)
        plan = services.plan(worker, made).id
        goal = services.set_goal(worker, plan, shapes.Goal().read({"text": words["goals"]})).id
        for moment, satisfied in (("baseline", 3), ("end", 7)):
            services.measure(worker, made, shapes.MeasureIn().read(answers(moment, satisfied)))
        services.finish(
            worker, made, None, Finish().read(ending(words, str(goal), written=written))
        )
    person = sitting(made)
    with transaction(person):
        services.comment(person, made, words["comment"])
    with transaction(SYSTEM):
        lowered = update(Referral).where(Referral.id == made)
        session().execute(lowered.values(consent_feedback=level))
    return replace(case, id=made)


STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept", {}),
    ("start", {}),
    ("contact", {"channel": "visit", "result": "attended"}),
    ("contact", {"channel": "visit", "result": "did_not_attend"}),
    ("raise", {"kind": "safeguarding", "text": APART}),
)


def answers(moment: str, satisfied: int) -> dict[str, Any]:
    return {
        "measure": "ons4",
        "edition": "1",
        "moment": moment,
        "answered_on": clock.today().isoformat(),
        "answers": {"satisfaction": satisfied, "worthwhile": 4, "happy": 4, "anxious": 4},
    }


def ending(words: dict[str, str], goal: str, *, written: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "verb": "end",
        "reason": "unwell",
        "outcome": "met",
        "told_by": "provider",
        "person_says": "partly_met",
        "her_words": NEVER,
        "actions_for_practice": [words["actions"]],
        "goals": {goal: "partly_met"},
        "done": words["done"],
        "not_worked": words["not_worked"],
    }
    return said | ({"summary": words["paragraph"]} if written else {})


def every(world: World) -> list[Ended]:
    """At each level, drafted by rules and written by somebody."""
    ways = [(level, written) for level in sharing.FIELDS for written in (False, True)]
    return [ended(world, n, level, written=written) for n, (level, written) in enumerate(ways)]


def filled(message: Message | None) -> frozenset[str]:
    """The fields of a message that say something, but those the practice knows anyway."""
    if message is None:
        return frozenset()
    said = {field.name for field in fields(Message) if getattr(message, field.name)}
    return frozenset(said) - sharing.FRAME


def looked_at(desk: Desk, world: World, cases: list[Ended]) -> Iterator[str]:
    """What is wrong with what each reader is shown of each referral, in words."""
    for case in cases:
        with reading(world.practice_staff):
            told = queries.message(world.practice_staff, case.id)
        if wrong := filled(told.message) ^ (case.kept - sharing.FRAME):
            yield f"the record at {case.level}: {sorted(wrong)}"
        for role, paths in READERS.items():
            for path in paths:
                yield from at_one_page(desk, getattr(world, role), path, case)
    yield from in_messages(cases)


def at_one_page(desk: Desk, reader: Actor, path: str, case: Ended) -> Iterator[str]:
    who = replace(reader, kind="api_client") if path.startswith("/api/") else reader
    seen = read(desk.by(who).get(path.format(id=case.id)))
    found = frozenset(name for name, word in case.words.items() if found_in(seen, (word,)))
    if "practice_staff" in reader.roles and case.level == "full" and not case.written:
        yield from (f"{path} shows no {one}" for one in PAGES[path] - found)
    never = (NEVER, APART) if "message" in path else (NEVER,)
    if leaked := [*sorted(found - case.kept), *found_in(seen, never)]:
        yield f"{path} at {case.level} tells {sorted(reader.roles)} {leaked}"


def in_messages(cases: list[Ended]) -> Iterator[str]:
    """The digest and all that leaves with it name references, and nothing that was written."""
    with transaction(SYSTEM):
        for user_id in set(session().scalars(select(News.user_id))):
            life.send_digest(SYSTEM, user_id)
    with reading(SYSTEM):
        told = [f"{one.subject} {one.body}" for one in session().scalars(select(OutboxMessage))]
    words = [word for case in cases for word in case.words.values()]
    for text in told:
        if leaked := found_in(text, (*words, NEVER, APART)):
            yield f"a message tells {leaked}"


def read(answer: TestResponse) -> str:
    """What stands in an answer, in a PDF too."""
    if answer.mimetype == "application/pdf":
        return documents.text_of_pdf(answer.data)
    return answer.text


@pytest.fixture
def unlimited(desk: Desk) -> Iterator[Desk]:
    limiter.enabled = False
    yield desk
    limiter.enabled = True


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_level_takes_out_exactly_its_fields_wherever_it_is_read(
    unlimited: Desk, world: World
) -> None:
    wrong = list(looked_at(unlimited, world, every(world)))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_field_that_is_let_through_is_found(
    unlimited: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ended(world, 0, "codes", written=False)
    monkeypatch.setitem(sharing.FIELDS, "codes", sharing.FIELDS["codes"] | {"done"})
    wrong = list(looked_at(unlimited, world, [case]))
    assert "the record at codes: ['done']" in wrong
    assert any(one.startswith("/api/v1/referrals/{id}/message at codes tells") for one in wrong)
