"""Strangers read nothing of a provider that no link worker has looked at."""

from __future__ import annotations

import pytest

from referral.core.database import Database, transaction
from referral.core.errors import Invalid
from referral.directory import schemas, services
from tests import factories

SAID = {"name": "Jo Mills", "role": "leads the visits"}


def test_people_of_an_organisation_not_trusted_yet_are_not_public(database: Database) -> None:
    world = factories.world(trusted=False)
    keeper, link_worker = world.provider_manager, world.link_worker
    public = schemas.Profile().read(SAID | {"is_public": True})
    inside = schemas.Profile().read(SAID)
    with pytest.raises(Invalid) as refused, transaction(keeper):
        services.add_profile(keeper, world.provider_id, public)
    assert list(refused.value.errors) == ["is_public"]
    with transaction(keeper):
        made = services.add_profile(keeper, world.provider_id, inside)
    with pytest.raises(Invalid), transaction(keeper):
        services.edit_profile(keeper, made.id, made.version, public)
    with transaction(link_worker):
        services.trust_organisation(link_worker, world.provider_id)
    with transaction(keeper):
        assert services.edit_profile(keeper, made.id, made.version, public).is_public
