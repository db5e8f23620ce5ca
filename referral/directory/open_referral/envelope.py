"""The standard's page around a list, and what the feed says of itself."""

from __future__ import annotations

from typing import Any

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
OPENAPI = "https://docs.openreferraluk.org/en/latest/openapi30.json"
DETAILS = {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


def envelope(total: int, number: int, per_page: int, size: int) -> dict[str, Any]:
    """Members of a page without its contents. Pages count from 1; past the last, they are empty."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": size,
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": size == 0,
    }
