"""Finds ``templates``, ``migrations`` and ``seed_data`` in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """The folder ``name``: inside the package when installed, beside it in a checkout."""
    for found in (PACKAGE / name, PACKAGE.parent / name):
        if found.is_dir():
            return found
    raise FileNotFoundError(f"the folder {name} is missing from this installation")
