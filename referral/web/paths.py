"""Which addresses speak to programs, and which addresses a page may send somebody to."""

from __future__ import annotations

from urllib.parse import urlsplit

MACHINES = ("/api/", "/fhir/", "/open-referral/")
SIGN_IN = "/sign-in"
CONTACTS = "/answer"
PEOPLE = "/status"


def for_machines(path: str) -> bool:
    """True where answers are JSON and only a bearer token is taken."""
    return path.startswith(MACHINES)


def for_contacts(path: str) -> bool:
    """True where groups answer without an account: by the cookie of their safe link alone."""
    return path == CONTACTS or path.startswith(f"{CONTACTS}/")


def for_people(path: str) -> bool:
    """True on the pages of a person referred: by the cookie of their own sitting alone."""
    return path == PEOPLE or path.startswith(f"{PEOPLE}/")


def safe_next(value: str | None, default: str = "/") -> str:
    """``value`` when it is a path on this site, else ``default``; never another host."""
    if not value or not value.startswith("/") or value.startswith("//") or len(value) > 2000:
        return default
    if "\\" in value or any(ord(char) < 33 or ord(char) == 127 for char in value):
        return default
    parts = urlsplit(value)
    return default if parts.scheme or parts.netloc else value
