"""What comes back goes to the inbox that the referral names, and to no other organisation's."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts import services as organisations
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, Invalid
from referral.outbox.models import OutboxMessage
from referral.outcomes import queries
from referral.referrals import schemas
from referral.referrals import services as life
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors
from tests.integration.outcomes.test_message import finish

DUTY = "duty@northgate.example.org"


def named(world: World, team_id: UUID | None) -> UUID:
    data = factories.answers(world.service_id) | {"return_to": team_id and str(team_id)}
    with transaction(world.practice_staff):
        return life.create(world.practice_staff, schemas.Create().read(data)).id


def told(referral_id: UUID) -> list[str]:
    """Who heard that it finished."""
    with reading(SYSTEM):
        rows = session().scalars(
            select(OutboxMessage.to).where(
                OutboxMessage.subject_id == referral_id, OutboxMessage.kind == "feedback"
            )
        )
        return [to for to in rows if to]


def test_what_comes_back_goes_to_the_inbox_the_referral_names(world: World, doors: Doors) -> None:
    manager = doors.by(world.practice_manager)
    page = f"/organisations/{world.practice_id}/inbox"
    adds = f"/organisations/{world.practice_id}/inboxes"
    assert manager.post(adds, data={"name": "Duty team", "email": DUTY}).status_code == 303
    assert manager.post(adds, data={"name": "duty team", "email": DUTY}).status_code == 422
    assert manager.post(adds, data={"name": "Nobody", "email": "nobody"}).status_code == 422
    assert DUTY in manager.get(page).text
    with reading(world.practice_staff):
        (duty,) = [one for one in accounts.teams_of(world.practice_id) if not one.default]
    made, other = named(world, duty.id), named(world, None)
    for id_ in (made, other):
        with transaction(world.provider_worker):
            factories.say(world.provider_worker, id_, "accept")
            finish(world.provider_worker, id_, ("Review her tablets",))
    assert DUTY in told(made)
    assert DUTY not in told(other)
    with reading(world.practice_staff):
        found = queries.message(world.practice_staff, made).message
    assert found is not None
    assert found.return_to == "Duty team"

    assert manager.post(f"{adds}/{duty.id}/close").status_code == 303
    closed = named(world, None)
    assert closed
    with pytest.raises(Invalid) as refused:
        named(world, duty.id)
    assert list(refused.value.errors) == ["return_to"]


def test_no_other_organisations_inbox_can_be_named_or_kept(world: World) -> None:
    with transaction(SYSTEM):
        theirs = organisations.add_team(SYSTEM, world.provider_id, "Theirs", DUTY)
    with pytest.raises(Invalid) as refused:
        named(world, theirs)
    assert list(refused.value.errors) == ["return_to"]
    with pytest.raises(Forbidden), transaction(world.practice_staff):
        organisations.add_team(world.practice_staff, world.practice_id, "Ours", DUTY)
