"""What the person changes and tells on their own page, and what becomes of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.outcomes.models import Assessment, Result, Story
from referral.people import queries as people
from referral.referrals import queries
from referral.referrals.models import PersonSaid, Referral, StatusChange, Supporter, Thread
from tests import factories
from tests.factories import World, say
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk, text, version_of

REACH: dict[str, Any] = {
    "reach_by": ["letter", "text"],
    "access_needs": ["hearing"],
    "language": "Urdu",
}


def row(referral_id: uuid.UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


def threads(referral_id: uuid.UUID) -> list[Thread]:
    with reading(SYSTEM):
        chosen = select(Thread).where(Thread.referral_id == referral_id).order_by(Thread.id)
        return list(session().scalars(chosen))


def test_what_goes_back_is_read_without_a_word_of_safeguarding(desk: Desk, world: World) -> None:
    """Somebody else may hold the phone."""
    worker = world.provider_worker
    sent, person = made(world, "started")
    with transaction(worker):
        say(worker, sent, "raise", kind="safeguarding", text="Bruises")
        asked = ["Check her tablets"]
        say(worker, sent, "complete", outcome="met", told_by="person", actions_for_practice=asked)
    shown = desk.by(person).get("/status/first").text
    assert "Check her tablets" in shown
    assert "afeguard" not in shown
    assert "afeguard" not in desk.by(person).get("/status").text


def made(world: World, status: str) -> tuple[uuid.UUID, Actor]:
    with transaction(world.practice_staff):
        found = factories.referral(world, status).id
    return found, sitting(found)


def send(page: FlaskClient, path: str, status: int = 303, **said: Any) -> str:
    """Post a form; what the page then says."""
    answer = page.post(f"/status/{path}", data=said)
    assert answer.status_code == status, text(answer)
    return text(page.get(answer.location)) if status == 303 else text(answer)


def test_they_say_nobody_was_in_touch_and_the_record_says_otherwise(
    desk: Desk, world: World
) -> None:
    sent, person = made(world, "accepted")
    page, worker = desk.by(person), world.provider_worker
    # Nothing is recorded and it is not late: a line, and nothing to be done.
    heard = send(page, "touch", kind="not_in_touch")
    assert "They still have time." in heard
    assert threads(sent) == []
    with transaction(worker):
        say(worker, sent, "contact", channel="phone", result="reached")
    assert "Says nobody was in touch" not in text(desk.by(worker).get("/referrals"))
    heard = send(page, "touch", kind="not_in_touch", text="I was in all day")
    assert "We asked them to look into it." in heard
    assert "On" in heard
    assert "Riverside Befriending will look into it." in heard
    for again in range(2):  # said twice, asked once
        send(page, "touch", kind="not_in_touch", text="I was in all day")
        assert len(threads(sent)) == 1, again
    (asked,) = threads(sent)
    assert (asked.kind, asked.owner_id) == ("practical", world.provider_id)
    assert (asked.raised_by_user_id, asked.raised_by_organisation_id) == (None, world.practice_id)
    # The owner sees it on the list, at home and on the referral, by whose word.
    owner = desk.by(worker)
    assert "Says nobody was in touch" in text(owner.get("/referrals"))
    assert "The person says that nobody has been in touch. I was in" in text(owner.get("/"))
    shown = text(owner.get(f"/referrals/{sent}"))
    assert "Practical matter The person," in shown
    assert "Something raised by The person" in shown
    with reading(SYSTEM):
        told = (
            session()
            .scalars(select(OutboxMessage.body).where(OutboxMessage.subject_id == sent))
            .all()
        )
        who = session().scalars(select(StatusChange).where(StatusChange.verb == "raise")).one()
    assert not [body for body in told if "in all day" in body]
    assert (who.actor_kind, who.party) == ("person", "person")
    assert "They say nobody has been in touch" in text(owner.get(f"/referrals/{sent}"))
    # In touch after all: the mark goes, the record stays.
    send(page, "touch", kind="in_touch")
    assert "Says nobody was in touch" not in text(owner.get("/referrals"))
    assert "Kept words" in page.post("/status/touch", data={"text": "Kept words"}).text


def test_how_they_are_reached_holds_at_once_and_a_new_number_is_rung_back(
    desk: Desk, world: World
) -> None:
    sent, person = made(world, "accepted")
    page = desk.by(person)
    form = page.get("/status/reach")
    assert "01632 960001" not in form.text  # enough to know one's own by
    assert "We have: … 001" in text(form)
    version = version_of(form)
    new: dict[str, Any] = {"wants_changed": "07700 900999 is my phone now", "version": version}
    send(page, "reach", **REACH, **new)
    found = row(sent)
    assert (found.reach_by, found.access_needs, found.language) == (
        "letter,text",
        "hearing",
        "Urdu",
    )
    with reading(SYSTEM):
        identity = people.open_identities_unscoped([found.person_id])[found.person_id]
        changes = select(StatusChange.verb).where(StatusChange.party == "person")
        assert sorted(session().scalars(changes)) == ["amend", "raise"]
    assert (identity.reach_by, identity.language) == (("letter", "text"), "Urdu")
    assert identity.phone != "07700 900999"
    (asked,) = threads(sent)
    assert asked.owner_id == world.provider_id
    # Somebody else changed it meanwhile: said so, and what was typed stays.
    again = send(page, "reach", 409, **REACH | {"language": "Polish"}, version=version)
    assert "Someone changed this while you were here." in again
    stale = page.post("/status/reach", data={**REACH, "language": "Polish", "version": version})
    assert 'value="Polish"' in stale.text
    send(page, "reach", **REACH | {"language": "Polish"}, version=version_of(stale))
    assert row(sent).language == "Polish"
    assert "What was changed" in text(page.get("/status/held"))
    assert "access_needs" not in text(page.get("/status/held"))
    # What breaks a rule is named, and what was typed is kept.
    bad = page.post("/status/reach", data={"version": version, "language": "x" * 41})
    assert bad.status_code == 422
    assert "x" * 41 in bad.text


def test_they_change_their_mind_and_name_who_speaks_for_them(desk: Desk, world: World) -> None:
    sent, person = made(world, "started")
    page = desk.by(person)
    assert "Answer the question" in send(page, "changed-mind", 422, text="Kept words")
    told = send(page, "changed-mind", mind="later", text="After my operation")
    assert "told us that you changed your mind. Riverside Befriending will look into it." in told
    named: dict[str, Any] = {
        "name": "Ada Wren",
        "relation": "my sister",
        "phone": "01632 960418",
        "may": "speak",
    }
    assert "must be a telephone number" in send(page, "supporter", 422, **named | {"phone": "1"})
    shown = send(page, "supporter", **named)
    assert "Ada Wren , my sister They can speak for me too." in shown
    first, second = threads(sent)
    assert {first.owner_id, second.owner_id} == {world.provider_id}
    owner = text(desk.by(world.provider_worker).get(f"/referrals/{sent}"))
    assert "“I want to wait for a while” After my operation" in owner
    assert "Ada Wren (my sister) 01632 960418 “They can speak for me too”" in owner
    with reading(SYSTEM):
        kept = session().scalars(select(Supporter)).one()
    assert b"Wren" not in kept.named_sealed
    assert kept.by_user_id is None
    off: dict[str, Any] = {"off": str(kept.id), "version": "1"}
    assert "Ada Wren" not in send(page, "supporter", **off)
    send(page, "supporter", **off)  # tapped twice: off already
    with reading(person):
        assert queries.supporters(person, sent) == []
    # And they want to read first what is written about them.
    assert "You read it first." in send(page, "first", do="yes")
    assert row(sent).sees_first
    send(page, "first", do="no")
    assert not row(sent).sees_first


def test_stopped_is_stopped_at_the_very_next_look_and_their_page_stays(
    desk: Desk, world: World
) -> None:
    sent, person = made(world, "started")
    page, owner = desk.by(person), desk.by(world.provider_worker)
    assert owner.get(f"/referrals/{sent}").status_code == 200
    unsure = send(page, "stop", 422, what="refer", why="Too much")
    assert "Tick the box if you are sure" in unsure
    assert row(sent).status == "started"
    heard = send(page, "stop", what="refer", why="Too much", sure="yes")
    assert "It has stopped." in heard
    assert "You told us to stop. Riverside Befriending cannot see anything about you now." in heard
    assert "Canary" not in owner.get(f"/referrals/{sent}").text
    found = row(sent)
    assert (found.status, found.consent_refer) == ("withdrawn", False)
    with reading(SYSTEM):
        said = session().scalars(select(PersonSaid)).one()
    assert (said.kind, said.how, said.by_user_id) == ("stop_sharing", "page", None)
    assert "You have stopped it." in text(page.get("/status/stop"))
    assert page.post("/status/stop", data={"what": "refer", "sure": "yes"}).status_code == 409


def test_how_it_went_is_told_by_their_own_word(desk: Desk, world: World) -> None:
    _sent, person = made(world, "completed")
    page = desk.by(person)
    assert "Answer the question" in send(page, "result", 422, about="overall")
    shown = send(page, "result", about="overall", outcome="partly_met", said="Some of it")
    assert "You said: In part." in shown
    assert send(page, "result", 404, about=str(uuid.uuid4()), outcome="met")
    with reading(SYSTEM):
        own = (
            session()
            .scalars(select(Result).where(Result.told_by == "person", Result.about == "overall"))
            .one()
        )
    assert (own.outcome, own.how, own.by_user_id) == ("partly_met", "page", None)
    assert b"Some of it" not in (own.said_sealed or b"")
    # The three questions at the end, none of which must be answered.
    asked: dict[str, Any] = {
        "measure": "after",
        "edition": "1",
        "answers.helped": "3",
        "answers.heard": "not_said",
    }
    send(page, "questions/after", **asked)
    assert "must" in send(page, "questions/after", 422, **asked | {"answers.again": "9"})
    with reading(SYSTEM):
        answer = session().scalars(select(Assessment)).one()
    assert (answer.entered, answer.moment, answer.by_user_id) == ("person", "end", None)
    # Their words go with the message, and their story only with a yes of its own.
    assert "They were kind" in send(page, "first", text="They were kind")
    story: dict[str, Any] = {"text": "I go out again", "shown_as": "age"}
    assert "Tick this" in send(page, "story", 422, **story)
    send(page, "story", **story, agreed="yes")
    with reading(SYSTEM):
        assert session().scalars(select(Story.state)).one() == "given"
    send(page, "story", do="back")
    with reading(SYSTEM):
        assert session().scalars(select(Story.state)).one() == "withdrawn"
