"""The demo's data as the command makes it: every status, true dashboards, a desk for everybody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from referral.accountability import queries as accountability
from referral.accounts import queries as accounts
from referral.accounts.models import (
    AnswerContact,
    Locality,
    Membership,
    Organisation,
    StatusCard,
    User,
)
from referral.caseload import queries as caseloads
from referral.caseload.models import BroughtAcross, Handover, SupervisionNote, UnmetNeed
from referral.core import clock, encryption
from referral.core import database as core_database
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session
from referral.core.encryption import Keyring
from referral.desk.queries import to_play_unscoped
from referral.directory import queries as directory
from referral.directory import standing
from referral.directory.models import (
    Acquaintance,
    Claim,
    Correction,
    Feed,
    Listing,
    Profile,
    ProposedChange,
    SearchMiss,
    Service,
    ServiceResult,
)
from referral.files.models import StoredFile
from referral.outbox.models import OutboxMessage
from referral.outcomes.models import Assessment, Goal, Plan, PlanAction, Result
from referral.partnership.models import Introduction
from referral.referrals import lifecycle
from referral.referrals.models import (
    Appointment,
    Complaint,
    Enquiry,
    GroupSession,
    PersonNotice,
    Referral,
    SelfReferral,
    StatusChange,
)
from referral.seed import calendar
from referral.vetting import queries as vetting
from referral.vetting.models import Application, Decision, Evidence, ExpiryNotice, VettedService
from tests.integration.vetting import test_history as replay
from tests.support import server


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the demo's data, open and in use."""
    data = tmp_path_factory.mktemp("demo") / "var"
    shutil.copytree(server.demo_data(), data)
    opened = Database(f"sqlite:///{data / 'referral.sqlite'}")
    core_database.use(opened)
    encryption.use(Keyring.load(data / "keys" / "keyring.json"))
    yield data
    core_database.use(None)
    encryption.use(None)
    opened.close()


def actor_of(email: str) -> Actor:
    row = session().execute(
        select(User.id, Membership.organisation_id, Organisation, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.email == email)
    )
    user, organisation, found, role = row.one()
    return Actor(
        kind="user",
        id=user,
        organisation=organisation,
        organisation_kind=found.kind,
        locality=found.locality_id,
        roles=frozenset({role}),
        demo=True,
    )


def test_there_are_four_hundred_referrals_in_every_status(demo: Path) -> None:
    with reading(SYSTEM):
        brought = session().scalars(select(BroughtAcross.referral_id)).all()
        rows = session().execute(
            select(Referral.status, func.count())
            .where(Referral.id.not_in(brought))
            .group_by(Referral.status)
        )
        by_status = {status: int(count) for status, count in rows}
        kinds = session().execute(
            select(Organisation.kind, func.count()).group_by(Organisation.kind)
        )
        organisations = {kind: int(count) for kind, count in kinds}
        assert session().scalar(select(func.count()).select_from(Service)) == 66
    assert sum(by_status.values()) == 401, "four hundred in the town, one in the valley"
    assert by_status.keys() == lifecycle.STATUSES.keys()
    assert (organisations["practice"], organisations["provider"]) == (7, 31)


def test_groups_answer_in_every_way(demo: Path) -> None:
    with reading(SYSTEM):
        ways = session().execute(
            select(StatusChange.actor_kind, StatusChange.on_behalf_id.is_not(None)).where(
                StatusChange.party == "recipient"
            )
        )
        assert set(map(tuple, ways)) == {("user", False), ("user", True), ("safe_link", False)}
        codes = set(session().scalars(select(AnswerContact.code_by)))
        assert codes == {"text", "pin"}
        assert set(session().scalars(select(Organisation.answers_by))) == {"link", "account"}
        assert session().scalar(select(Organisation.id).where(Organisation.paper))
        assert session().scalars(select(Locality.safeguarding_adults)).first()
        waiting = select(func.count()).where(Referral.status == "sent")
        assert session().scalar(waiting.where(Referral.triage, Referral.sender_id.is_not(None)))


def test_something_stands_on_every_desk_of_the_team(demo: Path) -> None:
    with reading(SYSTEM):
        worker, lead = (actor_of(f"link_worker{who}@demo.example") for who in ("", "_lead"))
        assert worker.id is not None
        load = caseloads.worker(lead, worker.id).load
        assert (load.guide, load.state) == (80, "nearly")
        assert 77 <= load.points <= 80
        triage = select(Referral.sent_at).where(
            Referral.triage, Referral.status == "sent", Referral.team_id == worker.organisation
        )
        waiting = session().scalars(triage).all()
        oldest = clock.local(min(one for one in waiting if one)).date()
        assert (len(waiting), oldest) == (6, calendar.ago(clock.today(), 1))
        for table in (
            Appointment, Enquiry, Goal, Handover, Plan, PlanAction, SelfReferral, SupervisionNote,
            UnmetNeed,
        ):  # fmt: skip
            assert session().scalar(select(func.count()).select_from(table)), table
        assert session().scalar(select(func.count()).select_from(GroupSession)) == 3
        assert session().scalar(
            select(Referral.id).where(Referral.consent_withdrawn_at.is_not(None))
        )
        tasks = session().execute(
            select(PersonNotice.channel, func.count())
            .where(PersonNotice.state == "waiting")
            .group_by(PersonNotice.channel)
        )
        assert {channel: count >= 2 for channel, count in tasks} == {"letter": True, "tell": True}
        old = clock.now() - timedelta(days=4)
        held = PersonNotice.state.in_(("held", "queued")), PersonNotice.made_at < old
        assert session().scalar(select(func.count()).where(*held)) == 0


