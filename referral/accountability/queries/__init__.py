"""Figures of organisations, and what is held about a person."""

from referral.accountability.queries.holding import (
    Record,
    held,
    record,
)
from referral.accountability.queries.reporting import (
    Overdue,
    Report,
    Subject,
    report,
    subject,
)
from referral.accountability.queries.unmet import Grid, Unmet, unmet

__all__ = [
    "Grid",
    "Overdue",
    "Record",
    "Report",
    "Subject",
    "Unmet",
    "held",
    "record",
    "report",
    "subject",
    "unmet",
]
