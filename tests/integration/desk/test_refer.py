"""Referring somebody through the pages, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from referral.core.database import reading, session, transaction
from referral.people.models import Person
from referral.referrals import queries
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, born, id_in, text
from tests.support.numbers import nhs_number

HELPS = {
    "needs": ["loneliness"],
    "reason": "Wants company in the day",
    "risk.known": "no",
    "urgency": "routine",
    "if_not": "link_worker",
    "do": "next",
}


def begin(client: FlaskClient, n: int) -> str:
    """Step 1 for the ``n``-th person, known here: the draft's id."""
    answer = client.post("/referrals/new", data={"number": nhs_number(n), **born()})
    assert answer.status_code == 303, text(answer)
    return id_in(answer.location)


def helps(client: FlaskClient, draft: str, **changes: Any) -> Any:
    return client.post(f"/referrals/{draft}/help", data=HELPS | changes)


def known(world: World, n: int, **changes: Any) -> None:
    with transaction(world.practice_staff):
        factories.person(world.practice_staff, n, **changes)


def test_a_known_person_is_referred_in_three_steps(desk: Desk, world: World) -> None:
    known(world, 1)
    client = desk.by(world.practice_staff)
    draft = begin(client, 1)
    assert "Canary1" in text(client.get(f"/referrals/{draft}/help"))
    done = helps(client, draft, who=str(world.service_id))
    assert done.location.endswith(f"/referrals/{draft}/agree")
    page = text(client.get(done.location))
    assert "sees now" in page
    assert "After they say yes" in page
    sent = client.post(f"/referrals/{draft}/agree", data={"feedback": "full"})
    assert sent.location.endswith("/sent")
    page = text(client.get(sent.location))
    assert "You’ll hear by" in page
    with reading(world.practice_staff):
        found = queries.view(world.practice_staff, session().scalar(select(Referral)))
    assert found["status"] == "sent"
    assert found["reason"] == HELPS["reason"]
    assert found["consent"] == {
        "refer": True,
        "feedback": "full",
        "evaluation": False,
        "told": True,
        "authority": "self",
    }


def test_nobody_in_particular_asks_the_link_worker(desk: Desk, world: World) -> None:
    known(world, 2)
    client = desk.by(world.care_navigator)
    draft = begin(client, 2)
    helps(client, draft, who="link_worker")
    page = text(client.get(f"/referrals/{draft}/agree"))
    assert "Elder Park link workers sees now" in page
    assert "After they say yes" not in page
    client.post(f"/referrals/{draft}/agree", data={"feedback": "summary"})
    with reading(world.link_worker):
        rows, _after = queries.listing(world.link_worker, box="to_me")
    assert [row["status"] for row in rows] == ["sent"]


