"""Nothing is sent to a service whose checks do not allow it at that moment; others are offered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.directory import services as directory
from referral.directory.models import Service
from referral.directory.services import Checked
from referral.people.models import Person
from referral.places.services import load_outward_codes
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.referrals.conftest import Ask
from tests.support import api

CODES = [
    {"code": "G52", "latitude": 55.8563, "longitude": -4.3132, "town": "Nowhere"},
    {"code": "G51", "latitude": 55.9000, "longitude": -4.3132, "town": "Farther"},
]
CURRENT = Checked(accepts_referrals=True, checks_summary="9 of 9 checks current", state="current")
LAPSED = replace(CURRENT, accepts_referrals=False, reason="Its checks ran out", state="lapsed")


def referring(n: int, service_id: UUID, **changes: Any) -> dict[str, Any]:
    """The ``n``-th person, who lives where the services near her are."""
    person = api.person(n, postcode="G52 1AB")
    return api.referral(n, str(service_id), person=person, **changes)


def write(service_id: UUID, said: Checked) -> None:
    with transaction(SYSTEM):
        directory.write_checks(SYSTEM, service_id, said)


@pytest.fixture
def others(world: World) -> dict[str, UUID]:
    """What else there is: for her near and far, full, not checked, for men, for something else."""
    with transaction(SYSTEM):
        load_outward_codes(CODES)

        def offer(name: str, **said: Any) -> UUID:
            return factories.service(
                world.provider_id, **{"name": name, "postcode": "G52 1AA"} | said
            )

        found = {
            "Far": offer("Far", postcode="G51 3AA"),
            "Near": offer("Near"),
            "Full": offer("Full"),
            "Men": offer("Men", only_for="male"),
            "Money": offer("Money", needs=["money"]),
            "Unchecked": offer("Unchecked", listed=False),
        }
        found["Third"] = offer("Third", postcode="G51 3AA", needs=["loneliness", "arts"])
        found["Fourth"] = offer("Fourth", postcode="G51 3AA")
    with transaction(world.provider_manager):
        for name in ("Near", "Far", "Third", "Full"):
            version = session().get_one(Service, found[name]).version
            capacity = "closed" if name == "Full" else "open"
            directory.set_capacity(world.provider_manager, found[name], version, capacity, None)
    return found


def count(table: Any) -> int:
    with reading(SYSTEM):
        return session().scalar(select(func.count()).select_from(table)) or 0


def refused(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 409, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"].endswith("/service-not-taking")
    return list(answer.json["alternatives"])


def test_what_ran_out_since_the_form_was_opened_is_not_sent_to(
    ask: Ask, world: World, others: dict[str, UUID]
) -> None:
    staff, service = world.practice_staff, world.service_id
    write(service, replace(CURRENT, until=clock.today()))
    draft = ask(staff, "POST", "referrals", json=referring(1, service, draft=True)).json
    send = f"referrals/{draft['id']}/actions/send"
    with clock.at(clock.now() + timedelta(days=1)):  # nobody has written anything down since
        answer = ask(staff, "POST", send, json={}, match=1)
        offered = refused(answer)
        assert "Its checks ran out on" in answer.json["detail"]
        # The nearest with room comes first; nobody full, unchecked, unfit or for something else.
        assert [one["name"] for one in offered] == ["Near", "Far", "Third"]
        assert offered[0] == {
            "service_id": str(others["Near"]),
            "name": "Near",
            "organisation": "Riverside Befriending",
            "room": "Room now",
        }
        assert ask(staff, "GET", f"referrals/{draft['id']}").json["status"] == "draft"
        # The same at once, without a draft: nothing is left behind, not even the person.
        before = count(Person)
        refused(ask(staff, "POST", "referrals", json=referring(2, service)))
        assert (count(Person), count(Referral)) == (before, 1)
        known = {"person_id": draft["person"]["id"]}
        again = referring(1, service) | known
        del again["person"]
        assert refused(ask(staff, "POST", "referrals", json=again)) == offered
        # One of those offered takes it.
        chosen = {"service_id": offered[0]["service_id"]}
        kept = ask(staff, "PUT", f"referrals/{draft['id']}", json=chosen, match=1)
        sent = ask(staff, "POST", send, json={}, match=kept.json["version"])
        assert sent.json["status"] == "sent"


def test_a_redirect_is_judged_alike_and_what_is_under_way_goes_on(
    ask: Ask, world: World, others: dict[str, UUID]
) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    made = ask(staff, "POST", "referrals", json=referring(1, world.service_id)).json
    path = f"referrals/{made['id']}/actions"
    write(world.service_id, LAPSED)
    write(others["Near"], replace(LAPSED, reason="Suspended while something is looked into"))
    taken = ask(worker, "POST", f"{path}/accept", json={}, match=1)
    assert taken.json["status"] == "accepted"
    ended = ask(
        worker,
        "POST",
        f"{path}/end",
        json={"outcome": "not_known", "told_by": "provider", "actions_for_practice": [],
              "reason": "needs_changed"},
        match=2,
    )  # fmt: skip
    assert ended.status_code == 200, ended.text
    answer = ask(
        staff, "POST", f"{path}/redirect", json={"service_id": str(others["Near"])}, match=3
    )
    # Neither what was just refused nor where she was before.
    assert [one["name"] for one in refused(answer)] == ["Far", "Third", "Fourth"]
    assert answer.json["detail"] == "Suspended while something is looked into"
    assert ask(staff, "GET", f"referrals/{made['id']}").json["version"] == 3


def test_at_the_same_moment_it_is_sent_before_or_not_at_all(ask: Ask, world: World) -> None:
    staff, service = world.practice_staff, world.service_id
    body = referring(1, service)
    assert ask(staff, "POST", "referrals", json=body).status_code == 201  # the token exists
    held = threading.Event()

    def lapse() -> None:
        with transaction(SYSTEM):
            directory.write_checks(SYSTEM, service, LAPSED)
            held.set()
            threading.Event().wait(0.4)  # the sender is waiting for the row by now

    def send() -> Any:
        assert held.wait(10)
        return ask(staff, "POST", "referrals", json=referring(2, service))

    with ThreadPoolExecutor(2) as pool:
        jobs: list[Callable[[], Any]] = [lapse, send]
        done = [pool.submit(job) for job in jobs]
        done[0].result(30)
        refused(done[1].result(30))
    assert count(Referral) == 1
