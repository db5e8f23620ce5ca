"""Giving evidence: once for each check, sealed, replaced, taken back, written down for others."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import new_id, session, transaction
from referral.core.errors import (
    Conflict,
    Forbidden,
    IllegalAction,
    Invalid,
    NotFound,
    StaleVersion,
)
from referral.files.models import StoredFile
from referral.vetting import queries, services
from referral.vetting.models import Evidence, EvidenceFile, VettingChange
from referral.vetting.services.reviewing import Verb
from tests import factories
from tests.factories import World, vetting


def stored(organisation_id: UUID, scan: str = "clean") -> UUID:
    """A file that an organisation sent. Inside a transaction."""
    made = StoredFile(
        id=new_id(),
        name=uuid4().hex,
        organisation_id=organisation_id,
        label="policy.pdf",
        content_type="application/pdf",
        extension="pdf",
        size=900,
        sha256=b"0" * 32,
        scan=scan,
        put_at=clock.now(),
    )
    session().add(made)
    session().flush()
    return made.id


def test_an_answer_is_sealed_and_a_newer_one_replaces_it_while_it_waits(world: World) -> None:
    worker, own = world.provider_worker, world.provider_id
    with transaction(SYSTEM):
        paper = stored(own)
        first = vetting.answer(
            worker, own, "safeguarding_adults", [paper], lead_name="Jean Blair", lead_phone="0141"
        )
        assert (first.kind, first.state, first.submitted_by) == ("uploaded", "given", worker.id)
        assert first.stated_sealed is not None
        assert b"Jean" not in first.stated_sealed
        assert queries.stated(first) == {"lead_name": "Jean Blair", "lead_phone": "0141"}
        assert queries.told_by(first) == ""
        assert [one.id for one in queries.files_of([first.id])[first.id]] == [paper]
        second = vetting.answer(world.provider_manager, own, "safeguarding_adults")
        assert (first.state, first.superseded_by_id) == ("superseded", second.id)
        assert (second.kind, second.state) == ("stated", "given")
        with pytest.raises(StaleVersion):
            services.take_back(worker, second.id, second.version + 1)
        services.take_back(worker, second.id, second.version)
        assert second.state == "taken_back"
        with pytest.raises(IllegalAction):
            services.take_back(worker, second.id, second.version)
        told = session().scalars(select(VettingChange).order_by(VettingChange.id))
        assert [line.what for line in told] == ["given", "superseded", "given", "taken_back"]
        lines = session().scalars(select(VettingChange.after).order_by(VettingChange.id)).all()
        assert "Jean" not in str(lines)
        assert lines[0]["files"] == [str(paper)]


def test_what_waits_does_not_stop_what_counts(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
        waits = [made.waiting_since is not None]
        newer = vetting.evidence(world, "complaints", None)
        waits.append(made.waiting_since is not None)
        found = queries.dossier(world.link_worker, world.provider_id, world.locality_id)
        assert found.open["complaints"].id == newer.id
        assert found.accepted["complaints"].evidence.id != newer.id
        assert found.standing(found.services[0], clock.today()).accepts
        services.take_back(world.provider_manager, newer.id, newer.version)
        waits.append(made.waiting_since is not None)
        assert waits == [False, True, False]


def test_files_are_the_organisations_own_clean_few_and_never_a_criminal_record(
    world: World,
) -> None:
    manager, own = world.provider_manager, world.provider_id
    with transaction(SYSTEM):
        theirs = stored(world.practice_id)
        for check, files in (
            ("complaints", [theirs]),
            ("complaints", [uuid4()]),
            ("complaints", [stored(own, "infected")]),
            ("complaints", [stored(own) for _each in range(11)]),
            ("dbs", [stored(own)]),
        ):
            with pytest.raises(Invalid) as refused:
                vetting.answer(manager, own, check, files)
            assert list(refused.value.errors) == ["file_ids"]
        assert session().scalar(select(Evidence.id).limit(1)) is None
        # One paper may answer two checks, and one named twice is one.
        both = stored(own, "not_scanned")
        for check in ("safeguarding_adults", "safeguarding_children"):
            vetting.answer(manager, own, check, [both, both])
        assert len(session().scalars(select(EvidenceFile.file_id)).all()) == 2


def test_a_link_worker_writes_down_what_a_group_says_and_never_judges_it(world: World) -> None:
    lead, own = world.link_worker_lead, world.provider_id
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        told = vetting.answer(lead, own, "committee", told_by="Jean, Thursday")
        assert queries.told_by(told) == "Jean, Thursday"
        assert told.told_by_sealed is not None
        assert b"Jean" not in told.told_by_sealed
        verbs: tuple[Verb, ...] = ("accept", "reject", "ask")
        for verb in verbs:
            with pytest.raises(Forbidden):
                services.review(lead, told.id, told.version, verb, reason="why")
        services.review(world.link_worker, told.id, told.version, "accept")
        schema = queries.answer_schema(lead, own, "committee")
        with pytest.raises(Invalid) as refused:
            schema.read({"note": "Five of us"})
        assert list(refused.value.errors) == ["told_by"]


def test_nobody_else_answers_and_what_nobody_asks_is_not_there(world: World) -> None:
    own = world.provider_id
    with transaction(SYSTEM):
        elsewhere = factories.world()
        for actor in (
            world.practice_staff,
            world.commissioner,
            elsewhere.provider_manager,
            elsewhere.link_worker_lead,
        ):
            with pytest.raises(NotFound):
                vetting.answer(actor, own, "committee")
        for unknown in ("own_parking", "x" * 300):
            with pytest.raises(NotFound):
                vetting.answer(world.provider_manager, own, unknown)
        with pytest.raises(Conflict):
            vetting.answer(world.provider_manager, own, "accessibility")
        given = vetting.evidence(world, "committee", None)
        with pytest.raises(NotFound):
            services.take_back(elsewhere.provider_manager, given.id, given.version)
        with pytest.raises(Forbidden):
            services.take_back(world.link_worker, given.id, given.version)
        with pytest.raises(NotFound):
            services.take_back(world.provider_manager, uuid4(), 1)
