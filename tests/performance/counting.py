"""Counts the SQL a page costs: business statements apart from the session's and the audit's.

``with counting(database) as counted: client.get("/referrals")`` and then
``assert counted.business <= 5, counted.report()``. ``counting()`` takes the database in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from referral.core.database import Database, current

# What every request pays to know who asks (one look-up of the session or token, its roles).
SESSION_TABLES = frozenset(
    {"user_session", "known_device", "api_token", "user_account", "membership", "status_session"}
)
AUDIT_TABLES = frozenset({"audit_event", "audit_subject"})
# Written after the answer, and not by the page's own logic.
OTHER_TABLES = frozenset({"search_miss", "idempotency_key"})
HOUSEKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET ")
_FIRST_TABLE = re.compile(
    r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?\(*\s*\"?([a-z_]+)\"?", re.IGNORECASE
)


def kind_of(statement: str) -> str:
    """``business``, ``session``, ``audit`` or ``housekeeping`` for one SQL statement.

    A statement belongs to the session or the audit only when every table it names does;
    ``organisation`` and ``locality`` beside the session's tables are part of that look-up.
    """
    head = statement.lstrip().upper()
    if head.startswith(HOUSEKEEPING) or "SET_CONFIG" in head:
        return "housekeeping"
    tables = {name.lower() for name in _FIRST_TABLE.findall(statement)}
    if not tables:
        return "housekeeping" if head.startswith("SELECT 1") else "business"
    if tables <= AUDIT_TABLES:
        return "audit"
    if tables <= OTHER_TABLES:
        return "housekeeping"
    about_session = tables & (SESSION_TABLES - {"user_account", "membership"})
    if tables <= SESSION_TABLES | {"organisation", "locality"} and (
        about_session or "membership" in tables
    ):
        return "session"
    return "business"


@dataclass
class Counted:
    """The statements seen, by kind, in their order."""

    statements: dict[str, list[str]] = field(
        default_factory=lambda: {"business": [], "session": [], "audit": [], "housekeeping": []}
    )

    @property
    def business(self) -> int:
        return len(self.statements["business"])

    @property
    def session(self) -> int:
        return len(self.statements["session"])

    @property
    def audit(self) -> int:
        return len(self.statements["audit"])

    def report(self) -> str:
        """The business statements, one a line, for the message of a failed assertion."""
        lines = [" ".join(statement.split())[:240] for statement in self.statements["business"]]
        return "\n".join([f"{len(lines)} business statements:", *lines])


@contextmanager
def counting(database: Database | Engine | None = None) -> Iterator[Counted]:
    """Count every statement executed on the engine inside the block, from any thread."""
    found = database or current()
    engine = found.engine if isinstance(found, Database) else found
    counted = Counted()

    def seen(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        counted.statements[kind_of(statement)].append(statement)

    event.listen(engine, "before_cursor_execute", seen)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", seen)
