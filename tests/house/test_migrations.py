"""Migrations are one numbered line."""

import re

from tests.house import reading

NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.py$")
REVISION = re.compile(r'^(revision|down_revision)(?:: [^=]+)? = "?([^"\n]+)"?', re.MULTILINE)
STEPS = sorted((reading.ROOT / "migrations/versions").glob("*.py"))


def test_migrations_are_numbered_one_after_the_other() -> None:
    matches = [NAME.match(path.name) for path in STEPS]
    assert [int(match[1]) for match in matches if match] == list(range(1, len(STEPS) + 1))


def test_there_is_one_head_and_every_step_follows_the_one_before() -> None:
    steps = [dict(REVISION.findall(path.read_text(encoding="utf-8"))) for path in STEPS]
    before = ["None", *(step["revision"] for step in steps)]
    assert [step["down_revision"] for step in steps] == before[:-1]
