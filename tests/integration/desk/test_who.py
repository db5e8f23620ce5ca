"""Who is referred: pasted from a record, handed over by another system; and who said no."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from referral.accounts.models import Organisation, User
from referral.core import clock, tally
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.people.models import Person
from referral.referrals import queries
from referral.referrals.models import Consent, Offer, PersonNotice, Referral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, born, id_in, text
from tests.integration.desk.test_refer import helps, known
from tests.performance.counting import counting
from tests.support.numbers import nhs_number

NUMBER = nhs_number(51)


def banner(number: str = NUMBER, name: str = "ZEPHYR, Quilla (Mrs)") -> str:
    """As a clinical system shows somebody."""
    return (
        f"{name}\tBorn 04-Mar-1952 (74y)\tGender Female\tNHS No. {number}\n"
        "Usual GP SHAH, Priya (Dr)\nAddress 17 Plover Wynd, Govan, ZZ99 3VZ\t"
        "Phone and email 01632 960417, 07700 900417, quilla@example.org\nCoughing blood since May"
    )


def test_a_paste_that_leaves_no_doubt_goes_straight_on(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    done = client.post("/referrals/new", data={"paste": banner()})
    assert done.location.endswith("/help?read=yes")
    page = text(client.get(done.location))
    for said in ("Mrs Quilla Zephyr", "born 04/03/1952", "17 Plover Wynd", "07700 900417"):
        assert said in page
    # Again, with nothing changed: known, and nothing to look at.
    assert "read=" not in client.post("/referrals/new", data={"paste": banner()}).location
    # With another telephone than is known here: look first, then it is kept.
    changed = banner().replace("07700 900417", "07700 900555")
    asked = client.post("/referrals/new", data={"paste": changed})
    assert asked.location == "/referrals/new/person"
    page = text(client.get(asked.location))
    assert "Until now it was: Telephone 07700 900417" in page
    client.post(
        asked.location,
        data={
            "health_number.type": "nhs",
            "health_number.value": NUMBER,
            **born(),
            "given_name": "Quilla",
            "family_name": "Zephyr",
            "phone": "07700 900555",
        },
    )
    with reading(world.practice_staff):
        assert session().scalar(select(func.count()).select_from(Person)) == 1
        row = session().scalars(select(Referral)).one()
        shown = queries.view(world.practice_staff, row.id)
    assert shown["person"]["phone"] == "07700 900555"
    assert shown["person"]["sex"] == "female"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_in_doubt_is_asked_and_the_text_is_kept_nowhere(
    desk: Desk, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    client = desk.by(world.practice_staff)
    two = banner() + f"\nNHS No. {nhs_number(52)}"
    asked = client.post("/referrals/new", data={"paste": two})
    assert asked.location == "/referrals/new/person"
    page = client.get(asked.location)
    assert "the health number: there are two" in text(page)
    assert 'value="Quilla"' in page.text
    cookies = asked.headers.getlist("Set-Cookie")
    opened = b"".join(base64.urlsafe_b64decode(one.split("=", 1)[1][:400]) for one in cookies)
    nothing = client.post("/referrals/new", data={"paste": "Coughing blood since May"})
    assert nothing.status_code == 422
    assert "Nothing could be read from that" in text(nothing)
    for place in (asked.text, page.text, nothing.text, str(asked.headers), caplog.text):
        assert "Coughing" not in place
    assert b"Quilla" not in opened


def hand_over(world: World, **changes: str) -> dict[str, str]:
    """What a clinical system posts for the world's practice and its user."""
    with transaction(SYSTEM):
        session().get_one(Organisation, world.practice_id).ods_code = "T12345"
        email = session().get_one(User, world.practice_staff.id).email
    return {
        "practice": "t12345",
        "referrer": email.upper(),
        "number": NUMBER,
        "number_type": "nhs",
        "born": "1952-03-04",
        "given_name": "Quilla",
        "family_name": "Zephyr",
        "phone": "01632 960417",
    } | changes


def test_another_system_hands_somebody_over(desk: Desk, world: World) -> None:
    posted = hand_over(world)
    client = desk.by(world.practice_staff)
    handed = client.post("/referrals/new/from-record", data=posted)
    assert (handed.status_code, handed.location) == (303, "/referrals/new")
    cookie = handed.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Max-Age=600" in cookie
    page = client.get("/referrals/new")
    assert "From your record system" in text(page)
    assert f'value="{NUMBER}"' in page.text
    done = client.post("/referrals/new", data={"number": NUMBER, **born()})
    assert "Quilla Zephyr" in text(client.get(done.location))
    assert "From your record system" not in text(client.get("/referrals/new"))

    # For another practice, for somebody else, or too late: nothing is filled in.
    for changes in ({"practice": "Z99999"}, {"referrer": "somebody@example.org"}):
        client.post("/referrals/new/from-record", data=posted | changes)
        page = client.get("/referrals/new")
        assert "Nothing was filled in" in text(page)
        assert NUMBER not in page.text
    client.post("/referrals/new/from-record", data=posted)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert NUMBER not in client.get("/referrals/new").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_stranger_hands_over_and_signs_in_on_the_way(desk: Desk, world: World) -> None:
    stranger = desk.site.test_client()
    desk.site.config["WTF_CSRF_METHODS"] = {"POST"}
    assert stranger.post("/referrals/new", data={}).status_code in (400, 401)
    posted = hand_over(world)
    assert stranger.post("/referrals/new/from-record", data=posted).status_code == 303
    assert stranger.get("/referrals/new").location == "/sign-in?next=%2Freferrals%2Fnew"
    assert stranger.get("/referrals/new/from-record").status_code == 405
    wrong = stranger.post("/referrals/new/from-record", data=posted | {"born": "4 March"})
    assert wrong.status_code == 422
    assert NUMBER not in wrong.text
    assert stranger.post("/referrals/new/from-record", data={"x": "1"}).status_code == 422


