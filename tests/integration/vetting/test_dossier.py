"""What is read of an organisation's checks: by whom, from where, and what counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import NotFound
from referral.directory.models import Service
from referral.vetting import queries
from referral.vetting.checks import BY_KEY, CHECKS, VERSION
from referral.vetting.models import (
    Application,
    Evidence,
    Hosting,
    SchemeVersion,
    VettedOrganisation,
    VettedService,
)
from referral.vetting.proportion import may_hold
from tests import factories
from tests.factories import World


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


def answer(organisation_id: UUID, key: str, **said: Any) -> Evidence:
    """An accepted answer of today. Inside a transaction."""
    given: dict[str, Any] = {
        "kind": "uploaded",
        "state": "accepted",
        "issued_on": clock.today(),
        "submitted_at": clock.now(),
    }
    if BY_KEY[key].kind == "insurance":
        given |= {"expires_on": clock.today() + timedelta(days=90), "cover": 5_000_000}
    made = Evidence(organisation_id=organisation_id, check_key=key, **(given | said))
    session().add(made)
    session().flush()
    return made


def application(world: World, **said: Any) -> Application:
    """Of the world's provider in its locality. Inside a transaction."""
    now = clock.now()
    made = Application(
        organisation_id=world.provider_id,
        locality_id=world.locality_id,
        created_at=now,
        updated_at=now,
        **said,
    )
    session().add(made)
    session().flush()
    return made


def ticked(world: World) -> None:
    """The one question has been answered: nothing special is true. Inside a transaction."""
    session().add(VettedOrganisation(organisation_id=world.provider_id, facts=[]))
    session().add(
        VettedService(
            service_id=world.service_id,
            organisation_id=world.provider_id,
            locality_id=world.locality_id,
            facts=[],
        )
    )
    session().flush()


def read(world: World) -> queries.Dossier:
    return queries.dossier(world.provider_manager, world.provider_id, world.locality_id)


def test_it_is_for_its_own_people_and_the_localitys_reviewers(world: World) -> None:
    with reading(SYSTEM):
        for actor in (world.provider_manager, world.provider_worker, world.link_worker_lead):
            assert queries.dossier(actor, world.provider_id, world.locality_id).tier == "G"
        for actor in (world.practice_staff, world.commissioner, world.privacy_lead):
            with pytest.raises(NotFound):
                queries.dossier(actor, world.provider_id, world.locality_id)
        with pytest.raises(NotFound):
            queries.dossier(world.link_worker_lead, world.practice_id, world.locality_id)


def test_what_is_answered_is_not_asked_and_all_answered_lets_referrals_come(world: World) -> None:
    with transaction(SYSTEM):
        entry = session().get_one(Service, world.service_id)
        entry.checked_on, entry.accessibility = clock.today(), "Step-free"
        assert len(read(world).questions(clock.today())) == 11
        ticked(world)
        for check in read(world).wanted(read(world).services[0]):
            if check.kind != "directory":
                answer(world.provider_id, check.key)
        application(world, status="approved", approved_tier="G")
    with reading(SYSTEM):
        found = read(world)
        assert found.questions(clock.today()) == ()
        standing = found.standing(found.services[0], clock.today())
        assert (standing.accepts, standing.state) == (True, "current")
        assert standing.until == clock.today() + timedelta(days=90)
        assert {line.item.state for line in found.checklist(clock.today())} == {"current"}
        assert found.renewals(clock.today()) == ()
        soon = clock.today() + timedelta(days=60)
        assert found.questions(soon) == ()
        assert found.renewals(soon) == ("public_liability",)


def test_an_anchor_answers_for_the_group_once_both_have_agreed(world: World) -> None:
    with transaction(SYSTEM):
        anchor = factories.organisation("provider", "Elder Park Trust", world.locality_id)
        for key in may_hold(CHECKS):
            answer(anchor, key)
        session().add(
            Hosting(
                anchor_id=anchor,
                hosted_id=world.provider_id,
                checks=list(may_hold(CHECKS)),
                asked_at=clock.now(),
                anchor_agreed_at=clock.now(),
            )
        )
        session().flush()
        assert read(world).held == {}
        hosting = read(world).hosting
        assert hosting is not None
        hosting.hosted_agreed_at = clock.now()
        session().flush()
        found = read(world)
        held_by = found.held["complaints"].held_by
        assert held_by is not None
        assert held_by.name == "Elder Park Trust"
        assert found.questions(clock.today()) == (
            "about", "legal_form", "health_safety", "information_sharing", "accessibility",
        )  # fmt: skip


def test_a_locality_reads_with_its_own_rules(world: World) -> None:
    with transaction(SYSTEM):
        for number, rules in enumerate(([{"check": "equality", "drop": True}], []), start=1):
            session().add(
                SchemeVersion(
                    locality_id=world.locality_id,
                    number=number,
                    base=VERSION,
                    rules=rules,
                    two_reviewers=["V"],
                    made_at=clock.now(),
                )
            )
            session().flush()
            found = queries.scheme_of(world.locality_id)
            assert (found.number, found.two_reviewers) == (number, {"V"})
            assert len(found.checks) == len(CHECKS) - len(rules)


def test_nobody_of_its_own_and_no_submitter_may_judge(world: World) -> None:
    lead = world.link_worker_lead.id
    with transaction(SYSTEM):
        told = answer(world.provider_id, "complaints", submitted_by=lead)
        other = answer(world.provider_id, "equality")
        own = {world.provider_manager.id, world.provider_worker.id}
        assert queries.judged(read(world), told).theirs == own | {lead}
        assert queries.judged(read(world), other).theirs == own
        assert queries.judged(read(world)).theirs == own | {lead}
