"""A link worker refers on, comes along to a first meeting, or has a group expect somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound
from referral.directory.models import Listing
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, schemas, services
from referral.referrals.models import Appointment, Contact, Referral
from referral.referrals.queries import appointing as days
from referral.referrals.schemas.appointing import HowItWent
from referral.referrals.schemas.introducing import Together, Visit
from referral.referrals.services import appointing
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact


def soon(**more: Any) -> dict[str, Any]:
    day = clock.today() + timedelta(days=3)
    return {"on": day.isoformat(), "time": "14:00", **more}


def together(**more: Any) -> dict[str, Any]:
    return Together().read(soon(place="venue", where="12 Foundry Street", **more))


def visit(world: World, **more: Any) -> dict[str, Any]:
    asked = {"service_id": str(world.service_id), "first_name": "Amina", "agreed": True}
    return Visit().read(soon(**asked | more))


def triaged(world: World) -> UUID:
    data = factories.answers(None) | {"triage": True}
    with transaction(world.practice_staff):
        made = services.create(world.practice_staff, schemas.Create().read(data)).id
    with transaction(world.link_worker):
        say(world.link_worker, made, "accept")
    return made


def messages(kind: str) -> list[OutboxMessage]:
    with reading(SYSTEM):
        found = select(OutboxMessage).where(OutboxMessage.kind == kind)
        return list(session().scalars(found))


def test_a_link_worker_refers_on_and_comes_along_and_both_sides_see_the_day(
    world: World,
) -> None:
    base, worker = triaged(world), world.link_worker
    jean = contact(world)
    with transaction(worker):
        draft = services.onward(worker, base)
        assert (draft.status, draft.based_on_id, draft.needs) == ("draft", base, "loneliness")
        assert services.onward(worker, base).id == draft.id, "begun once"
        consent = {"refer": True, "feedback": "full", "told": True, "authority": "self"}
        body = {"service_id": str(world.service_id), "consent": consent}
        services.rewrite(worker, draft.id, None, schemas.Draft().read(body))
        made = services.send(worker, draft.id, None, {}).id
        day = services.bring_together(worker, made, together()).id
        with pytest.raises(Conflict):
            services.bring_together(worker, made, together())
    told = messages("meeting")
    assert [row.reader for row in told] == ["contact"]
    assert "14:00" not in told[0].body + told[0].subject
    assert "Foundry" not in told[0].body
    with reading(jean):
        before = queries.view(jean, made, beside=True)["appointments"]
        assert [(one["kind"], one["where"], one["mine"]) for one in before] == [
            ("joint", None, False)
        ]
    with transaction(jean):
        say(jean, made, "accept")
    for actor, mine in ((jean, False), (worker, True)):
        with reading(actor):
            (shown,) = queries.view(actor, made, beside=True)["appointments"]
            assert (shown["where"], shown["mine"]) == ("12 Foundry Street", mine)
    with reading(world.practice_staff):
        assert queries.view(world.practice_staff, made, beside=True)["appointments"] == []
    with reading(worker):
        view = queries.view(worker, base, beside=True)
        assert [one["to"] for one in view["onward"]] == ["Befriending"]
        version = days.appointment(worker, day).version
    for nobody in (world.practice_staff, world.provider_worker):
        with transaction(nobody), pytest.raises(Forbidden):
            services.bring_together(nobody, made, together())
    with clock.at(clock.now() + timedelta(days=4)), transaction(worker):
        appointing.keep(worker, day, version, HowItWent().read({"result": "attended"}))
    with reading(SYSTEM):
        kept = session().get_one(Appointment, day)
        logged = session().get_one(Contact, kept.contact_id)
        assert (kept.state, logged.referral_id) == ("kept", base), "logged on the team's own"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_is_reminded_of_a_meeting_with_a_group_that_said_no(world: World) -> None:
    base, worker = triaged(world), world.link_worker
    with transaction(worker):
        sent = services.create(
            worker,
            schemas.Create().read(factories.answers(world.service_id, 2) | {"draft": False}),
        ).id
        session().get_one(Referral, sent).based_on_id = base
        day = services.bring_together(worker, sent, together()).id
    with transaction(world.provider_worker):
        say(world.provider_worker, sent, "decline", reason="capacity")
    with reading(world.provider_worker):
        view = queries.view(world.provider_worker, sent, beside=True)
        assert view.get("appointments", []) == []
    with clock.at(clock.now() + timedelta(days=2)), transaction(SYSTEM):
        assert services.look_at_appointment(SYSTEM, day) == ""
        made = session().get_one(Appointment, day)
        assert (made.state, made.look_on) == ("cancelled", None)


def test_a_group_expects_somebody_by_a_first_name_and_a_day(world: World) -> None:
    base, worker = triaged(world), world.link_worker
    jean = contact(world)
    with transaction(worker):
        with pytest.raises(Invalid) as refused:
            services.expect(worker, base, visit(world))
        assert list(refused.value.errors) == ["service_id"], "it takes referrals"
        session().get_one(Listing, world.service_id).way = "turn_up"
        session().flush()
        assert [one.name for one in queries.expecting(worker)] == ["Befriending"]
        made = services.expect(worker, base, visit(world, note="Meet her at the door")).id
        with pytest.raises(Conflict):
            services.expect(worker, base, visit(world))
        assert session().scalars(select(Referral.id)).all() == [base], "no referral is sent"
    (told,) = messages("newcomer")
    assert told.subject.startswith("1 newcomer on ")
    for word in ("Amina", "JU-", "14:00", "Begum"):
        assert word not in told.subject + told.body
    with reading(jean):
        (expected,) = queries.newcomers(jean)
        assert (expected["id"], expected["first_name"]) == (made, "Amina")
        with pytest.raises(NotFound):
            queries.view(jean, base)
    with reading(worker):
        (shown,) = queries.view(worker, base, beside=True)["appointments"]
        assert (shown["service"], shown["note"]) == ("Befriending", "Meet her at the door")
    for wrong, field in (
        ({"agreed": False}, "agreed"),
        ({"first_name": "07700 900123"}, "first_name"),
        ({"time": "25:00"}, "time"),
    ):
        with pytest.raises(Invalid) as refused:
            visit(world, **wrong)
        assert list(refused.value.errors) == [field]
    with transaction(world.practice_staff), pytest.raises(Forbidden):
        services.expect(world.practice_staff, base, visit(world))


def test_how_each_was_told_stands_beside_for_the_senders_side_only(world: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted").id
    with reading(world.practice_staff):
        view = queries.view(world.practice_staff, made, beside=True)
        assert {one["event"] for one in view["notices"]} == {"sent", "accepted"}
        assert {one["kind"] for one in view["deliveries"]} >= {"new"}
        assert not any("@" in str(one) for one in view["deliveries"])
    with reading(world.provider_worker):
        view = queries.view(world.provider_worker, made, beside=True)
        assert (view["notices"], view["deliveries"]) == ([], [])
