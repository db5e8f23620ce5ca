"""The people behind a service and behind a practice: who keeps them and who sees them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.directory import queries, schemas, services
from referral.directory.models import EntryChange, Profile
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, offer
from tests.performance.counting import counting

JO = {"name": "Jo Mills", "role": "leads the visits", "ring_hours": "Mondays, 9:30 to 12:30"}


def show(actor: Actor, organisation_id: UUID, **said: Any) -> UUID:
    """Somebody shown by ``actor``."""
    data = schemas.Profile().read(JO | said)
    with transaction(actor):
        return services.add_profile(actor, organisation_id, data).id


def row(profile_id: UUID) -> Profile:
    with reading(SYSTEM):
        return session().get_one(Profile, profile_id)


@pytest.mark.parametrize(
    ("who", "where", "allowed"),
    [
        ("provider_manager", "provider_id", True),
        ("provider_worker", "provider_id", True),
        ("practice_manager", "practice_id", True),
        ("link_worker_lead", "team_id", True),
        ("practice_manager", "provider_id", False),
        ("practice_staff", "provider_id", False),
        ("provider_manager", "practice_id", False),
        ("link_worker", "provider_id", False),
        ("commissioner", "provider_id", False),
        ("privacy_lead", "practice_id", False),
    ],
)
def test_who_keeps_the_people_of_an_organisation(
    world: World, who: str, where: str, allowed: bool
) -> None:
    actor: Actor = getattr(world, who)
    organisation: UUID = getattr(world, where)
    if not allowed:
        with pytest.raises(Forbidden):
            show(actor, organisation)
        return
    made = show(actor, organisation)
    with transaction(actor):
        services.edit_profile(actor, made, 1, schemas.Profile().read(JO | {"name": "Jo M."}))
        services.remove_profile(actor, made, 2)
    with reading(actor):
        assert queries.people_of(actor, organisation) == ()


@pytest.mark.parametrize("who", ["practice_staff", "care_navigator", "link_worker"])
def test_everybody_keeps_their_own_profile_and_nobody_elses(world: World, who: str) -> None:
    actor: Actor = getattr(world, who)
    assert actor.organisation is not None
    manager = world.link_worker_lead if who == "link_worker" else world.practice_manager
    own = show(actor, actor.organisation, user_id=str(manager.id))
    assert row(own).user_id == actor.id, "it can only be their own"
    other = show(manager, actor.organisation)
    said = schemas.Profile().read(JO | {"name": "Myself"})
    with transaction(actor):
        services.edit_profile(actor, own, 1, said)
    assert row(own).user_id == actor.id
    with pytest.raises(Forbidden), transaction(actor):
        services.edit_profile(actor, other, 1, said)
    with pytest.raises(Forbidden), transaction(actor):
        services.remove_profile(actor, other, 1)
    with pytest.raises(Invalid, match="mend") as refused:
        show(actor, actor.organisation)
    assert refused.value.errors == {"user_id": ["has a profile here already"]}


def test_link_workers_keep_the_people_of_a_provider_where_nobody_has_an_account(
    world: World,
) -> None:
    with transaction(SYSTEM):
        small = factories.organisation("provider", "Knit & Natter", world.locality_id)
    made = show(world.link_worker, small)
    with reading(world.practice_staff):
        assert [face.id for face in queries.people_of(world.practice_staff, small)] == [made]


def test_nothing_is_shown_to_or_kept_by_another_locality(world: World) -> None:
    made = show(world.provider_manager, world.provider_id, is_public=True)
    with transaction(SYSTEM):
        far = factories.world()
    with reading(far.practice_staff):
        assert queries.people_of(far.practice_staff, world.provider_id) == ()
        assert queries.faces(far.practice_staff, [world.service_id]) == {}
    for verb in (
        lambda: services.add_profile(
            far.provider_manager, world.provider_id, schemas.Profile().read(JO)
        ),
        lambda: services.remove_profile(far.provider_manager, made, 1),
        lambda: services.withdraw_photo(far.provider_manager, made),
    ):
        with pytest.raises(NotFound), transaction(far.provider_manager):
            verb()


def test_a_service_shows_its_own_people_and_those_of_the_whole_organisation(world: World) -> None:
    with transaction(SYSTEM):
        choir = offer(world, "Choir")
    keeper = world.provider_manager
    jo = show(keeper, world.provider_id, is_public=True)
    sam = show(keeper, world.provider_id, name="Sam Reid", services=[str(choir)])
    gone = show(keeper, world.provider_id, name="Ann Gone")
    with transaction(keeper):
        services.remove_profile(keeper, gone, 1)
    with reading(world.practice_staff), counting() as counted:
        found = queries.faces(world.practice_staff, [choir, world.service_id])
    assert counted.business == 1, counted.report()
    assert [face.id for face in found[choir]] == [jo, sam]
    assert [face.id for face in found[world.service_id]] == [jo]
    assert found[choir][0].ring_hours == JO["ring_hours"]
    assert found[choir][0].initials == "JM"
    with reading(ANONYMOUS), counting() as counted:
        shown = queries.people_of(ANONYMOUS, world.provider_id)
        assert queries.faces(ANONYMOUS, [choir]) == {choir: found[world.service_id]}
    assert counted.business == 2, counted.report()
    assert [face.id for face in shown] == [jo], "the others agreed to no public page"
    with reading(world.practice_staff):
        people = queries.people_of(world.practice_staff, world.provider_id)
        assert queries.faces(world.practice_staff, []) == {}
    assert [(face.name, face.services) for face in people] == [
        ("Jo Mills", ()),
        ("Sam Reid", ("Choir",)),
    ]


def test_only_own_services_and_colleagues_can_be_named(world: World) -> None:
    with transaction(SYSTEM):
        second = factories.world(locality_id=world.locality_id)
    with pytest.raises(Invalid) as refused:
        show(
            world.provider_manager,
            world.provider_id,
            services=[str(second.service_id)],
            user_id=str(second.provider_worker.id),
        )
    assert refused.value.errors == {
        "services": ["must be services of this organisation"],
        "user_id": ["must be somebody who works here"],
    }


def test_a_change_is_made_to_what_was_seen_and_leaves_a_line_without_what_was_said(
    world: World,
) -> None:
    keeper = world.provider_manager
    made = show(keeper, world.provider_id)
    with transaction(keeper):
        changed = schemas.Profile().read(JO | {"role": "visits", "phone": "01632 960999"})
        services.edit_profile(keeper, made, 1, changed)
    with pytest.raises(StaleVersion), transaction(keeper):
        services.edit_profile(keeper, made, 1, schemas.Profile().read(JO))
    with reading(SYSTEM):
        lines = session().scalars(
            select(EntryChange)
            .where(EntryChange.subject_id == world.provider_id, EntryChange.how == "people")
            .order_by(EntryChange.id)
        )
        assert [[part["field"] for part in line.fields] for line in lines] == [
            ["people.name"],
            ["people.role", "people.phone"],
        ]
        events = list(
            session().scalars(select(AuditEvent).where(AuditEvent.event.startswith("profile:")))
        )
    assert [event.event for event in events] == ["profile:added", "profile:edited"]
    assert "Jo" not in "".join(event.details for event in events)


def test_the_page_of_people_costs_few_statements(world: World, doors: Doors) -> None:
    for n in range(5):
        show(world.provider_manager, world.provider_id, name=f"Somebody {n}")
    browser = doors.by(world.provider_manager)
    browser.get("/directory")
    with counting() as counted:
        browser.get(f"/directory/organisations/{world.provider_id}/people")
    assert counted.business <= 5, counted.report()


def test_programs_list_add_change_and_remove_people(world: World, doors: Doors) -> None:
    program = doors.by(world.provider_manager, "api_client")
    listing = f"/api/v1/organisations/{world.provider_id}/profiles"
    added = program.post(listing, json=JO | {"services": [str(world.service_id)]})
    assert added.status_code == 201, added.text
    made = added.json["id"]
    assert (added.json["photo"], added.json["version"]) == (None, 1)
    assert added.headers["ETag"] == '"1"'
    reader = doors.by(world.practice_staff, "api_client")
    assert [one["services"] for one in reader.get(listing).json["items"]] == [
        [str(world.service_id)]
    ]
    one = f"/api/v1/profiles/{made}"
    assert program.put(one, json=JO).status_code == 428
    changed = program.put(one, json=JO | {"role": "visits"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json["role"], changed.json["services"]) == (
        200,
        "visits",
        [],
    )
    assert program.put(one, json=JO, headers={"If-Match": '"1"'}).status_code == 409
    assert reader.put(one, json=JO, headers={"If-Match": '"2"'}).status_code == 403
    wrong = program.post(
        listing, json={"name": "", "is_public": "perhaps", "services": [1], "x": 2}
    )
    assert wrong.status_code == 422
    assert set(wrong.json["errors"]) == {"name", "is_public", "services.0", "x"}
    assert program.delete(one, headers={"If-Match": '"2"'}).status_code == 204
    assert reader.get(listing).json["items"] == []
    assert program.delete(one, headers={"If-Match": '"3"'}).status_code == 404
