"""Nothing goes back before somebody has said what the practice should do; "None" is an answer.

The pages (signed in, by link, by telephone) are held to it in ``test_finishing``; here the rule
behind them all, programs, and files, of which none finishes anything.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Invalid
from referral.outcomes import queries, services
from referral.outcomes.schemas.finishing import Finish, FinishForm, body_of
from referral.referrals.models import Referral
from referral.referrals.schemas import BODIES
from referral.referrals.schemas.forms import FORMS
from referral.referrals.schemas.forms import body_of as body_of_buttons
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors

SAID = {"outcome": "met", "told_by": "provider"}
RULE = "say what the practice should do, or that there is nothing"
NAME = "actions_for_practice"
BLANK: tuple[dict[str, Any], ...] = (
    {},
    {NAME: None},
    {NAME: ""},
    {NAME: [""]},
    {NAME: ["  "]},
    {NAME: [None]},
    {NAME: {}},
)


def started(world: World, **changes: Any) -> UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, "started", **changes).id


@pytest.mark.parametrize("schema", [BODIES["complete"], BODIES["end"], Finish])
def test_blank_actions_are_refused_and_none_is_an_answer(schema: Any) -> None:
    said = SAID | ({"reason": "other"} if schema is BODIES["end"] else {})
    for blank in BLANK:
        with pytest.raises(Invalid) as refused:
            schema().read(said | blank)
        assert any(name.startswith(NAME) for name in refused.value.errors), blank
    for none in ([], ["None"], ["none."], ["Nothing"], ["N/A"]):
        assert schema().read(said | {NAME: none})[NAME] == []
    assert schema().read(said | {NAME: ["None of her tablets agree with her"]})[NAME]


def test_the_forms_and_buttons_say_the_same() -> None:
    typed = SAID | {"verb": "complete"}
    for blank in ({}, {"do": ""}, {"do": "asked"}, {"do": "asked", "actions": " - \n"}):
        with pytest.raises(Invalid):
            body_of(FinishForm().read(typed | blank))
    assert body_of(FinishForm().read(typed | {"do": "none"}))[NAME] == []
    assert body_of(FinishForm().read(typed | {"do": "asked", "actions": "None"}))[NAME] == []
    for blank in ({}, {"do": "asked"}, {"do": "asked", "actions": "  "}):
        with pytest.raises(Invalid):
            FORMS["complete"]().read(SAID | blank)
    kept = FORMS["complete"]().read(SAID | {"do": "none"})
    assert body_of_buttons("complete", kept)[NAME] == []


def test_a_program_must_say_it_and_an_action_waits_for_anyone_in_the_practice(
    world: World, doors: Doors
) -> None:
    asks, quiet = started(world), started(world, n=2)
    worker = doors.by(world.provider_worker, "api_client")
    match = {"If-Match": '"3"'}
    path = "/api/v1/referrals/{}/actions/complete"
    for blank in BLANK:
        refused = worker.post(path.format(asks), json=SAID | blank, headers=match)
        assert refused.status_code == 422, blank
    missing = worker.post(path.format(asks), json=SAID, headers=match).json
    assert missing["errors"] == {NAME: [RULE]}
    long = SAID | {NAME: [], "summary": "word " * 121}
    refused = worker.post(path.format(asks), json=long, headers=match)
    assert refused.json["errors"] == {"summary": ["must be 120 words or fewer"]}
    with reading(SYSTEM):
        assert session().get_one(Referral, asks).status == "started", "nothing of it was kept"
    for id_, actions in ((asks, ["Review her tablets"]), (quiet, ["None"])):
        done = worker.post(path.format(id_), json=SAID | {NAME: actions}, headers=match)
        assert done.status_code == 200, done.text
    with reading(SYSTEM):
        assert not session().get_one(Referral, asks).self_closing
        assert session().get_one(Referral, quiet).self_closing
    with transaction(SYSTEM):
        other = factories.user("practice_staff", world.practice_id, "practice", world.locality_id)
    gp, colleague = (doors.by(who, "api_client") for who in (world.practice_staff, other))
    message = f"/api/v1/referrals/{asks}/message"
    assert colleague.get(message).json["message"]["actions"] == ["Review her tablets"]
    assert gp.get(f"/api/v1/referrals/{quiet}/message").json["delivered"]
    written = worker.put(message, json={"done": "She sings"}, headers={"If-Match": '"0"'})
    assert (written.status_code, written.headers["ETag"]) == (200, '"1"'), written.text
    assert "She sings" in gp.get(message).json["draft"]
    assert worker.put(message, json={}, headers=match).status_code == 409
    assert worker.put(message, json={}).status_code == 428
    assert gp.put(message, json={}, headers={"If-Match": '"1"'}).status_code == 403
    assert gp.post(f"/api/v1/referrals/{asks}/thanks", json={}).json == {"new": True}
    assert gp.post(f"/api/v1/referrals/{asks}/thanks", json={}).json == {"new": False}
    assert worker.post(f"/api/v1/referrals/{asks}/thanks", json={}).status_code == 403
    with reading(SYSTEM):
        match = {"If-Match": f'"{session().get_one(Referral, asks).version}"'}
    closing = f"/api/v1/referrals/{asks}/actions/acknowledge"
    assert colleague.post(closing, json={}, headers=match).json["status"] == "closed"


def test_no_file_finishes_anything(world: World) -> None:
    made = started(world)
    with reading(SYSTEM):
        reference = session().get_one(Referral, made).reference
    raw = f"reference,measure,edition,moment,outcome,{NAME}\n{reference},ons4,1,end,met,None\n"
    with pytest.raises(Invalid), transaction(world.provider_worker):
        services.read_measures(world.provider_worker, raw.encode())
    with reading(world.provider_worker):
        assert not queries.message(world.provider_worker, made).finished
