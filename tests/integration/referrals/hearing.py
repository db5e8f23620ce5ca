"""What the tests of telling share: a referral that is sent, and what was told since."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from referral.accounts.models import User
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.outbox import services as outbox
from referral.outbox.models import OutboxMessage
from referral.referrals import schemas, services
from referral.referrals.models import PersonNotice, Referral
from tests import factories
from tests.factories import World

TUESDAY = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
SETTINGS = Settings.from_environ({"REFERRAL_DEMO": "1"})
FAST = timedelta(minutes=16)


def at(days: float = 0, **more: float) -> Any:
    return clock.at(TUESDAY + timedelta(days=days, **more))


def sent(world: World, **person: Any) -> Referral:
    with at(), transaction(world.practice_staff):
        given = factories.answers(world.service_id)
        given["person"] |= {"reach_by": [], "safe_to_leave_message": False} | person
        return services.create(world.practice_staff, schemas.Create().read(given))


def state(found: Referral) -> list[tuple[str, str, str]]:
    """(event, channel, state) of all notices, in order."""
    with reading(SYSTEM):
        rows = session().scalars(
            select(PersonNotice)
            .where(PersonNotice.referral_id == found.id)
            .order_by(PersonNotice.made_at, PersonNotice.id)
        )
        return [(row.event, row.channel, row.state) for row in rows]


def notice(found: Referral) -> PersonNotice:
    with reading(SYSTEM):
        newest = select(PersonNotice).where(PersonNotice.referral_id == found.id)
        return session().scalars(newest.order_by(PersonNotice.id.desc()).limit(1)).one()


def messages(*where: Any) -> list[OutboxMessage]:
    with reading(SYSTEM):
        return list(
            session().scalars(select(OutboxMessage).where(*where).order_by(OutboxMessage.id))
        )


def deliver(*refuse: str) -> None:
    """Send all that is due; ``refuse`` are kinds that are given up at once."""
    with transaction(SYSTEM):
        for message in outbox.lease(SYSTEM, 500):
            row = session().get_one(OutboxMessage, message.id)
            if row.kind in refuse:
                outbox.mark_failed(SYSTEM, message, "recipient refused: 550", final=True)
            else:
                outbox.mark_sent(SYSTEM, message)


def chooses(actor: Actor, when: str, **more: Any) -> None:
    with transaction(SYSTEM):
        user = session().get_one(User, actor.id)
        user.told_when = when
        for name, value in more.items():
            setattr(user, name, value)
