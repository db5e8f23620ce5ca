"""A person complains on their page, and whoever leads the group answers on theirs."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import Database, reading, session, transaction
from referral.outbox.models import OutboxMessage
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk, text
from tests.performance.counting import counting

SAID = {"kind": "data", "about": "group", "text": "They told my heron", "wants": "Say sorry"}


def test_a_complaint_from_the_page_to_its_answer(
    desk: Desk, world: World, database: Database
) -> None:
    with transaction(world.practice_staff):
        found = factories.referral(world, "started").id
    page, staff = desk.by(sitting(found)), desk.by(world.provider_manager)
    empty = page.post("/status/complaint", data={})
    assert empty.status_code == 422
    assert "Answer the question “What went wrong?”" in text(empty)
    asked = text(page.get("/status/complaint"))
    assert "Riverside Befriending The one in charge there will read it." in asked
    assert "Northgate Surgery Elder Park link workers will read it." in asked
    done = page.post("/status/complaint", data=SAID, follow_redirects=True)
    assert "Thank you. We have it." in text(done)
    assert "Riverside Befriending has it. You will hear from them by" in text(done)
    assert "1 complaint to answer" in text(staff.get("/"))
    listed = staff.get("/complaints")
    (path,) = set(re.findall(r'href="(/complaints/[0-9a-f-]{36})"', listed.text))
    one = staff.get(path)
    assert "They told my heron" in text(one)
    assert desk.by(world.practice_manager).get(path).status_code == 404
    assert desk.by(world.provider_worker).get(path).status_code == 403
    _costs(database, {page: ["/status/complaint"], staff: ["/", "/complaints", path]})
    stale = staff.post(f"{path}/acknowledge", data={"version": "7"})
    assert stale.status_code == 409
    assert "Somebody else changed it meanwhile" in text(stale)
    staff.post(f"{path}/acknowledge", data={"version": "1"})
    assert staff.post(f"{path}/answer", data={"version": "2", "text": " "}).status_code == 422
    staff.post(f"{path}/answer", data={"version": "2", "text": "We are sorry, <b>truly</b>."})
    read = page.get("/status/complaint")
    assert "The answer of Riverside Befriending “We are sorry, &lt;b&gt;truly&lt;/b&gt;.”" in text(
        read
    )
    assert "You can ring the ICO" in text(read)
    # Nothing of it stands where it is nobody's business.
    seen = text(desk.by(world.practice_staff).get(f"/referrals/{found}"))
    with reading(SYSTEM):
        told = [f"{one.subject} {one.body}" for one in session().scalars(select(OutboxMessage))]
        trail = [one.details for one in session().scalars(select(AuditEvent))]
    assert not [one for one in (seen, *told, *trail) if "heron" in one or "truly" in one]
    assert "complain" not in seen.lower()


def _costs(database: Database, pages: dict[FlaskClient, list[str]]) -> None:
    for client, paths in pages.items():
        for path in paths:
            with counting(database) as counted:
                assert client.get(path).status_code == 200
            assert counted.business <= 5, f"{path}\n{counted.report()}"


def test_a_person_takes_a_complaint_back_and_nobody_elses(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        found, other = factories.referral(world).id, factories.referral(world, n=2).id
    page, stranger = desk.by(sitting(found)), desk.by(sitting(other))
    said = page.post("/status/complaint", data=SAID | {"about": "unsure"}, follow_redirects=True)
    fields = re.search(
        r'name="version" value="(\d+)"><input type="hidden" name="id" value="([^"]+)"', said.text
    )
    assert fields is not None
    form = {"version": fields[1], "id": fields[2]}
    assert stranger.post("/status/complaint/back", data=form).status_code == 404
    assert page.post("/status/complaint/back", data=form | {"id": "x"}).status_code == 404
    twice = [page.post("/status/complaint/back", data=form, follow_redirects=True) for _ in "12"]
    assert "We will stop looking into it." in text(twice[0])
    assert "This has changed." in text(twice[1])
    assert "You asked us to stop." in text(twice[1])
