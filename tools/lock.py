"""Write the hashed locks anew from pyproject.toml: `make lock`, or `make lock UPGRADE=1`.

Compiled on the oldest Python we serve. The hashes cover every file of each release, so the same
locks install on the newer ones. No index address is written into a lock.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",  # keeps the address of a machine's package index out of the locks
    "--no-emit-trusted-host",
    "--no-emit-find-links",
)


def compile_lock(name: str, wanted: Sequence[str], *, upgrade: bool) -> None:
    """Compile the requirements `wanted` into the lock file called `name`."""
    # Only the public index: hashes of a wheel that one machine built for itself help nobody.
    environment = os.environ | {"PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    command = [sys.executable, "-m", "piptools", "compile", *OPTIONS]
    if upgrade:
        command.append("--upgrade")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "wanted.in"
        source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        subprocess.run(
            [*command, "--output-file", name, str(source)], cwd=ROOT, env=environment, check=True
        )


def main() -> None:
    """Compile the four locks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest releases allowed")
    upgrade = parser.parse_args().upgrade
    if sys.version_info[:2] != OLDEST:
        sys.exit(f"The locks are compiled on Python {OLDEST[0]}.{OLDEST[1]}.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    compile_lock("requirements.lock", runtime, upgrade=upgrade)
    # Development keeps to the very versions that run.
    pinned = ["-c " + str(ROOT / "requirements.lock")]
    compile_lock("requirements-dev.lock", [*runtime, *groups["dev"], *pinned], upgrade=upgrade)
    compile_lock("requirements-build.lock", groups["build"], upgrade=upgrade)
    compile_lock("requirements-node.lock", groups["node"], upgrade=upgrade)


if __name__ == "__main__":
    main()
