"""The folder that all processes of one test run share, and the lock over what lies in it.

pytest-xdist starts several workers. What is dear to make (a PostgreSQL server, migrated template
databases, demo data) is made once, by the first that needs it, and found by the others.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "REFERRAL_TEST_RUN"
PREFIX = "joined-up-"
# The path of a Unix socket may have 107 characters.
LONGEST_BASE = 60
# Thousands of small databases are made and thrown away; none of them must outlive the run.
MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def has_room(place: Path) -> bool:
    """True where ``place`` holds a whole run and may hold programs."""
    if not os.access(place, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


def base() -> Path:
    """The machine's folder for temporary files, short enough for a socket's path."""
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) <= LONGEST_BASE else Path("/tmp")


def move_to_memory() -> None:
    """Keep temporary files in memory from here on, unless TMPDIR says where, or room is short."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def open_run() -> Path:
    """Make the folder of this run; the workers inherit its path in the environment."""
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base()))
    # An unprivileged server user must be able to pass through.
    made.chmod(0o711)
    (made / "pid").write_text(str(os.getpid()))
    os.environ[VARIABLE] = str(made)
    return made


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[VARIABLE])


def close_run() -> None:
    """Remove the folder of this run."""
    shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def abandoned() -> Iterator[Path]:
    """Yield folders left by runs of ours whose process is gone (killed before it could tidy up)."""
    for found in base().glob(f"{PREFIX}*/pid"):
        try:
            os.kill(int(found.read_text()), 0)
        except ProcessLookupError:
            yield found.parent
        except (OSError, ValueError):
            continue


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the run-wide lock called `name`; other processes wait."""
    with (folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
