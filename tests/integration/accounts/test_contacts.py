"""Whom a group's messages reach, and whose phone is remembered."""

from datetime import timedelta

from referral.accounts import queries, secrets
from referral.accounts.models import AnswerContact, Organisation
from referral.accounts.permissions import GROUP_CONTACT
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
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
