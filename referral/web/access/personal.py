"""The person's own page, measures, the message back, an organisation's own data."""

from __future__ import annotations

from referral.web.access.rules import PUBLIC

STATUS: dict[str, str] = {
    "status.choose_language": PUBLIC,
}
MEASURES: dict[str, str] = {}
OUTCOMES: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
OWN_DATA: dict[str, str] = {}
