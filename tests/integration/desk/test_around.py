"""A referral's page stays one calm page: what stands around its course, in five statements."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.database import transaction
from referral.referrals import schemas, services
from referral.referrals.schemas.introducing import Together
from tests import factories
from tests.factories import World, say
from tests.integration.desk.conftest import Desk
from tests.performance.counting import counting

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def base(world: World) -> UUID:
    """A referral to the link workers, taken on there."""
    data = factories.answers(None) | {"triage": True}
    with transaction(world.practice_staff):
        made = services.create(world.practice_staff, schemas.Create().read(data)).id
    with transaction(world.link_worker):
        say(world.link_worker, made, "accept")
        say(world.link_worker, made, "contact", channel="phone", result="reached")
        say(world.link_worker, made, "raise", kind="question", text="Which doctor?")
        services.write_note(world.link_worker, made, "internal", "Ring after ten")
    return made


def sent_on(world: World, base: UUID) -> UUID:
    """Referred on to a group, with a day for a first meeting together."""
    worker = world.link_worker
    with transaction(worker):
        draft = services.onward(worker, base).id
        consent = {"refer": True, "feedback": "full", "told": True, "authority": "self"}
        body = {"service_id": str(world.service_id), "consent": consent}
        services.rewrite(worker, draft, None, schemas.Draft().read(body))
        services.send(worker, draft, None, {})
        day = (clock.today() + timedelta(days=3)).isoformat()
        services.bring_together(
            worker, draft, Together().read({"on": day, "time": "14:00", "place": "venue"})
        )
    return draft


def test_the_page_of_a_link_worker_leads_everywhere_in_five_statements(
    world: World, desk: Desk, base: UUID
) -> None:
    browser = desk.by(world.link_worker)
    begun = browser.post(f"/referrals/{base}/onward").location
    step = browser.get(begun)
    assert step.status_code == 200
    assert "ask the link worker" not in step.text, "that is who refers"
    made = sent_on(world, base)
    with counting() as counted:
        page = browser.get(f"/referrals/{base}").text
    assert counted.business <= 5, counted.report()
    assert page.index("Who holds this now") < page.index("What happened")
    for href in (
        f"/plans/{base}", f"/referrals/{base}/appointments", f"/referrals/{base}/turn-up",
        f"/referrals/{base}/onward", f"/referrals/{base}/notes", f"/referrals/{base}/for-her",
        f"/referrals/{base}/agreement", f"/referrals/{base}/unmet", f"/referrals/{made}",
    ):  # fmt: skip
        assert f'"{href}"' in page, href
    for said in ("Ring after ten", "Which doctor?", "Referred on", "Who was told"):
        assert said in page
    onward = browser.get(f"/referrals/{made}").text
    for said in ("First meeting together", "with Riverside Befriending", "at the group"):
        assert said in onward
    assert f'"/telephone/{made}"' in onward
    assert "First meeting together: " in browser.get(f"/telephone/{made}").text
    assert browser.get(f"/plans/{made}").location.endswith(f"/plans/{base}")


def test_each_reads_only_what_is_theirs(world: World, desk: Desk, base: UUID) -> None:
    made = sent_on(world, base)
    practice = desk.by(world.practice_staff).get(f"/referrals/{base}").text
    assert f'"/plans/{base}"' in practice
    assert "Ring after ten" not in practice
    assert "/onward" not in practice
    with counting() as counted:
        group = desk.by(world.provider_worker).get(f"/referrals/{made}").text
    assert counted.business <= 5, counted.report()
    assert "First meeting together" in group
    for hidden in ("Who was told", "/plans/", "Ring after ten", "/telephone/", "/unmet"):
        assert hidden not in group
    reception = desk.by(world.care_navigator).get(f"/referrals/{base}").text
    for hidden in ("/plans/", "/notes", "Which doctor?"):
        assert hidden not in reception


@pytest.mark.parametrize("status", ["declined", "returned_no_reply"])
def test_whoever_must_find_another_reads_three_that_can_help_now(
    world: World, desk: Desk, status: str
) -> None:
    with transaction(world.practice_staff):
        for name in ("Walk and Talk", "Lunch club"):
            factories.service(world.provider_id, name=name)
        made = factories.referral(world, status, if_not="referrer").id
    with counting() as counted:
        page = desk.by(world.practice_staff).get(f"/referrals/{made}").text
    assert counted.business <= 5, counted.report()
    assert "Others who can help now" in page
    assert "Walk and Talk" in page
    other = desk.by(world.provider_worker).get(f"/referrals/{made}").text
    assert "Others who can help now" not in other
