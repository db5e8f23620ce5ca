"""The person's own page, measures, the message back, an organisation's own data."""

from __future__ import annotations

STATUS: dict[str, str] = {}
MEASURES: dict[str, str] = {}
OUTCOMES: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
OWN_DATA: dict[str, str] = {}
