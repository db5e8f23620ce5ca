"""Who should help: what may be chosen, what may not and why, and what is asked if that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import services as directory
from referral.directory.models import Service
from referral.directory.services import Checked
from referral.places.services import load_outward_codes
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, text, version_of
from tests.integration.desk.test_refer import begin, helps
from tests.performance.counting import counting
from tests.support import api

HERE = {"postcode": "G52 1AB"}
CURRENT = Checked(accepts_referrals=True, checks_summary="9 of 9 checks current", state="current")
LAPSED = replace(CURRENT, accepts_referrals=False, reason="Its checks ran out", state="lapsed")
TYPED = {"feedback": "summary", "authority": "best_interests", "how": "phone"}
WHY = {"why": "Could not say so after the stroke; her sister was asked"}


def offer(
    world: World, name: str, capacity: str = "open", weeks: int | None = None, **said: Any
) -> UUID:
    made = factories.service(world.provider_id, **{"name": name, "postcode": "G52 2AA"} | said)
    version = session().get_one(Service, made).version
    directory.set_capacity(world.provider_manager, made, version, capacity, weeks)
    return made


def write(service_id: UUID, said: Checked) -> None:
    with transaction(SYSTEM):
        directory.write_checks(SYSTEM, service_id, said)


@pytest.fixture
def offers(world: World) -> dict[str, UUID]:
    with transaction(SYSTEM):
        codes = [("G52", 55.8563), ("G51", 55.9000)]
        load_outward_codes(
            [{"code": c, "latitude": at, "longitude": -4.3, "town": c} for c, at in codes]
        )
        made = {
            "Elsewhere": offer(
                world, "Elsewhere", "waiting_list", 3, needs=["money"], postcode="G51 1AA"
            ),
            "Near one": offer(world, "Near one"),
            "Men only": offer(world, "Men only", only_for="male"),
        }
        factories.person(world.practice_staff, 1, **HERE)
    write(made["Elsewhere"], replace(CURRENT, until=clock.today() + timedelta(days=400)))
    return made


def test_what_was_chosen_says_room_wait_distance_and_checks(
    desk: Desk, world: World, offers: dict[str, UUID], database: Database
) -> None:
    client = desk.by(world.practice_staff)
    draft = begin(client, 1)
    fresh = text(client.get(f"/referrals/{draft}/help?service={offers['Elsewhere']}"))
    told = (
        "Elsewhere About 3 weeks Chosen in the directory · Riverside Befriending · 4.9 km"
        " · 9 of 9 checks current, to "
    )
    assert told in fresh
    client.post(
        f"/referrals/{draft}/help",
        data={"needs": ["loneliness"], "who": str(offers["Elsewhere"]), "do": "services"},
    )
    with counting(database) as counted:
        page = client.get(f"/referrals/{draft}/help")
    assert counted.business <= 5, counted.report()
    assert told in text(page)
    assert f'value="{offers["Elsewhere"]}"' in page.text
    # Two beside it; chosen again among the three it stands there once.
    again = client.get(f"/referrals/{draft}/help?service={offers['Near one']}").text
    assert again.count(f'value="{offers["Near one"]}"') == 1


def test_who_cannot_take_the_person_is_not_to_be_chosen(
    desk: Desk, world: World, offers: dict[str, UUID]
) -> None:
    client = desk.by(world.practice_staff)
    draft = begin(client, 1)
    unfit = str(offers["Men only"])
    page = client.get(f"/referrals/{draft}/help?service={unfit}")
    assert "Men only can’t take this person. Only for men." in text(page)
    assert f'name="who" value="{unfit}"' not in page.text
    # When the needs change it goes on being said; nobody has to take the others for it.
    again = client.post(f"/referrals/{draft}/services", data={"needs": ["arts"], "unfit": unfit})
    assert "Men only can’t take this person." in text(again)
    refused = helps(client, draft, who=unfit)
    assert refused.status_code == 422
    assert "Men only can’t take this person: only for men. Choose another." in text(refused)
    assert f'value="{offers["Near one"]}"' in refused.text
    assert 'value="Wants company in the day"' in refused.text
    # The same for one whose checks have run out, and for what is none at all.
    write(offers["Elsewhere"], replace(LAPSED, until=clock.today() - timedelta(days=1)))
    assert "can’t take this person: its checks ran out on" in text(
        helps(client, draft, who=str(offers["Elsewhere"]))
    )
    for nothing in ("nonsense", str(world.practice_id)):
        assert helps(client, draft, who=nothing).status_code == 422
    with reading(SYSTEM):
        assert session().get_one(Referral, UUID(draft)).service_id is None
    assert helps(client, draft, who=str(offers["Near one"]), unfit=unfit).status_code == 303


def test_checks_that_ran_out_before_sending_lead_to_a_choice_that_keeps_everything(
    desk: Desk, world: World, offers: dict[str, UUID]
) -> None:
    client = desk.by(world.practice_staff)
    draft = begin(client, 1)
    helps(client, draft, who=str(world.service_id))
    agree = f"/referrals/{draft}/agree"
    assert client.get(agree).status_code == 200
    write(world.service_id, replace(LAPSED, until=clock.today() - timedelta(days=1)))
    asked = client.post(agree, data=TYPED | WHY)
    assert asked.status_code == 409
    page = text(asked)
    assert "Not sent: Befriending cannot take a referral now. Its checks ran out on" in page
    assert "Near one Room now" in page
    assert "Men only" not in page
    assert "ask the link worker" in page
    for name, value in TYPED.items():
        assert f'name="{name}" value="{value}"' in asked.text
    # Nothing chosen, or something that was not offered: asked again, and nothing is changed.
    for who in ("", "nonsense", str(world.service_id), str(offers["Men only"])):
        again = client.post(agree, data=TYPED | WHY | {"do": "instead", "who": who})
        assert (again.status_code, "Choose who should help instead" in text(again)) == (409, True)
    chosen = client.post(
        agree, data=TYPED | WHY | {"do": "instead", "who": str(offers["Near one"])}
    )
    assert chosen.status_code == 200
    assert "What they agreed to was about Befriending." in text(chosen)
    assert "Near one of Riverside Befriending" in text(chosen)
    for name, value in TYPED.items():
        assert f'name="{name}" value="{value}" checked' in chosen.text
    assert f'value="{WHY["why"]}"' in chosen.text
    sent = client.post(agree, data=TYPED | WHY)
    assert sent.location.endswith("/sent")
    with reading(SYSTEM):
        found = session().get_one(Referral, UUID(draft))
        assert (found.service_id, found.status) == (offers["Near one"], "sent")
        assert (found.consent_feedback, found.consent_authority) == ("summary", "best_interests")


def test_the_link_worker_can_always_be_asked_instead(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    with transaction(world.practice_staff):
        factories.person(world.practice_staff, 1)
    draft = begin(client, 1)
    helps(client, draft, who=str(world.service_id))
    write(world.service_id, LAPSED)
    agree = f"/referrals/{draft}/agree"
    assert "Nothing else for this takes people" in text(client.post(agree, data=TYPED | WHY))
    chosen = client.post(agree, data=TYPED | WHY | {"do": "instead", "who": "link_worker"})
    assert "Elder Park link workers sees now" in text(chosen)
    assert client.post(agree, data=TYPED | WHY).location.endswith("/sent")


def test_referring_somewhere_else_is_judged_when_it_is_sent_too(
    desk: Desk, world: World, offers: dict[str, UUID]
) -> None:
    client = desk.by(world.practice_staff)
    with transaction(world.practice_staff):
        said = {"person": api.person(7, **HERE), "if_not": "referrer"}
        made = factories.referral(world, "declined", n=7, **said).id
    path = f"/referrals/{made}/redirect"
    page = client.get(path)
    assert "Near one Room now" in text(page)
    write(offers["Near one"], LAPSED)
    form = {"version": version_of(page), "who": str(offers["Near one"])}
    refused = client.post(path, data=form)
    assert refused.status_code == 409
    assert "Its checks ran out" in text(refused)
    assert "Near one Room now" not in text(refused)
    with reading(SYSTEM):
        assert session().get_one(Referral, made).status == "declined"
