"""A link and its code: what opens a day on a phone, and what does not; on both engines."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select, update

from referral.accounts import queries, safe_links, services
from referral.accounts.models import (
    AnswerContact,
    AnswerSession,
    LinkCode,
    Organisation,
    SafeLink,
)
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.outbox.queries import whole_body
from tests import factories
from tests.factories.contacts import contact
from tests.support.audit import events

HERE, AWAY = "198.51.100.7", "203.0.113.9"


def link(contact_id: uuid.UUID) -> str:
    with transaction(SYSTEM):
        return services.make_link(SYSTEM, contact_id)


def asked(token: str, address: str = HERE) -> uuid.UUID:
    with transaction(ANONYMOUS):
        return services.ask_code(ANONYMOUS, token, address)


def tried(code_id: uuid.UUID | None, code: str, address: str = HERE) -> str | None:
    with transaction(ANONYMOUS):
        return services.open_with_code(ANONYMOUS, code_id, code, address, "Safari on iPhone")


def again(token: str) -> None:
    with transaction(ANONYMOUS):
        services.ask_again(ANONYMOUS, token, HERE)


def sent(kind: str) -> list[tuple[str, str, str]]:
    """(channel, to, whole text) of the messages of a kind, the oldest first."""
    with reading(SYSTEM):
        rows = session().scalars(
            select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
        )
        return [(row.channel, row.to, whole_body(row)) for row in rows]


def code() -> str:
    found = re.match(r"\d{6}\b", sent("link_code")[-1][2])
    assert found is not None
    return found[0]


def counted(model: type) -> int:
    with reading(SYSTEM):
        return session().scalar(select(func.count()).select_from(model)) or 0


def test_link_and_code_together_open_a_day_and_neither_does_alone(database: Database) -> None:
    jean = contact(factories.world())
    assert jean.id is not None
    token, started = link(jean.id), clock.now()
    with reading(ANONYMOUS):
        found = queries.by_link_unscoped(token)
        assert found is not None
        assert found.contact_id == jean.id
        assert queries.by_answer_session(token) is None
    code_id = asked(token)
    [(channel, to, body)] = sent("link_code")
    assert (channel, to) == ("text", "07700 900123")
    assert token not in body
    with reading(SYSTEM):
        kept = session().scalars(select(OutboxMessage.body)).one()
        assert code() not in kept
    right = code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert tried(code_id, wrong) is None
    assert tried(uuid.uuid4(), right) is None
    assert tried(None, right) is None
    word = tried(code_id, f" {right[:3]} {right[3:]} ")
    assert word is not None
    with reading(SYSTEM):
        assert queries.by_answer_session(word) == jean
        assert session().get_one(AnswerContact, jean.id).confirmed_at is not None
    # The same code a second time is none, on whichever phone.
    assert tried(code_id, right) is None
    assert (events("link:code_asked"), events("link:opened"), events("link:code_wrong")) == (
        1,
        1,
        4,
    )
    with transaction(jean):
        services.close(jean, word)
        services.close(jean, word)
    assert events("link:closed") == 1
    with reading(SYSTEM):
        assert queries.by_answer_session(word) is None
    # The link itself was not used up; a day later its code is too old, a week later so is the link.
    with transaction(SYSTEM):  # a name is public, whatever it looks like
        group = session().get_one(Organisation, jean.organisation)
        group.name = "Ring us on 0141 496 0123"
    late = asked(token)
    with clock.at(started + safe_links.CODE_LASTS + timedelta(minutes=1)):
        assert tried(late, code()) is None
    with clock.at(started + safe_links.LINK_LASTS + timedelta(minutes=1)):
        assert asked(token) != late
        with reading(SYSTEM):
            assert queries.by_link_unscoped(token) is None
        again(token)
        again("a" * 43)
    [(channel, to, body)] = sent("link_again")
    assert (channel, to) == ("email", "jean@example.org")
    assert re.search(r"/answer/[\w-]{43}\b", body)
    assert token not in body
    assert len(sent("link_code")) == 2


def test_guessing_is_slowed_for_a_contact_and_for_an_address(database: Database) -> None:
    world = factories.world()
    first, second = contact(world), contact(world, place=2)
    assert first.id is not None
    assert second.id is not None
    token = link(first.id)
    ids = [asked(token) for _ in range(safe_links.CODES_OF_A_CONTACT + 2)]
    assert len(set(ids)) == len(ids)
    assert len(sent("link_code")) == counted(LinkCode) == safe_links.CODES_OF_A_CONTACT
    right = code()
    # Five tries end a code; ten wrong ones end the hour for the contact, from anywhere.
    last = ids[safe_links.CODES_OF_A_CONTACT - 1]
    for _ in range(safe_links.TRIES_OF_A_CODE):
        assert tried(last, "x") is None
    assert tried(last, right) is None
    for _ in range(safe_links.WRONG_OF_A_CONTACT):
        assert tried(ids[0], "000000", AWAY) is None
    with reading(SYSTEM):
        tries = session().get_one(LinkCode, ids[0]).tries
    assert tries <= safe_links.TRIES_OF_A_CODE
    # Somebody else of the same group is not shut out, nor is the contact an hour later.
    assert tried(asked(link(second.id), AWAY), code(), AWAY) is not None
    with clock.at(clock.now() + safe_links.WINDOW + timedelta(minutes=1)):
        assert tried(asked(token), code()) is not None
    # Links that are none count against where they came from, whatever is tried there next.
    for _ in range(safe_links.WRONG_FROM_ADDRESS):
        asked(uuid.uuid4().hex, "2001:db8::1")
    before = counted(LinkCode)
    asked(link(second.id), "2001:db8::ffff:2")
    assert counted(LinkCode) == before
    assert asked(link(second.id), "2001:db8:0:1::1")
    assert counted(LinkCode) == before + 1


def test_one_code_opens_one_phone_though_two_try_it_together(database: Database) -> None:
    jean = contact(factories.world())
    assert jean.id is not None
    code_id = asked(link(jean.id))
    right, before = code(), counted(AnswerSession)
    with ThreadPoolExecutor(2) as pool:
        words = list(pool.map(lambda _n: tried(code_id, right), range(2)))
    assert sum(word is not None for word in words) == 1
    assert counted(AnswerSession) == before + 1


def test_a_button_tapped_twice_sends_one_code(database: Database) -> None:
    world = factories.world()
    jean, ravi = contact(world), contact(world, place=2)
    assert jean.id is not None
    assert ravi.id is not None
    token, started = link(jean.id), clock.now()
    first = asked(token)
    with transaction(ANONYMOUS):
        assert services.ask_code(ANONYMOUS, token, HERE, first) == first
    assert len(sent("link_code")) == 1
    with transaction(ANONYMOUS):  # on a shared phone the other one's is another
        assert services.ask_code(ANONYMOUS, link(ravi.id), HERE, first) != first
    with clock.at(started + timedelta(minutes=1)), transaction(ANONYMOUS):
        assert services.ask_code(ANONYMOUS, token, HERE, first) != first
    assert len(sent("link_code")) == 3


def test_a_pin_is_a_code_that_nobody_sends(database: Database) -> None:
    jean = contact(factories.world())
    assert jean.id is not None
    with transaction(SYSTEM):
        session().execute(update(AnswerContact).values(code_by="pin"))
    token = link(jean.id)
    assert tried(asked(token), "120934") is None
    with transaction(SYSTEM):
        pin = services.new_pin(SYSTEM, jean.id, 1)
    first = asked(token)
    assert sent("link_code") == []
    word = tried(first, pin)
    assert word is not None
    assert tried(asked(token), pin) is not None
    with transaction(SYSTEM):
        newer = services.new_pin(SYSTEM, jean.id, 2)
    with reading(SYSTEM):
        assert queries.by_answer_session(word) is None
    assert tried(asked(token), pin) is None
    assert tried(asked(token), newer) is not None


def test_what_is_over_is_forgotten_in_time(database: Database) -> None:
    jean = contact(factories.world())
    assert jean.id is not None
    token, started = link(jean.id), clock.now()
    asked(token)
    asked("b" * 43)
    with clock.at(started + timedelta(days=2, hours=1)), transaction(SYSTEM):
        assert services.forget_links(SYSTEM) == 1 + 1 + 2  # the code, the phone, two attempts
    assert counted(SafeLink) == 1
    with clock.at(started + safe_links.LINK_LASTS + timedelta(days=31)), transaction(SYSTEM):
        assert services.purge_expired(SYSTEM) == 1
    assert counted(SafeLink) == 0
