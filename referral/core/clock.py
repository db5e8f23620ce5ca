"""The one clock. Everything asks ``now()``; nothing else reads the time.

Time can be moved for the whole process (``REFERRAL_TIME_SHIFT``, demo and test only) or for a block
of code (``at``), which is how a year is played in a test and how demo data gets its past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
_fixed: ContextVar[datetime | None] = ContextVar("clock", default=None)
_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,4})H)?(?:(?P<minutes>[0-9]{1,5})M)?)?"
)


class _Shift:
    by = timedelta(0)


def now() -> datetime:
    """The present moment, aware, UTC."""
    fixed = _fixed.get()
    return fixed if fixed is not None else datetime.now(UTC) + _Shift.by


def today(zone: ZoneInfo = UK) -> date:
    """The local date in ``zone`` (all four nations share Europe/London)."""
    return local(now(), zone).date()


def local(moment: datetime, zone: ZoneInfo = UK) -> datetime:
    """The stored UTC moment in local time."""
    return moment.astimezone(zone)


def shift(duration: str) -> None:
    """Move the process's clock by an ISO 8601 duration of weeks, days, hours and minutes.

    ``P40D`` is forty days on, ``-PT2H`` two hours back; raise ``ValueError`` for anything else.
    """
    match = _DURATION.fullmatch(duration) if duration else None
    if duration and (match is None or duration.strip("-") == "P"):
        raise ValueError("must be an ISO 8601 duration such as P40D or PT6H")
    parts = match.groupdict() if match else {}
    by = timedelta(**{k: int(v) for k, v in parts.items() if k != "sign" and v})
    _Shift.by = -by if parts.get("sign") else by


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
