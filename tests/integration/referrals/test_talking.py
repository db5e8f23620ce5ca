"""Concerns, notes and files beside a referral: who reads them, who is told, what is never shown."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select, update

from referral.accounts import services as accounts
from referral.accounts.models import Organisation, User
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound
from referral.files import queries as stored
from referral.files import services as files
from referral.files import stores
from referral.files.folder import Folder
from referral.files.scanning import Verdict
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, services
from referral.referrals.models import Thread
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact
from tests.support import documents


def messages(kind: str) -> list[str]:
    with reading(SYSTEM):
        chosen = select(OutboxMessage.to).where(OutboxMessage.kind == kind)
        return sorted(session().scalars(chosen))


def address(whose: uuid.UUID | None) -> str:
    with reading(SYSTEM):
        found = session().get(User, whose) or session().get(Organisation, whose)
        assert found is not None
        return str(found.email)


def started(world: World) -> uuid.UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, "started").id


def view(actor: Actor, referral_id: uuid.UUID) -> dict[str, Any]:
    with reading(actor):
        return queries.view(actor, referral_id)


def test_a_health_concern_goes_to_the_named_clinician_and_the_practices_box(world: World) -> None:
    sent = started(world)
    with transaction(SYSTEM):
        nurse = factories.user(
            "practice_staff", world.practice_id, "practice", world.locality_id, name="Nurse Okoro"
        )
        session().execute(
            update(Organisation)
            .where(Organisation.id == world.practice_id)
            .values(clinician_id=nurse.id)
        )
    jean = contact(world)
    with transaction(jean):
        say(jean, sent, "raise", kind="health", text="He skips his tablets")
    told = messages("raised")
    assert told == sorted([address(nurse.id), address(world.practice_id)])
    (thread,) = view(nurse, sent)["threads"]
    assert (thread["named"], thread["by"]) == ("Nurse Okoro", "Jean")
    assert thread["owner"]["id"] == world.practice_id
    # Away: whoever sent it is named instead; a practical matter is not the clinician's.
    with transaction(SYSTEM):
        away = update(User).where(User.id == nurse.id).values(away_until=clock.today())
        session().execute(away)
    with transaction(jean):
        say(jean, sent, "raise", kind="health", text="And now he fell")
        say(jean, sent, "raise", kind="practical", text="Which door?")
    with reading(SYSTEM):
        named = list(session().scalars(select(Thread.owner_user_id).order_by(Thread.id)))
    assert named == [nurse.id, world.practice_staff.id, world.practice_staff.id]


def test_a_safeguarding_concern_is_told_at_once_and_the_local_route_comes_with_the_referral(
    world: World,
) -> None:
    sent = started(world)
    with transaction(world.link_worker_lead):
        accounts.set_route(
            world.link_worker_lead,
            world.locality_id,
            1,
            adults="Adult team: 01632 960 111",
            children="Children's team: 01632 960 222",
        )
    seen = view(world.provider_worker, sent)["route"]
    assert (seen["child"], seen["adults"]) == (False, "Adult team: 01632 960 111")
    with transaction(world.provider_worker):
        say(world.provider_worker, sent, "raise", kind="safeguarding", text="Bruises")
    assert messages("safeguarding") == sorted(
        [address(world.practice_staff.id), address(world.practice_id)]
    )
    with reading(SYSTEM):
        due = session().scalars(select(Thread.due_on)).one()
    assert due <= view(SYSTEM, sent)["threads"][0]["due_on"]


def test_notes_are_for_all_who_support_the_person_or_for_one_side_only(
    world: World, other: World
) -> None:
    sent = started(world)
    with transaction(world.provider_worker):
        shared = services.write_note(world.provider_worker, sent, "shared", "Walks with a stick").id
        services.write_note(world.provider_worker, sent, "internal", "Bring the blue form")
    jean = contact(world)
    with transaction(jean):
        services.write_note(jean, sent, "shared", "Came by herself")

    def read(actor: Actor) -> list[str]:
        return [note["text"] for note in view(actor, sent)["notes"]]

    assert read(world.provider_worker) == [
        "Walks with a stick", "Bring the blue form", "Came by herself",
    ]  # fmt: skip
    assert read(world.practice_staff) == ["Walks with a stick", "Came by herself"]
    assert [note["by"] for note in view(world.practice_staff, sent)["notes"]][1] == "Jean"
    assert view(world.care_navigator, sent)["notes"] == []
    with reading(other.provider_worker), pytest.raises(NotFound):
        queries.view(other.provider_worker, sent)
    # Struck out: it stays, with the reason; others no longer read it, and nobody strikes theirs.
    with pytest.raises(NotFound), transaction(world.practice_staff):
        services.strike(world.practice_staff, shared, "Not so")
    with transaction(world.provider_worker):
        services.strike(world.provider_worker, shared, "It was somebody else")
    assert read(world.practice_staff) == [None, "Came by herself"]
    assert view(world.practice_staff, sent)["notes"][0]["struck_why"] == "It was somebody else"
    with pytest.raises(Conflict), transaction(world.provider_worker):
        services.strike(world.provider_worker, shared, "Again")
    with pytest.raises(Forbidden), transaction(world.practice_manager):
        services.write_note(world.practice_manager, sent, "internal", "Hello")


def test_before_a_yes_a_group_writes_for_itself_only(world: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
        services.write_note(world.practice_staff, sent, "shared", "Prefers mornings")
    worker = world.provider_worker
    with pytest.raises(Invalid) as refused, transaction(worker):
        services.write_note(worker, sent, "shared", "We might")
    assert "kind" in refused.value.errors
    with transaction(worker):
        services.write_note(worker, sent, "internal", "Ask Jean")
    assert [note["text"] for note in view(worker, sent)["notes"]] == ["Ask Jean"]


def test_a_file_is_sealed_scanned_and_fetched_by_who_may_read_its_note(
    world: World, other: World, tmp_path: object
) -> None:
    stores.use(Folder(tmp_path))  # type: ignore[arg-type]
    sent, letter = started(world), documents.pdf(words=b"Dear Ms Canary")
    worker, staff = world.provider_worker, world.practice_staff
    with transaction(worker):
        services.write_note(worker, sent, "shared", "Her letter", [("Ms Canary.pdf", letter)])
        services.write_note(worker, sent, "internal", "Ours", [("own.pdf", letter)])
    ((file,), (own,)) = (note["files"] for note in view(worker, sent)["notes"])
    assert (file["name"], file["scan"]) == ("Ms Canary.pdf", "not_scanned")
    with reading(SYSTEM):
        kept = stored.stored(file["file_id"])
        assert kept is not None
        raw = stored.get(kept.name)
        assert (kept.label, kept.sealed) == ("", True)
        assert raw is not None
        assert b"Canary" not in raw
        key = queries.key_for_file_unscoped(kept.id)
        assert stored.opened(kept.name, raw, key) == letter
    with pytest.raises(Conflict), transaction(staff):
        services.hand_out_file(staff, sent, file["id"], warned=False)
    with transaction(staff):
        _row, name, content = services.hand_out_file(staff, sent, file["id"], warned=True)
    assert (name, content) == ("Ms Canary.pdf", letter)
    for actor, wanted in ((staff, own), (other.practice_staff, file), (world.care_navigator, file)):
        with pytest.raises(NotFound), transaction(actor):
            services.hand_out_file(actor, sent, wanted["id"], warned=True)
    with transaction(SYSTEM):
        files.judge(SYSTEM, file["file_id"], Verdict("Eicar", "ClamAV 1"))
    with pytest.raises(Conflict), transaction(staff):
        services.hand_out_file(staff, sent, file["id"], warned=True)
    with pytest.raises(Invalid), transaction(worker):
        services.write_note(worker, sent, "shared", "A program", [("a.pdf", b"MZ not a pdf")])
    assert len(view(worker, sent)["notes"]) == 2


def test_files_go_with_what_was_raised_until_it_is_answered(world: World, tmp_path: object) -> None:
    stores.use(Folder(tmp_path))  # type: ignore[arg-type]
    sent, worker = started(world), world.provider_worker
    with transaction(worker):
        say(worker, sent, "raise", kind="practical", text="Is this her form?")
    thread = view(worker, sent)["threads"][0]["id"]
    with transaction(worker):
        services.attach_to_thread(worker, sent, thread, [("form.pdf", documents.pdf())])
    staff = world.practice_staff
    assert view(staff, sent)["threads"][0]["files"][0]["name"] == "form.pdf"
    with transaction(staff):
        say(staff, sent, "answer", thread_id=str(thread), text="Yes")
    with pytest.raises(Conflict), transaction(worker):
        services.attach_to_thread(worker, sent, thread, [("form.pdf", documents.pdf())])
    with pytest.raises(NotFound), transaction(world.link_worker):
        services.attach_to_thread(world.link_worker, sent, thread, [("x.pdf", documents.pdf())])