def test_what_came_of_it_is_there_by_both_words_and_in_figures(demo: Path) -> None:
    with reading(SYSTEM):
        words: dict[Any, set[str]] = {}
        for one in session().scalars(select(Result).where(Result.about == "overall")):
            words.setdefault(one.referral_id, set()).add(f"{one.told_by} {one.outcome}")
        asked = session().execute(
            select(Assessment.referral_id, func.count()).group_by(Assessment.referral_id)
        )
        twice = {referral_id for referral_id, count in asked if count >= 2}
        shown = session().scalars(select(ServiceResult)).all()
        complaints = session().scalars(select(Complaint.state)).all()
        cards = session().scalars(select(StatusCard.id)).all()
        welsh = session().scalars(select(Referral).where(Referral.written_in == "cy")).all()
        to_play = to_play_unscoped()
    agreed = {"person met", "provider met"}
    assert sum(said == agreed for id_, said in words.items() if id_ in twice) >= 3
    assert {"person partly_met", "provider met"} in words.values()
    assert any(one.people >= 10 and one.story and one.story_by for one in shown)
    assert (complaints, len(cards)) == (["open"], 1)
    assert [one.status for one in welsh] == ["started"]
    assert {"wales", "england"} == {one.nation for one in to_play}
    assert {"completed", "started"} == {one.status for one in to_play}


def test_every_open_referral_has_owner_next_step_and_date(demo: Path) -> None:
    with reading(SYSTEM):
        rows = session().scalars(select(Referral).where(Referral.status.in_(lifecycle.OPEN))).all()
    assert rows
    assert all(row.owner_id and row.next_step and row.due_on for row in rows)


def test_the_history_is_in_order_and_ends_before_today(demo: Path) -> None:
    with reading(SYSTEM):
        rows = session().execute(
            select(StatusChange.referral_id, StatusChange.at).order_by(
                StatusChange.referral_id, StatusChange.number
            )
        )
        told: dict[object, list[object]] = {}
        for referral_id, at in rows:
            told.setdefault(referral_id, []).append(at)
            assert at <= clock.now()
    assert all(moments == sorted(moments) for moments in told.values())  # type: ignore[type-var]


def test_the_past_is_not_mailed_again(demo: Path) -> None:
    with reading(SYSTEM):
        old = clock.now() - timedelta(days=4)
        waiting = session().scalar(
            select(func.count())
            .select_from(OutboxMessage)
            .where(OutboxMessage.sent_at.is_(None), OutboxMessage.not_before < old)
        )
    assert waiting == 0


@pytest.mark.parametrize(
    ("email", "column"),
    [
        ("practice_staff@demo.example", Referral.sender_id),
        ("provider_worker@demo.example", Referral.recipient_id),
    ],
)
def test_dashboards_agree_with_the_rows(demo: Path, email: str, column: Any) -> None:
    with reading(SYSTEM):
        actor = actor_of(email)
    with reading(actor):
        report = accountability.report(actor, accountability.subject(actor), 6)
        rows = session().scalars(
            select(Referral).where(
                column == actor.organisation,
                Referral.status.not_in(("draft", "entered_in_error")),
            )
        )
        sent = [clock.local(row.sent_at).date() for row in rows if row.sent_at]
    counted = sum(report.period.first <= day for day in sent)
    assert report.figures["sent"].value == counted > 0


def test_desks_are_not_empty(demo: Path) -> None:
    with reading(SYSTEM):
        staff = actor_of("practice_staff@demo.example")
        worker = actor_of("provider_worker@demo.example")
        link_worker = actor_of("link_worker@demo.example")
        assert staff.organisation
        assert accounts.link_worker_team_of(staff.organisation) == link_worker.organisation

        def held(actor: Actor, status: str) -> int:
            owned = Referral.owner_id == actor.organisation
            found = session().scalar(
                select(func.count()).select_from(Referral).where(owned, Referral.status == status)
            )
            return int(found or 0)

        assert held(staff, "question_asked") >= 1
        assert held(staff, "completed") >= 4
        assert held(worker, "sent") >= 2
        assert held(link_worker, "sent") >= 2
        assert held(link_worker, "declined") >= 1


