"""One message a month with everything that is asked, whenever the worker comes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.outbox import services
from referral.outbox.models import BundleItem, OutboxMessage
from referral.outbox.queries import whole_body
from referral.worker import telling as jobs
from tests import factories

SETTINGS = Settings.from_environ({})
ADDED = "accounts/messages/added.txt"
RESET = "accounts/messages/reset.txt"


def at(month: int, day: int, hour: int = 9) -> Any:
    return clock.at(datetime(2026, month, day, hour, tzinfo=UTC))


def monthly() -> list[OutboxMessage]:
    with reading(SYSTEM):
        rows = session().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [row for row in rows if row.kind == "monthly"]


def test_everything_asked_leaves_in_one_message_a_month(database: Database) -> None:
    world = factories.world()
    own = world.provider_id

    def ask(key: str, secret: str | None = None) -> bool:
        with transaction(SYSTEM):
            context = {"organisation": "Riverside", "path": "/password-reset/", "minutes": 60}
            template = RESET if secret else ADDED
            return services.set_aside(
                SYSTEM, key, "box@riverside.example", template, context, own, secret
            )

    with at(5, 20):
        assert ask("a", "first-secret")
        assert not ask("a")
        assert ask("b", "second-secret")
        assert jobs.bundles(SETTINGS) == 0  # not before its day
    with at(6, 1):
        assert jobs.bundles(SETTINGS) == 0
    with at(6, 2):  # the first Tuesday
        ask("c")
        assert jobs.bundles(SETTINGS) == 1
        assert jobs.bundles(SETTINGS) == 0
    (message,) = monthly()
    assert message.subject == "3 things we ask of you this month"
    assert "secret" not in message.body.replace("□secret□", "")
    body = whole_body(message)
    assert body.index("/password-reset/first-secret") < body.index("/password-reset/second-secret")
    with at(6, 20):
        ask("d")
        assert jobs.bundles(SETTINGS) == 0  # the next month's
    with at(7, 19):  # a worker that was away on the day
        assert jobs.bundles(SETTINGS) == 1
        ask("e")
        assert jobs.bundles(SETTINGS) == 0
    assert [one.subject for one in monthly()][1:] == ["1 thing we ask of you this month"]
    with reading(SYSTEM):
        waiting = session().scalars(select(BundleItem).where(BundleItem.sent_in.is_(None))).all()
    assert [one.key for one in waiting] == ["e"]
    assert timedelta(days=30) < monthly()[1].created_at - monthly()[0].created_at
