"""Organisations, roles, closures, and what other slices ask about them."""

import uuid
from datetime import date

import pytest

from referral.accounts import queries, services
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from tests.integration.accounts.conftest import Town

ADMINISTRATOR = Actor(
    "user", uuid.uuid4(), organisation=uuid.uuid4(), roles=frozenset({"administrator"})
)


def test_a_calendar_is_the_nations_and_ones_own(town: Town) -> None:
    lead = town.actor("practice_manager")
    with transaction(lead):
        services.add_closure(lead, town.practice, date(2030, 6, 3), date(2030, 6, 4), "Training")
        calendar = queries.calendar_of(town.practice)
    assert not calendar.is_working(date(2030, 6, 3))
    assert calendar.is_working(date(2030, 6, 5))
    assert not calendar.is_working(date(2030, 1, 2))  # a holiday in Scotland only
    with reading(SYSTEM):
        assert queries.calendar_of(town.team).is_working(date(2030, 6, 3))
        assert queries.calendar_of(uuid.uuid4()).nation == "england"


def test_a_closure_has_an_order_and_an_end(town: Town) -> None:
    manager = town.actor("practice_manager")
    for first, last in (
        (date(2030, 6, 4), date(2030, 6, 3)),
        (date(2030, 1, 1), date(2030, 12, 31)),
    ):
        with transaction(manager), pytest.raises(Invalid) as refused:
            services.add_closure(manager, town.practice, first, last)
        assert refused.value.errors.keys() == {"last"}
    with transaction(manager):
        made = services.add_closure(manager, town.practice, date(2030, 6, 3), date(2030, 6, 3))
    for actor in (town.actor("practice_staff"), town.actor("link_worker_lead")):
        with transaction(actor), pytest.raises(Forbidden):
            services.remove_closure(actor, town.practice, made)
    with transaction(manager):
        services.remove_closure(manager, town.practice, made)
    with transaction(manager), pytest.raises(NotFound):
        services.remove_closure(manager, town.practice, made)


def test_who_serves_whom(town: Town) -> None:
    with reading(SYSTEM):
        assert queries.organisations_served_by(town.team) == [town.practice]
        assert queries.link_worker_team_of(town.practice) == town.team
        assert queries.link_worker_team_of(town.team) == town.team
        assert queries.link_worker_team_of(town.provider) is None
        assert queries.link_worker_team_of(uuid.uuid4()) is None
    with transaction(SYSTEM):
        services.change_organisation(SYSTEM, town.team, 1, status="closed")
    with reading(SYSTEM):
        assert queries.link_worker_team_of(town.practice) is None


def test_an_inbox_and_names(town: Town) -> None:
    with reading(SYSTEM):
        assert queries.inbox_of(town.practice) == ["box@northgate.example"]
        assert queries.inbox_of(town.provider) == []
        assert queries.names_of([town.team, None]) == {town.team: "Clydeside team"}
        assert queries.user_names_of([town.users["link_worker"]]) == {
            town.users["link_worker"]: "Alex link_worker"
        }
        assert queries.names_of([]) == {}
    manager = town.actor("provider_manager")
    with transaction(manager):
        services.change_inbox(manager, town.provider, "hello@riverside.example", "0141")
    with reading(SYSTEM):
        assert queries.inbox_of(town.provider) == ["hello@riverside.example"]


def test_people_with_roles_are_active_ones(town: Town) -> None:
    with reading(SYSTEM):
        found = queries.users_with_roles(town.practice, ["practice_manager"])
        assert [person.id for person in found] == [town.users["practice_manager"]]
        assert len(queries.users_with_roles(town.practice)) == 2
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["practice_manager"])
    with reading(SYSTEM):
        assert queries.users_with_roles(town.practice, ["practice_manager"]) == []
        assert len(queries.people_of(SYSTEM, town.practice)) == 2


def test_scope_is_ones_own_the_locality_and_the_practices_served(town: Town) -> None:
    with transaction(SYSTEM):
        far = services.create_locality(SYSTEM, name="Far", nation="wales")
        outside = services.create_organisation(
            SYSTEM, kind="practice", name="Far away", locality_id=far
        )
    staff = town.actor("practice_staff")
    with reading(staff):
        assert queries.organisation(staff, town.provider).name == "Riverside"
        for organisation in (outside, uuid.uuid4()):
            with pytest.raises(NotFound):
                queries.organisation(staff, organisation)
        with pytest.raises(NotFound):
            queries.people_of(staff, town.provider)
        with pytest.raises(NotFound):
            queries.organisations(staff)
        with pytest.raises(NotFound):
            queries.users(staff)
    with reading(ADMINISTRATOR):
        assert queries.organisation(ADMINISTRATOR, outside).name == "Far away"
        assert len(queries.organisations(ADMINISTRATOR)) == 4


