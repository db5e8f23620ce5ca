"""Bearer tokens: shown once, revoked at once, tied to one user in one organisation."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from referral.accounts import queries, services
from referral.accounts.models import ApiToken, SignInAttempt, UserSession
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Forbidden, Invalid, NotFound
from tests.integration.accounts.conftest import Town


def issue(town: Town, **more: object) -> str:
    with transaction(SYSTEM):
        return services.issue_token(SYSTEM, town.users["practice_staff"], **more)


def known(token: str):
    with reading(SYSTEM):
        return queries.by_bearer(token)


def test_a_token_acts_for_its_user_in_its_organisation(town: Town) -> None:
    token = issue(town, label="Practice system")
    found = known(token)
    assert found is not None
    assert found.actor.kind == "api_client"
    assert found.actor.organisation == town.practice
    assert found.actor.roles == {"practice_staff"}
    with reading(SYSTEM) as session:
        row = session.scalars(select(ApiToken)).one()
    assert found.actor.client == row.id
    assert token.encode() not in row.token_digest
    assert known(token + "x") is None
    assert known("") is None


def test_it_ends_when_revoked_expired_left_or_disabled(town: Town) -> None:
    revoked, expiring, left = (
        issue(town),
        issue(town, expires_at=clock.now() + timedelta(days=1)),
        issue(town),
    )
    revoked_id = known(revoked).actor.client
    with transaction(town.actor("practice_staff")) as session:
        services.revoke_token(session.info["actor"], revoked_id)
    assert known(revoked) is None
    with pytest.raises(NotFound), transaction(SYSTEM):
        services.revoke_token(SYSTEM, revoked_id)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert known(expiring) is None
        assert known(left) is not None
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["practice_staff"])
    assert known(left) is None
    with transaction(SYSTEM):
        services.enable_user(SYSTEM, town.users["practice_staff"])
    assert known(left) is None, "a token does not come back with the account"
    left = issue(town)
    assert known(left) is not None
    with transaction(SYSTEM):
        services.revoke(SYSTEM, town.users["practice_staff"], town.practice, "practice_staff")
    assert known(left) is None


def test_only_the_owner_or_the_installation_revokes(town: Town) -> None:
    client = known(issue(town)).actor.client
    other = town.actor("practice_manager")
    with pytest.raises(Forbidden), transaction(other):
        services.revoke_token(other, client)
    with pytest.raises(Forbidden), transaction(other):
        services.issue_token(other, town.users["practice_staff"])


def test_with_several_organisations_one_must_be_named(town: Town) -> None:
    with transaction(SYSTEM):
        services.grant(SYSTEM, town.users["practice_staff"], town.provider, "provider_worker")
    with pytest.raises(Invalid, match=r".*") as refused:
        issue(town)
    assert "Riverside" in refused.value.errors["organisation"][0]
    with pytest.raises(Invalid):
        issue(town, organisation_id=town.team)
    found = known(issue(town, organisation_id=town.provider))
    assert found.actor.roles == {"provider_worker"}


def test_a_session_does_not_open_as_a_token_nor_the_other_way_round(town: Town) -> None:
    with transaction(ANONYMOUS):
        session = services.sign_in(
            ANONYMOUS,
            town.email("practice_staff"),
            "violet tractor umbrella",
            address="",
            lasting=timedelta(hours=1),
        ).token
    assert known(session) is None
    with reading(SYSTEM):
        assert queries.by_session(issue(town), timedelta(hours=1)) is None


def test_what_has_expired_is_cleared_away(town: Town) -> None:
    with transaction(ANONYMOUS):
        services.sign_in(
            ANONYMOUS,
            town.email("practice_staff"),
            "violet tractor umbrella",
            address="",
            lasting=timedelta(hours=1),
        )
        with pytest.raises(Invalid):
            services.sign_in(ANONYMOUS, "x@y.example", "no", address="", lasting=timedelta(hours=1))
    with transaction(SYSTEM):
        assert services.purge_expired(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(days=200)), transaction(SYSTEM):
        assert services.purge_expired(SYSTEM) == 3
        assert services.purge_expired(SYSTEM) == 0
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
