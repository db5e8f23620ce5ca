"""Photos of people: only with agreement, only portraits, gone when the agreement is."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, transaction
from referral.core.errors import Invalid
from referral.directory import schemas, services
from referral.files import folder
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, send
from tests.integration.directory.test_profiles import JO, row, show


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[Path]:
    folder.use(tmp_path / "files")
    yield tmp_path / "files"
    folder.use(None)


def picture(colour: str = "red", size: tuple[int, int] = (300, 400)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_photo_needs_agreement_and_is_deleted_when_it_is_taken_back(
    world: World, store: Path
) -> None:
    keeper = world.provider_manager
    made = show(keeper, world.provider_id)
    with pytest.raises(Invalid) as refused, transaction(keeper):
        services.set_photo(keeper, made, picture(), agreed=False)
    assert list(refused.value.errors) == ["agreed"]
    assert files_in(store) == []
    with transaction(keeper):
        services.set_photo(keeper, made, picture(), agreed=True)
    assert row(made).photo_consent_on == clock.today()
    assert len(files_in(store)) == 1
    with transaction(keeper):
        services.withdraw_photo(keeper, made)
    found = row(made)
    assert (found.photo, found.photo_consent_on) == ("", None)
    assert files_in(store) == []


def test_photos_of_removed_profiles_do_not_stay_behind(world: World, store: Path) -> None:
    keeper = world.provider_manager
    made = show(keeper, world.provider_id)
    with transaction(keeper):
        services.set_photo(keeper, made, picture(), agreed=True)
    with transaction(keeper):
        services.set_photo(keeper, made, picture("blue"), agreed=True)
    assert len(files_in(store)) == 1, "the one before is gone"
    with transaction(keeper):
        services.remove_profile(keeper, made, row(made).version)
    assert files_in(store) == []


def test_a_file_left_by_a_machine_that_stopped_is_found_and_deleted(
    world: World, store: Path
) -> None:
    keeper = world.provider_manager
    made = show(keeper, world.provider_id)
    with transaction(keeper):
        services.set_photo(keeper, made, picture(), agreed=True)
    kept = folder.path_of(row(made).photo)
    lost = folder.path_of("f" * 32)
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"nobody's")
    with transaction(SYSTEM):
        assert services.clear_photos(SYSTEM) == 0, "it may belong to a change still going on"
    with clock.at(clock.now().replace(year=clock.now().year + 1)), transaction(SYSTEM):
        assert services.clear_photos(SYSTEM) == 1
    assert files_in(store) == [kept]


def test_a_photo_agreed_for_colleagues_is_not_made_public_by_somebody_else(
    world: World, store: Path
) -> None:
    keeper = world.provider_manager
    made = show(keeper, world.provider_id, user_id=str(world.provider_worker.id))
    with transaction(keeper):
        services.set_photo(keeper, made, picture(), agreed=True)
    said = JO | {"is_public": True, "user_id": str(world.provider_worker.id)}
    public = schemas.Profile().read(said)
    with pytest.raises(Invalid) as refused, transaction(keeper):
        services.edit_profile(keeper, made, row(made).version, public)
    assert list(refused.value.errors) == ["is_public"]
    taken = schemas.Profile().read(said | {"user_id": str(keeper.id)})
    with pytest.raises(Invalid) as refused, transaction(keeper):
        services.edit_profile(keeper, made, row(made).version, taken)
    assert list(refused.value.errors) == ["user_id"]
    with transaction(world.provider_worker):
        services.edit_profile(world.provider_worker, made, row(made).version, public)
    assert row(made).is_public


def upload(client: FlaskClient, made: UUID, data: bytes, **more: str) -> Any:
    return send(
        client,
        f"/directory/people/{made}/photo",
        {"picture": (BytesIO(data), "me.jpg"), "agreed": "yes"} | more,
    )


def test_somebody_adds_themselves_and_a_photo_on_the_page(
    world: World, doors: Doors, store: Path
) -> None:
    browser = doors.by(world.practice_staff)
    page = f"/directory/organisations/{world.practice_id}/people"
    assert "Add yourself" in browser.get(page).text
    added = send(browser, page, JO | {"beyond_role": "Diagnoses by telephone"})
    assert added.status_code == 303
    made = UUID(added.location.rpartition("/")[2])
    assert upload(browser, made, picture()).status_code == 303
    shown = browser.get(page).text
    assert "Jo Mills" in shown
    assert "Diagnoses by telephone" in shown
    assert f'src="/directory/people/{made}/photo"' in shown
    assert "Add yourself" not in shown, "once is enough"
    edited = browser.get(f"/directory/people/{made}").text
    assert "I agree that my photo is shown" in edited
    assert send(browser, f"/directory/people/{made}/photo/remove", {}).status_code == 303
    assert files_in(store) == []
    removed = send(browser, f"/directory/people/{made}/remove", {"version": str(row(made).version)})
    assert removed.status_code == 303
    assert "Jo Mills" not in browser.get(page).text


def test_a_photo_is_sent_to_whom_it_was_agreed_to_be_shown(
    world: World, doors: Doors, store: Path
) -> None:
    made = show(world.provider_manager, world.provider_id)
    with transaction(SYSTEM):
        far = factories.world()
    with transaction(world.provider_manager):
        services.set_photo(world.provider_manager, made, picture(), agreed=True)
    address = f"/directory/people/{made}/photo"
    seen = doors.by(world.practice_staff).get(address)
    assert seen.status_code == 200
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Cache-Control"] == "private, no-cache"
    assert Image.open(BytesIO(seen.data)).size == (320, 320)
    again = doors.by(world.practice_staff).get(
        address, headers={"If-None-Match": seen.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    assert doors.by(far.practice_staff).get(address).status_code == 404
    assert doors.site.test_client().get(address).status_code == 404
    with transaction(world.provider_manager):
        services.withdraw_photo(world.provider_manager, made)
        said = schemas.Profile().read(JO | {"is_public": True})
        services.edit_profile(world.provider_manager, made, row(made).version + 1, said)
        services.set_photo(world.provider_manager, made, picture(), agreed=True)
    assert doors.site.test_client().get(address).status_code == 200
    with transaction(world.provider_manager):
        services.remove_profile(world.provider_manager, made, row(made).version)
    assert doors.by(world.practice_staff).get(address).status_code == 404


REFUSED = {
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "a picture and a page": picture() + b"<script>alert(1)</script>",
    "half a picture": picture()[:700],
    "nothing": b"",
    "too much": picture() + b"\0" * 5_100_000,
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_is_no_portrait_is_refused_beside_the_field(
    world: World, doors: Doors, store: Path, sent: bytes
) -> None:
    made = show(world.provider_manager, world.provider_id)
    answer = upload(doors.by(world.provider_manager), made, sent)
    assert answer.status_code == 422
    assert 'id="picture' in answer.text
    assert "nhsuk-error-message" in answer.text
    assert files_in(store) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_this_door_takes_a_large_body_and_not_a_huge_one(
    world: World, doors: Doors, store: Path
) -> None:
    made = show(world.provider_manager, world.provider_id)
    browser = doors.by(world.provider_manager)
    large = picture(size=(3000, 3000)) + b"\0" * 2_000_000
    assert upload(browser, made, large).status_code == 303
    assert upload(browser, made, b"\0" * 10_100_000).status_code == 413
    page = f"/directory/organisations/{world.provider_id}/people"
    assert send(browser, page, {"name": "x" * 1_100_000}).status_code == 413
    outside = upload(doors.site.test_client(), made, picture())
    assert outside.status_code in (302, 303, 401), "nobody signed in"
    stranger = upload(doors.by(world.practice_staff), made, picture())
    assert stranger.status_code == 403
    assert upload(browser, uuid4(), picture()).status_code == 404
    assert upload(browser, made, picture(), agreed="no").status_code == 422
