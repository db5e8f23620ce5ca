"""Signing in, sessions, and the lock against guessing; on both engines."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from referral.accounts import passwords, queries, services
from referral.accounts.models import SignInAttempt, User
from referral.accounts.services import signing_in
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Invalid, NotFound, TooMany
from tests.integration.accounts.conftest import PASSWORD, Town
from tests.support.audit import events

IDLE, LASTING = timedelta(hours=1), timedelta(hours=12)
HOME, AWAY = "198.51.100.7", "203.0.113.9"


def sign_in(email: str, password: str = PASSWORD, address: str = HOME, device: str = ""):
    """As the page does: what is refused is committed too."""
    refused: Exception | None = None
    with transaction(ANONYMOUS):
        try:
            return services.sign_in(
                ANONYMOUS, email, password, address=address, lasting=LASTING, device=device
            )
        except (Invalid, TooMany) as error:
            refused = error
    raise refused


def guess(email: str, times: int, **more: str) -> None:
    for _ in range(times):
        with suppress(Invalid, TooMany):
            sign_in(email, "wrong wrong wrong", **more)


def known(token: str):
    with reading(SYSTEM):
        return queries.by_session(token, IDLE)


def test_a_session_says_who_and_where(town: Town) -> None:
    opened = sign_in(" Practice_Staff@Town.example ")
    found = known(opened.token)
    assert found is not None
    assert found.actor == town.actor("practice_staff").__class__(
        kind="user",
        id=town.users["practice_staff"],
        organisation=town.practice,
        organisation_kind="practice",
        locality=town.locality,
        roles=frozenset({"practice_staff"}),
    )
    assert found.email == "practice_staff@town.example"
    assert events("user:signed_in") == 1


def test_each_sign_in_is_a_new_session_and_only_its_digest_is_kept(town: Town) -> None:
    first, second = (sign_in(town.email("link_worker")).token for _ in range(2))
    assert first != second
    with reading(SYSTEM) as session:
        stored = session.scalars(select(signing_in.UserSession.token_digest)).all()
    assert first.encode() not in b"".join(stored)


def test_no_account_wrong_password_and_disabled_are_answered_alike(town: Town) -> None:
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["provider_manager"])
    answers = []
    for email, password in (
        ("nobody@town.example", PASSWORD),
        (town.email("link_worker"), "wrong wrong wrong"),
        (town.email("provider_manager"), PASSWORD),
    ):
        with pytest.raises(Invalid) as refused:
            sign_in(email, password)
        answers.append(refused.value.errors)
    assert answers[0] == answers[1] == answers[2]


def test_guessing_locks_the_account_for_strangers_and_not_for_a_known_device(town: Town) -> None:
    email = town.email("practice_staff")
    device = sign_in(email).device
    guess(email, signing_in.TRIES_AT_ACCOUNT, address=AWAY)
    with pytest.raises(TooMany):
        sign_in(email, address=AWAY)
    with pytest.raises(TooMany):
        sign_in(email, address=HOME)
    assert sign_in(email, device=device).device == device
    assert events("user:sign_in_refused") == 2


def test_a_known_device_has_a_count_of_its_own(town: Town) -> None:
    email = town.email("practice_staff")
    device = sign_in(email).device
    guess(email, signing_in.TRIES_ON_KNOWN_DEVICE, device=device)
    with pytest.raises(TooMany):
        sign_in(email, device=device)
    assert sign_in(email).token


def test_the_lock_opens_by_itself(town: Town) -> None:
    email = town.email("link_worker")
    guess(email, signing_in.TRIES_AT_ACCOUNT)
    with pytest.raises(TooMany):
        sign_in(email)
    with clock.at(clock.now() + signing_in.WINDOW + timedelta(seconds=1)):
        assert sign_in(email).token


def test_guessing_at_many_accounts_locks_the_address(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "TRIES_FROM_ADDRESS", 6)
    for n in range(6):
        guess(f"user{n}@town.example", 1, address="2001:db8::1")
    with pytest.raises(TooMany):
        sign_in(town.email("link_worker"), address="2001:db8::2")
    assert sign_in(town.email("link_worker"), address=HOME).token


def test_a_planted_device_is_not_made_known(town: Town) -> None:
    """An insider's cookie in a colleague's browser must not open the lock on the colleague."""
    insider, victim = town.email("practice_manager"), town.email("practice_staff")
    planted = sign_in(insider).device
    fresh = sign_in(victim, device=planted).device
    assert fresh != planted
    guess(victim, signing_in.TRIES_AT_ACCOUNT)
    with pytest.raises(TooMany):
        sign_in(victim, device=planted)
    assert sign_in(victim, device=fresh).token


def test_a_shared_computer_stays_known_to_all_who_use_it(town: Town) -> None:
    first, second = town.email("practice_manager"), town.email("practice_staff")
    shared = sign_in(second, device=sign_in(first).device).device
    guess(first, signing_in.TRIES_AT_ACCOUNT)
    guess(second, signing_in.TRIES_AT_ACCOUNT)
    assert sign_in(first, device=shared).device == shared
    assert sign_in(second, device=shared).device == shared


def test_guesses_made_at_once_are_all_counted(town: Town) -> None:
    email = town.email("link_worker")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: guess(email, 1, address=AWAY), range(24)))
    with reading(SYSTEM) as session:
        assert len(session.scalars(select(SignInAttempt)).all()) == signing_in.TRIES_AT_ACCOUNT


def test_neither_address_nor_account_is_kept_in_the_clear(town: Town) -> None:
    guess("nobody@town.example", 1, address=AWAY)
    with reading(SYSTEM) as session:
        row = session.scalars(select(SignInAttempt)).one()
    assert AWAY.encode() not in row.address_digest
    assert b"nobody" not in row.account_digest


def test_an_old_hash_is_made_anew(town: Town) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    user = town.users["link_worker"]
    with transaction(SYSTEM) as session:
        session.execute(update(User).where(User.id == user).values(password_hash=old))
    sign_in(town.email("link_worker"))
    with reading(SYSTEM) as session:
        stored = session.get_one(User, user).password_hash
    assert stored != old
    assert not passwords.is_outdated(stored)


def test_a_session_ends_idle_and_absolutely(town: Town) -> None:
    start = clock.now()
    token = sign_in(town.email("link_worker")).token
    with clock.at(start + IDLE - timedelta(minutes=1)):
        found = known(token)
        assert found is not None
        with transaction(found.actor):
            services.seen(found.actor, token)
    with clock.at(start + IDLE + timedelta(minutes=30)):
        assert known(token) is not None
    with clock.at(start + 2 * IDLE):
        assert known(token) is None
    with transaction(SYSTEM) as session:
        session.execute(update(signing_in.UserSession).values(last_seen_at=start + LASTING))
    with clock.at(start + LASTING + timedelta(minutes=1)):
        assert known(token) is None


def test_signing_out_password_change_and_disabling_end_sessions(town: Town) -> None:
    email, actor = town.email("practice_staff"), town.actor("practice_staff")
    one, two, three = (sign_in(email).token for _ in range(3))
    with transaction(actor):
        services.sign_out(actor, one)
    assert known(one) is None
    with transaction(actor):
        services.change_own_password(actor, two, PASSWORD, "quiet lantern orchard")
    assert known(two) is not None
    assert known(three) is None
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["practice_staff"])
    assert known(two) is None


def test_the_present_password_is_asked_and_the_new_one_must_do(town: Town) -> None:
    actor = town.actor("practice_staff")
    with transaction(actor), pytest.raises(Invalid) as refused:
        services.change_own_password(actor, "", "wrong", "quiet lantern orchard")
    assert refused.value.errors.keys() == {"current"}
    with transaction(actor), pytest.raises(Invalid) as refused:
        services.change_own_password(actor, "", PASSWORD, "password1234")
    assert refused.value.errors.keys() == {"new"}


def test_one_ends_ones_own_sessions_only(town: Town) -> None:
    staff, worker = town.actor("practice_staff"), town.actor("link_worker")
    here, there = (sign_in(town.email("practice_staff")).token for _ in range(2))
    with reading(staff):
        listed = queries.sessions_of(staff, here, IDLE)
    assert [open_.current for open_ in listed].count(True) == 1
    other = next(open_.key for open_ in listed if not open_.current)
    for key in (other, "not hex", ""):
        with transaction(worker), pytest.raises(NotFound):
            services.end_session(worker, key)
    with transaction(staff):
        services.end_session(staff, other)
    assert known(there) is None
    assert known(here) is not None


def test_a_user_of_several_organisations_switches_and_comes_back_there(town: Town) -> None:
    with transaction(SYSTEM):
        user = town.users["practice_staff"]
        services.grant(SYSTEM, user, town.provider, "provider_worker")
    opened = sign_in(town.email("practice_staff"))
    first = known(opened.token)
    assert first is not None
    assert len(first.workplaces) == 2
    with transaction(first.actor):
        services.switch(first.actor, opened.token, town.provider)
    found = known(opened.token)
    assert found is not None
    assert found.actor.organisation == town.provider
    assert found.actor.roles == {"provider_worker"}
    again = known(sign_in(town.email("practice_staff")).token)
    assert again is not None
    assert again.actor.organisation == town.provider
    with transaction(found.actor), pytest.raises(NotFound):
        services.switch(found.actor, opened.token, town.team)


def test_who_is_taken_out_of_an_organisation_loses_its_roles_at_once(town: Town) -> None:
    token = sign_in(town.email("practice_staff")).token
    with transaction(SYSTEM):
        services.revoke(SYSTEM, town.users["practice_staff"], town.practice, "practice_staff")
    found = known(token)
    assert found is not None
    assert found.actor.organisation is None
    assert found.actor.roles == frozenset()
