"""Telling somebody about a service, on both engines: the words arrive, the person is not kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from referral.accountability import queries as accountability
from referral.config import Settings
from referral.core import audit
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.directory.models import Service, Signpost
from referral.outbox import channels
from referral.outbox.channels import Mailbox
from referral.outbox.models import OutboxMessage
from referral.outbox.sending import send_due
from tests.factories import World
from tests.integration.directory.conftest import Doors, send

ADDRESS, NUMBER = "ann.example@home.example", "07700 900123"
TOLD = ("home.example", "900123")


@pytest.fixture(autouse=True)
def texts() -> Iterator[None]:
    """A gateway is set; the worker of these tests keeps what would go there."""
    channels.configure(Settings.from_environ({"REFERRAL_SMS_URL": "https://sms.example"}))
    yield
    channels.configure(Settings.from_environ({}))


def path(service_id: UUID) -> str:
    return f"/directory/services/{service_id}/tell"


def sent() -> OutboxMessage:
    """The one message there is, after the worker's round."""
    send_due(Mailbox())
    with reading(SYSTEM):
        return session().scalars(select(OutboxMessage)).one()


def posts() -> list[Signpost]:
    with reading(SYSTEM):
        return list(session().scalars(select(Signpost).order_by(Signpost.id)))


def everything_written(database: Database) -> str:
    """Every row of every table, as text."""
    from referral.core.database import Base

    with database.engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        )


def test_a_service_is_told_by_email_in_its_own_words(
    doors: Doors, world: World, choir: UUID, database: Database
) -> None:
    client = doors.by(world.care_navigator)
    page = client.get(path(choir))
    assert page.status_code == 200
    assert "Choir &lt;b&gt;" in page.text
    answer = send(client, path(choir), {"channel": "email", "to": f" {ADDRESS.upper()} "})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/directory/services/{choir}"
    with reading(SYSTEM):
        waiting = session().scalars(select(OutboxMessage)).one()
        assert (waiting.to, waiting.channel) == (ADDRESS, "email")
    message = sent()
    assert message.subject == "The details you asked for"
    for words in ("Choir <b>", "Mondays", "G51 1AA", "Free", f"/directory/services/{choir}"):
        assert words in message.body
    assert message.to == ""
    written = everything_written(database)
    assert not [part for part in TOLD if part in written]
    made = posts()[0]
    assert (made.service_id, made.channel) == (choir, "email")
    assert (made.organisation_id, made.user_id) == (world.practice_id, world.care_navigator.id)


def test_a_service_is_told_by_text_in_short(
    doors: Doors, world: World, choir: UUID, database: Database
) -> None:
    client = doors.by(world.link_worker)
    assert send(client, path(choir), {"channel": "text", "to": NUMBER}).status_code == 303
    with reading(SYSTEM):
        assert session().scalars(select(OutboxMessage.to)).one() == "+447700900123"
    message = sent()
    assert message.channel == "text"
    assert len(message.body) < 459, "three texts joined"
    assert message.body.startswith("Choir <b> (")
    assert "900123" not in everything_written(database)


def test_a_service_given_on_paper_is_counted_too(doors: Doors, world: World, choir: UUID) -> None:
    answer = send(doors.by(world.practice_staff), path(choir), {"channel": "print"})
    assert answer.headers["Location"] == f"/directory/services/{choir}/print"
    assert [made.channel for made in posts()] == ["print"]
    with reading(SYSTEM):
        assert session().scalars(select(OutboxMessage)).all() == []


def test_without_a_gateway_the_page_opens_a_phone_of_the_readers_own(
    doors: Doors, world: World, choir: UUID
) -> None:
    channels.configure(Settings.from_environ({}))
    client = doors.by(world.practice_staff)
    page = client.get(path(choir)).text
    assert 'href="sms:?&amp;body=Choir%20%3Cb%3E' in page
    assert "Their mobile number" not in page
    refused = send(client, path(choir), {"channel": "text", "to": NUMBER})
    assert refused.status_code == 422
    assert posts() == []


def test_a_wrong_address_is_named_and_kept_in_its_field(
    doors: Doors, world: World, choir: UUID
) -> None:
    client = doors.by(world.practice_staff)
    answer = send(client, path(choir), {"channel": "email", "to": "not an address"})
    assert answer.status_code == 422
    assert "Email address must be an email address, such as name@example.org" in answer.text
    answer = send(client, path(choir), {"channel": "text", "to": "0141 555 0123"})
    assert "Mobile number must be a UK mobile number, such as 07700 900123" in answer.text


