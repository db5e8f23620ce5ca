"""Reads the program's own source for the laws of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "referral"
# Floors that are no slices: they have rooms of their own kind.
GROUND = {"cli", "core", "files", "outbox", "places", "seed", "web", "worker"}
# `door` is how a slice meets the web without a page: who is signed in.
DOORS = {"pages", "api", "door"}
ROOMS = DOORS | {"services", "queries", "notifications", "models", "schemas"}


def files(*folders: str) -> list[Path]:
    """Every Python file in these top-level folders."""
    found: list[Path] = []
    for folder in folders:
        found += sorted((ROOT / folder).rglob("*.py"))
    return found


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def slices() -> list[Path]:
    """The folders of the slices."""
    return sorted(
        path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()
        and path.name not in GROUND
    )  # fmt: skip


def rooms(slice_: Path) -> Iterator[tuple[str, Path]]:
    """(room, file) for every file of a slice; a room may be a file or a folder of files."""
    for path in sorted(slice_.rglob("*.py")):
        room = path.relative_to(slice_).parts[0].removesuffix(".py")
        if room != "__init__":
            yield room, path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of everything a file imports, late imports too; relative ones made whole."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


@cache
def names_used(path: Path) -> frozenset[str]:
    """Every name that a file imports from elsewhere or asks of something it imported."""
    found = {module.rpartition(".")[2] for _, module in imports(path)}
    found |= {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    return frozenset(found)


def offered(slice_: Path, room: str) -> Iterator[tuple[Path, ast.FunctionDef]]:
    """The functions of a room that somebody outside the room uses."""
    inside = [path for name, path in rooms(slice_) if name == room]
    outside = [path for path in files("referral") if path not in inside]
    for path in inside:
        for node in tree(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and any(node.name in names_used(other) for other in outside)
            ):
                yield path, node


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every call in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and (called := dotted(node.func)):
            yield node.lineno, called
