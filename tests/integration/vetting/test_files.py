"""Files of answers: who may send one, who may have it, and that it is only ever a download."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import new_id, reading, session, transaction
from referral.files import services as files
from referral.files.models import StoredFile
from referral.files.scanning import Verdict
from referral.vetting import services
from referral.vetting.models import Application, Hosting
from tests import factories
from tests.factories import World, vetting
from tests.support import documents
from tests.support.audit import events

At = Callable[[Actor], FlaskClient]
PDF = documents.pdf()


def bearer(actor: Actor) -> Actor:
    return replace(actor, kind="api_client", id=uuid4(), client=uuid4())


def send(
    client: FlaskClient, world: World, data: bytes = PDF, name: str = "policy.pdf", **changes: Any
) -> TestResponse:
    said = {"organisation_id": str(world.provider_id), "check": "complaints"} | changes
    body = {"file": (io.BytesIO(data), name)} | said
    return client.post("/api/v1/files", data=body, content_type="multipart/form-data")


def sent(at: At, world: World, **changes: Any) -> UUID:
    answer = send(at(bearer(world.provider_worker)), world, **changes)
    assert answer.status_code == 201, answer.text
    return UUID(answer.get_json()["id"])


def judged(file_id: UUID, found: str = "") -> None:
    with transaction(SYSTEM):
        files.judge(SYSTEM, file_id, Verdict(found, "ClamAV 1"))


def answered(world: World, file_id: UUID) -> None:
    with transaction(world.provider_manager):
        vetting.answer(world.provider_manager, world.provider_id, "complaints", [file_id])


def apply(organisation_id: UUID, locality_id: UUID) -> None:
    with transaction(SYSTEM):
        now = clock.now()
        session().add(
            Application(
                organisation_id=organisation_id,
                locality_id=locality_id,
                created_at=now,
                updated_at=now,
            )
        )


def address(file_id: UUID) -> str:
    return f"/vetting/files/{file_id}"


def on_disk(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


def is_only_a_download(answer: TestResponse) -> None:
    assert answer.status_code == 200
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_scanned_file_is_a_download_for_its_own_side_and_the_reviewers(
    world: World, at: At
) -> None:
    made = sent(at, world, name="Größe; x=‘1’.html")
    own, reviewer = at(world.provider_worker), at(world.link_worker)
    judged(made)
    is_only_a_download(own.get(address(made)))
    assert reviewer.get(address(made)).status_code == 404, "no answer of anybody's application yet"
    answered(world, made)
    assert reviewer.get(address(made)).status_code == 404
    apply(world.provider_id, world.locality_id)
    is_only_a_download(reviewer.get(address(made)))
    is_only_a_download(at(bearer(world.link_worker_lead)).get(f"/api/v1/files/{made}"))
    assert events("file:downloaded") == 3
    far = factories.world()
    strangers = (
        world.practice_staff, world.commissioner, world.practice_manager, world.privacy_lead,
        far.provider_manager, far.link_worker_lead,
    )  # fmt: skip
    for stranger in strangers:
        for method in ("GET", "POST"):
            assert at(stranger).open(address(made), method=method).status_code == 404
        assert at(bearer(stranger)).get(f"/api/v1/files/{made}").status_code == 404
    assert reviewer.get(address(uuid4())).status_code == 404
    assert events("file:downloaded") == 3


def test_what_was_not_scanned_only_reviewers_have_after_a_warning(world: World, at: At) -> None:
    made = sent(at, world)
    answered(world, made)
    apply(world.provider_id, world.locality_id)
    reviewer, own = at(world.link_worker), at(world.provider_manager)
    warning = reviewer.get(address(made))
    assert warning.status_code == 200
    assert "not scanned for viruses" in warning.text
    assert "policy.pdf" in warning.text
    assert events("file:downloaded") == 0
    is_only_a_download(reviewer.post(address(made)))
    assert events("file:downloaded") == 1
    for method in ("GET", "POST"):
        told = own.open(address(made), method=method)
        assert told.status_code == 409
        assert "not been scanned" in told.text
    program, theirs = at(bearer(world.link_worker)), at(bearer(world.provider_manager))
    told = program.get(f"/api/v1/files/{made}")
    assert (told.status_code, told.mimetype) == (409, "application/problem+json")
    assert "not been scanned" in told.get_json()["detail"]
    is_only_a_download(program.get(f"/api/v1/files/{made}?unscanned=yes"))
    assert theirs.get(f"/api/v1/files/{made}?unscanned=yes").status_code == 409
    assert events("file:downloaded") == 2


def test_an_infected_file_nobody_has(world: World, at: At, tmp_path: Path) -> None:
    made = sent(at, world)
    answered(world, made)
    apply(world.provider_id, world.locality_id)
    judged(made, "Eicar")
    assert on_disk(tmp_path) == []
    for actor in (world.link_worker, world.provider_manager):
        for method in ("GET", "POST"):
            told = at(actor).open(address(made), method=method)
            assert told.status_code == 409
            assert "virus" in told.text
    program = at(bearer(world.link_worker))
    assert program.get(f"/api/v1/files/{made}?unscanned=yes").status_code == 409
    assert events("file:downloaded") == 0


def test_an_anchors_file_is_seen_where_a_group_is_reviewed_that_it_answers_for(
    world: World, at: At
) -> None:
    made = sent(at, world)
    answered(world, made)
    judged(made)
    far = factories.world()
    apply(far.provider_id, far.locality_id)
    reviewer, group = at(far.link_worker), at(far.provider_manager)
    assert reviewer.get(address(made)).status_code == 404
    with transaction(SYSTEM):
        hosting = Hosting(
            id=new_id(),
            anchor_id=world.provider_id,
            hosted_id=far.provider_id,
            checks=["complaints"],
            asked_at=clock.now(),
            anchor_agreed_at=clock.now(),
        )
        session().add(hosting)
    assert reviewer.get(address(made)).status_code == 404, "one side has agreed"
    with transaction(SYSTEM):
        session().get_one(Hosting, hosting.id).hosted_agreed_at = clock.now()
    is_only_a_download(reviewer.get(address(made)))
    assert group.get(address(made)).status_code == 404, "the anchor's own paper"
    with transaction(SYSTEM):
        session().get_one(Hosting, hosting.id).checks = ["equality"]
    assert reviewer.get(address(made)).status_code == 404


def test_who_may_send_a_file_and_for_what(world: World, at: At, tmp_path: Path) -> None:
    far = factories.world()
    for stranger in (far.provider_manager, far.link_worker, world.practice_staff):
        refused = send(at(bearer(stranger)), world)
        assert refused.status_code in (403, 404), stranger
    assert send(at(bearer(world.link_worker)), world).status_code == 201, "writes it down for them"
    program = at(bearer(world.provider_manager))
    assert send(program, world, check="nonsense").status_code == 404
    refused = send(program, world, check="dbs")
    assert refused.status_code == 422
    assert "criminal record" in refused.get_json()["errors"]["file"][0]
    for check in ("information_sharing", "listing_accuracy"):
        assert "not wanted" in send(program, world, check=check).get_json()["errors"]["file"][0]
    assert len(on_disk(tmp_path)) == 1


def test_what_is_no_upload_is_refused_by_name(world: World, at: At, tmp_path: Path) -> None:
    program = at(bearer(world.provider_manager))
    said = {"organisation_id": str(world.provider_id), "check": "complaints"}
    assert program.post("/api/v1/files", json=said).status_code == 400
    form = {"content_type": "multipart/form-data"}

    def errors(data: Any) -> list[str]:
        answer = program.post("/api/v1/files", data=data, **form)
        assert answer.status_code == 422, answer.text
        return sorted(answer.get_json()["errors"])

    assert errors({}) == ["check", "organisation_id"]
    assert errors(said) == ["file"]
    assert errors(said | {"file": "words"}) == ["file"]
    assert errors(said | {"document": (io.BytesIO(PDF), "x.pdf")}) == ["file"]
    two = [(io.BytesIO(PDF), "x.pdf"), (io.BytesIO(PDF), "y.pdf")]
    assert errors(said | {"file": two}) == ["file"]
    assert errors(said | {"colour": "red", "file": (io.BytesIO(PDF), "x.pdf")}) == ["colour"]
    assert errors(said | {"check": ["a", "b"], "file": (io.BytesIO(PDF), "x")}) == ["check"]
    assert on_disk(tmp_path) == []
    once = {"headers": {"Idempotency-Key": "k1"}}
    body = b"--x\r\nContent-Disposition: form-data; name=%b\r\n\r\n%b\r\n"
    whole = b"".join(body % (name.encode(), value.encode()) for name, value in said.items())
    whole += body.replace(b"%b\r\n\r\n", b'file; filename="a.pdf"\r\n\r\n') % PDF + b"--x--\r\n"
    first, again = (
        program.post(
            "/api/v1/files", data=whole, content_type="multipart/form-data; boundary=x", **once
        )
        for _n in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(on_disk(tmp_path)) == 1


def test_a_file_that_no_answer_was_made_of_is_deleted_the_next_day(
    world: World, at: At, tmp_path: Path
) -> None:
    used, loose, taken_back = sent(at, world), sent(at, world), sent(at, world)
    answered(world, taken_back)
    answered(world, used)
    with transaction(SYSTEM):
        assert services.clear_loose(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(days=1, minutes=1)), transaction(SYSTEM):
        assert services.clear_loose(SYSTEM) == 2, "the first answer was replaced unseen"
    assert len(on_disk(tmp_path)) == 1
    with reading(SYSTEM):
        assert session().get_one(StoredFile, used).deleted_at is None
        assert session().get_one(StoredFile, loose).deleted_at is not None
    judged(used)
    assert at(world.provider_manager).get(address(loose)).status_code == 404
    is_only_a_download(at(world.provider_manager).get(address(used)))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_store_that_does_not_answer_is_no_crash(world: World, at: At, tmp_path: Path) -> None:
    made = sent(at, world)
    judged(made)
    for path in on_disk(tmp_path):
        path.unlink()
    assert at(world.provider_manager).get(address(made)).status_code == 503
    assert events("file:downloaded") == 0
