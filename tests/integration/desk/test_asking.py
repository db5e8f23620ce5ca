"""People ask for help themselves; a human of the team looks who they are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, services
from referral.referrals.models import Referral, SelfReferral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, text
from tests.performance.counting import counting

ASKS = {
    "given_name": "Quilla",
    "family_name": "Zephyr",
    "date_of_birth-day": "4",
    "date_of_birth-month": "3",
    "date_of_birth-year": "1952",
    "practice": "northgate surgery",
    "address": "17 Plover Wynd",
    "postcode": "ZZ99 3VZ",
    "phone": "07700 900417",
    "needs": ["loneliness"],
    "reason": "Nobody rings any more",
    "tell_practice": "yes",
    "agreed": "yes",
}
CARER = {
    "asker.name": "Ada Wren",
    "asker.relation": "child",
    "asker.phone": "01632 960418",
    "knows": "agreed",
}


def ask(client: FlaskClient, path: str = "/ask-for-help", **changes: Any) -> str:
    """The page that answers."""
    sent = client.post(path, data=ASKS | changes)
    assert sent.status_code == 303, text(sent)
    return text(client.get(sent.location))


def rows() -> list[SelfReferral]:
    with reading(SYSTEM):
        return list(session().scalars(select(SelfReferral).order_by(SelfReferral.id)))


def test_a_number_cut_short_is_not_the_only_way_to_somebody(desk: Desk, world: World) -> None:
    answer = desk.site.test_client().post("/ask-for-help", data=ASKS | {"phone": "01632 96"})
    assert answer.status_code == 422
    assert "Telephone must be the whole number" in text(answer)


def test_somebody_asks_and_becomes_a_referral_to_the_team(
    desk: Desk, world: World, database: Database
) -> None:
    stranger = desk.site.test_client()
    page = ask(stranger)
    assert "Elder Park link workers will be in touch by" in page
    (row,) = rows()
    assert row.reference in page
    assert b"Zephyr" not in (row.said_sealed or b"")
    with reading(SYSTEM):
        (message,) = session().scalars(select(OutboxMessage))
    assert message.key.startswith(f"asked:{row.id}")
    assert "Zephyr" not in message.subject + message.body
    # A program fills the field that no person sees: the same answer, and nothing is kept.
    trapped = ask(desk.site.test_client(), website="x")
    assert re.sub(r"JU-\S+", "", trapped) == re.sub(r"JU-\S+", "", page)
    assert len(rows()) == 1
    wrong = stranger.post("/ask-for-help", data={"given_name": "Quilla"})
    assert wrong.status_code == 422
    for words in (
        "Last name is required",
        "Give a telephone number",
        "Tick that this is all right",
    ):
        assert words in text(wrong)

    worker = desk.by(world.link_worker)
    assert "Quilla Zephyr" in text(worker.get("/caseload/asked"))
    page = text(worker.get(f"/caseload/asked/{row.id}"))
    assert "Nobody rings any more" in page
    assert "Nobody your team knows has this name and birth date" in page
    take = {
        "version": "1",
        "who": "new",
        "risk.known": "no",
        "authority": "self",
        "practice_id": str(world.practice_id),
    }
    made = worker.post(f"/caseload/asked/{row.id}/take", data=take)
    assert made.status_code == 303, text(made)
    with reading(world.link_worker):
        found = session().scalars(select(Referral)).one()
        shown = queries.view(world.link_worker, found.id)
    assert (found.reference, found.asked_by, found.triage) == (row.reference, "self", True)
    assert (found.sender_id, found.recipient_id) == (world.team_id, world.team_id)
    assert found.practice_id == world.practice_id
    assert shown["person"]["phone"] == "07700 900417"
    late = worker.post(f"/caseload/asked/{row.id}/take", data=take)
    assert late.status_code == 409
    assert desk.by(world.practice_staff).get("/caseload/asked").status_code == 403

    # The same person asks again: a human sees that they are known, and says so.
    ask(stranger, phone="07700 900555")
    again = rows()[1]
    with counting(database) as counted:
        page = text(worker.get(f"/caseload/asked/{again.id}"))
    assert counted.business <= 5, counted.report()
    assert "Same name and birth date: who is it?" in page
    known = take | {"who": str(found.person_id), "use_given": "yes"}
    second = worker.post(f"/caseload/asked/{again.id}/take", data=known)
    assert second.status_code == 409
    assert "There is an open referral like this" in text(second)
    refusal = {"version": "1", "reason": "already_known"}
    untold = worker.post(f"/caseload/asked/{again.id}/refuse", data=refusal)
    assert "Tell them first" in text(untold)
    assert (
        worker.post(
            f"/caseload/asked/{again.id}/refuse", data=refusal | {"told": "yes"}
        ).status_code
        == 303
    )
    assert [one.status for one in rows()] == ["taken", "refused"]
    with clock.at(clock.now() + timedelta(days=31)), transaction(SYSTEM):
        assert services.forget_asked(SYSTEM) == 2
        assert services.forget_asked(SYSTEM) == 0


def test_a_carer_asks_and_the_lead_hears_when_nobody_looks(desk: Desk, world: World) -> None:
    other = factories.world(locality_id=world.locality_id)
    stranger = desk.site.test_client()
    ask(stranger, "/ask-for-help/carer", **CARER | {"phone": "", "knows": "cannot_decide"})
    (row,) = rows()
    assert (row.asked_by, row.team_id) == ("carer", world.team_id)
    assert desk.by(other.link_worker).get(f"/caseload/asked/{row.id}").status_code == 404
    page = desk.by(world.link_worker).get(f"/caseload/asked/{row.id}")
    assert "Ada Wren" in text(page)
    assert 'value="best_interests" selected' in page.text
    with transaction(SYSTEM):
        assert not services.look_at_asked(SYSTEM, row.id)
    with clock.at(clock.now() + timedelta(days=9)):
        with reading(SYSTEM):
            assert queries.due_asked(SYSTEM, clock.today(), 10) == [row.id]
        for told in (True, False):
            with transaction(SYSTEM):
                assert services.look_at_asked(SYSTEM, row.id) is told
        assert rows()[0].exception
        worker = desk.by(world.link_worker)
        assert "Late: due" in text(worker.get("/caseload/asked"))
    with reading(SYSTEM):
        late = [m.to for m in session().scalars(select(OutboxMessage)) if "still" in m.subject]
    assert len(late) == len(set(late)) == 2