def test_only_an_administrator_makes_and_changes_organisations(town: Town) -> None:
    lead = town.actor("link_worker_lead")
    with transaction(lead), pytest.raises(Forbidden):
        services.create_organisation(lead, kind="provider", name="Mine")
    with transaction(lead), pytest.raises(Forbidden):
        services.change_organisation(lead, town.practice, 1, name="Mine")
    with transaction(ADMINISTRATOR):
        services.change_organisation(ADMINISTRATOR, town.practice, 1, name="Northgate")
    with pytest.raises(StaleVersion), transaction(ADMINISTRATOR):
        services.change_organisation(ADMINISTRATOR, town.practice, 1, name="Late")
    with reading(SYSTEM):
        assert queries.names_of([town.practice]) == {town.practice: "Northgate"}


def test_a_code_belongs_to_one_and_a_team_is_a_team(town: Town) -> None:
    for field, details in (
        ("ods_code", {"kind": "practice", "ods_code": "S10001"}),
        ("link_worker_team_id", {"kind": "practice", "link_worker_team_id": town.provider}),
        ("link_worker_team_id", {"kind": "provider", "link_worker_team_id": town.team}),
    ):
        with transaction(SYSTEM), pytest.raises(Invalid) as refused:
            services.create_organisation(SYSTEM, name="X", **details)
        assert refused.value.errors.keys() == {field}


def test_lists_go_on_where_they_stopped(town: Town) -> None:
    with transaction(SYSTEM):
        for n in range(5):
            services.create_organisation(SYSTEM, kind="practice", name=f"Same {n % 2}")
    seen, after = [], None
    with reading(ADMINISTRATOR):
        while rows := queries.organisations(ADMINISTRATOR, text="same", limit=2, after=after):
            seen += [row.id for row in rows]
            after = (rows[-1].name, rows[-1].id)
        assert queries.organisations(ADMINISTRATOR, text="s10001")[0].id == town.practice
        assert queries.organisations(ADMINISTRATOR, text="%") == []
        assert queries.users(ADMINISTRATOR, "ALEX LINK_WORKER_")[0].email.startswith(
            "link_worker_l"
        )
    assert len(seen) == len(set(seen)) == 5


def test_roles_are_of_the_kind_and_somebody_stays_in_charge(town: Town) -> None:
    manager = town.actor("practice_manager")
    staff = town.users["practice_staff"]
    with pytest.raises(Invalid), transaction(manager):
        services.set_roles(manager, staff, town.practice, ["provider_worker"])
    with pytest.raises(Invalid), transaction(manager):
        services.set_roles(manager, town.users["practice_manager"], town.practice, [])
    with transaction(manager):
        services.set_roles(manager, staff, town.practice, ["practice_manager"])
    with transaction(manager):
        services.set_roles(manager, town.users["practice_manager"], town.practice, [])
    with reading(SYSTEM):
        assert not queries.user_by_email(SYSTEM, town.email("practice_manager")).active
        assert queries.works_in(staff, town.practice) == {"practice_manager"}


def test_a_manager_reaches_nobody_elsewhere(town: Town) -> None:
    manager = town.actor("practice_manager")
    with pytest.raises(Forbidden), transaction(manager):
        services.set_roles(manager, town.users["link_worker"], town.team, [])
    with pytest.raises(NotFound), transaction(manager):
        services.set_roles(manager, town.users["link_worker"], town.practice, ["practice_staff"])
    with pytest.raises(Forbidden), transaction(manager):
        services.disable_user(manager, town.users["link_worker"])
    with pytest.raises(Forbidden), transaction(manager):
        services.make_administrator(manager, town.users["practice_manager"])


def test_ones_own_account_is_changed_by_oneself(town: Town) -> None:
    actor = town.actor("link_worker")
    with reading(actor):
        version = queries.own_account(actor).version
    with transaction(actor):
        services.change_own_account(
            actor, name="New name", job_title="", version=version, away_until=date(2030, 1, 1)
        )
    with pytest.raises(StaleVersion), transaction(actor):
        services.change_own_account(actor, name="Late", job_title="", version=version)
    with reading(SYSTEM):
        colleague = queries.users_with_roles(town.team, ["link_worker"])[0]
    assert colleague.name == "New name"
    assert colleague.is_away


def test_the_administrator_is_made_once(town: Town) -> None:
    with transaction(SYSTEM):
        services.make_administrator(SYSTEM, town.users["practice_staff"])
        services.make_administrator(SYSTEM, town.users["link_worker"])
    with reading(SYSTEM):
        places = queries.posts_of(town.users["practice_staff"])
        assert len({p.organisation_id for p in places if p.kind == "installation"}) == 1
