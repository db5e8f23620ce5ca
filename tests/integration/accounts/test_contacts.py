"""Whom a group's messages reach, and whose phone is remembered."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from referral.accounts import queries, secrets, services
from referral.accounts.models import AnswerContact, Organisation
from referral.accounts.roles import GROUP_CONTACT
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.directory import services as directory
from referral.outbox import channels
from tests import factories
from tests.factories.contacts import contact, remembered


def test_a_phone_is_remembered_for_a_day_while_the_contact_is_one(database: Database) -> None:
    world = factories.world()
    jean = contact(world)
    assert jean.kind == "safe_link"
    assert (jean.user, jean.contact) == (None, jean.id)
    assert jean.services == {world.service_id}
    assert jean.roles == {GROUP_CONTACT}
    word, now = secrets.new(), clock.now()
    with transaction(SYSTEM):
        session().add(remembered(jean.contact or world.team_id, word))
    with reading(SYSTEM):
        assert queries.by_answer_session(word) == jean
        assert queries.by_answer_session(secrets.new()) is None
        with clock.at(now + timedelta(days=1, seconds=5)):
            assert queries.by_answer_session(word) is None
    with transaction(SYSTEM):
        session().get_one(AnswerContact, jean.id).active = False
    with reading(SYSTEM):
        assert queries.by_answer_session(word) is None


def test_two_contacts_are_told_each_by_an_own_way(database: Database) -> None:
    world = factories.world()
    first, second = contact(world), contact(world, place=2)
    with reading(SYSTEM):
        found = queries.contacts_for_service_unscoped(world.service_id)
        assert [one.contact_id for one in found] == [first.id, second.id]
        assert {(one.channel, one.address) for one in found} == {("email", "jean@example.org")}
        assert queries.can_answer_unscoped(world.provider_id, world.service_id) == "contact"
    with transaction(SYSTEM):
        session().get_one(AnswerContact, first.id).lost_at = clock.now()
        session().get_one(AnswerContact, second.id).away_until = clock.today()
    with reading(SYSTEM):
        assert queries.contacts_for_service_unscoped(world.service_id) == []
    with clock.at(clock.now() + timedelta(days=1)), reading(SYSTEM):
        found = queries.contacts_for_service_unscoped(world.service_id)
        assert [one.contact_id for one in found] == [second.id]


def test_an_organisation_may_ask_for_accounts(database: Database) -> None:
    world = factories.world()
    word, jean = secrets.new(), contact(world)
    with transaction(SYSTEM):
        session().add(remembered(jean.contact or world.team_id, word))
        session().get_one(Organisation, world.provider_id).answers_by = "account"
    with reading(SYSTEM):
        assert queries.contacts_for_service_unscoped(world.service_id) == []
        assert queries.by_answer_session(word) is None
        asked = queries.can_answer_unscoped(world.provider_id, world.service_id)
        assert asked in ("account", "nobody")
    with transaction(SYSTEM):
        empty = factories.organisation("provider", "Nobody there", world.locality_id)
    with reading(SYSTEM):
        assert queries.can_answer_unscoped(empty, world.service_id) == "nobody"


@pytest.fixture
def _texts() -> Iterator[None]:
    """A gateway for texts is set."""
    channels.configure(Settings.from_environ({"REFERRAL_SMS_URL": "https://sms.example"}))
    yield
    channels.configure(Settings.from_environ({}))


BOTH = {"name": "Jean", "email": "jean@example.org", "mobile": "+447700900123"}


def refused(actor: Actor, organisation_id: uuid.UUID, data: dict[str, object]) -> dict[str, object]:
    with pytest.raises(Invalid) as error, transaction(actor):
        directory.keep_contact(actor, organisation_id, data)
    return dict(error.value.errors)


@pytest.mark.usefixtures("_texts")
def test_a_service_has_two_contacts_each_with_two_ways(database: Database) -> None:
    world = factories.world()
    other = factories.world()
    manager, own = world.provider_manager, [world.service_id]
    assert set(refused(manager, world.provider_id, {"name": "A", "service_ids": own})) == {"email"}
    one_way = {"name": "A", "email": "a@example.org", "service_ids": own}
    assert set(refused(manager, world.provider_id, one_way)) == {"pin"}
    foreign = BOTH | {"service_ids": [other.service_id]}
    assert set(refused(manager, world.provider_id, foreign)) == {"service_ids"}
    with transaction(manager):
        jean = directory.keep_contact(manager, world.provider_id, BOTH | {"service_ids": own}).id
    with transaction(world.link_worker):
        ravi = directory.keep_contact(
            world.link_worker, world.provider_id, one_way | {"pin": "new"}
        )
        assert (ravi.link_by, ravi.code_by, ravi.pin_digest) == ("email", "pin", None)
        pin = services.new_pin(world.link_worker, ravi.id, ravi.version)
        assert len(pin) == 6
        assert pin.encode() not in (ravi.pin_digest or b"")
    assert set(refused(manager, world.provider_id, BOTH | {"service_ids": own})) == {"service_ids"}
    with reading(manager):
        found = queries.contacts_of(manager, world.provider_id)
        assert [(one.name, one.link_by, one.code_by, one.state) for one in found] == [
            ("Jean", "email", "text", "new"),
            ("A", "email", "pin", "new"),
        ]
    for actor, wrong in (
        (world.practice_staff, Forbidden),
        (world.provider_worker, Forbidden),
        (other.link_worker, NotFound),
        (other.provider_manager, NotFound),
        (contact(other), NotFound),
    ):
        with reading(actor), pytest.raises(wrong):
            queries.contacts_of(actor, world.provider_id)
        with transaction(actor), pytest.raises(wrong):
            services.remove_contact(actor, jean, 1)


@pytest.mark.usefixtures("_texts")
def test_a_new_address_or_their_leaving_takes_back_what_went_out(database: Database) -> None:
    world = factories.world()
    jean, manager = contact(world), world.provider_manager
    assert jean.id is not None
    word = secrets.new()
    with transaction(SYSTEM):
        session().add(remembered(jean.id, word))
        link = services.make_link(SYSTEM, jean.id)
    moved = BOTH | {"mobile": "+447700900999", "service_ids": [world.service_id]}
    with transaction(manager), pytest.raises(StaleVersion):
        directory.keep_contact(manager, world.provider_id, moved, jean.id, 7)
    with transaction(manager):
        kept = directory.keep_contact(manager, world.provider_id, moved, jean.id, 1)
        version = kept.version
    with reading(SYSTEM):
        assert queries.by_answer_session(word) is None
        assert queries.by_link_unscoped(link) is None
    with transaction(SYSTEM):
        session().add(remembered(jean.id, again := secrets.new()))
        link = services.make_link(SYSTEM, jean.id)
    with transaction(manager):
        services.remove_contact(manager, jean.id, version)
    with reading(SYSTEM):
        assert queries.by_answer_session(again) is None
        assert queries.by_link_unscoped(link) is None
        assert queries.contacts_for_service_unscoped(world.service_id) == []
        assert queries.contact_names_unscoped([jean.id, None]) == {jean.id: "Jean"}
        left = queries.details_of(session().get_one(AnswerContact, jean.id))
        assert (left["email"], left["mobile"]) == ("", "")
    with transaction(manager), pytest.raises(NotFound):
        services.remove_contact(manager, jean.id, version + 1)


def test_accounts_are_asked_for_only_where_somebody_can_sign_in(database: Database) -> None:
    world = factories.world()
    manager = world.provider_manager
    with transaction(SYSTEM):
        empty = factories.organisation("provider", "Nobody there", world.locality_id)
    with transaction(world.link_worker), pytest.raises(Invalid) as error:
        services.choose_answering(world.link_worker, empty, 1, "account", False)
    assert set(error.value.errors) == {"answers_by"}
    with reading(manager):
        before = queries.organisation(manager, world.provider_id).version
        calendar = queries.calendar_of(world.provider_id)
    with transaction(manager):
        services.choose_answering(manager, world.provider_id, before, "link", True, "13")
    with transaction(manager), pytest.raises(StaleVersion):
        services.choose_answering(manager, world.provider_id, before, "link", False)
    with reading(manager):
        found = queries.organisation(manager, world.provider_id)
        assert (found.answers_by, found.paper, found.open_weekdays) == ("link", True, "13")
        opens = queries.calendar_of(world.provider_id)
        assert opens != calendar
        monday = clock.today() - timedelta(days=clock.today().weekday())
        # Two of its own days are two weeks of calendar at most, whatever day they begin.
        assert opens.due(monday, 4) > calendar.due(monday, 4)


def test_where_no_texts_are_sent_a_mobile_is_no_way(database: Database) -> None:
    world = factories.world()
    manager = world.provider_manager
    for_it = {"service_ids": [world.service_id]}
    alone = {"name": "Jean", "mobile": "+447700900123"} | for_it
    assert set(refused(manager, world.provider_id, alone)) == {"email"}
    assert set(refused(manager, world.provider_id, BOTH | for_it)) == {"pin"}
    with transaction(manager):
        kept = directory.keep_contact(manager, world.provider_id, BOTH | for_it | {"pin": "new"})
        assert (kept.link_by, kept.code_by) == ("email", "pin")
