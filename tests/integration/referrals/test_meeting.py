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
    # By telephone it is no easier, and to be met begins the count anew.
    with clock.at(now + timedelta(days=2)), transaction(world.link_worker) as opened:
        services.record(world.link_worker, sent, "end", None, NOT_REACHED, "Jean")
        opened.rollback()
    with clock.at(now + timedelta(days=3)), transaction(jean):
        say(jean, sent, "contact", channel="phone", result="reached")
    assert refused(3) == "Try 3 more times, on another day or in another way"
    assert row(sent).status == "contacting"
