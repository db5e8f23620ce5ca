"""Requests that were made to break something: refused with a reason, and written down."""

import pytest
from sqlalchemy import func, select

from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import reading, transaction
from referral.desk.verbs import PAGES
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk
from tests.integration.referrals.conftest import Ask, ask, site
from tests.support import api

__all__ = ["ask", "site"]

NAMELESS = b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--"
NAMELESS_FILE = b'--a\r\nContent-Disposition: form-data; filename="x"\r\n\r\nx\r\n--a--'


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", [NAMELESS, NAMELESS_FILE])
@pytest.mark.parametrize("path", ["/sign-in", "/password-reset", "/referrals/new", "/nowhere"])
def test_a_part_without_a_name_is_refused(desk: Desk, world: World, path: str, body: bytes) -> None:
    desk.site.config["WTF_CSRF_METHODS"] = {"POST"}
    client = desk.by(world.practice_staff)
    answer = client.post(path, data=body, content_type="multipart/form-data; boundary=a")
    assert answer.status_code == (404 if path == "/nowhere" else 400)


def views() -> int:
    """How often the trail says that a referral was seen, with the person it is about."""
    with reading(SYSTEM) as session:
        found = session.scalar(
            select(func.count())
            .select_from(AuditSubject)
            .join(AuditEvent, AuditEvent.id == AuditSubject.event_id)
            .where(AuditEvent.event == "referral:viewed", AuditSubject.person_id.is_not(None))
        )
        return found or 0


def test_an_answer_given_again_is_a_view_again(ask: Ask, world: World) -> None:
    staff, body = world.practice_staff, api.referral(1, str(world.service_id))
    first = ask(staff, "POST", "referrals", json=body, key="once")
    assert first.status_code == 201
    before = views()
    again = ask(staff, "POST", "referrals", json=body, key="once")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Canary1" in again.text
    assert views() == before + 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", ["draft", "sent", "withdrawn"])
def test_an_unfit_form_for_any_verb_is_answered(desk: Desk, world: World, status: str) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, status)
    for actor in (world.practice_staff, world.provider_worker):
        client = desk.by(actor)
        for verb in sorted(PAGES):
            answer = client.post(f"/referrals/{made.id}/{verb}", data={"zebra": "1"})
            assert 400 <= answer.status_code < 500, (actor.roles, verb)