def test_offered_and_declined_in_two_taps(desk: Desk, world: World) -> None:
    known(world, 60)
    client = desk.by(world.practice_staff)
    begun = client.post("/referrals/new", data={"number": nhs_number(60), **born()})
    draft = id_in(begun.location)
    first = helps(client, draft, do="declined", reason="")
    assert first.location.endswith("/declined")
    assert "Canary60 said no: why?" in text(client.get(first.location))
    second = client.post(first.location, data={"reason": "not_now"})
    page = text(client.get(second.location))
    assert "Social prescribing declined (871711000000103)." in page
    assert "Reason: not now." in page
    assert "About: Loneliness." in page
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Referral)) == 0
        assert session().scalars(select(Offer)).one().organisation_id == world.practice_id
        metrics = set(session().scalars(select(tally.TallyLine.metric)))
    assert {"offered", "offer_declined"} <= metrics
    assert desk.by(world.link_worker).get(second.location).status_code == 404


def test_a_parent_answers_for_a_child_in_words_written_for_that(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    year = clock.today().year - 13
    child = banner().replace("04-Mar-1952 (74y)", f"04-Mar-{year} (13y)")
    draft = id_in(client.post("/referrals/new", data={"paste": child}).location)
    helps(client, draft, who=str(world.service_id), needs=["loneliness"])
    page = client.get(f"/referrals/{draft}/agree")
    assert 'value="parent" checked' in page.text
    assert "Say to the parent of Quilla" in text(page)
    said = {"feedback": "full", "authority": "parent", "how": "phone"}
    refused = client.post(f"/referrals/{draft}/agree", data=said)
    assert refused.status_code == 422
    assert "Write the name of who agreed" in text(refused)
    sent = client.post(f"/referrals/{draft}/agree", data=said | {"given_by": "Ada Zephyr"})
    assert sent.location.endswith("/sent"), text(sent)
    with reading(SYSTEM):
        row = session().scalars(select(Consent)).one()
        assert (row.how, row.authority, row.wording) == ("phone", "parent", "for_child-1")
    # Told at once by text, instead of when the quarter of an hour is over.
    told = client.post(f"/referrals/{draft}/tell-now", data={"channel": "text"})
    assert told.location == sent.location
    assert "The text is on its way" in text(client.get(told.location))
    with reading(SYSTEM):
        states = list(session().scalars(select(PersonNotice.state).order_by(PersonNotice.id)))
    assert states == ["dropped", "queued"]


def test_where_a_referral_is_without_what_it_is_about(
    desk: Desk, world: World, database: Database
) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted", n=70, reason="Secretly drinks")
        elsewhere = factories.world(locality_id=world.locality_id)
    navigator = desk.by(world.care_navigator)
    for asked in ({"reference": made.reference.lower()}, {"number": nhs_number(70), **born()}):
        with counting(database) as counted:
            page = text(navigator.post("/where", data=asked))
        assert counted.business <= 5, counted.report()
        assert "Riverside Befriending has it, since" in page
        for secret in ("Secretly", "Loneliness", "loneliness"):
            assert secret not in page
    nobody = text(navigator.post("/where", data={"reference": "JU-2222-222"}))
    stranger = text(
        desk.by(elsewhere.care_navigator).post("/where", data={"reference": made.reference})
    )
    assert "Nothing found" in nobody
    assert nobody.split("Nothing found")[1] == stranger.split("Nothing found")[1]
    missing = navigator.post("/where", data={})
    assert missing.status_code == 422
    assert "Give the reference" in text(missing)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_step_of_referring_costs_five_statements_at_most(
    desk: Desk, world: World, database: Database
) -> None:
    client = desk.by(world.practice_staff)
    client.post("/referrals/new/from-record", data=hand_over(world))
    draft = id_in(client.post("/referrals/new", data={"paste": banner()}).location)
    helps(client, draft, who=str(world.service_id))
    client.post("/referrals/new/from-record", data=hand_over(world))
    for path in ("new", f"{draft}/help", f"{draft}/declined", f"{draft}/agree", f"{draft}/sent"):
        if path.endswith("sent"):
            client.post(f"/referrals/{draft}/agree", data={"feedback": "full"})
        with counting(database) as counted:
            assert client.get(f"/referrals/{path}").status_code == 200, path
        assert counted.business <= 5, f"{path}\n{counted.report()}"
