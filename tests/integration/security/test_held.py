"""What we hold about you: for the person every word written about them, and none they took back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from referral.accountability import queries
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, transaction
from referral.core.errors import Forbidden, NotFound
from referral.outcomes import queries as outcomes
from referral.outcomes import schemas as shapes
from referral.outcomes import services as coming
from referral.outcomes.schemas.finishing import Finish
from referral.outcomes.schemas.stories import GiveStory
from referral.people.holding import PARTS
from referral.referrals import services
from referral.referrals.schemas.complaining import Complain
from referral.referrals.schemas.own import SupporterForm
from referral.web.security import limiter
from tests import factories
from tests.factories import World
from tests.factories.personal import person_at, sitting
from tests.integration.desk.conftest import Desk
from tests.support import planted
from tests.support.everybody import build
from tests.support.planted import IDENTITY, WRITTEN, Life, found_in, word

# Of somebody else, of nobody in particular, of another person, or another's name.
NOT_HERS = (
    "askinggiven", "askingfamily", "askingreason", "askername", "enquiry", "fits", "talk", "next",
    "teller",
)  # fmt: skip
# Of the person the link worker plans with; inside a file, of which there is a copy on asking.
ANOTHERS = ("matters", "goal", "doing", "where", "visit", "unsafe")
IN_A_FILE = ("content",)
# What came of it, said and written at the end and after it.
AFTER = (
    "Zqdonezq", "Zqnotworkedzq", "Zqparagraphzq", "Zqactionzq", "Zqherwordszq", "Zqcommentzq",
    "Zqstoryzq", "Zqsupporterzq", "Zqauntzq", "Zqcomplaintzq", "Zqwantszq",
)  # fmt: skip
ANSWER, SAFETY = "Life satisfaction", "Zqsafetyzq"
# A story is not for all to read yet; a supporter is the person's; so is a complaint of somebody.
NOT_THE_PRACTICES = (word("internal"), "Zqherwordszq", "Zqstoryzq", "Zqcomplaintzq", "Zqwantszq")
BORN = "19 July 1931"


def hers() -> tuple[str, ...]:
    """Every word that stands about the person of the planted life."""
    left_out = {*NOT_HERS, *ANOTHERS, *IN_A_FILE, "summary", "action"}
    identity = [said for name, said in IDENTITY.items() if name != "date_of_birth"]
    written = [word(name) for name in WRITTEN if name not in left_out]
    return (*identity, BORN, *written, *AFTER)


def came_of_it(life: Life, world: World) -> Actor:
    """The end, with everything that may be said then; answer the person at their page."""
    own, worker = UUID(life.id), world.provider_worker
    asked = {"measure": "ons4", "edition": "1", "answered_on": clock.today().isoformat()}
    answers = {"satisfaction": 3, "worthwhile": 4, "happy": "not_said", "anxious": 4}
    ending = {
        "outcome": "met", "told_by": "person", "her_words": "Zqherwordszq",
        "actions_for_practice": ["Zqactionzq"], "done": "Zqdonezq",
        "not_worked": "Zqnotworkedzq", "summary": "Zqparagraphzq",
    }  # fmt: skip
    with transaction(worker):
        factories.say(worker, own, "raise", kind="safeguarding", text=SAFETY)
        first = asked | {"moment": "baseline", "answers": answers}
        coming.measure(worker, own, shapes.MeasureIn().read(first))
        coming.finish(worker, own, None, Finish().read(ending))
    person = sitting(own)
    with transaction(person):
        coming.comment(person, own, "Zqcommentzq")
        told = {"text": "Zqstoryzq", "agreed": True}
        coming.give_story(person, own, GiveStory().read(told))
        named = {"name": "Zqsupporterzq", "relation": "Zqauntzq", "may": "hear"}
        services.name_supporter(person, own, SupporterForm().read(named))
        wrong = {"kind": "help", "about": "group", "text": "Zqcomplaintzq", "wants": "Zqwantszq"}
        services.complain(person, own, Complain().read(wrong))
    return person


def text(actor: Actor, referral_id: UUID | None = None) -> str:
    with reading(actor):
        lines = queries.held(actor, referral_id)
    return "\n".join(f"{one.label}: {one.text} {one.by}" for one in lines)


@pytest.fixture
def life(desk: Desk, world: World) -> Iterator[Life]:
    """A referral from the first form to the end, words of its own in every field."""
    limiter.enabled = False
    desk.site.load_actor = desk.site.extensions["accounts"].load_actor
    made = Life(build(world, desk.site, referrals=False))
    planted.refer(made)
    planted.before_the_yes(made)
    planted.up_to_the_end(made)
    yield made
    limiter.enabled = True


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_planted_word_is_there_for_them_and_none_they_took_back(
    life: Life, desk: Desk, world: World
) -> None:
    person, own = came_of_it(life, world), UUID(life.id)
    held = text(person)
    with reading(person):
        parts = {one.part for one in queries.held(person)}
    assert set(PARTS) - parts == {"plan"}, "a part for each table; nobody planned with them"
    assert [one for one in hers() if not found_in(held, (one,))] == []
    assert ANSWER in held or "satisfied" in held
    assert not found_in(held, (SAFETY,)), "told by somebody, not on a screen"
    assert "safety was written down" in held
    others = tuple(word(name) for name in (*NOT_HERS, *ANOTHERS))
    assert found_in(held, others) == []

    client = desk.site.test_client()
    person_at(client, own)
    page = client.get("/status/held")
    assert page.status_code == 200
    assert [one for one in hers() if not found_in(page.text, (one,))] == []

    practice = text(world.practice_staff, own)
    told = [one for one in hers() if one not in NOT_THE_PRACTICES]
    assert [one for one in told if not found_in(practice, (one,))] == []
    assert found_in(practice, NOT_THE_PRACTICES) == []
    assert found_in(practice, (SAFETY,)) == [SAFETY]
    with reading(world.provider_manager), pytest.raises(Forbidden):
        queries.held(world.provider_manager, own)
    with reading(world.link_worker), pytest.raises((Forbidden, NotFound)):
        queries.held(world.link_worker, own)

    with transaction(person):
        coming.withdraw_story(person, own)
    with reading(world.provider_manager):
        assert outcomes.stories_to_read(world.provider_manager) == []
    with transaction(person):
        services.stop(person, own, "feedback")
    assert not found_in(text(person), ("Zqstoryzq",))
    lowered = text(world.practice_staff, own)
    came_back = ("Zqdonezq", "Zqnotworkedzq", "Zqparagraphzq", "Zqcommentzq", word("contact"))
    assert found_in(lowered, came_back) == []
    assert found_in(text(person), came_back) == list(came_back)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_sitting_reads_its_own_line_and_nobody_elses(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        one = factories.referral(world, "completed", 8201, reason="Zqonezq")
        two = factories.referral(world, "completed", 8202, reason="Zqtwozq")
        other = factories.referral(
            world, "sent", 8201, reason="Zqelsewherezq", confirm_duplicate=True
        )
    assert other.person_id == one.person_id
    held = text(sitting(one.id), two.id)
    assert found_in(held, ("Zqonezq", "Zqtwozq", "Zqelsewherezq")) == ["Zqonezq"]
    with reading(SYSTEM):
        staff = text(world.practice_staff, one.id)
    assert found_in(staff, ("Zqonezq", "Zqtwozq", "Zqelsewherezq")) == ["Zqonezq", "Zqelsewherezq"]
    client = desk.by(world.practice_staff)
    shown, kept = (client.get(f"/referrals/{one.id}/{name}") for name in ("held", "held.txt"))
    assert found_in(shown.text, ("Zqonezq",)) == found_in(kept.text, ("Zqonezq",)) == ["Zqonezq"]
    assert 'filename="what-we-hold.txt"' in kept.headers["Content-Disposition"]
