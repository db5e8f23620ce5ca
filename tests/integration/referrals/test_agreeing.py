"""Consent: what was said, by whom, on whose authority; taken back, it holds at the next request."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.outbox.models import OutboxMessage
from referral.people.models import PersonAccess
from referral.referrals import queries, schemas, services
from referral.referrals.models import Consent, PersonNotice, Referral, Thread
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact

STUDY = {
    "name": "Does company help?",
    "led_by": "Testshire university",
    "approval": "REC 26/01",
    "words": "May your answers be counted, without your name?",
}


def row(referral_id: uuid.UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


def consents(referral_id: uuid.UUID) -> list[Consent]:
    with reading(SYSTEM):
        chosen = select(Consent).where(Consent.referral_id == referral_id).order_by(Consent.id)
        return list(session().scalars(chosen))


def take_back(
    actor: Actor, referral_id: uuid.UUID, version: int | None = None, **said: str
) -> None:
    data = schemas.Withdrawal().read({"how": "phone", **said})
    with transaction(actor):
        services.withdraw_consent(actor, referral_id, version, data)


def refer(world: World, consent: dict[str, Any], **about: Any) -> uuid.UUID:
    staff = world.practice_staff
    data = factories.answers(world.service_id)
    data["consent"] = {"refer": True, "feedback": "full", "told": True} | consent
    data["person"] |= about
    with transaction(staff):
        return services.create(staff, schemas.Create().read(data)).id


def test_stopping_ends_what_the_group_sees_at_once_and_tells_it(world: World) -> None:
    jean, worker = contact(world), world.provider_worker
    with transaction(world.practice_staff):
        sent = factories.referral(world, "started").id
        services.write_note(world.practice_staff, sent, "shared", "Canary lives alone")
        say(world.practice_staff, sent, "raise", kind="question", text="How is Canary?")
    with transaction(worker):
        say(worker, sent, "raise", kind="practical", text="Canary asks for a lift")
    given = consents(sent)[0]
    assert (given.what, given.wording, given.how) == ("given", "adult-1", "program")
    with pytest.raises(StaleVersion), transaction(world.practice_staff):
        services.withdraw_consent(
            world.practice_staff, sent, 1, {"what": "refer", "how": "phone", "by": "self"}
        )
    take_back(world.care_navigator, sent, what="refer", name="Canary's daughter")
    found = row(sent)
    assert (found.status, found.consent_refer, found.owner_id) == ("withdrawn", False, None)
    assert found.consent_withdrawn_at is not None
    with reading(SYSTEM):
        notices = select(PersonNotice.state).where(PersonNotice.referral_id == sent)
        assert set(session().scalars(notices)) == {"dropped"}
        waiting = session().scalars(select(Thread.owner_id).where(Thread.answered_at.is_(None)))
        assert list(waiting) == [world.practice_id]
    with reading(jean), pytest.raises(NotFound):
        queries.view(jean, sent)
    with reading(worker):
        after = queries.view(worker, sent)
        assert (after["disclosure"], after["person"], after["notes"]) == ("none", {}, [])
        assert "Canary" not in str(after)
        assert after["allowed_actions"] == []
    with reading(SYSTEM):
        ends = session().scalars(
            select(PersonAccess.until).where(
                PersonAccess.subject_id == sent, PersonAccess.organisation_id == world.provider_id
            )
        )
        assert None not in list(ends)
        told = select(OutboxMessage.id).where(OutboxMessage.kind == "consent_stopped")
        assert len(list(session().scalars(told))) == 1
    with reading(world.practice_staff):
        shown = queries.agreed(world.practice_staff, sent)["consents"]
    assert [one["what"] for one in shown] == ["given", "withdrawn"]
    assert shown[1]["given_by"] == "Canary's daughter"
    with pytest.raises(Conflict), transaction(world.practice_staff):
        services.withdraw_consent(
            world.practice_staff, sent, None, {"what": "refer", "how": "phone", "by": "self"}
        )


def test_who_has_nothing_to_do_with_it_takes_nothing_back(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world, "accepted").id
    with pytest.raises(NotFound):
        take_back(other.practice_staff, sent, what="refer")
    with pytest.raises(Forbidden):
        take_back(world.practice_manager, sent, what="refer")
    take_back(world.provider_worker, sent, what="feedback")
    assert (row(sent).consent_feedback, row(sent).status) == ("none", "accepted")
    with pytest.raises(Conflict):
        take_back(world.provider_worker, sent, what="feedback")
    with pytest.raises(Conflict):
        take_back(world.provider_worker, sent, what="evaluation")


def test_nobody_is_asked_about_a_study_that_is_not_registered(world: World) -> None:
    sent = refer(world, {"evaluation": True})
    assert row(sent).consent_evaluation is False
    lead, today = world.privacy_lead, clock.today()
    dated = {"asked_from": today.isoformat(), "asked_until": today.isoformat()}
    with transaction(lead):
        study = services.register_evaluation(lead, schemas.EvaluationForm().read(STUDY | dated))
        asked = study.id
    with pytest.raises(Forbidden), transaction(world.link_worker_lead):
        services.register_evaluation(world.link_worker_lead, {})
    agreed = refer(world, {"evaluation": True})
    assert row(agreed).consent_evaluation is True
    assert consents(agreed)[0].evaluation_id == asked
    take_back(world.practice_staff, agreed, what="evaluation")
    assert row(agreed).consent_evaluation is False
    with clock.at(clock.now() + timedelta(days=2)):
        assert row(refer(world, {"evaluation": True})).consent_evaluation is False


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_under_age_and_without_capacity_somebody_else_answers_and_says_why(world: World) -> None:
    today = clock.today()
    child = {"date_of_birth": today.replace(year=today.year - 10, day=1).isoformat()}
    young = {"date_of_birth": today.replace(year=today.year - 13, day=1).isoformat()}
    with pytest.raises(Invalid) as refused:
        refer(world, {"authority": "self", "how": "in_person"}, **child)
    assert "consent.authority" in refused.value.errors
    with pytest.raises(Invalid) as refused:
        refer(world, {"authority": "self", "how": "in_person"}, **young)
    assert "consent.why" in refused.value.errors
    with pytest.raises(Invalid) as refused:
        refer(world, {"authority": "parent", "how": "in_person"}, **child)
    assert "consent.given_by" in refused.value.errors
    with pytest.raises(Invalid) as refused:
        refer(world, {"authority": "parent", "how": "in_person", "given_by": "Her mother"})
    assert "consent.authority" in refused.value.errors
    sent = refer(
        world, {"authority": "self", "how": "phone", "why": "She understands well"}, **young
    )
    assert consents(sent)[0].wording == "young-1"
    best = {"authority": "best_interests", "how": "in_person", "why": "Advanced dementia"}
    sent = refer(world, best)
    assert (consents(sent)[0].wording, row(sent).consent_authority) == (
        "for_another-1", "best_interests",
    )  # fmt: skip
    with reading(world.provider_worker):
        assert queries.agreed(world.provider_worker, sent)["consents"] == []


def test_how_it_was_agreed_goes_from_the_draft_and_on_to_the_next_referral(world: World) -> None:
    staff = world.practice_staff
    with transaction(SYSTEM):
        another = factories.service(world.provider_id, name="Lunch club")
    with transaction(staff):
        draft = factories.referral(world, "draft")
        consent = {"refer": True, "feedback": "summary", "authority": "attorney", "how": "phone"}
        said = {"consent": consent | {"given_by": "Mr Lee", "relation": "son"}}
        services.rewrite(staff, draft.id, None, schemas.Draft().read(said))
        services.send(staff, draft.id, None, {})
        sent = draft.id
    with transaction(world.provider_worker):
        say(world.provider_worker, sent, "decline", reason="capacity")
    with transaction(world.link_worker):
        say(world.link_worker, sent, "redirect", service_id=str(another))
    after = row(sent).replaced_by_id
    assert after is not None
    with reading(staff):
        first, second = (queries.agreed(staff, one)["consents"][0] for one in (sent, after))
    assert (first["given_by"], first["how"], first["authority"]) == ("Mr Lee", "phone", "attorney")
    assert {**second, "id": 0, "at": 0, "by": 0, "organisation": 0} == {
        **first, "id": 0, "at": 0, "by": 0, "organisation": 0,
    }  # fmt: skip


def test_what_a_person_says_reaches_whoever_must_act_on_it(world: World) -> None:
    with transaction(world.practice_staff):
        sent = factories.referral(world, "started").id
    desk = world.care_navigator

    def said(kind: str, text: str = "") -> None:
        with transaction(desk):
            services.record_said(desk, sent, kind, "phone", text, "")

    said("in_touch")
    with reading(world.provider_worker):
        assert queries.view(world.provider_worker, sent)["threads"] == []
    said("changed_mind", "She would rather walk")
    with reading(world.provider_worker):
        (thread,) = queries.view(world.provider_worker, sent)["threads"]
    assert (thread["kind"], thread["mine"]) == ("practical", True)
    assert "She would rather walk" in thread["text"]
    said("stop_sharing")
    assert row(sent).consent_withdrawn_at is not None
    with reading(world.practice_staff):
        heard = queries.agreed(world.practice_staff, sent)["said"]
    assert [one["kind"] for one in heard] == ["in_touch", "changed_mind", "stop_sharing"]
    with pytest.raises(Forbidden), transaction(world.practice_manager):
        services.record_said(world.practice_manager, sent, "other", "phone", "x", "")
