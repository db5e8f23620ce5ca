"""The reviewers' pages: the queue, an application on one page, a decision, two at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.vetting import queries, schemas, services
from referral.vetting.models import Application, Evidence
from tests import factories
from tests.factories import World, vetting
from tests.performance.counting import counting
from tests.support.browsers import At


def application(world: World, **how: Any) -> UUID:
    """Of the world's provider, handed in, with every answer waiting."""
    with transaction(SYSTEM):
        return vetting.applied(world, **how).id


def one(application_id: UUID) -> Application:
    with reading(SYSTEM):
        return session().get_one(Application, application_id)


def waiting_all(world: World) -> dict[str, Evidence]:
    with reading(SYSTEM):
        return queries.dossier(SYSTEM, world.provider_id, world.locality_id).open


def waiting(world: World, check: str) -> Evidence:
    return waiting_all(world)[check]


def decided(client: FlaskClient, made: Application, kind: str, **said: Any) -> TestResponse:
    data = {"kind": kind, "version": made.version, "reason": "Looked at together", **said}
    return client.post(f"/vetting/applications/{made.id}/decide", data=data)


def test_the_queue_shows_what_waits_longest_first_and_what_ends(world: World, at: At) -> None:
    with transaction(SYSTEM):
        second = factories.world(locality_id=world.locality_id)
        with clock.at(clock.now() - timedelta(days=9)):
            vetting.applied(second)
        vetting.approved(world)
    with transaction(SYSTEM):
        vetting.evidence(world, "complaints", None)
    lead = at(world.link_worker_lead)
    shown = lead.get("/vetting/queue").text
    assert shown.count("app-row--queue") == 2
    assert "9 days" in shown
    assert "1 answer to look at" in shown
    assert shown.index("9 days") < shown.index("1 answer to look at")
    with clock.at(clock.now() + timedelta(days=330)):
        soon = lead.get("/vetting/queue?show=expiring").text
        assert soon.count("app-row--queue") == 1
        assert re.search(r"\d+ checks: counts to", soon)
    assert lead.get("/vetting/queue?show=all").text.count("app-row--queue") == 2
    assert lead.get("/vetting/queue?show=mine").status_code == 404
    assert lead.get("/vetting/queue?cursor=forged").status_code == 422
    for stranger in (world.provider_manager, world.commissioner, world.practice_staff):
        assert at(stranger).get("/vetting/queue").status_code == 403


