"""Changes of an organisation that is not trusted yet wait for a link worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Conflict, Forbidden, NotFound, ReferralError, StaleVersion
from referral.directory import queries, schemas, services
from referral.directory.models import OrganisationEntry, ProposedChange, Service
from referral.outbox.models import OutboxMessage
from tests import factories
from tests.factories import World


@pytest.fixture
def world(database: Database) -> World:
    """A world whose provider is not trusted yet."""
    return factories.world(trusted=False)


def said(**more: Any) -> dict[str, Any]:
    return schemas.Service().read({"name": "Befriending", "needs": ["loneliness"]} | more)


def version(world: World) -> int:
    with reading(SYSTEM):
        return session().get_one(Service, world.service_id).version


def propose(world: World, **more: Any) -> UUID:
    with transaction(world.provider_manager):
        return services.propose_edit(
            world.provider_manager, world.service_id, version(world), said(**more)
        ).id


def letters(world: World) -> list[str]:
    with reading(SYSTEM):
        found = session().scalars(
            select(OutboxMessage)
            .where(OutboxMessage.organisation_id == world.provider_id)
            .order_by(OutboxMessage.created_at, OutboxMessage.id)
        )
        return [f"{one.subject}\n{one.body}" for one in found]


def test_its_own_people_publish_nothing_by_themselves(world: World) -> None:
    manager = world.provider_manager
    for verb in (
        lambda: services.edit_service(manager, world.service_id, 1, said()),
        lambda: services.add_service(manager, said()),
        lambda: services.edit_organisation(manager, world.provider_id, 1, {"name": "X"}),
    ):
        with pytest.raises(Forbidden, match="link worker looks"), transaction(manager):
            verb()
    # Room, confirmation and pauses are never looked at first.
    with transaction(manager):
        services.set_capacity(manager, world.service_id, version(world), "closed")


def test_a_change_waits_is_taken_over_and_tells_the_organisation(world: World) -> None:
    change = propose(world, description="We visit.", phone="0141 496 0000")
    with reading(world.practice_staff):
        assert queries.service(world.practice_staff, world.service_id).service.description == ""
    keeper = world.link_worker
    with reading(keeper):
        (waiting,) = queries.changes(keeper).items
        assert (waiting.change.id, waiting.name) == (change, "Befriending")
        shown = queries.change(keeper, change)
        assert [(field.name, field.now, field.after) for field in shown.proposed] == [
            ("description", "", "We visit."),
            ("phone", "", "0141 496 0000"),
        ]
    with transaction(keeper):
        services.accept_change(keeper, change, 1, shown.version)
    with reading(world.practice_staff):
        found = queries.service(world.practice_staff, world.service_id).service
        assert (found.description, found.phone) == ("We visit.", "0141 496 0000")
        assert found.provenance["phone"]["source"] == "local"
        line = queries.service_history(keeper, world.service_id).items[0]
        assert line.how == "approved"
    (letter,) = letters(world)
    assert "shows now" in letter
    with pytest.raises(Conflict, match="already"), transaction(keeper):
        services.refuse_change(keeper, change, 2, "Too late")
    # Not trusted for it: the next one waits again.
    with pytest.raises(Forbidden), transaction(world.provider_manager):
        services.edit_service(world.provider_manager, world.service_id, version(world), said())


def test_taking_over_may_trust_from_now_on(world: World) -> None:
    change = propose(world, description="We visit.")
    keeper = world.link_worker_lead
    with transaction(keeper):
        services.accept_change(keeper, change, 1, trusting=True)
    with transaction(world.provider_manager):
        services.edit_service(
            world.provider_manager, world.service_id, version(world), said(description="New")
        )
    assert any("shows at once" in letter for letter in letters(world))
    with reading(keeper):
        (line,) = queries.organisation_history(keeper, world.provider_id).items
        assert line.how == "trusted"
        assert session().get_one(OrganisationEntry, world.provider_id).trusted_by == keeper.id
    with transaction(keeper):
        services.trust_organisation(keeper, world.provider_id, trusted=False)
    with pytest.raises(Forbidden), transaction(world.provider_manager):
        services.edit_service(world.provider_manager, world.service_id, version(world), said())


def test_a_refusal_says_why_on_the_page_and_not_in_the_message(world: World) -> None:
    change = propose(world, description="Call Ann on 0141 496 0000")
    keeper = world.link_worker
    with transaction(keeper):
        services.refuse_change(keeper, change, 1, "Please leave Ann’s number out.")
    (letter,) = letters(world)
    assert "was not accepted" in letter
    assert "Ann" not in letter
    with reading(world.provider_worker):
        kept = queries.editable_service(world.provider_worker, world.service_id)
        assert kept.waiting is None
        assert kept.refused is not None
        assert kept.refused.reason == "Please leave Ann’s number out."
        assert kept.said is not None
        assert kept.said["description"] == ""


def test_one_change_waits_at_a_time_and_may_be_said_better_or_taken_back(world: World) -> None:
    first = propose(world, description="One")
    second = propose(world, suits="Anybody")
    assert first == second
    manager = world.provider_manager
    with reading(manager):
        shown = queries.change(manager, second)
        assert (shown.may_withdraw, shown.may_decide) == (True, False)
        assert [field.name for field in shown.proposed] == ["suits"]
    with pytest.raises(StaleVersion), transaction(world.link_worker):
        services.accept_change(world.link_worker, first, 1)
    with transaction(manager):
        services.withdraw_change(manager, first, 2)
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(ProposedChange)) == 1
        assert queries.changes(SYSTEM).items == []


def test_a_new_service_waits_and_is_not_found_before(world: World) -> None:
    manager, keeper = world.provider_manager, world.link_worker
    places = [{"name": "Hall", "city": "Govan", "postcode": "G51 1AA"}]
    with transaction(manager):
        change = services.propose_service(manager, said(name="Quilting", places=places)).id
    with transaction(manager):
        better = said(name="Quilting club", places=places)
        again = services.propose_service(manager, better, world.provider_id, change)
        assert again.id == change
    with reading(keeper):
        assert not queries.search(keeper, text="quilting").items
        assert queries.change(keeper, change).name == "Quilting club"
    with transaction(keeper):
        services.accept_change(keeper, change, 2)
    with reading(keeper):
        (found,) = queries.search(keeper, text="quilting").items
        detail = queries.service(keeper, found.id)
        assert detail.organisation.id == world.provider_id
        assert [place.address for place in detail.places] == ["Govan"]


def test_what_an_organisation_says_of_itself_waits_too(world: World) -> None:
    manager, keeper = world.provider_manager, world.link_worker
    data = schemas.Organisation().read({"name": "Seaside Visitors", "phone": "0141 496 0001"})
    with transaction(manager):
        change = services.propose_organisation(manager, world.provider_id, 1, data).id
    with reading(keeper):
        assert queries.organisation(keeper, world.provider_id).name == "Riverside Befriending"
        names = [field.name for field in queries.change(keeper, change).proposed]
        assert {"name", "phone"} <= set(names)
    with transaction(keeper):
        services.accept_change(keeper, change, 1, 1)
    with reading(keeper):
        found = queries.organisation(keeper, world.provider_id)
        assert (found.name, found.phone) == ("Seaside Visitors", "0141 496 0001")
        assert queries.search(keeper, text="seaside").items


def test_what_changed_meanwhile_is_shown_and_kept(world: World) -> None:
    change = propose(world, description="Theirs", suits="Anybody")
    keeper = world.link_worker
    with transaction(keeper):
        ours = said(description="Ours", cannot_support="Children")
        services.edit_service(keeper, world.service_id, version(world), ours)
    with reading(keeper):
        shown = queries.change(keeper, change)
        assert shown.clashes
        clashes = [field.name for field in shown.proposed if field.meanwhile]
        assert clashes == ["description"]
        assert [field.name for field in shown.moved_on] == ["cannot_support"]
    with pytest.raises(StaleVersion), transaction(keeper):
        services.accept_change(keeper, change, 1, shown.version - 1)
    with transaction(keeper):
        services.accept_change(keeper, change, 1, shown.version)
    with reading(keeper):
        found = queries.service(keeper, world.service_id).service
        assert (found.description, found.suits, found.cannot_support) == (
            "Theirs",
            "Anybody",
            "Children",
        )


def test_of_two_keepers_at_once_one_decides(world: World) -> None:
    change = propose(world, description="We visit.")

    def decide(n: int) -> int:
        keeper: Actor = (world.link_worker, world.link_worker_lead)[n % 2]
        try:
            with transaction(keeper):
                if n % 2:
                    services.refuse_change(keeper, change, 1, "No")
                else:
                    services.accept_change(keeper, change, 1)
        except ReferralError as refused:
            return refused.status
        return 200

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, range(4))) == [200, 409, 409, 409]
    with reading(SYSTEM):
        found = session().get_one(ProposedChange, change)
        taken = session().get_one(Service, world.service_id).description == "We visit."
        assert taken == (found.status == "accepted")


def test_nobody_else_sees_or_decides_a_change(world: World) -> None:
    change = propose(world, description="We visit.")
    with transaction(SYSTEM):
        far = factories.world()
        near = factories.world(locality_id=world.locality_id)
    for stranger in (
        far.link_worker,
        near.provider_manager,
        world.practice_staff,
        world.commissioner,
    ):
        with reading(stranger):
            assert queries.changes(stranger).items == []
            with pytest.raises(NotFound):
                queries.change(stranger, change)
        with pytest.raises(NotFound), transaction(stranger):
            services.accept_change(stranger, change, 1)
    with pytest.raises(Forbidden), transaction(world.provider_manager):
        services.accept_change(world.provider_manager, change, 1)
    with pytest.raises(Forbidden), transaction(world.provider_manager):
        services.trust_organisation(world.provider_manager, world.provider_id)
    with pytest.raises(NotFound), transaction(far.link_worker):
        services.trust_organisation(far.link_worker, world.provider_id)
    with pytest.raises(Conflict), transaction(world.link_worker):
        services.trust_organisation(world.link_worker, world.practice_id)
