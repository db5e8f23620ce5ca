"""Reading the audit trail in tests."""

from sqlalchemy import func, select

from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import reading


def events(name: str) -> int:
    """How many audit events of this name there are."""
    with reading(SYSTEM) as session:
        found = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.event == name)
        )
        return found or 0
