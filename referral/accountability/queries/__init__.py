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

__all__ = [
    "Overdue",
    "Record",
    "Report",
    "Subject",
    "held",
    "record",
    "report",
    "subject",
]
