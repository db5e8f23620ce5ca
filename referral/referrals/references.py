"""A reference people can read out: ``JU-4K7Q-9WX``, without letters or digits that look alike."""

from __future__ import annotations

import re
import secrets

ALPHABET = "2346789ACDEFGHJKMNPQRTVWXYZ"
_FORM = re.compile(rf"JU-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{3}})")


def new() -> str:
    """A random reference: 27^7, about ten thousand million of them."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return f"JU-{letters[:4]}-{letters[4:]}"


def parse(typed: str) -> str | None:
    """The normal form of a reference as typed in; None when it is none."""
    found = _FORM.fullmatch("".join(typed.split()).upper())
    return f"JU-{found[1]}-{found[2]}" if found else None
