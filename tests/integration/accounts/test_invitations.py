"""Links by email: they open, act once, and tell nobody who has an account."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from referral.accounts import queries, services
from referral.accounts.models import EmailToken, User
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.outbox import queries as outbox
from referral.outbox.models import OutboxMessage
from tests.integration.accounts.conftest import PASSWORD, Town
from tests.support.audit import events

NEW = "quiet lantern orchard"


def newest_mail() -> outbox.Mail:
    with reading(SYSTEM):
        return outbox.mailbox(SYSTEM, limit=1)[0]


def token_in(body: str) -> str:
    found = re.search(r"/(?:invitation|password-reset)/([\w-]{43})\n", body)
    assert found is not None
    return found[1]


def invite(town: Town, email: str = "new@town.example") -> str:
    manager = town.actor("practice_manager")
    with transaction(manager):
        services.invite(
            manager, town.practice, email=email, name="New Person", roles=["care_navigator"]
        )
    return token_in(newest_mail().body)


def accept(token: str, password: str = NEW) -> User:
    with transaction(ANONYMOUS):
        return services.accept_invitation(ANONYMOUS, token, name="Robin New", password=password)


def test_an_invitation_opens_many_times_and_acts_once(town: Town) -> None:
    token = invite(town)
    for _ in range(3):
        with reading(ANONYMOUS):
            link = queries.link(token, "invite")
        assert link is not None
        assert (link.email, link.organisation) == ("new@town.example", "Northgate Surgery")
    user = accept(token)
    assert user.name == "Robin New"
    with reading(ANONYMOUS):
        assert queries.link(token, "invite") is None
    with pytest.raises(NotFound):
        accept(token)
    assert events("user:invitation_accepted") == 1


def test_a_password_that_will_not_do_does_not_use_the_link_up(town: Town) -> None:
    token = invite(town)
    with pytest.raises(Invalid):
        accept(token, "password1234")
    assert accept(token)


def test_the_link_is_kept_as_a_digest_and_sealed(town: Town) -> None:
    token = invite(town)
    with reading(SYSTEM) as session:
        digest = session.scalars(select(EmailToken.token_digest)).one()
        row = session.scalars(select(OutboxMessage)).one()
    assert token.encode() not in digest
    assert token not in row.body
    assert row.secret_sealed is not None
    assert token.encode() not in row.secret_sealed


@pytest.mark.parametrize(("hours", "works"), [(71, True), (72, False)])
def test_an_invitation_lasts_three_days(town: Town, hours: int, works: bool) -> None:
    token = invite(town)
    with clock.at(clock.now() + timedelta(hours=hours, seconds=1)):
        if works:
            assert accept(token)
        else:
            with pytest.raises(NotFound):
                accept(token)


def test_a_newer_invitation_ends_the_older(town: Town) -> None:
    first = invite(town)
    manager = town.actor("practice_manager")
    with reading(SYSTEM):
        user_id = queries.user_by_email(SYSTEM, "new@town.example").id
    with transaction(manager):
        services.invite_again(manager, user_id, town.practice)
    with pytest.raises(NotFound):
        accept(first)
    assert accept(token_in(newest_mail().body))


def test_who_has_an_account_is_added_and_told(town: Town) -> None:
    manager = town.actor("practice_manager")
    with transaction(manager):
        user = services.invite(
            manager,
            town.practice,
            email=town.email("link_worker"),
            name="Ignored",
            roles=["practice_staff"],
        )
    assert user == town.users["link_worker"]
    assert "You can now work for Northgate Surgery" in newest_mail().subject
    with reading(SYSTEM):
        assert queries.works_in(user, town.practice) == {"practice_staff"}


def test_only_managers_of_the_place_invite_and_only_its_roles(town: Town) -> None:
    for role, error in (("practice_staff", Forbidden), ("provider_manager", Forbidden)):
        actor = town.actor(role)
        with transaction(actor), pytest.raises(error):
            services.invite(
                actor, town.practice, email="x@town.example", name="X", roles=["practice_staff"]
            )
    manager = town.actor("practice_manager")
    for role in ("administrator", "link_worker", "privacy_lead"):
        with pytest.raises(Invalid), transaction(manager):
            services.invite(manager, town.practice, email="x@town.example", name="X", roles=[role])


def ask(email: str) -> None:
    with transaction(ANONYMOUS):
        services.request_reset(ANONYMOUS, email)


def test_a_reset_acts_once_and_ends_every_session(town: Town) -> None:
    ask(town.email("link_worker"))
    token = token_in(newest_mail().body)
    with transaction(ANONYMOUS):
        user = services.reset_password(ANONYMOUS, token, NEW)
    with transaction(ANONYMOUS), pytest.raises(NotFound):
        services.reset_password(ANONYMOUS, token, NEW)
    with transaction(ANONYMOUS), pytest.raises(NotFound):
        services.accept_invitation(ANONYMOUS, token, name="X", password=NEW)
    with transaction(ANONYMOUS):
        assert services.sign_in(
            ANONYMOUS, user.email, NEW, address="", lasting=timedelta(hours=1)
        ).token
    assert "was changed" in newest_mail().subject


def test_a_reset_lasts_an_hour(town: Town) -> None:
    ask(town.email("link_worker"))
    token = token_in(newest_mail().body)
    later = clock.now() + timedelta(hours=1, seconds=1)
    with clock.at(later), transaction(ANONYMOUS), pytest.raises(NotFound):
        services.reset_password(ANONYMOUS, token, NEW)


def test_an_unknown_or_disabled_account_gets_nothing_and_much_asking_little(town: Town) -> None:
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["provider_manager"])
    ask("nobody@town.example")
    ask(town.email("provider_manager"))
    for _ in range(6):
        ask(town.email("link_worker"))
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 3


def test_a_person_who_never_signed_up_gets_an_invitation_instead(town: Town) -> None:
    invite(town)
    ask("new@town.example")
    assert accept(token_in(newest_mail().body))


def test_a_disabled_account_cannot_use_its_link(town: Town) -> None:
    ask(town.email("link_worker"))
    token = token_in(newest_mail().body)
    with transaction(SYSTEM):
        services.disable_user(SYSTEM, town.users["link_worker"])
    with transaction(ANONYMOUS), pytest.raises(NotFound):
        services.reset_password(ANONYMOUS, token, PASSWORD)


def test_a_link_asked_for_before_the_password_was_changed_opens_nothing(town: Town) -> None:
    ask(town.email("practice_staff"))
    token = token_in(newest_mail().body)
    actor = town.actor("practice_staff")
    with transaction(actor):
        services.change_own_password(actor, "", PASSWORD, "quiet lantern orchard")
    with pytest.raises(NotFound), transaction(ANONYMOUS):
        services.reset_password(ANONYMOUS, token, "another lantern orchard")
