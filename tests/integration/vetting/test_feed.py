"""What was checked reaches the open feed: when, and where to ask; and leaves it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import session, transaction
from referral.directory.models import Service
from referral.vetting.models import SchemeVersion
from tests.factories import World, vetting
from tests.support.browsers import At
from tests.support.open_directory import check

BROUGHT = {"assured_date": "2019-01-01", "assurer_email": "imported@example.org"}


def test_checks_are_in_the_open_feed_as_the_standard_says(
    world: World, at: At, standards: Path
) -> None:
    reader = at(ANONYMOUS)

    def served() -> dict[str, Any]:
        one = reader.get(f"/open-referral/services/{world.service_id}").get_json()
        listed = reader.get("/open-referral/services?full=1").get_json()["contents"]
        assert [item["assured_date"] for item in listed if "assured_date" in item] == (
            [one["assured_date"]] if "assured_date" in one else []
        )
        for item in (one, *listed):
            check(standards, "service.json", item)
        return {name: one.get(name) for name in BROUGHT}

    with transaction(SYSTEM):
        session().get_one(Service, world.service_id).parts = dict(BROUGHT)
    assert served() == BROUGHT
    with transaction(SYSTEM):
        session().add(_scheme(world))
        session().flush()
        made = vetting.approved(world)
    today = clock.today().isoformat()
    assert served() == {"assured_date": today, "assurer_email": "checks@example.org"}
    since = clock.now().isoformat()
    with transaction(SYSTEM):
        vetting.decided(world, made, "suspend")
    assert served() == dict.fromkeys(BROUGHT)
    # Readers who follow changes hear of it.
    heard = reader.get("/open-referral/services", query_string={"modified_after": since})
    assert [one["id"] for one in heard.get_json()["contents"]] == [str(world.service_id)]


def _scheme(world: World) -> SchemeVersion:
    return SchemeVersion(
        locality_id=world.locality_id,
        number=1,
        base=1,
        rules=[],
        two_reviewers=[],
        appeal_route="",
        assurer_email="checks@example.org",
        reason="A mailbox of our own",
        affected=0,
        made_at=clock.now(),
        made_by=world.link_worker_lead.id,
    )
