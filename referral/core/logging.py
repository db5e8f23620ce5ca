"""Logs as JSON lines of scalars, with anything that could be personal taken out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Only these names may carry text; everything else that is not a number or an id is dropped.
SAFE_TEXT = {
    "event", "level", "timestamp", "logger", "method", "endpoint", "status", "type", "job", "error",
    "where", "engine", "host", "id", "organisation", "actor", "channel", "template", "version",
}  # fmt: skip
_LONG_NUMBER = re.compile(r"\d{6,}")
_EMAIL = re.compile(r"\S+@\S+")


Event = MutableMapping[str, Any]


def redact(_logger: object, _name: str, event: Event) -> Event:
    """Keep scalars with safe names; mask long numbers and addresses in the rest."""
    kept: dict[str, Any] = {}
    for name, value in event.items():
        if isinstance(value, bool | int | float) or value is None:
            kept[name] = value
        elif name in SAFE_TEXT:
            text = str(value)
            kept[name] = text if name in ("id", "timestamp") else mask(text)
    return kept


def mask(text: str) -> str:
    return _EMAIL.sub("[address]", _LONG_NUMBER.sub("[number]", text))


def configure(level: str = "INFO") -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level, logging.INFO)),
        # Asked anew for each line: whoever redirects standard error gets the log too.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


log: structlog.stdlib.BoundLogger = structlog.get_logger()
