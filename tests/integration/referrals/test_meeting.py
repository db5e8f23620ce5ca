"""Trying to reach somebody, meeting them alone or in a group, and settling in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Invalid
from referral.referrals import services
from referral.referrals.models import Contact, Referral
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact
from tests.integration.referrals.conftest import Ask
from tests.support import api

NOT_REACHED = {
    "reason": "could_not_reach",
    "outcome": "not_known",
    "told_by": "provider",
    "actions_for_practice": [],
}


def row(referral_id: UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


def test_nobody_is_given_up_before_three_fair_tries(world: World) -> None:
    jean, now = contact(world), clock.now()
    with transaction(world.practice_staff):
        sent = factories.referral(world, "accepted", person=api.person(7001, reach_by=["phone"])).id

    def tries(days: int, channel: str) -> None:
        with clock.at(now + timedelta(days=days)), transaction(jean):
            say(jean, sent, "contact", channel=channel, result="no_answer")

    def refused(days: int) -> str:
        with (
            clock.at(now + timedelta(days=days)),
            transaction(jean),
            pytest.raises(Invalid) as refusal,
        ):
            say(jean, sent, "end", **NOT_REACHED)
        return refusal.value.errors["reason"][0]

    assert refused(0) == "Try 3 more times, on another day or in another way"
    tries(0, "phone")
    tries(1, "email")  # she is reached by telephone: not a way that she can use
    assert refused(1) == "Try 2 more times, on another day or in another way"
    tries(1, "phone")
    tries(1, "phone")  # the same again
    assert refused(1) == "Try 1 more time, on another day or in another way"
    tries(2, "phone")
    with reading(SYSTEM):
        made = session().scalars(select(Contact).order_by(Contact.at, Contact.number)).all()
        assert [(one.channel, one.fair) for one in made] == [
            ("phone", True), ("email", False), ("phone", True), ("phone", True), ("phone", True),
        ]  # fmt: skip
    # Enough by every door; to be met begins the count anew.
    with clock.at(now + timedelta(days=2)), transaction(world.link_worker) as opened:
        services.record(world.link_worker, sent, "end", None, NOT_REACHED, "Jean")
        opened.rollback()
    with clock.at(now + timedelta(days=3)), transaction(jean):
        say(jean, sent, "contact", channel="phone", result="reached")
    assert refused(3) == "Try 3 more times, on another day or in another way"
    assert row(sent).status == "contacting"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_programs_mark_a_group_and_write_down_what_was_told(
    ask: Ask, world: World, other: World
) -> None:
    service, day = str(world.service_id), clock.today().isoformat()
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted")
        sent, version = str(made.id), made.version
    body = {
        "service_id": service,
        "held_on": day,
        "starts": "9:30",
        "marks": [{"referral_id": sent, "result": "late"}],
    }
    worker = world.provider_worker
    for _again in range(2):
        answer = ask(worker, "POST", "group-sessions", json=body)
        assert answer.status_code == 200, answer.json
    assert answer.json["marks"] == [{"referral_id": sent, "result": "late", "reason": None}]
    assert answer.json["starts"] == "09:30"
    assert row(UUID(sent)).attendances == 1
    listed = ask(worker, "GET", f"group-sessions?service_id={service}").json["items"]
    assert [one["version"] for one in listed] == [2]
    for wrong, field in (
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"starts": "noon"}, "starts"),
        ({"marks": [{"referral_id": sent, "result": "asleep"}]}, "marks.0.result"),
        (
            {"marks": [{"referral_id": sent, "result": "late", "reason": "unwell"}]},
            "marks.0.reason",
        ),
        ({"marks": body["marks"] * 2}, "marks"),
    ):
        refused = ask(worker, "POST", "group-sessions", json=body | wrong)
        assert refused.status_code == 422, wrong
        assert field in refused.json["errors"], refused.json
    assert ask(other.provider_worker, "POST", "group-sessions", json=body).status_code == 404
    assert ask(world.practice_staff, "POST", "group-sessions", json=body).status_code == 403
    # By telephone: the same verbs, with who told it; nobody else may.
    version = row(UUID(sent)).version
    told = {"channel": "phone", "result": "no_answer", "said_by": "Jean"}
    path = f"referrals/{sent}/telephone/contact"
    done = ask(world.link_worker, "POST", path, json=told, match=version)
    assert done.status_code == 200, done.json
    assert done.json["history"][-1]["told_by"] == "Jean"
    assert done.json["history"][-1]["on_behalf"] == "Riverside Befriending"
    unsaid = {"channel": "phone", "result": "no_answer"}
    assert ask(world.link_worker, "POST", path, json=unsaid, match=version).status_code == 422
    early = ask(
        world.link_worker,
        "POST",
        f"referrals/{sent}/telephone/settle",
        json={"said_by": "Jean"},
        match=version + 1,
    )
    assert early.status_code == 409
    assert ask(worker, "POST", path, json=told, match=version + 1).status_code == 403
    assert ask(other.link_worker, "POST", path, json=told, match=version + 1).status_code == 404
