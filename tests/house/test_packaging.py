"""What the project asks for is what it uses, and nothing points to one machine."""

import ast
import re
import tomllib

from tests.house import reading

# Imported under another name, or started rather than imported.
MODULES = {
    "argon2-cffi": "argon2",
    "nhsuk-frontend-jinja": "nhsuk_frontend_jinja",
    "pillow": "PIL",
    "prometheus-client": "prometheus_client",
    "psycopg": "psycopg",
}
STARTED = {"gunicorn", "nhsuk-frontend-jinja", "psycopg"}
REQUIREMENT = re.compile(r"^[A-Za-z0-9-]+")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
PROJECT = tomllib.loads((reading.ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def imported() -> set[str]:
    """The top-level modules that the program imports."""
    found = set()
    for path in reading.files("referral", "migrations"):
        for node in ast.walk(reading.tree(path)):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_every_dependency_is_used() -> None:
    names = {
        match[0]
        for line in PROJECT["project"]["dependencies"]
        if (match := REQUIREMENT.match(line))
    }
    used = imported()
    unused = {
        name for name in names - STARTED if MODULES.get(name, name.replace("-", "_")) not in used
    }
    assert unused == set()


def test_locks_carry_hashes_and_no_address() -> None:
    for name in LOCKS:
        text = (reading.ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        pinned = re.findall(r"^[a-z0-9][a-z0-9._-]*==", text, re.MULTILINE)
        assert pinned, name
        assert text.count("--hash=sha256:") >= len(pinned)


def test_the_front_end_lock_carries_no_address() -> None:
    text = (reading.ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert '"integrity"' in text
