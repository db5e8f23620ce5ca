"""Programs of a link-worker team take on, or do not, who asked for help."""

from __future__ import annotations

from datetime import date

import pytest

from referral.core.actor import ANONYMOUS
from referral.core.database import transaction
from referral.referrals import services
from referral.referrals.schemas.asking import AskForHelp
from tests.factories import World
from tests.integration.referrals.conftest import Ask

ASKS = {
    "given_name": "Quilla",
    "family_name": "Zephyr",
    "date_of_birth": date(1952, 3, 4).isoformat(),
    "practice": "",
    "postcode": "ZZ99 3VZ",
    "phone": "07700 900417",
    "needs": ["loneliness"],
    "reason": "Nobody rings any more",
    "tell_practice": True,
    "agreed": True,
}
RISK = {"risk": {"known": False}}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_programs_take_and_refuse_who_asked(ask: Ask, world: World) -> None:
    with transaction(ANONYMOUS):
        for _n in range(2):
            services.ask_for_help(ANONYMOUS, AskForHelp().read(ASKS))
    worker = world.link_worker
    first = ask(worker, "GET", "self-referrals?limit=1").get_json()
    (one,) = first["items"]
    assert one["person"]["family_name"] == "Zephyr"
    assert one["reason_for_asking"] == ASKS["reason"]
    rest = ask(worker, "GET", f"self-referrals?limit=1&cursor={first['next_cursor']}").get_json()
    (two,) = rest["items"]
    assert rest["next_cursor"] is None
    take = f"self-referrals/{one['id']}/take"
    assert ask(world.practice_staff, "POST", take, json=RISK, match=1).status_code == 403
    assert ask(worker, "POST", take, json=RISK).status_code == 428
    assert ask(worker, "POST", take, json={}, match=1).status_code == 422
    assert ask(worker, "POST", take, json=RISK, match=9).status_code == 409
    made = ask(worker, "POST", take, json=RISK, match=1)
    assert made.status_code == 201
    assert made.get_json()["reference"] == one["reference"]
    refuse = f"self-referrals/{two['id']}/refuse"
    body = {"reason": "not_ours"}
    untold = ask(worker, "POST", refuse, json=body, match=1)
    assert untold.get_json()["errors"] == {"told": ["Tell them first, then say here that you have"]}
    done = ask(worker, "POST", refuse, json=body | {"told": True}, match=1)
    assert (done.status_code, done.get_json()["status"]) == (200, "refused")
    assert (
        ask(worker, "GET", "self-referrals?status=refused").get_json()["items"][0]["id"]
        == (two["id"])
    )

    offer = {"need": "money", "reason": "has_support"}
    counted = ask(world.care_navigator, "POST", "offers", json=offer, key="o1")
    assert counted.status_code == 201
    assert ask(world.provider_worker, "POST", "offers", json=offer).status_code == 403
    unknown = offer | {"person_id": two["id"]}
    assert ask(worker, "POST", "offers", json=unknown).status_code == 422
