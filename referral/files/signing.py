"""AWS Signature Version 4, as every store that speaks S3 asks for it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html; its published
examples are our tests.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
# What need not be written in percent signs.
_PLAIN = "-_.~"


@dataclass(frozen=True)
class Key:
    """Who signs, for which region and service."""

    id: str
    secret: str
    region: str
    service: str = "s3"


def stamp(moment: datetime) -> str:
    """``20130524T000000Z``."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def path_of(*parts: str) -> str:
    """An absolute path, spelt as it is signed and sent."""
    return "/" + "/".join(quote(part, safe=_PLAIN) for part in parts)


def query_of(values: Mapping[str, str]) -> str:
    """A query string, spelt and ordered as it is signed and sent."""
    spelt = sorted((quote(k, safe=_PLAIN), quote(v, safe=_PLAIN)) for k, v in values.items())
    return "&".join(f"{name}={value}" for name, value in spelt)


def authorization(
    key: Key, method: str, path: str, query: str, headers: Mapping[str, str], digest: str
) -> str:
    """The ``Authorization`` header. ``headers`` are all signed, ``X-Amz-Date`` and ``Host`` among
    them; ``digest`` is the SHA-256 of the body in hexadecimal.
    """
    plain = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = ";".join(sorted(plain))
    lines = "".join(f"{name}:{plain[name]}\n" for name in sorted(plain))
    asked = "\n".join((method, path, query, lines, names, digest))
    at = plain["x-amz-date"]
    scope = f"{at[:8]}/{key.region}/{key.service}/aws4_request"
    said = "\n".join((ALGORITHM, at, scope, hashlib.sha256(asked.encode()).hexdigest()))
    made = _hmac(f"AWS4{key.secret}".encode(), at[:8])
    for part in (key.region, key.service, "aws4_request"):
        made = _hmac(made, part)
    signature = _hmac(made, said).hex()
    return f"{ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
