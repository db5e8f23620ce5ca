"""What attackers found: steps after which nobody was told, or somebody of what is not so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral import worker
from referral.accounts import queries as accounts_queries
from referral.accounts import services as accounts
from referral.accounts.models import Organisation, User
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Invalid
from referral.outbox import services as outbox
from referral.outbox.channels import configure
from referral.referrals import queries, schemas, services
from referral.referrals.models import PersonNotice
from referral.referrals.queries import due
from referral.referrals.schemas.appointing import ALONE, Appoint
from referral.referrals.services import appointing, person_notices
from referral.web.security import limiter
from referral.worker import telling
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact
from tests.integration.desk.conftest import Desk

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DIED: dict[str, Any] = {
    "outcome": "not_known",
    "told_by": "provider",
    "actions_for_practice": [],
    "reason": "died",
}


def release() -> None:
    with reading(SYSTEM):
        ids = due.notices_to_release(SYSTEM, 100)
    for notice_id in ids:
        with transaction(SYSTEM):
            person_notices.release(SYSTEM, notice_id)


def letters(world: World) -> list[str]:
    with reading(world.link_worker):
        return [one.words for one in queries.to_print(world.link_worker)]


def test_who_has_not_died_after_all_is_told_of_what_was_let_go(world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    yesterday = clock.now() - timedelta(days=1)
    with clock.at(yesterday), transaction(staff):
        first = factories.referral(world, "accepted", 1)
        body = factories.answers(world.service_id, confirm_duplicate=True)
        body["person_id"] = str(first.person_id)
        del body["person"]
        other = services.create(staff, schemas.Create().read(body))
        say(worker, other.id, "accept")
    release()
    with transaction(worker):
        say(worker, other.id, "end", **DIED)
    with transaction(worker):
        say(worker, other.id, "undo")
    release()
    with reading(SYSTEM):
        waiting = select(PersonNotice.referral_id).where(
            PersonNotice.state == "waiting", PersonNotice.event == "accepted"
        )
        assert set(session().scalars(waiting)) == {first.id, other.id}


def test_no_letter_is_posted_about_a_day_that_was_called_off(world: World) -> None:
    worker = world.link_worker
    with transaction(world.practice_staff):
        body = schemas.Create().read(factories.answers(None, triage=True))
        asked = services.create(world.practice_staff, body).id
    day = {"on": (clock.today() + timedelta(days=5)).isoformat(), "time": "10:30"}
    with transaction(worker):
        say(worker, asked, "accept")
        body = Appoint().read({**day, "kind": min(ALONE), "place": "home"})
        made = appointing.appoint(worker, asked, body)
    with clock.at(clock.now() + timedelta(hours=1)):
        release()
        assert any("appointment" in words for words in letters(world))
        with transaction(worker):
            appointing.cancel(worker, made.id, made.version)
        assert not any("appointment" in words for words in letters(world))


EVENING = datetime(2026, 6, 2, 21, 0, tzinfo=clock.UK)


def accepted_in_the_evening(world: World) -> UUID:
    """Of whom a text says so in the morning: it lies in the outbox."""
    configure(Settings.from_environ({"REFERRAL_DEMO": "1"}))
    with clock.at(EVENING), transaction(world.practice_staff):
        body = factories.answers(world.service_id)
        body["person"] |= {"reach_by": ["text"], "phone": "07700 900123"}
        found = services.create(world.practice_staff, schemas.Create().read(body)).id
        say(world.provider_worker, found, "accept")
    with clock.at(EVENING + timedelta(minutes=20)):
        release()
    return found


def texts_of_the_morning() -> set[str]:
    with clock.at(EVENING + timedelta(hours=12)):
        release()
        with transaction(SYSTEM):
            return {one.to for one in outbox.lease(SYSTEM) if one.channel == "text"}


@pytest.mark.parametrize("verb", ["end", "withdraw", "stop"])
def test_a_text_of_the_evening_does_not_leave_to_who_is_gone(world: World, verb: str) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    found = accepted_in_the_evening(world)
    with clock.at(EVENING + timedelta(minutes=30)):
        if verb == "end":
            with transaction(worker):
                say(worker, found, verb, **DIED)
        elif verb == "withdraw":
            with transaction(staff):
                say(staff, found, verb, reason="She moved")
        else:
            body = schemas.Withdrawal().read({"what": "refer", "how": "phone"})
            with transaction(staff):
                services.withdraw_consent(staff, found, None, body)
    assert texts_of_the_morning() == set()


def test_a_text_of_the_evening_goes_to_the_number_said_since(world: World) -> None:
    found = accepted_in_the_evening(world)
    with clock.at(EVENING + timedelta(minutes=30)), transaction(world.practice_staff):
        say(world.practice_staff, found, "amend", phone="07700 900456")
    assert texts_of_the_morning() == {"+447700900456"}


def test_a_round_full_of_trouble_keeps_nobody_else_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(world.practice_staff):
        made = [factories.referral(world, "sent", n).id for n in range(2)]
    swept = []

    def sweep(_actor: Actor, referral_id: UUID) -> None:
        swept.append(referral_id)
        raise RuntimeError

    monkeypatch.setattr(services, "sweep", sweep)
    monkeypatch.setattr(worker, "REFERRALS_A_ROUND", 1)
    with clock.at(clock.now() + timedelta(days=30)):
        for _minute in range(2):
            worker.sweep(Settings.from_environ({}))
    worker._in_trouble.clear()
    assert set(swept) == set(made)
    tried: list[int] = []

    def do(one: int) -> None:
        tried.append(one)
        raise RuntimeError

    for _minute in range(2):
        telling.each("test", lambda more: range(1 + more), do)
    assert set(tried) == {0, 1}


def test_closures_in_a_row_are_one_that_is_too_long(world: World) -> None:
    lead, long = world.link_worker_lead, timedelta(days=60)
    begins = date(2030, 1, 7)
    with transaction(lead):
        accounts.add_closure(lead, world.team_id, begins, begins + long)
        later = begins + long + timedelta(days=20)
        accounts.add_closure(lead, world.team_id, later, later + long)
    for first in (begins - timedelta(days=40), begins + long + timedelta(days=5)):
        with pytest.raises(Invalid), transaction(lead):
            accounts.add_closure(lead, world.team_id, first, first + timedelta(days=34))


def test_a_group_whose_last_account_goes_answers_by_link_again(world: World) -> None:
    contact(world)
    group, manager = world.provider_id, world.provider_manager
    with transaction(SYSTEM):
        for user_id in (manager.id, world.provider_worker.id):
            session().get_one(User, user_id).password_hash = "set"
    with transaction(manager):
        version = session().get_one(Organisation, group).version
        accounts.choose_answering(manager, group, version, "account", paper=False)
    left = {}
    for user_id in (world.provider_worker.id, manager.id):
        assert user_id is not None
        with transaction(SYSTEM):
            accounts.disable_user(SYSTEM, user_id)
            left[user_id] = accounts_queries.can_answer_unscoped(group, world.service_id)
    assert list(left.values()) == ["account", "contact"]


def test_nobody_is_sent_a_link_that_a_closed_group_cannot_open(world: World) -> None:
    contact(world)
    with transaction(SYSTEM):
        group = session().get_one(Organisation, world.provider_id)
        accounts.change_organisation(SYSTEM, group.id, group.version, status="closed")
    with reading(SYSTEM):
        answered = accounts_queries.can_answer_unscoped(world.provider_id, world.service_id)
    assert answered == "nobody"


def test_guesses_from_one_network_are_counted_together(desk: Desk) -> None:
    limiter.reset()
    client = desk.site.test_client()
    for n in range(60):
        place = {"REMOTE_ADDR": f"2001:db8::{n:x}"}
        assert client.get(f"/answer/guessed-{n}", environ_overrides=place).status_code == 404
    place = {"REMOTE_ADDR": "2001:db8::ffff"}
    assert client.get("/answer/guessed", environ_overrides=place).status_code == 429
    limiter.reset()
