"""The clinical hazard log: each hazard has a cause, a control, and tests that hold the control."""

import ast
from typing import Any

import pytest
import yaml

from tests.house import reading

LOG = yaml.safe_load((reading.ROOT / "docs/hazards.yaml").read_text(encoding="utf-8"))
HAZARDS: list[dict[str, Any]] = LOG["hazards"]
TOLD = ("id", "hazard", "cause", "effect", "severity", "likelihood", "control", "tests")


def names_in(path: str) -> set[str]:
    """The names of the tests in a file, methods as `Class::method`."""
    file = reading.ROOT / path
    if not file.is_file():
        return set()
    found = set()
    for node in reading.tree(file).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
            found |= {f"{node.name}::{method}" for method in methods}
        if isinstance(node, ast.Assign):
            # Hypothesis names a state machine's test by assignment.
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_is_controlled_and_its_tests_exist(hazard: dict[str, Any]) -> None:
    assert [key for key in TOLD if not hazard.get(key)] == []
    assert hazard["severity"] in LOG["severities"]
    assert hazard["likelihood"] in LOG["likelihoods"]
    missing = []
    for test in hazard["tests"]:
        path, _, name = test.partition("::")
        if name not in names_in(path):
            missing.append(test)
    assert missing == []


def test_hazards_are_told_apart() -> None:
    identifiers = [hazard["id"] for hazard in HAZARDS]
    assert len(set(identifiers)) == len(identifiers)
