"""Taking the directory from files; ``run`` is the way in."""

from referral.directory.importing.records import Unreadable
from referral.directory.importing.running import FIGURES, KINDS, Line, Result, run

__all__ = ["FIGURES", "KINDS", "Line", "Result", "Unreadable", "run"]
