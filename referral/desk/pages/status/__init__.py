"""The person's own page: the way in, what they read, what they change and tell us."""

from __future__ import annotations

from referral.desk.pages.status import (
    asking,
    complaint,
    doing,
    entry,
    languages,
    own,
    showing,
)
from referral.desk.pages.status.blueprint import bp

__all__ = ["asking", "bp", "complaint", "doing", "entry", "languages", "own", "showing"]
