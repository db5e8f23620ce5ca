"""Taking people on: sealed, found exactly, known only to who has to do with them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.people import queries, schemas, services
from referral.people.models import Person, PersonKey
from tests import factories
from tests.factories import World
from tests.support import api
from tests.support.numbers import nhs_number

BORN = date(1952, 3, 4)


def test_what_identifies_is_sealed(world: World) -> None:
    with transaction(world.practice_staff) as opened:
        person_id = factories.person(world.practice_staff, 1, family_name="Zanzibar")
        dump = opened.execute(text("SELECT * FROM person")).one()
        seen = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in dump)
        for word in ("Zanzibar", "Testa", nhs_number(1), "1952", "ZZ99", "960001", "Test Street"):
            assert word.encode() not in seen
        known = queries.person(world.practice_staff, person_id)
    assert known.identity.name == "Testa Zanzibar"
    assert known.identity.health_number == {"type": "nhs", "value": nhs_number(1)}


def test_destroying_the_key_erases(world: World) -> None:
    with transaction(world.practice_staff) as opened:
        person_id = factories.person(world.practice_staff, 1)
        opened.delete(opened.get_one(PersonKey, person_id))
        opened.flush()
        assert queries.person(world.practice_staff, person_id).identity.name == ""


def test_out_of_scope_is_not_found(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        person_id = factories.person(world.practice_staff, 1)
    for stranger in (other.practice_staff, world.provider_worker, world.link_worker):
        with reading(stranger), pytest.raises(NotFound):
            queries.person(stranger, person_id)
    with reading(world.care_navigator):
        assert queries.person(world.care_navigator, person_id).id == person_id


def test_found_by_number_or_name_with_the_birth_date_only_in_scope(
    world: World, other: World
) -> None:
    number = {"type": "nhs", "value": nhs_number(1)}
    with transaction(world.practice_staff):
        person_id = factories.person(world.practice_staff, 1, family_name="O'Neil")
    with reading(world.practice_staff):
        actor = world.practice_staff
        by_number = queries.find(actor, BORN, number=number)
        by_name = queries.find(actor, BORN, given_name="TESTA", family_name="o'neil")
        assert by_number is not None
        assert by_name is not None
        assert by_number.id == by_name.id == person_id
        assert queries.find(actor, BORN + timedelta(days=1), number=number) is None
        assert queries.find(actor, BORN, given_name="Testa", family_name="O'Nei") is None
        assert queries.find(actor, BORN) is None
    with reading(other.practice_staff):
        assert queries.find(other.practice_staff, BORN, number=number) is None


def test_somebody_known_here_is_brought_up_to_date_not_doubled(world: World) -> None:
    with transaction(world.practice_staff):
        first = factories.person(world.practice_staff, 1)
        again = factories.person(world.practice_staff, 1, phone="0141 496 0000")
        assert again == first
        known = queries.person(world.practice_staff, first)
        assert known.identity.phone == "0141 496 0000"
        assert known.version == 2
        factories.person(world.practice_staff, 1, phone="0141 496 0000")
        assert queries.person(world.practice_staff, first).version == 2


def test_somebody_others_know_is_answered_like_somebody_nobody_knows(
    world: World, other: World
) -> None:
    with transaction(world.practice_staff):
        first = factories.person(world.practice_staff, 1)
    with transaction(other.practice_staff):
        second = factories.person(other.practice_staff, 1)
        assert second != first
        assert queries.person(other.practice_staff, second).version == 1


@pytest.mark.parametrize("value", ["943 476 5919", "9434765919"])
def test_only_a_demonstration_takes_999_numbers_and_no_others(world: World, value: str) -> None:
    real = replace(world.practice_staff, demo=False)
    with transaction(real):
        factories.person(real, 1, health_number={"type": "nhs", "value": value})
        with pytest.raises(Invalid) as refused:
            factories.person(real, 2)
        assert list(refused.value.errors) == ["health_number.value"]
        with pytest.raises(Invalid):
            factories.person(world.practice_staff, 3, health_number={"type": "nhs", "value": value})


def test_who_may_not_register(world: World) -> None:
    for actor in (world.provider_worker, world.practice_manager, world.commissioner, SYSTEM):
        with transaction(actor), pytest.raises(Forbidden):
            factories.person(actor, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_of_birth", "2999-01-01"),
        ("date_of_birth", "1952-02-30"),
        ("given_name", ""),
        ("given_name", "x" * 101),
        ("given_name", "a\x00b"),
        ("given_name", "\ud800"),
        ("postcode", "nowhere"),
        ("phone", "ring me"),
        ("email", "nobody"),
        ("sex", "f"),
        ("reach_by", ["pigeon"]),
        ("health_number", {"type": "nhs"}),
        ("health_number", "999"),
        ("favourite_colour", "teal"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        schemas.Person().read(api.person(1) | {field: value})
    assert [name for name in refused.value.errors if name.startswith(field)]


def test_no_fixed_abode_has_a_postcode(world: World) -> None:
    with transaction(world.practice_staff):
        person_id = factories.person(world.practice_staff, 1, postcode="zz993vz")
        known = queries.person(world.practice_staff, person_id)
    assert (known.identity.postcode, known.identity.area) == ("ZZ99 3VZ", "ZZ99")


def test_amending_compares_versions_and_finds_again_by_the_new_name(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        person_id = factories.person(actor, 1)
        services.amend(actor, person_id, {"family_name": "Newname"}, 1)
        with pytest.raises(StaleVersion):
            services.amend(actor, person_id, {"phone": "0141 496 0000"}, 1)
        assert queries.find(actor, BORN, given_name="Testa", family_name="Newname") is not None
        assert queries.find(actor, BORN, given_name="Testa", family_name="Canary1") is None


def test_deceased_and_unsafe_are_noted_and_taken_back(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        person_id = factories.person(actor, 1)
        services.mark_deceased(actor, person_id, clock.today())
        services.mark_unsafe(actor, person_id, True, "ring her sister on 01632 960009")
        known = queries.person(actor, person_id)
        assert known.deceased_on == clock.today()
        assert known.unsafe_to_contact
        assert known.identity.contact_notes == "ring her sister on 01632 960009"
        with pytest.raises(Invalid):
            services.mark_deceased(actor, person_id, clock.today() + timedelta(days=1))
        services.mark_deceased(actor, person_id, None)
        services.mark_unsafe(actor, person_id, False)
        known = queries.person(actor, person_id)
        assert known.deceased_on is None
        assert not known.unsafe_to_contact
        assert known.identity.contact_notes == ""


def test_many_identities_open_in_one_query(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        ids = [factories.person(actor, n) for n in range(1, 6)]
        opened = queries.open_identities_unscoped(ids)
        assert [opened[id_].family_name for id_ in ids] == [f"Canary{n}" for n in range(1, 6)]
        assert queries.open_identities_unscoped([]) == {}
        assert len(session().scalars(select(Person)).all()) == 5
