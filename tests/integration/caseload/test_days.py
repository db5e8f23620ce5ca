"""Days set with people: kept, moved, cancelled; a calendar with nobody's name; what was missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from referral.accounts import services as accounts
from referral.caseload import queries, services
from referral.core import clock, tally
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, NotFound, StaleVersion
from referral.referrals.models import Contact, Referral
from referral.referrals.queries import appointing as days
from referral.referrals.queries import due
from referral.referrals.schemas.appointing import Appoint, HowItWent, When
from referral.referrals.services import appointing
from tests.factories import World, caseloads
from tests.integration.caseload.conftest import Brought
from tests.support.browsers import At


def held(world: World, bring: Brought) -> UUID:
    """A person of the link worker's, started."""
    bring([caseloads.row(1, family_name="Canary")])
    with transaction(world.link_worker):
        (line,) = queries.caseload(world.link_worker, "unassigned").lines
        services.allocate(world.link_worker, [line.rows[0]["id"]], world.link_worker.id)
        found: UUID = line.rows[0]["id"]
        return found


def a_day(on: int = 2, **changes: Any) -> dict[str, Any]:
    day = (clock.today() + timedelta(days=on)).isoformat()
    return Appoint().read(
        {"kind": "review", "place": "venue", "on": day, "time": "10.30", "where": "CANARY hall"}
        | changes
    )


def test_a_day_is_set_moved_kept_and_read_in_a_calendar_without_a_name(
    world: World, bring: Brought, at: At
) -> None:
    worker = world.link_worker
    referral_id = held(world, bring)
    with transaction(worker):
        token = services.new_feed(worker)
        made = appointing.appoint(worker, referral_id, a_day())
        first = made.id
        assert made.look_on == clock.today() + timedelta(days=1)
        moved = appointing.move(
            worker,
            first,
            1,
            When().read({"on": (clock.today() + timedelta(days=4)).isoformat(), "time": "9:00"}),
        )
        second = moved.id
        with pytest.raises((Conflict, StaleVersion)):
            appointing.cancel(worker, first, 1)
    browser = at(worker)
    feed = browser.get(f"/calendar/{token}.ics")
    with reading(worker):
        reference = session().get_one(Referral, referral_id).reference
    assert feed.mimetype == "text/calendar"
    assert f"SUMMARY:{reference} review" in feed.text
    assert ("STATUS:CANCELLED" in feed.text, "STATUS:CONFIRMED" in feed.text) == (True, True)
    for secret in ("CANARY", "Canary", "Testa", "hall"):
        assert secret not in feed.text
    again = browser.get(f"/calendar/{token}.ics", headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get("/calendar/no-such-word.ics").status_code == 404
    # The day came: the clock finds it, somebody says how it went, it is a contact.
    with clock.at(clock.now() + timedelta(days=5)):
        with reading(SYSTEM):
            assert due.appointments_to_look_at(SYSTEM, 10) == [second]
        assert "How did these go?" in browser.get("/caseload/appointments").text
        with transaction(worker):
            kept = appointing.keep(worker, second, 1, HowItWent().read({"result": "attended"}))
            assert (kept.state, kept.look_on) == ("kept", None)
            contact = session().get_one(Contact, kept.contact_id)
            assert (contact.channel, contact.result) == ("visit", "attended")
            assert session().get_one(Referral, referral_id).attendances == 1
    # An address ends when another is made, when it is stopped, and when its owner leaves.
    with transaction(worker):
        newer = services.new_feed(worker)
    assert browser.get(f"/calendar/{token}.ics").status_code == 404
    assert browser.get(f"/calendar/{newer}.ics").status_code == 200
    with transaction(SYSTEM):
        accounts.disable_user(SYSTEM, worker.id)
    assert browser.get(f"/calendar/{newer}.ics").status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_who_works_with_the_person_sets_days(world: World, bring: Brought, at: At) -> None:
    referral_id = held(world, bring)
    with transaction(world.provider_worker), pytest.raises(NotFound):
        appointing.appoint(world.provider_worker, referral_id, a_day())
    browser = at(world.link_worker)
    where = f"/referrals/{referral_id}/appointments"
    wrong = browser.post(
        where,
        data={
            "kind": "review",
            "place": "phone",
            "on-day": "31",
            "on-month": "2",
            "on-year": "2030",
            "time": "25:00",
        },
    )
    assert wrong.status_code == 422
    assert "real date" in wrong.text
    assert "such as 10:30" in wrong.text
    day = clock.today() + timedelta(days=2)
    right = browser.post(
        where,
        data={
            "kind": "review",
            "place": "phone",
            "on-day": str(day.day),
            "on-month": str(day.month),
            "on-year": str(day.year),
            "time": "14:00",
            "minutes": "30",
            "remind": "no",
        },
    )
    assert right.status_code == 303
    with reading(world.link_worker):
        (one,) = days.appointments(world.link_worker, referral_id)
    early = browser.post(
        f"/appointments/{one.id}", data={"do": "keep", "version": "1", "result": "attended"}
    )
    assert (early.status_code, "once the time has come" in early.text) == (422, True)
    gone = browser.post(f"/appointments/{one.id}", data={"do": "cancel", "version": "1"})
    assert gone.status_code == 303
    late = browser.post(f"/appointments/{one.id}", data={"do": "cancel", "version": "1"})
    assert (late.status_code, "Cancelled" in late.text) == (409, True)


def test_a_need_with_nothing_for_it_is_one_tap_and_counted_once(
    world: World, bring: Brought, at: At
) -> None:
    referral_id = held(world, bring)
    browser = at(world.link_worker)
    where = f"/referrals/{referral_id}/unmet"
    for _twice in range(2):
        page = browser.post(where, data={"need": "loneliness", "reason": "too_far"})
        assert "Counted: Loneliness" in page.text
    assert counted() == 1
    back = page.text.split("/caseload/unmet/")[1].split("/")[0]
    assert browser.post(f"/caseload/unmet/{back}/take-back").status_code == 303
    assert counted() == 0
    assert browser.post(where, data={"need": "gold", "reason": "x"}).status_code == 422
    # How much work somebody is changes the load, and nobody outside can say it.
    with reading(world.link_worker):
        version = session().get_one(Referral, referral_id).version
    form = {"weight": "heavy", "version": str(version)}
    assert browser.post(f"/referrals/{referral_id}/weight", data=form).status_code == 303
    assert browser.post(f"/referrals/{referral_id}/weight", data=form).status_code == 409
    with reading(world.link_worker):
        assert queries.worker(world.link_worker, world.link_worker.id).load.points == 2.0


def counted() -> int:
    with reading(SYSTEM):
        today = clock.today()
        sums = tally.sums(today, today, metrics=("unmet",))
        return sum(sums.values())