def test_who_may_not_refer_or_keep_the_directory_may_not_tell(
    doors: Doors, world: World, choir: UUID
) -> None:
    for actor in (world.provider_manager, world.commissioner, world.practice_manager):
        client = doors.by(actor)
        assert client.get(path(choir)).status_code == 403
        assert path(choir) not in client.get(f"/directory/services/{choir}").text
        assert api(doors, actor, choir, {"channel": "print"}).status_code == 403
    assert doors.by(world.practice_staff).get(path(uuid4())).status_code == 404
    assert doors.site.test_client().get(path(choir)).status_code in (302, 303, 401)


def api(doors: Doors, actor: Actor, service_id: UUID, body: dict[str, Any], **headers: str) -> Any:
    client = doors.by(actor, "api_client")
    return client.post(f"/api/v1/services/{service_id}/signposts", json=body, headers=headers)


def test_a_program_tells_a_service_once(doors: Doors, world: World, choir: UUID) -> None:
    key = {"Idempotency-Key": "once"}
    for _again in range(2):
        answer = api(doors, world.practice_staff, choir, {"channel": "email", "to": ADDRESS}, **key)
        assert answer.status_code == 201, answer.text
        assert answer.json.keys() == {"id", "service_id", "channel", "at"}
        assert not [part for part in TOLD if part in answer.text]
    assert len(posts()) == 1
    refused = api(doors, world.practice_staff, choir, {"channel": "text", "to": "999"})
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["to"]


def test_a_service_that_does_not_run_is_not_told(doors: Doors, world: World, choir: UUID) -> None:
    with transaction(SYSTEM):
        session().execute(update(Service).where(Service.id == choir).values(status="inactive"))
    client = doors.by(world.practice_staff)
    assert send(client, path(choir), {"channel": "print"}).status_code == 409
    assert "not offered at the moment" in client.get(path(choir)).text


def test_nobody_sends_more_than_thirty_an_hour(doors: Doors, world: World, choir: UUID) -> None:
    for _n in range(30):
        told = api(doors, world.practice_staff, choir, {"channel": "email", "to": ADDRESS})
        assert told.status_code == 201
    refused = api(doors, world.practice_staff, choir, {"channel": "email", "to": ADDRESS})
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    assert api(doors, world.practice_staff, choir, {"channel": "print"}).status_code == 201
    other = api(doors, world.care_navigator, choir, {"channel": "email", "to": ADDRESS})
    assert other.status_code == 201


def test_contact_details_in_the_entry_itself_do_not_stop_it(
    doors: Doors, world: World, choir: UUID
) -> None:
    with transaction(SYSTEM):
        session().execute(
            update(Service)
            .where(Service.id == choir)
            .values(phone="020 794 60958", first_session="Write to sing@choir.example first")
        )
    answer = api(doors, world.practice_staff, choir, {"channel": "email", "to": ADDRESS})
    assert answer.status_code == 201
    assert "020 794 60958" in sent().body


def test_it_is_written_down_without_the_person_and_counted(
    doors: Doors, world: World, choir: UUID, capfd: pytest.CaptureFixture[str]
) -> None:
    send(doors.by(world.practice_staff), path(choir), {"channel": "email", "to": ADDRESS})
    sent()
    with reading(SYSTEM):
        event = (
            session()
            .scalars(select(audit.AuditEvent).where(audit.AuditEvent.event == "service:told"))
            .one()
        )
        assert json.loads(event.details) == {"channel": "email"}
        assert event.actor_id == world.practice_staff.id
    for actor in (world.practice_staff, world.provider_worker):
        with reading(actor):
            report = accountability.report(actor, accountability.subject(actor), 12)
        assert report.figures["signposts"].value == 1
    assert not [part for part in TOLD if part in "".join(capfd.readouterr())]


def test_the_provider_learns_nothing_of_who_was_told(
    doors: Doors, world: World, choir: UUID
) -> None:
    client = doors.by(world.provider_manager)
    pages = (
        f"/directory/services/{choir}",
        f"/directory/services/{choir}/print",
        f"/directory/organisations/{world.provider_id}",
        "/directory",
    )
    before = [client.get(page).text for page in pages]
    send(doors.by(world.practice_staff), path(choir), {"channel": "email", "to": ADDRESS})
    for page, was in zip(pages, before, strict=True):
        shown = client.get(page).text
        assert not [part for part in TOLD if part in shown]
        assert len(shown.splitlines()) == len(was.splitlines()), page
    program = doors.by(world.provider_manager, "api_client")
    assert program.get(f"/api/v1/services/{choir}/signposts").status_code == 405
    assert "signpost" not in program.get(f"/api/v1/services/{choir}").text.replace(
        '"route": "signpost"', ""
    )