def test_the_queue_is_paged_by_key(world: World, at: At) -> None:
    with transaction(SYSTEM):
        now = clock.now()
        for n in range(30):
            provider = factories.organisation("provider", f"Group {n:02}", world.locality_id)
            session().add(
                Application(
                    organisation_id=provider,
                    locality_id=world.locality_id,
                    status="submitted",
                    waiting_since=now + timedelta(minutes=n // 2),
                    created_at=now,
                    updated_at=now,
                )
            )
    lead, seen = at(world.link_worker_lead), list[str]()
    for show in ("waiting", "all"):
        path, seen = f"/vetting/queue?show={show}", []
        while path:
            shown = lead.get(path).text
            seen += re.findall(r"Group \d\d", shown)
            more = re.search(r'href="([^"]+)" rel="next"', shown)
            path = more[1].replace("&amp;", "&") if more else ""
        assert sorted(set(seen)) == sorted(seen)
        assert len(seen) == 30


def test_a_reviewer_looks_at_each_answer_and_a_lead_decides_on_one_page(
    world: World, at: At, database: Database
) -> None:
    made = application(world, doing=["advice"])
    lead, worker = at(world.link_worker_lead), at(world.link_worker)
    page = f"/vetting/applications/{made}"
    with counting(database) as counted:
        shown = lead.get(page).text
    assert counted.business <= 5, counted.report()
    assert "EP-2231-7" in shown
    assert "£5,000,000" in shown
    assert shown.count('class="app-weigh"') == 10
    assert "A lead decides." in worker.get(page).text

    policy = waiting(world, "safeguarding_adults")
    path = f"/vetting/evidence/{policy.id}"
    refused = worker.post(f"{path}/reject", data={"version": policy.version, "reason": ""})
    assert refused.status_code == 422
    assert "What you want to tell them is required" in refused.text
    late = worker.post(
        f"{path}/accept",
        data={
            "version": policy.version, "limits": "Seen once",
            "expires_on-day": "1", "expires_on-month": "1", "expires_on-year": "2020",
        },
    )  # fmt: skip
    assert late.status_code == 422
    assert "Seen once" in late.text
    done = worker.post(f"{path}/ask", data={"version": policy.version, "reason": "Who leads?"})
    assert done.status_code == 303
    assert "You asked; they have not answered" in lead.get(page).text

    for key, one_ in waiting_all(world).items():
        limit = "Read, not tested" if key == "safeguarding_adults" else ""
        sent = {"version": one_.version, "limits": limit}
        assert lead.post(f"/vetting/evidence/{one_.id}/accept", data=sent).status_code == 303
    assert "Read, not tested" in lead.get(page).text
    assert "12 of 12 checks are current" in lead.get(page).text
    with counting(database) as counted:
        asked = lead.get(f"{page}/decide?kind=approve")
    assert asked.status_code == 200
    assert counted.business <= 5, counted.report()
    assert "Ask the link-worker team within 28 days" in asked.text
    assert decided(lead, one(made), "approve", reason="").status_code == 422
    assert decided(lead, one(made), "approve").status_code == 303
    assert one(made).status == "approved"
    with counting(database) as counted:
        history = lead.get(f"{page}/history").text
    assert counted.business <= 5, counted.report()
    for words in ("Approve", "Answer accepted", "Asked about an answer", "Applied", "Link Worker"):
        assert words in history
    assert "Looked at together" in lead.get(page).text
    assert one(made).approved_tier == "G"


def test_conditions_leave_open_what_may_wait_and_nothing_else(world: World, at: At) -> None:
    made = application(world)
    with transaction(SYSTEM):
        vetting.accepted(world, without={"complaints", "public_liability"})
    lead = at(world.link_worker_lead)
    page = f"/vetting/applications/{made}/decide?kind=approve_with_conditions"
    shown = lead.get(page).text
    assert 'name="waived.complaints-day"' in shown
    assert 'name="waived.public_liability-day"' not in shown
    assert "These cannot be left for later" in shown
    assert "Public liability insurance" in shown
    assert "Approve</a>" not in lead.get(f"/vetting/applications/{made}").text

    with transaction(SYSTEM):
        vetting.accepted(world, without={"complaints"})
    day = clock.today() + timedelta(days=60)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    until = {f"waived.complaints-{part}": str(value) for part, value in parts.items()}
    far = until | {"waived.complaints-year": str(day.year + 1)}
    assert decided(lead, one(made), "approve_with_conditions", **far).status_code == 422
    assert decided(lead, one(made), "approve_with_conditions").status_code == 422
    assert decided(lead, one(made), "approve_with_conditions", **until).status_code == 303
    assert one(made).status == "conditional"
    assert one(made).waived == {"complaints": day.isoformat()}


def test_an_acceptance_is_taken_back_and_an_answer_nobody_needs_any_more_is_still_shown(
    world: World, at: At
) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world, doing=["one_to_one"]).id
        vetting.evidence(world, "supervision", None)
        vetting.about(world, by=world.link_worker)
    lead = at(world.link_worker_lead)
    page = f"/vetting/applications/{made}"
    assert "Nothing they do now needs it" in lead.get(page).text
    assert lead.post(
        f"/vetting/evidence/{waiting(world, 'supervision').id}/accept", data={"version": 1}
    ).status_code == 303  # fmt: skip
    with reading(SYSTEM):
        found = queries.dossier(SYSTEM, world.provider_id, world.locality_id)
        complaints = found.accepted["complaints"].evidence
    assert f"again={complaints.id}" in lead.get(page).text
    assert "Why will it not do any more?" in lead.get(f"{page}?again={complaints.id}").text
    path = f"/vetting/evidence/{complaints.id}/reject"
    empty = lead.post(path, data={"version": complaints.version, "reason": ""})
    assert empty.status_code == 422
    assert "The reason is required" in empty.text
    said = {"version": complaints.version, "reason": "It is a draft"}
    assert lead.post(path, data=said).status_code == 303
    assert one(made).paused_on == clock.today()
    assert "No new referrals since" in lead.get(page).text
    assert lead.get(f"{page}?again=x").status_code == 404


