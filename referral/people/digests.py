"""What people are found by: keyed digests of exact values; nothing sorts or matches in part."""

from __future__ import annotations

from datetime import date

from referral.core.encryption import blind_index


def number(number_type: str, value: str) -> bytes:
    """Of a health number in normal form."""
    return blind_index("number", number_type, value)


def name_birth(given_name: str, family_name: str, born: date) -> bytes:
    return blind_index("name-birth", given_name, family_name, born.isoformat())


def surname(family_name: str) -> bytes:
    return blind_index("surname", family_name)


def address(lines: str, postcode: str) -> bytes:
    return blind_index("address", lines, postcode)
