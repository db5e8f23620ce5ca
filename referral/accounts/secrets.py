"""Random words that stand for a right: sessions, links in emails, devices, bearer tokens.

Who holds the word has the right; we keep its digest only. 256 random bits need no slow hash.
"""

from __future__ import annotations

import hashlib
import secrets

LENGTH = 43  # 32 bytes in URL-safe base64


def new() -> str:
    return secrets.token_urlsafe(32)


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
