"""The pages of a group: a contact's phone, a link worker on the telephone, a printed sheet."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from referral.core import clock, encryption
from referral.core.actor import SYSTEM
from referral.core.database import Database, new_id, reading, session, transaction
from referral.people import queries as people
from referral.referrals import schemas, services
from referral.referrals.models import (
    Appointment,
    Contact,
    GroupSession,
    PaperSheet,
    Referral,
    StatusChange,
    Thread,
)
from referral.web.door import Site
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import signed_in_contact
from tests.performance.counting import counting
from tests.support import api

FINISHED = {"outcome": "met", "told_by": "person", "do": "none"}


def words(response: TestResponse) -> str:
    """What a reader sees."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def version_in(response: TestResponse) -> str:
    found = re.search(r'name="version" value="(\d*)"', response.text)
    assert found, response.text
    return found[1]


def row(referral_id: UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


class Group:
    """A browser in front of one referral."""

    def __init__(self, client: FlaskClient, base: str, referral_id: UUID) -> None:
        self.client, self.base = client, f"{base}/{referral_id}"

    def look(self) -> str:
        return words(self.client.get(self.base))

    def does(self, verb: str, *, expect: int = 303, **said: str) -> str:
        version = version_in(self.client.get(self.base)) if "version" not in said else ""
        sent = {"version": version} | said
        response = self.client.post(f"{self.base}/{verb}", data=sent)
        assert response.status_code == expect, words(response)
        return words(response)


def send(world: World, n: int = 7101, **changes: object) -> UUID:
    with transaction(world.practice_staff):
        person = api.person(n, reach_by=["letter"], access_needs=["hearing"])
        return factories.referral(world, person=person, **changes).id


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_phone_answers_meets_and_finishes(site: Site, world: World, database: Database) -> None:
    site.config["WTF_CSRF_METHODS"] = set[str]()
    client = site.test_client()
    assert client.get("/answer").status_code == 404
    jean = signed_in_contact(client, world)
    sent, second = send(world), send(world, 7102)
    given = api.person(7101)["given_name"]
    with counting(database) as counted:
        page = client.get("/answer")
    assert counted.business <= 5, counted.report()
    assert "2 things wait for you" in words(page)
    assert given not in page.text
    group = Group(client, "/answer/referrals", sent)
    with counting(database) as counted:
        before = group.look()
    assert counted.business <= 5, counted.report()
    for said in (
        "New referral – please answer by",
        "Write. Please do not ring.",
        "Hard of hearing",
    ):
        assert said in before
    for button in ("Yes, we can help", "Yes, but there is a wait", "Ask a question first"):
        assert button in before
    assert given not in before
    # A question, and the answer to it.
    assert "Your question is required" in group.does("ask", expect=422)
    group.does("ask", question="Is she happy in groups?")
    with transaction(world.practice_staff):
        say(world.practice_staff, sent, "reply", answer="Small ones")
    assert "Their answer: “Small ones”" in group.look()
    group.does("accept")
    after = group.look()
    assert given in after
    assert "Take back the last step" in after
    assert row(sent).owner_contact_id == jean.id
    # What others should know, and what only somebody else can say.
    assert client.post(f"/answer/referrals/{sent}/note", data={"text": ""}).status_code == 422
    client.post(f"/answer/referrals/{sent}/note", data={"text": "Has a small dog"})
    assert "ring the council’s adult" in words(client.get(f"{group.base}/raise"))
    group.does("raise", kind="practical", text="Which bus does she take?")
    with transaction(world.practice_staff):
        asked = session().scalars(select(Thread.id)).one()
        say(world.practice_staff, sent, "answer", thread_id=str(asked), text="The 38")
        say(world.practice_staff, sent, "raise", kind="practical", text="Has she got a key?")
    assert "Northgate Surgery asks you something" in words(client.get("/answer"))
    thread = re.search(r"answer\?thread=([0-9a-f-]{36})", client.get(group.base).text)
    assert thread
    group.does("answer", thread_id=thread[1], text="Yes, since Monday")
    said = group.look()
    for told in ("Has a small dog", "Which bus does she take?", "The 38", "Yes, since Monday"):
        assert told in said
    # Taps: two tries, one of them yesterday, a note of a session, a missed one with its reason.
    group.does("contact", channel="letter", result="no_answer")
    day = clock.today() - timedelta(days=1)
    on = {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    group.does("contact", channel="phone", result="no_answer", part="evening", **on)
    group.does("contact", channel="letter", result="did_not_attend", reason="transport")
    refused = group.does("end", expect=422, reason="could_not_reach", **FINISHED)
    assert "Try 2 more times, on another day or in another way" in refused
    group.does("start")
    for _n in range(3):
        group.does("contact", channel="letter", result="attended")
    settled = group.look()
    assert "Settled in, carries on without us" in settled
    assert "Came 3 times" in settled
    with reading(SYSTEM):
        made = session().scalars(select(Contact).order_by(Contact.number)).all()
        assert [one.channel for one in made][:3] == ["letter", "phone", "visit"]
        assert made[1].at < clock.now() - timedelta(hours=2)
        assert {one.by_contact_id for one in made} == {jean.id}
    group.does("settle")
    assert row(sent).status == "completed"
    over = group.look()
    assert given not in over
    assert "Take back the last step" in over
    group.does("undo")
    assert row(sent).status == "started"
    group.does("complete", **FINISHED, summary="Comes on her own now")
    assert row(sent).status == "completed"
    # The other one is declined; what is not theirs is the same page as what never was.
    other = Group(client, "/answer/referrals", second)
    other.does("decline", reason="capacity", suggestion="The lunch club")
    assert "You could not help this time" in other.look()
    with transaction(world.practice_staff):
        say(world.practice_staff, sent, "acknowledge")
    closed = client.get(f"/answer/referrals/{sent}")
    nothing = client.get(f"/answer/referrals/{new_id()}")
    assert (closed.status_code, words(closed)) == (404, words(nothing))
    assert "This is not with you" in words(closed)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_of_two_contacts_one_wins_and_the_other_reads_who(site: Site, world: World) -> None:
    site.config["WTF_CSRF_METHODS"] = set[str]()
    first, second = site.test_client(), site.test_client()
    signed_in_contact(first, world)
    signed_in_contact(second, world, place=2)
    sent = send(world)
    one, other = (Group(who, "/answer/referrals", sent) for who in (first, second))
    page = second.get(other.base)
    seen, row_seen = version_in(page), re.search(r'name="seen" value="(\d+)"', page.text)
    assert row_seen is not None
    one.does("accept")
    late = other.does("accept", expect=409, version=seen, seen=row_seen[1])
    assert "Something changed before you pressed the button" in late
    assert "Accepted by Jean" in late
    assert "Sent by" not in late  # that stood on the page when it was opened
    typed = other.does("ask", expect=409, version=seen, question="Does she like cats?")
    assert "Does she like cats?" in typed
    # Both may go on; a form that can still be sent is shown again.
    again = other.does("complete", expect=409, version=seen, **FINISHED)
    assert "Somebody was here before you" in again
    other.does("contact", channel="letter", result="reached")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_by_telephone_and_on_paper(site: Site, world: World) -> None:
    site.config["WTF_CSRF_METHODS"] = set[str]()
    worker = world.link_worker
    site.load_actor = lambda _request: worker
    client = site.test_client()
    sent = send(world)
    given = api.person(7101)["given_name"]
    reference = row(sent).reference
    listed = client.get("/telephone")
    assert reference in words(listed)
    assert given not in listed.text
    assert "No referral that your team" in words(client.get("/telephone?reference=JU-2222-222"))
    found = client.get(f"/telephone?reference={reference.lower()}")
    assert found.headers["Location"].endswith(f"/telephone/{sent}")
    group = Group(client, "/telephone", sent)
    before = group.look()
    assert "Read this out" in before
    assert given not in before
    version = str(row(sent).version)
    assert "Write who told you" in group.does("accept", expect=422, version=version)
    group.does("accept", version=version, said_by="Jean")
    assert given in group.look()
    group.does("contact", said_by="Jean", version=str(row(sent).version), result="attended")
    with reading(SYSTEM):
        changes = session().scalars(select(StatusChange).order_by(StatusChange.number)).all()
        assert {one.on_behalf_id for one in changes[-2:]} == {world.provider_id}
    site.load_actor = lambda _request: world.practice_staff
    told = words(client.get(f"/referrals/{sent}"))
    assert "told by Jean, written down by Link Worker (Elder Park link workers)" in told
    assert "Visit: came told by Jean" in told
    for path in ("/telephone", f"/telephone/{sent}", "/sheets"):
        assert client.get(path).status_code == 403

    site.load_actor = lambda _request: worker
    sheet = new_id()
    with transaction(SYSTEM):
        session().add(
            PaperSheet(
                id=sheet,
                version=1,
                organisation_id=world.provider_id,
                week_of=clock.today(),
                owner_id=world.team_id,
                due_on=clock.today(),
            )
        )
    send(world, 7103)
    assert "Riverside Befriending" in words(client.get("/sheets"))
    paper = words(client.get(f"/sheets/{sheet}/print"))
    assert reference in paper
    assert given in paper
    assert str(api.person(7101)["family_name"]) not in paper
    assert paper.count(given) == 1  # they are all called so; the new one is not named
    client.post(f"/sheets/{sheet}/printed", data={"version": "1"})
    assert "on its way since" in words(client.get("/sheets"))
    assert client.get(f"/sheets/{new_id()}/print").status_code == 404


def test_who_came_is_marked_in_one_go(site: Site, world: World) -> None:
    site.config["WTF_CSRF_METHODS"] = set[str]()
    client = site.test_client()
    signed_in_contact(client, world)
    path = f"/answer/sessions/{world.service_id}"
    assert "Nobody to mark yet" in words(client.get(path))
    ids = [send(world, 7110 + n) for n in range(3)]
    with transaction(world.provider_worker):
        for one in ids:
            say(world.provider_worker, one, "accept")
    today = clock.today()
    on = {"held_on-day": str(today.day), "held_on-month": str(today.month)}
    on |= {"held_on-year": str(today.year), "shown_day": today.isoformat()}

    def mark(*said: str, **more: str) -> int:
        taps = {f"mark-{one}": result for one, result in zip(ids, said, strict=True)}
        return client.post(path, data=on | taps | more).status_code

    assert "Write it down for today" in words(client.get(path))
    assert mark("", "", "") == 422
    why = {f"reason-{ids[2]}": "unwell"}
    assert mark("attended", "late", "did_not_attend", **why) == 303
    assert [row(one).status for one in ids] == ["started", "started", "contacting"]
    version = version_in(client.get(path))
    numbers = [row(one).version for one in ids]
    # The same again changes nothing; another mark takes the first one back.
    assert mark("attended", "late", "did_not_attend", version=version, **why) == 303
    assert [row(one).version for one in ids] == numbers
    assert mark("did_not_attend", "", "did_not_attend", version=version, **why) == 303
    assert [row(one).attendances for one in ids] == [0, 0, 0]
    assert mark("attended", "", "attended", version=version) == 409
    with reading(SYSTEM):
        counted = session().scalars(select(Contact).where(Contact.undone.is_(False))).all()
        assert {(one.referral_id, one.result, one.reason) for one in counted} == {
            (ids[0], "did_not_attend", None),
            (ids[2], "did_not_attend", "unwell"),
        }
        assert session().scalars(select(GroupSession)).one().version == 3


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_newcomer_came_or_did_not(site: Site, world: World) -> None:
    site.config["WTF_CSRF_METHODS"] = set[str]()
    client = site.test_client()
    jean = signed_in_contact(client, world)
    with transaction(world.practice_staff):
        asked = schemas.Create().read(api.referral(7120, None))
        triage = services.create(world.practice_staff, asked).id
    with transaction(world.link_worker):
        say(world.link_worker, triage, "accept")
    visit = new_id()

    def expected(at_hours: int) -> None:
        with transaction(SYSTEM):
            referral = session().get_one(Referral, triage)
            key = people.keys_of_unscoped([referral.person_id])[referral.person_id]
            session().add(
                Appointment(
                    id=visit,
                    version=1,
                    referral_id=triage,
                    organisation_id=world.team_id,
                    service_id=world.service_id,
                    kind="turn_up",
                    place="venue",
                    at=clock.now() + timedelta(hours=at_hours),
                    said_sealed=encryption.seal(
                        key, {"first_name": "Amina"}, f"appointment:{visit}"
                    ),
                    made_at=clock.now(),
                )
            )

    expected(at_hours=0)
    page = client.get("/answer")
    assert "Coming for the first time" in words(page)
    assert "Amina" in words(page)
    assert client.get(f"/answer/referrals/{triage}").status_code == 404
    assert client.post(f"/answer/newcomers/{visit}/came", data={"version": "1"}).status_code == 303
    assert row(triage).attendances == 1
    with reading(SYSTEM):
        assert session().get_one(Appointment, visit).state == "kept"
        met = session().scalars(select(Contact)).one()
        assert (met.by_contact_id, met.result) == (jean.id, "attended")
    assert client.post(f"/answer/newcomers/{visit}/came", data={"version": "2"}).status_code == 404