def test_the_slower_of_two_reviewers_sees_both(world: World, at: At) -> None:
    made = application(world)
    policy = waiting(world, "complaints")
    seen = clock.now().isoformat()
    slow, fast = at(world.link_worker_lead), at(world.link_worker)
    path = f"/vetting/evidence/{policy.id}"
    carried = {"version": policy.version, "seen": seen}
    assert fast.post(f"{path}/accept", data=carried).status_code == 303
    lost = slow.post(f"{path}/reject", data=carried | {"reason": "It is from 2019"})
    assert lost.status_code == 409
    for words in ("Somebody else was quicker", "Do not accept", "It is from 2019",
                  "Answer accepted", "Complaints", "Link Worker"):  # fmt: skip
        assert words in lost.text
    for end in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01", "x"):
        said = carried | {"reason": "It is from 2019", "seen": end}
        assert slow.post(f"{path}/reject", data=said).status_code == 409

    with transaction(SYSTEM):
        vetting.accepted(world)
        other = vetting.another_lead(world)
    before = one(made)
    carried = {"seen": clock.now().isoformat()}
    assert decided(at(other), before, "approve", **carried).status_code == 303
    lost = decided(slow, before, "refuse", reason="Rules were not signed", **carried)
    assert lost.status_code == 409
    for words in ("Refuse", "Rules were not signed", "Approve", "Link Worker Lead"):
        assert words in lost.text
    assert one(made).status == "approved"


def test_where_two_are_wanted_the_first_word_waits_for_another_lead(world: World, at: At) -> None:
    with transaction(SYSTEM):
        data = schemas.SchemeBody().read(
            {"two_reviewers": ["G"], "appeal_route": "Write to the board.", "reason": "Safer"}
        )
        services.set_scheme(world.commissioner, world.locality_id, 0, data)
        other = vetting.another_lead(world)
    made = application(world)
    with transaction(SYSTEM):
        vetting.accepted(world)
    first, second = at(world.link_worker_lead), at(other)
    page = f"/vetting/applications/{made}"
    assert "once a second lead agrees" in first.get(f"{page}/decide?kind=approve").text
    assert decided(first, one(made), "approve", reason="All is there").status_code == 303
    assert one(made).status == "second"
    assert "You gave the first word" in first.get(page).text
    assert decided(first, one(made), "agree").status_code == 403
    assert "kind=agree" not in first.get(page).text
    shown = second.get(f"{page}/decide?kind=agree").text
    for words in ("The first word", "All is there", "Write to the board."):
        assert words in shown
    assert "Waiting for a second reviewer" in second.get("/vetting/queue").text
    assert decided(second, one(made), "differ", reason="The policy is unsigned").status_code == 303
    assert one(made).status == "submitted"
    assert "The policy is unsigned" in first.get(page).text
    assert decided(second, one(made), "approve").status_code == 303
    assert decided(first, one(made), "agree").status_code == 303
    assert one(made).status == "approved"


def test_who_gave_an_answer_or_works_there_judges_nothing_and_is_told_why(
    world: World, at: At
) -> None:
    made = application(world)
    with transaction(SYSTEM):
        told = vetting.answer(
            world.link_worker_lead, world.provider_id, "complaints", told_by="Jean, by telephone"
        )
    lead = at(world.link_worker_lead)
    shown = lead.get(f"/vetting/applications/{made}").text
    assert "You gave this answer yourself" in shown
    assert "so another lead decides" in shown
    assert "Jean, by telephone" in shown
    assert f"/vetting/evidence/{told.id}/accept" not in shown
    assert lead.post(
        f"/vetting/evidence/{told.id}/accept", data={"version": told.version}
    ).status_code == 403  # fmt: skip
    assert decided(lead, one(made), "approve").status_code == 403
    with transaction(SYSTEM):
        elsewhere = factories.world()
        inside = factories.user(
            "link_worker_lead", world.team_id, "link_worker_team", world.locality_id
        )
        accounts.grant(SYSTEM, _id(inside), world.provider_id, "provider_worker")
    assert "You work with them" in at(inside).get(f"/vetting/applications/{made}").text
    assert decided(at(inside), one(made), "approve").status_code == 403
    far = at(elsewhere.link_worker_lead)
    for path in ("", "/history", "/decide?kind=approve"):
        assert far.get(f"/vetting/applications/{made}{path}").status_code == 404
    assert far.post(f"/vetting/evidence/{told.id}/accept", data={"version": 1}).status_code == 404


def _id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


def test_an_organisation_is_invited_from_its_page_once(world: World, at: At) -> None:
    lead = at(world.link_worker)
    sent = {"organisation_id": str(world.provider_id)}
    first, again = (lead.post("/vetting/invite", data=sent) for _time in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert "They have not applied" in lead.get(first.location).text or "A lead decides" in (
        lead.get(first.location).text
    )
    assert lead.post("/vetting/invite", data={"organisation_id": "x"}).status_code == 404
