"""What this machine has for the tests that need more than Python, and which are left out."""

import os
import shutil
from pathlib import Path

from tests.support import postgresql

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The path of a Chromium, if the machine has one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def standards() -> Path | None:
    """The folder of published standards and registers, where REFERRAL_STANDARDS_DIR names one."""
    named = os.environ.get("REFERRAL_STANDARDS_DIR", "")
    return Path(named) if named and Path(named).is_dir() else None


def full_size() -> bool:
    """True for `make prove`, where the long proofs run at full size."""
    return os.environ.get("REFERRAL_PROVE") == "full"


def size(small: int, full: int) -> int:
    """How much a long proof does: `small` in `make test`, `full` in `make prove`."""
    return full if full_size() else small


def left_out() -> dict[str, str]:
    """The markers whose tests do not run here, each with the reason."""
    missing = {}
    if postgresql.programs() is None:
        missing["postgres"] = "no PostgreSQL server (initdb) on this machine"
    if chromium() is None:
        missing["browser"] = "no Chromium on this machine"
    if standards() is None:
        missing["standards"] = "REFERRAL_STANDARDS_DIR names no folder"
    if not full_size():
        missing["long"] = "`make prove` runs them"
    return missing


def must_be_here() -> set[str]:
    """The markers that continuous integration (CI=true) may not leave out."""
    return {"postgres", "browser"} if os.environ.get("CI") == "true" else set()
