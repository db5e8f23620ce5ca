"""Counts for dashboards: written as lines in the transaction of the event, folded by the worker.

Insert-only, so that two events never wait for each other. Durations are histogram buckets of a
tenth of a working day, from which a median is exact to a tenth.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Date, Index, Integer, String, delete, func, insert, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.audit import BigId
from referral.core.database import Base, session

LONGEST_BUCKET = 3650  # a year and more
NO_BUCKET = -1


class _Line:
    metric: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    locality_id: Mapped[uuid.UUID | None]
    sender_id: Mapped[uuid.UUID | None]
    recipient_id: Mapped[uuid.UUID | None]
    service_id: Mapped[uuid.UUID | None]
    bucket: Mapped[int] = mapped_column(Integer, default=NO_BUCKET)
    value: Mapped[int] = mapped_column(Integer)


class TallyLine(_Line, Base):
    """One event's contribution, not yet folded."""

    __tablename__ = "tally_line"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)


class TallyTotal(_Line, Base):
    """The sum of many lines with the same dimensions."""

    __tablename__ = "tally_total"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    __table_args__ = (
        Index("ix_tally_total_sender", "sender_id", "metric", "day"),
        Index("ix_tally_total_recipient", "recipient_id", "metric", "day"),
        Index("ix_tally_total_locality", "locality_id", "metric", "day"),
    )


DIMENSIONS = ("metric", "day", "locality_id", "sender_id", "recipient_id", "service_id", "bucket")


def add(
    metric: str,
    day: date,
    delta: int = 1,
    *,
    locality: uuid.UUID | None = None,
    sender: uuid.UUID | None = None,
    recipient: uuid.UUID | None = None,
    service: uuid.UUID | None = None,
    days: float | None = None,
) -> None:
    """Add a line; ``days`` (working days) makes it a duration, kept in its bucket."""
    bucket = NO_BUCKET if days is None else min(LONGEST_BUCKET, round(days * 10))
    session().execute(
        insert(TallyLine),
        {
            "metric": metric,
            "day": day,
            "locality_id": locality,
            "sender_id": sender,
            "recipient_id": recipient,
            "service_id": service,
            "bucket": bucket,
            "value": delta,
        },
    )


def fold(limit: int = 5000) -> int:
    """Fold the oldest lines into totals; answer how many lines went. One worker at a time."""
    lines = (
        session()
        .execute(
            select(TallyLine).order_by(TallyLine.id).limit(limit).with_for_update(skip_locked=True)
        )
        .scalars()
        .all()
    )
    sums: dict[tuple[object, ...], int] = {}
    for line in lines:
        key = tuple(getattr(line, name) for name in DIMENSIONS)
        sums[key] = sums.get(key, 0) + line.value
    for key, value in sums.items():
        same = dict(zip(DIMENSIONS, key, strict=True))
        total = (
            session()
            .scalars(
                select(TallyTotal)
                .where(
                    *(getattr(TallyTotal, name).is_not_distinct_from(v) for name, v in same.items())
                )
                .with_for_update()
            )
            .first()
        )
        if total is None:
            session().add(TallyTotal(**same, value=value))
        else:
            total.value += value
    if lines:
        session().execute(delete(TallyLine).where(TallyLine.id.in_([line.id for line in lines])))
    session().flush()
    return len(lines)


def sums(
    first: date,
    last: date,
    *,
    metrics: tuple[str, ...],
    by: str = "metric",
    sender: uuid.UUID | None = None,
    recipient: uuid.UUID | None = None,
    locality: uuid.UUID | None = None,
) -> dict[tuple[str, object, int], int]:
    """``{(metric, group, bucket): value}`` of totals and lines not yet folded, in one query.

    ``by`` groups further: ``metric`` (no further group), ``day``, ``sender_id``, ``recipient_id``.
    """

    def part(table: type[TallyLine] | type[TallyTotal]):  # type: ignore[no-untyped-def] # Select of two tables
        group = getattr(table, by)
        chosen = select(table.metric, group.label("g"), table.bucket, table.value).where(
            table.metric.in_(metrics), table.day >= first, table.day <= last
        )
        scope = {"sender_id": sender, "recipient_id": recipient, "locality_id": locality}
        for name, value in scope.items():
            if value is not None:
                chosen = chosen.where(getattr(table, name) == value)
        return chosen

    both = union_all(part(TallyTotal), part(TallyLine)).subquery()
    rows = session().execute(
        select(both.c.metric, both.c.g, both.c.bucket, func.sum(both.c.value)).group_by(
            both.c.metric, both.c.g, both.c.bucket
        )
    )
    return {(metric, group, bucket): int(value) for metric, group, bucket, value in rows}
