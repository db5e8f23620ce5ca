"""The message back is read through one door, at whatever the person agreed to now."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from referral.accounts.models import Organisation, User
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.outbox.models import BundleItem, OutboxMessage
from referral.outcomes import pdf, queries, services, sharing
from referral.outcomes.message import MANDATORY
from referral.outcomes.schemas.messaging import MessageIn
from referral.referrals import services as life
from referral.referrals.models import News, Referral
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting

ACTION = "Review her tablets"
DONE = "She met a volunteer weekly."
STOPPED = "Telephone calls tired her."
OWN = "Goes to the lunch group alone now."


def finished(
    world: World, actions: tuple[str, ...] = (ACTION,), summary: str = "", **changes: Any
) -> UUID:
    """A referral whose support has ended, and what was written of it."""
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted", **changes).id
    with transaction(world.provider_worker):
        said = {"done": DONE, "not_worked": STOPPED, "summary": summary}
        services.write(world.provider_worker, made, 0, MessageIn().read(said))
        finish(world.provider_worker, made, actions)
    return made


def finish(actor: Actor, referral_id: UUID, actions: tuple[str, ...] = ()) -> None:
    said = {"outcome": "met", "told_by": "provider", "actions_for_practice": list(actions)}
    factories.say(actor, referral_id, "complete", **said)


def told(actor: Actor, referral_id: UUID) -> queries.Told:
    with reading(actor):
        return queries.message(actor, referral_id)


def agree(referral_id: UUID, level: str) -> None:
    with transaction(SYSTEM):
        changed = update(Referral).where(Referral.id == referral_id)
        session().execute(changed.values(consent_feedback=level))


def test_each_item_that_the_standard_demands_stands_in_the_message(world: World) -> None:
    made = finished(world)
    with counting() as counted:
        found = told(world.provider_worker, made)
    assert counted.business <= 5, counted.report()
    lacking = {name: path for name, path in MANDATORY.items() if not getattr(found.message, name)}
    # An invented practice has no code of the register.
    assert list(found.missing) == list(lacking.values()) == [MANDATORY["practice_code"]]
    with transaction(SYSTEM):
        practice = update(Organisation).where(Organisation.id == world.practice_id)
        session().execute(practice.values(ods_code="X12345"))
    assert told(world.provider_worker, made).missing == ()


def test_the_practice_reads_what_is_agreed_at_that_moment_and_the_group_all_of_its_own(
    world: World,
) -> None:
    made = finished(world, summary=OWN)
    for level in sharing.FIELDS:
        agree(made, level)
        found, own = told(world.practice_staff, made), told(world.provider_worker, made)
        assert own.message is not None
        expected = sharing.kept(own.message, level)
        assert found.message == own.preview == expected, level
        assert (OWN in found.draft) == (level == "full"), level
        assert bool(own.left_out) == (level != "full"), level
        # Whether something is asked is told only where what is asked is.
        assert found.delivered == own.delivered == (level in ("codes", "none")), level
        assert found.missing == ()
    agree(made, "summary")
    draft = told(world.practice_staff, made).draft
    assert draft.startswith(f"Actions for the practice: {ACTION}. {DONE}")
    assert STOPPED not in draft


def test_what_is_written_again_is_held_to_its_version_until_it_is_closed(world: World) -> None:
    made = finished(world, summary="")
    worker = world.provider_worker
    version = told(worker, made).version
    with transaction(worker):
        services.write(worker, made, version, {"summary": OWN})
    found = told(worker, made)
    assert found.draft == OWN
    assert found.own["done"] == DONE
    with pytest.raises(StaleVersion), transaction(worker):
        services.write(worker, made, version, {"summary": "Otherwise"})
    with transaction(worker):
        services.write(worker, made, None, {"summary": ""})
    assert told(worker, made).draft.startswith("Actions for the practice:")
    with transaction(worker):
        services.write(worker, made, None, {"summary": OWN})
    found = told(worker, made)
    with pytest.raises(Forbidden), transaction(world.practice_staff):
        services.write(world.practice_staff, made, found.version, {"summary": "Ours"})
    with pytest.raises(Invalid) as refused:
        MessageIn().read({"summary": "word " * 121})
    assert refused.value.errors == {"summary": ["must be 120 words or fewer"]}
    with transaction(world.practice_staff):
        factories.say(world.practice_staff, made, "acknowledge")
    with pytest.raises(Conflict), transaction(worker):
        services.write(worker, made, found.version, {"summary": "Too late"})
    assert told(worker, made).draft == OWN


def test_who_reads_first_has_three_working_days_and_actions_never_wait(world: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted").id
    with transaction(world.provider_worker):
        session().execute(update(Referral).where(Referral.id == made).values(sees_first=True))
        services.write(world.provider_worker, made, 0, {"done": DONE})
        finish(world.provider_worker, made, (ACTION,))
    waits = told(world.practice_staff, made)
    assert waits.goes_on is not None
    assert waits.message is not None
    assert (waits.message.actions, waits.message.done, waits.message.results) == ((ACTION,), "", ())
    with reading(world.practice_staff):
        line = queries.came_back(world.practice_staff).asked[0]
    assert (line.goes_on, line.said, line.actions) == (waits.goes_on, (), (ACTION,))
    with clock.at(clock.now() + timedelta(days=9)):
        after = told(world.practice_staff, made)
    assert after.goes_on is None
    assert DONE in after.draft
    herself = Actor("person", _person_of(made), referral=made, roles=frozenset({"the_person"}))
    with transaction(herself):
        services.comment(herself, made, "Thursdays are best")
        assert services.let_go(herself) == 1
        assert services.let_go(herself) == 0
    now = told(world.practice_staff, made)
    assert now.goes_on is None
    assert "Thursdays are best" in now.draft


def test_before_it_finishes_its_writer_sees_what_would_be_read_and_nobody_else_does(
    world: World, doors: Doors
) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted").id
    with transaction(world.provider_worker):
        services.write(world.provider_worker, made, 0, {"done": DONE, "not_worked": STOPPED})
    agree(made, "summary")
    own = told(world.provider_worker, made)
    assert own.preview is not None
    assert (own.preview.done, own.preview.not_worked, own.finished) == (DONE, "", False)
    shown = doors.by(world.provider_worker).get(f"/referrals/{made}/message").text
    assert "What the practice would read" in shown
    assert DONE in shown
    early = told(world.practice_staff, made)
    assert (early.message, early.preview, early.draft) == (None, None, "")
    assert DONE not in doors.by(world.practice_staff).get(f"/referrals/{made}/message").text
    other = factories.world(locality_id=world.locality_id)
    with pytest.raises(NotFound):
        told(other.practice_staff, made)


def _person_of(referral_id: UUID) -> UUID:
    with reading(SYSTEM):
        found = session().scalars(select(Referral.person_id).where(Referral.id == referral_id))
        return found.one()


def test_one_page_reads_closes_and_thanks_for_all_that_came_back(
    world: World, doors: Doors
) -> None:
    asks, quiet, hidden = finished(world), finished(world, ()), finished(world, ())
    agree(hidden, "none")
    gp = doors.by(world.practice_staff)
    with counting() as counted:
        page = gp.get("/read").text
    assert counted.business <= 5, counted.report()
    assert page.index(ACTION) < page.index("Got what they needed")
    assert "Closed. Nothing comes back." in page
    rows = {
        id_: f"{id_}.{told(world.practice_staff, id_).referral_version}" for id_ in (asks, quiet)
    }
    assert gp.post("/read", data={"thank": "yes", "row": list(rows.values())}).status_code == 303
    assert gp.post("/read", data={"thank": "yes", "row": list(rows.values())}).status_code == 303
    with reading(SYSTEM):
        (item,) = session().scalars(select(BundleItem))
        news = session().scalars(select(News.event)).all()
    assert "says thank you" in item.heading
    assert news == ["thanks", "thanks"]
    assert gp.post("/read", data={"all": "yes", "quiet": rows[quiet]}).status_code == 303
    assert _status(quiet) == "closed"
    assert _status(asks) == "completed"
    assert gp.post("/read", data={"read": f"{asks}.1"}).status_code == 303
    assert _status(asks) == "completed", "somebody else changed it meanwhile"
    assert gp.post("/read", data={"read": rows[asks]}).status_code == 303
    assert _status(asks) == "closed"
    assert gp.post("/read", data={"read": "nonsense"}).status_code == 422


def _status(referral_id: UUID) -> str:
    with reading(SYSTEM):
        return session().scalars(select(Referral.status).where(Referral.id == referral_id)).one()


def test_it_is_told_to_the_group_whether_it_was_opened_unless_nothing_was_shown(
    world: World, doors: Doors
) -> None:
    made, hidden = finished(world), finished(world, ())
    agree(hidden, "none")
    assert told(world.provider_worker, made).opened_at is None
    gp = doors.by(world.practice_staff)
    for id_ in (made, hidden):
        assert gp.get(f"/referrals/{id_}/message").status_code == 200
    found = told(world.provider_worker, made)
    assert found.opened_at is not None
    assert not found.delivered
    nothing = told(world.provider_worker, hidden)
    assert (nothing.opened_at, nothing.delivered) == (None, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_page_paper_file_and_text_say_the_same(world: World, doors: Doors) -> None:
    made = finished(world)
    gp, worker = doors.by(world.practice_staff), doors.by(world.provider_worker)
    page = f"/referrals/{made}/message"
    for path in ("", "/print", "/copy"):
        shown = gp.get(page + path)
        assert shown.status_code == 200
        assert shown.text.index(ACTION) < shown.text.index(DONE), path
    assert "Referral to social prescribing service (871731000000106)" in gp.get(f"{page}/copy").text
    assert pdf.is_here(), "make install brings what tests need; settings.md says what it stands on"
    file = gp.get(f"{page}.pdf")
    assert file.mimetype == "application/pdf"
    read = PdfReader(BytesIO(file.data))
    text = " ".join(" ".join(one.extract_text() for one in read.pages).split())
    assert text.index(ACTION) < text.index(DONE)
    assert (read.metadata or {}).get("/Title", "").startswith("What came back")
    assert read.trailer["/Root"]["/Lang"] == "en"
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]

    own = worker.get(page).text
    assert "What the practice reads" in own
    words = {"summary": OWN, "done": DONE, "not_worked": STOPPED}
    assert worker.post(f"{page}/write", data={"version": 1} | words).status_code == 303
    assert STOPPED in gp.get(page).text, "their own paragraph hides nothing that is recorded"
    stale = worker.post(f"{page}/write", data={"version": 1, "summary": "Otherwise"})
    assert stale.status_code == 409
    assert OWN in stale.text
    long = worker.post(f"{page}/write", data={"version": 2, "summary": "word " * 121})
    assert long.status_code == 422
    assert gp.get(f"{page}/write").status_code == 403
    assert gp.post(f"{page}/ask", data={"text": "Which day is it on?"}).status_code == 303
    assert "Which day is it on?" in worker.get(f"/referrals/{made}").text


def test_the_digest_has_actions_first_and_references_only(world: World) -> None:
    user_id = world.practice_staff.user
    with transaction(SYSTEM):
        session().execute(update(User).where(User.id == user_id).values(told_when="digest"))
    quiet, asks, hidden = finished(world, ()), finished(world), finished(world, ())
    agree(hidden, "none")
    with transaction(SYSTEM):
        life.send_digest(SYSTEM, user_id)
    with reading(SYSTEM):
        body = session().scalars(select(OutboxMessage.body).where(OutboxMessage.kind == "digest"))
        lines = [line for line in body.one().split("\n") if line.startswith("- ")]
        names = [session().get_one(Referral, one).reference for one in (asks, quiet, hidden)]
    assert lines == [
        f"- {names[0]}: 1 action waits for you",
        f"- {names[1]}: it has finished",
        f"- {names[2]}: it is closed",
    ]
