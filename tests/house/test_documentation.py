"""Every command and every setting is written up, and what the documents point to is there."""

import re
from dataclasses import fields

import click
import pytest

from referral.cli import main
from referral.config import PREFIX, Settings
from tests.house import reading

DOCUMENTS = [reading.ROOT / "README.md", *sorted((reading.ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
RECORD = re.compile(r"^\d{4}-[a-z0-9-]+\.md$")
PARTS = ("Context", "Decision", "Consequences")


def commands(command: click.Command, before: str) -> list[str]:
    """Every command as one types it; groups may find theirs late."""
    if not isinstance(command, click.Group):
        return [before]
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [whole for name, part in found if part for whole in commands(part, f"{before} {name}")]


def test_every_command_is_documented() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [name for name in commands(main, "referral") if name not in written] == []


def test_every_setting_is_documented() -> None:
    written = (reading.ROOT / "docs/settings.md").read_text(encoding="utf-8")
    names = [f"{PREFIX}{field.name.upper()}" for field in fields(Settings)]
    assert [name for name in names if f"`{name}`" not in written] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=reading.name)
def test_links_lead_somewhere(document) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize(
    "record", sorted((reading.ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.name
)
def test_a_decision_is_recorded_in_full(record) -> None:
    assert RECORD.match(record.name)
    text = record.read_text(encoding="utf-8")
    assert [part for part in PARTS if f"## {part}" not in text] == []
