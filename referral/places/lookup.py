"""A postcodes.io-compatible service of the installation's own: an option, never a public one.

Only postcodes and outward codes of valid form are ever sent. Nothing that goes wrong is an error:
the outward code's middle is good enough, and the log never says which postcode was asked.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from math import isfinite
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

from referral.core.logging import log

PUBLIC_HOST = "api.postcodes.io"
TIMEOUT_SECONDS = 1.5
REST_SECONDS = 30.0  # after it failed, nobody waits for it again so soon
REMEMBERED = 4096
LONGEST_ANSWER = 65536
Degrees = tuple[float, float]


class _Stay(HTTPRedirectHandler):
    """An answer that sends elsewhere is not followed."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Lookup:
    """One service at ``url``, and what it said of late."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opener: OpenerDirector = build_opener(ProxyHandler({}), _Stay())
        self._known: OrderedDict[str, Degrees | None] = OrderedDict()
        self._lock = Lock()
        self._not_before = 0.0

    def postcode(self, postcode: str) -> Degrees | None:
        """Latitude and longitude of a valid postcode; None when not known or not to be had."""
        return self._find(f"/postcodes/{quote(postcode, safe='')}")

    def outcode(self, outcode: str) -> Degrees | None:
        """As above for an outward code."""
        return self._find(f"/outcodes/{quote(outcode, safe='')}")

    def _find(self, path: str) -> Degrees | None:
        with self._lock:
            if path in self._known:
                self._known.move_to_end(path)
                return self._known[path]
            if time.monotonic() < self._not_before:
                return None
        try:
            found = self._ask(path)
        except (OSError, HTTPException, ValueError) as error:
            self._not_before = time.monotonic() + REST_SECONDS
            log.warning("postcode service did not answer", error=type(error).__name__)
            return None
        with self._lock:
            self._known[path] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _ask(self, path: str) -> Degrees | None:
        try:
            with self._opener.open(self.url + path, timeout=TIMEOUT_SECONDS) as answer:
                return _degrees(json.loads(answer.read(LONGEST_ANSWER)))
        except HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise


def _degrees(answer: Any) -> Degrees | None:
    """``{"result": {"latitude": …, "longitude": …}}``; anything else has no place."""
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        return None
    latitude, longitude = result.get("latitude"), result.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    on_the_globe = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90
    return (float(latitude), float(longitude)) if on_the_globe and abs(longitude) <= 180 else None


class _Current:
    lookup: Lookup | None = None


def configure(url: str) -> None:
    """Ask the service at ``url`` from now on; "" = nobody is asked."""
    _Current.lookup = Lookup(url) if url else None


def current() -> Lookup | None:
    return _Current.lookup


@contextmanager
def using(url: str) -> Iterator[None]:
    """The service at ``url`` inside the block."""
    before = _Current.lookup
    configure(url)
    try:
        yield
    finally:
        _Current.lookup = before
