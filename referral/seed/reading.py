"""Reads ``seed_data/``: the invented town, its directory, its people and their stories."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from typing import Any

from referral.core.folders import folder

Table = dict[str, Any]


@lru_cache(maxsize=16)
def table(name: str) -> Table:
    """The TOML file ``seed_data/<name>.toml``."""
    with (folder("seed_data") / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def providers() -> list[Table]:
    """All 29 organisations, each with its ``services``."""
    return [row for part in (1, 2, 3, 4) for row in table(f"directory_{part}")["organisations"]]


def areas() -> list[Table]:
    """The outward codes of the town: code, latitude, longitude, town."""
    with (folder("seed_data") / "areas.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