def test_somebody_new_is_registered_on_the_way(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    number = nhs_number(3)
    asked = client.post("/referrals/new", data={"number": number, **born()})
    assert asked.location == "/referrals/new/person"
    page = client.get(asked.location)
    assert f'value="{number[:3]} {number[3:6]} {number[6:]}"' in page.text
    missing = client.post(
        asked.location,
        data={"health_number.type": "nhs", "health_number.value": number, **born()},
    )
    assert missing.status_code == 422
    assert "First name is required" in text(missing)
    made = client.post(
        asked.location,
        data={
            "health_number.type": "nhs",
            "health_number.value": f"{number[:3]} {number[3:6]} {number[6:]}",
            **born(),
            "given_name": "Newa",
            "family_name": "Person",
            "reach_by": ["letter"],
        },
    )
    draft = id_in(made.location)
    assert "Newa Person" in text(client.get(f"/referrals/{draft}/help"))
    # Back: what was typed is still there, and sending it again makes nobody twice.
    again = client.get("/referrals/new/person")
    assert 'value="Newa"' in again.text
    with reading(world.practice_staff):
        assert session().scalar(select(func.count()).select_from(Person)) == 1


def test_nothing_personal_stands_in_an_address(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    number = nhs_number(4)
    asked = client.post("/referrals/new", data={"number": number, **born()})
    assert number not in asked.location
    assert number not in str(asked.headers)


def test_what_was_typed_is_kept_between_steps_and_on_refresh(desk: Desk, world: World) -> None:
    known(world, 5)
    client = desk.by(world.practice_staff)
    draft = begin(client, 5)
    half = client.post(
        f"/referrals/{draft}/help",
        data={"needs": ["loneliness"], "reason": "Half a", "risk.known": "no", "do": "services"},
    )
    assert half.status_code == 303
    page = client.get(f"/referrals/{draft}/help")
    assert 'value="Half a"' in page.text
    assert 'value="loneliness" checked' in page.text
    assert 'name="risk.known" value="no" checked' in page.text
    assert str(world.service_id) in page.text
    # The same person again: the draft begun here is taken up, not a second one made.
    assert begin(client, 5) == draft


def test_each_step_says_what_is_missing(desk: Desk, world: World) -> None:
    known(world, 6)
    client = desk.by(world.practice_staff)
    assert "NHS number is required" in text(client.post("/referrals/new", data={}))
    wrong = client.post("/referrals/new", data={"number": "999 000 0000", **born(31, 2)})
    assert wrong.status_code == 422
    assert "must be a real date" in text(wrong)
    draft = begin(client, 6)
    empty = client.post(f"/referrals/{draft}/help", data={"do": "next"})
    assert empty.status_code == 422
    page = text(empty)
    for words in (
        "Pick what matters most, up to three",
        "Choose who should help",
        "Write in one line why this would help",
        "Say whether you know of a risk",
    ):
        assert words in page
    risky = helps(client, draft, who="link_worker", **{"risk.known": "yes"})
    assert "Say what the risk is" in text(risky)
    helps(client, draft, who="link_worker")
    unsaid = client.post(f"/referrals/{draft}/agree", data={})
    assert unsaid.status_code == 422
    assert "Choose what the person agreed may come back to you" in text(unsaid)


@pytest.mark.parametrize("feedback", ["", "all", "full "])
def test_consent_is_never_taken_for_granted(desk: Desk, world: World, feedback: str) -> None:
    known(world, 7)
    client = desk.by(world.practice_staff)
    draft = begin(client, 7)
    helps(client, draft, who="link_worker")
    page = client.get(f"/referrals/{draft}/agree")
    assert 'name="feedback" value="full" checked' not in page.text
    refused = client.post(f"/referrals/{draft}/agree", data={"feedback": feedback})
    assert refused.status_code == 422
    with reading(world.practice_staff):
        assert session().scalar(select(Referral.status)) == "draft"


def test_identity_in_the_sentence_is_warned_about_and_blacked_out(desk: Desk, world: World) -> None:
    known(world, 8)
    client = desk.by(world.practice_staff)
    draft = begin(client, 8)
    helps(client, draft, who=str(world.service_id), reason="Canary8 wants company")
    page = text(client.get(f"/referrals/{draft}/agree"))
    assert "the person’s name" in page
    assert "[…] wants company" in page


def test_nobody_is_referred_twice_unasked(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    with transaction(world.practice_staff):
        factories.referral(world, "accepted", n=9)
    draft = begin(client, 9)
    assert "1 open" in text(client.get(f"/referrals/{draft}/help"))
    helps(client, draft, who=str(world.service_id))
    asked = client.post(f"/referrals/{draft}/agree", data={"feedback": "codes"})
    assert asked.status_code == 409
    assert "Already referred" in text(asked)
    assert 'name="feedback" value="codes"' in asked.text
    confirmed = client.post(
        f"/referrals/{draft}/agree", data={"feedback": "codes", "confirm_duplicate": "yes"}
    )
    assert confirmed.location.endswith("/sent")


def test_a_draft_belongs_to_its_writers(desk: Desk, world: World) -> None:
    known(world, 10)
    draft = begin(desk.by(world.practice_staff), 10)
    for stranger in (world.link_worker, world.provider_worker):
        answer = desk.by(stranger).get(f"/referrals/{draft}/help")
        assert answer.status_code in (403, 404)
        assert "Canary10" not in answer.text


def test_a_service_chosen_in_the_directory_is_carried_along(desk: Desk, world: World) -> None:
    known(world, 11)
    client = desk.by(world.practice_staff)
    page = client.get(f"/referrals/new?service={world.service_id}")
    assert "You can still choose another at step 2." in page.text
    assert str(world.service_id) in page.text
    answer = client.post(
        "/referrals/new",
        data={"number": nhs_number(11), **born(), "service": str(world.service_id)},
    )
    assert f"service={world.service_id}" in answer.location
    assert f'value="{world.service_id}" checked' in client.get(answer.location).text.replace(
        ' aria-describedby="who-2-facts"', ""
    )
    fresh = text(client.get(answer.location))
    assert "Befriending Room not known Chosen in the directory" in fresh
    assert "The service you chose" not in fresh
    assert client.get("/referrals/new?service=nonsense").status_code == 200


def test_the_card_names_nobody(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    with transaction(world.practice_staff):
        made = factories.referral(world, "sent", n=12).id
    card = client.get(f"/referrals/{made}/card")
    assert card.status_code == 200
    assert "Canary12" not in card.text
    assert "Then they will write to you" in text(card)
    assert "(Riverside Befriending) to help you." in text(card)
    assert desk.by(world.provider_worker).get(f"/referrals/{made}/card").status_code in (403, 404)


def test_a_draft_can_be_thrown_away(desk: Desk, world: World) -> None:
    known(world, 13)
    client = desk.by(world.practice_staff)
    draft = begin(client, 13)
    assert "Canary13" in text(client.get("/referrals/new"))
    assert desk.by(world.link_worker).post(f"/referrals/{draft}/discard").status_code == 404
    gone = client.post(f"/referrals/{draft}/discard")
    assert gone.location == "/referrals/new"
    assert "Canary13" not in text(client.get("/referrals/new"))
    assert client.get(f"/referrals/{draft}/help").status_code == 404
