"""The person's own page, measures, the message back, an organisation's own data."""

from __future__ import annotations

from referral.web.access.rules import PUBLIC

STATUS: dict[str, str] = {
    # The way in: reference, date of birth, code. What is theirs demands a sitting.
    "status.start": PUBLIC,
    "status.ask": PUBLIC,
    "status.code": PUBLIC,
    "status.leave": PUBLIC,
    "status.choose_language": PUBLIC,
}
MEASURES: dict[str, str] = {}
OUTCOMES: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
OWN_DATA: dict[str, str] = {}
