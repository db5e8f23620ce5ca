"""A question before anybody is named: asked, answered by any way, turned into a referral."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from referral.accounts.models import AnswerContactService
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, schemas, services
from referral.referrals.models import Enquiry, Referral
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact

WORDS = "Would somebody in her 70s who is hard of hearing fit in your group?"


def ask(world: World, text: str = WORDS, **more: object) -> uuid.UUID:
    said = {"service_id": str(world.service_id), "text": text, "needs": ["loneliness"], **more}
    staff = world.practice_staff
    with transaction(staff):
        return services.ask_first(staff, schemas.AskFirst().read(said)).id


def told(template: str) -> int:
    with reading(SYSTEM):
        chosen = select(func.count()).where(OutboxMessage.kind == template)
        return session().scalar(chosen) or 0


def test_a_contact_answers_and_it_becomes_a_referral(world: World, other: World) -> None:
    jean, staff = contact(world), world.practice_staff
    asked = ask(world, age_band=74, area="g51")
    assert told("enquiry") == 1
    with reading(jean):
        (row,) = queries.enquiries(jean, waiting=True)
        assert (row["text"], row["age_band"], row["area"]) == (WORDS, 70, "G51")
        assert row["to_answer"]
    for stranger in (other.provider_worker, other.practice_staff, contact(other)):
        with reading(stranger), pytest.raises(NotFound):
            queries.enquiry(stranger, asked)
    with reading(world.commissioner), pytest.raises(Forbidden):
        queries.enquiries(world.commissioner)
    with transaction(jean):
        services.answer_enquiry(jean, asked, 1, "yes", "Yes, we sit close together")
    assert told("enquiry_answered") == 1
    with pytest.raises(Conflict), transaction(world.provider_worker):
        services.answer_enquiry(world.provider_worker, asked, None, "no", "")
    with reading(jean), pytest.raises(NotFound):
        queries.enquiry(jean, asked)
    with reading(staff):
        shown = queries.enquiry(staff, asked)
    assert (shown["fits"], shown["answered_by"]) == ("yes", "Jean")
    with transaction(staff):
        person = factories.person(staff)
        draft = services.convert(staff, asked, person)
        assert (draft.status, draft.service_id, draft.needs) == (
            "draft", world.service_id, "loneliness",
        )  # fmt: skip
        made = draft.id
    with reading(SYSTEM):
        kept = session().get_one(Enquiry, asked)
        assert (kept.status, kept.referral_id) == ("converted", made)
    with pytest.raises(Conflict), transaction(staff):
        services.close_enquiry(staff, asked, None)
    # Nothing came of the draft: the question and its answer are there again.
    with transaction(staff):
        services.discard(staff, made, None)
    with reading(SYSTEM):
        kept = session().get_one(Enquiry, asked)
        assert (kept.status, kept.referral_id) == ("answered", None)


def test_by_telephone_a_link_worker_writes_down_who_said_it(world: World, other: World) -> None:
    contact(world)
    asked, worker = ask(world), world.link_worker
    with pytest.raises(NotFound), transaction(other.link_worker):
        services.answer_enquiry(other.link_worker, asked, None, "yes", "", "Jo")
    with pytest.raises(Invalid), transaction(worker):
        services.answer_enquiry(worker, asked, None, "yes", "")
    with transaction(worker):
        services.answer_enquiry(worker, asked, None, "perhaps", "Come and see", "Jo Mills")
    with reading(world.practice_staff):
        shown = queries.enquiry(world.practice_staff, asked)
    assert (shown["answered_by"], shown["fits"]) == ("Jo Mills", "perhaps")
    assert shown["written_by"] == "Link Worker"


def test_silence_is_told_once_and_closing_ends_it(world: World) -> None:
    contact(world)
    asked, staff = ask(world), world.practice_staff
    for days in (2, 3, 20, 20):
        with clock.at(clock.now() + timedelta(days=days)):
            with reading(SYSTEM):
                due = queries.due_enquiries(SYSTEM, 10)
            for one in due:
                with transaction(SYSTEM):
                    services.look_at_enquiry(SYSTEM, one)
    assert (told("enquiry"), told("enquiry_late")) == (2, 1)
    with transaction(staff):
        services.close_enquiry(staff, asked, None)
    with pytest.raises(Conflict), transaction(world.provider_worker):
        services.answer_enquiry(world.provider_worker, asked, None, "yes", "")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_ask_whom_and_what_may_not_stand_in_it(world: World, other: World) -> None:
    contact(world)
    for text in ("Ring her on 01632 960001", "NHS 943 476 5919", "She lives at 4 Mill Lane"):
        with pytest.raises(Invalid):
            ask(world, text)
    for wrong in ({"service_id": str(uuid.uuid4())}, {"area": "Anna"}):
        with pytest.raises(Invalid):
            ask(world, **wrong)
    asking = schemas.AskFirst().read({"service_id": str(world.service_id), "text": "Fits?"})
    for actor in (world.care_navigator, world.provider_worker, world.commissioner):
        with pytest.raises(Forbidden), transaction(actor):
            services.ask_first(actor, asking)
    with transaction(SYSTEM):
        session().execute(delete(AnswerContactService))
    with pytest.raises(Conflict):
        ask(world)
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Referral)) == 0
