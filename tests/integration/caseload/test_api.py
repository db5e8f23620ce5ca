"""The desk for programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.database import reading, session
from referral.referrals.models import Referral
from tests.factories import World, caseloads
from tests.integration.caseload.conftest import Brought
from tests.support.browsers import At


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_program_reads_shares_out_and_sets_days(world: World, bring: Brought, at: At) -> None:
    bring([caseloads.row(1), caseloads.row(2)])
    program = at(replace(world.link_worker, kind="api_client"))
    base = "/api/v1"
    page = program.get(f"{base}/caseload?show=unassigned&limit=1").json
    assert (len(page["items"]), page["next_cursor"] is not None) == (1, True)
    second = program.get(
        f"{base}/caseload?show=unassigned&limit=1&cursor={page['next_cursor']}"
    ).json["items"]
    ids = [items[0]["referrals"][0]["id"] for items in (page["items"], second)]
    assert len(set(ids)) == 2
    own = str(world.link_worker.id)
    given = program.post(f"{base}/caseload/allocations", json={"referral_ids": ids, "user_id": own})
    assert given.status_code == 200, given.json
    assert (sorted(given.json["done"]), given.json["held"]["people"]) == (sorted(ids), 2)
    for wrong, status in (
        ({"referral_ids": [], "user_id": own}, 422),
        ({"referral_ids": ids, "user_id": str(world.provider_worker.id)}, 403),
        ({"referral_ids": [own], "user_id": own}, 404),
        ({"referral_ids": "all", "user_id": own}, 422),
    ):
        asked = program.post(f"{base}/caseload/allocations", json=wrong)
        assert asked.status_code == status, (wrong, asked.json)
    day = (clock.today() + timedelta(days=3)).isoformat()
    where = f"{base}/referrals/{ids[0]}/appointments"
    body = {"kind": "review", "place": "phone", "on": day, "time": "10:30"}
    made = program.post(where, json=body)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert program.get(where).json[0]["id"] == made.json["id"]
    cancel = f"{base}/appointments/{made.json['id']}/cancel"
    assert program.post(cancel).status_code == 428
    assert program.post(cancel, headers={"If-Match": '"9"'}).status_code == 409
    assert program.post(cancel, headers={"If-Match": '"1"'}).json["state"] == "cancelled"
    unmet = program.post(f"{base}/unmet-needs", json={"need": "loneliness", "reason": "full"})
    assert unmet.status_code == 201
    handed = program.post(
        f"{base}/caseload/handovers",
        json={"from_user_id": own, "to_user_id": str(world.link_worker_lead.id), "reason": "leave"},
    )
    assert (handed.status_code, handed.json["referrals"]) == (201, 2)
    with reading(world.link_worker_lead):
        holders = set(session().scalars(select(Referral.owner_user_id)))
    assert holders == {world.link_worker_lead.id}
    stranger = replace(world.provider_worker, kind="api_client")
    assert at(stranger).get(f"{base}/caseload").status_code == 403