def test_the_directory_says_when_for_whom_and_what_it_can_hold(demo: Path) -> None:
    with reading(SYSTEM):
        services = session().scalars(select(Service)).all()
    assert sum(bool(one.when_mask) for one in services) >= 55
    assert sum(bool(one.parts.get("cost_options")) for one in services) >= 8
    assert sum(bool(one.holds_risk or one.holds_mobility) for one in services) >= 45
    assert sum(one.route == "signpost" for one in services) >= 4
    assert any(one.alert for one in services)
    assert any(one.paused_until and one.paused_until > clock.today() for one in services)
    assert any(standing.is_stale(one.checked_on, clock.today()) for one in services)
    expired = [one for one in services if one.capacity == "unknown" and one.checked_on]
    assert expired, "room said more than 30 days ago"


def test_people_are_shown_with_drawn_portraits_that_they_agreed_to(demo: Path) -> None:
    with reading(SYSTEM):
        profiles = session().scalars(select(Profile)).all()
    assert len(profiles) >= 30
    with_photo = {one.photo for one in profiles if one.photo}
    assert len(with_photo) >= 15
    assert all(one.photo_consent_on for one in profiles if one.photo)
    with reading(SYSTEM):
        papers = set(session().scalars(select(StoredFile.name)))
    stored = {path.name for path in (demo / "files").rglob("*") if path.is_file()}
    assert stored == with_photo | papers


def test_some_have_met_and_some_wait_for_either_side(demo: Path) -> None:
    with reading(SYSTEM):
        practice = actor_of("practice_staff@demo.example").organisation
        rows = session().scalars(select(Introduction)).all()
        met = session().scalars(
            select(Acquaintance).where(Acquaintance.organisation_id == practice)
        )
        assert len(list(met)) >= 4
    waiting = [row for row in rows if row.status == "waiting"]
    assert any(row.organisation_id == practice for row in waiting)
    assert any(row.other_id == practice for row in waiting)
    assert {row.status for row in rows} == {"waiting", "confirmed", "declined"}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (ProposedChange, "status", "waiting"),
        (Correction, "status", "open"),
        (Claim, "status", "waiting"),
        (Feed, "active", True),
        (SearchMiss, "need", "arts"),
    ],
)
def test_something_is_left_to_decide(demo: Path, table: Any, column: str, value: Any) -> None:
    with reading(SYSTEM):
        found = session().scalar(
            select(func.count()).select_from(table).where(getattr(table, column) == value)
        )
    assert found


def test_every_way_of_being_checked_is_there(demo: Path) -> None:
    with reading(SYSTEM):
        applications = {row.status: row for row in session().scalars(select(Application))}
        assert applications.keys() >= {
            "invited", "draft", "submitted", "approved", "conditional", "suspended",
        }  # fmt: skip
        assert applications["conditional"].waived
        assert applications["submitted"].waiting_since
        assert session().scalar(select(Evidence.id).where(Evidence.state == "asked"))
        assert session().scalar(select(Application.id).where(Application.pending_id.is_not(None)))
        states = set(session().scalars(select(VettedService.state)))
        assert states >= {"current", "expiring", "lapsed", "waived", "suspended", "none"}
        assert session().scalar(select(VettedService.service_id).where(
            VettedService.way == "turn_up", VettedService.state == "current"
        ))  # fmt: skip
        register = session().scalars(select(Decision).where(Decision.decided_by.is_(None))).all()
        assert [one.kind for one in register] == ["suspend"]
        told = session().scalars(select(ExpiryNotice)).all()
        assert {one.step for one in told} == {60, 30, 0}
        assert {one.check_key for one in told} >= {"public_liability", "dbs"}
        assert vetting.due_applications(SYSTEM) == [], "the first start has nothing to catch up on"


def test_services_take_referrals_as_before_there_were_checks_and_what_lapsed_goes_on(
    demo: Path,
) -> None:
    with reading(SYSTEM):
        rows = session().execute(
            select(Service, Listing).join(Listing, Listing.service_id == Service.id)
        )
        accepting = [
            entry for entry, listing in rows if directory.standing_of(entry, listing).accepts
        ]
        assert len(accepting) >= 54
        lapsed = session().scalars(select(Listing).where(Listing.state == "lapsed")).one()
        assert lapsed.until == clock.today() - timedelta(days=7)
        under_way = session().scalars(
            select(Referral.id).where(
                Referral.service_id == lapsed.service_id, Referral.status.in_(lifecycle.OPEN)
            )
        )
        assert under_way.all()


def test_the_managers_who_sign_in_have_something_to_do(demo: Path) -> None:
    with reading(SYSTEM):
        manager = actor_of("provider_manager@demo.example")
        other = actor_of("provider_manager.other@demo.example")
    for actor, renewals, questions in ((manager, ("public_liability",), 0), (other, None, 8)):
        with reading(actor):
            assert actor.organisation
            assert actor.locality
            found = vetting.dossier(actor, actor.organisation, actor.locality)
            if renewals is not None:
                assert found.renewals(clock.today()) == renewals
            assert len(found.questions(clock.today())) == questions


def test_the_history_of_checks_rebuilds_how_everything_stands(demo: Path) -> None:
    with reading(SYSTEM):
        told = [line for line in replay.lines() if line.subject_kind in replay.KEPT]
        assert replay.rebuilt(told) == replay.as_it_is()
