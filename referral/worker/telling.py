"""The jobs of telling: the person, digests, one message a month, what was lost, other clocks.

Each finds its work by dates, so late by a week is once; each thing is done in a transaction of its
own. They answer how many things are done, as all jobs do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.core.logging import log

A_ROUND = 200
# How many things of a kind failed last.
_in_trouble: dict[str, int] = {}


def notices(settings: Settings, limit: int = A_ROUND) -> int:
    """Tell the person what can no longer be undone; see to letters and calls that are late."""
    from referral.outbox import channels  # noqa: PLC0415 - keeps other commands quick
    from referral.referrals.queries import due  # noqa: PLC0415 - as above
    from referral.referrals.services import person_notices  # noqa: PLC0415 - as above

    channels.configure(settings)
    return (
        each(
            "notice",
            lambda more: due.notices_to_release(SYSTEM, limit + more),
            system(person_notices.release),
        )
        + each(
            "told notice",
            lambda more: due.notices_to_settle(SYSTEM, limit + more),
            system(person_notices.settle),
        )
        + each(
            "late notice",
            lambda more: due.notices_to_look_at(SYSTEM, limit + more),
            system(person_notices.look_at),
        )
    )


def digests(_settings: Settings, limit: int = A_ROUND) -> int:
    """From eight on working days: the news of those who want it together."""
    from referral.accounts import queries as accounts  # noqa: PLC0415 - as above
    from referral.referrals import services  # noqa: PLC0415 - as above
    from referral.referrals.queries import due  # noqa: PLC0415 - as above

    def find(more: int) -> list[UUID]:
        found = due.digests_to_send(SYSTEM, limit + more)
        open_ = accounts.calendars_of(at for _user, at in found)
        return [user for user, at in found if open_[at].is_working(clock.today())]

    return each("digest", find, system(services.send_digest))


def bundles(_settings: Settings) -> int:
    """Once a month: all that is asked of an organisation besides referrals."""
    from referral.accounts import queries as accounts  # noqa: PLC0415 - as above
    from referral.outbox import queries, services  # noqa: PLC0415 - as above

    def send(organisation_id: UUID) -> None:
        services.send_bundle(SYSTEM, organisation_id, accounts.calendar_of(organisation_id))

    return each("bundle", lambda _more: queries.asked_of(SYSTEM), send)


def lost(settings: Settings, limit: int = A_ROUND) -> int:
    """Find another way for messages that were given up."""
    from referral.outbox import channels, queries  # noqa: PLC0415 - as above
    from referral.referrals import services  # noqa: PLC0415 - as above

    channels.configure(settings)
    return each(
        "lost message", lambda more: queries.lost(SYSTEM, limit + more), system(services.mend)
    )


def sheets(_settings: Settings, limit: int = A_ROUND) -> int:
    """From Monday at six: this week's paper sheets; later those that nobody printed."""
    from referral.referrals import services  # noqa: PLC0415 - as above
    from referral.referrals.queries import due  # noqa: PLC0415 - as above

    def make(one: Any) -> None:
        services.make_sheet(SYSTEM, *one)

    return each("sheet", lambda _more: due.sheets_to_make(SYSTEM), make) + each(
        "late sheet",
        lambda more: due.sheets_to_look_at(SYSTEM, limit + more),
        system(services.look_at_sheet),
    )


def appointments(_settings: Settings, limit: int = A_ROUND) -> int:
    """Remind of appointments the day before; the day after, ask how they went."""
    from referral.referrals import services  # noqa: PLC0415 - as above
    from referral.referrals.queries import due  # noqa: PLC0415 - as above

    return each(
        "appointment",
        lambda more: due.appointments_to_look_at(SYSTEM, limit + more),
        system(services.look_at_appointment),
    )


def asking(_settings: Settings, limit: int = A_ROUND) -> int:
    """People who asked for help, and questions asked first, that nobody has answered."""
    from referral.referrals import queries, services  # noqa: PLC0415 - as above
    from referral.referrals.queries import due  # noqa: PLC0415 - as above

    return each(
        "self-referral",
        lambda more: queries.due_asked(SYSTEM, clock.today(), limit + more),
        system(services.look_at_asked),
    ) + each(
        "enquiry",
        lambda more: due.enquiries_to_look_at(SYSTEM, limit + more),
        system(services.look_at_enquiry),
    )


def system(service: Callable[..., Any]) -> Callable[[UUID], Any]:
    return lambda id_: service(SYSTEM, id_)


def each(what: str, find: Callable[[int], Sequence[Any]], do: Callable[[Any], Any]) -> int:
    """Do each thing that is found; answer how many are not found any more.

    ``find`` is told how many ``more`` to look for: as many as were in trouble the last time, or
    they would keep out the others.
    """
    more = _in_trouble.pop(what, 0)
    with reading(SYSTEM):
        due = find(more)
    for one in due:
        try:
            with transaction(SYSTEM):
                do(one)
        except Exception as error:  # noqa: BLE001 - one thing in trouble must not stop the others
            _in_trouble[what] = _in_trouble.get(what, 0) + 1
            log.error("job stopped at one", what=what, id=one, type=type(error).__name__)
    if not due:
        return 0
    with reading(SYSTEM):
        left = find(more)
    return len(set(due) - set(left))
