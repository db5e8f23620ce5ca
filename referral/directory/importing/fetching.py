"""Pages of somebody's live feed over HTTP: bounded in size and time, never led to another host.

The address of a feed is entered by who runs the installation, by command, and by nobody else: what
it names is asked from inside our network.
"""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from typing import IO, Any
from urllib.parse import quote, urlencode, urlsplit

from referral.directory.importing.reading import JSON_MAX

AGENT = "JoinedUp-directory/1 (+https://openreferral.org; reads Open Referral UK feeds)"
TIMEOUT = 20.0
# A page that trickles in for longer is given up.
PAGE_SECONDS = 180.0
PER_PAGE = 50
TRIES = 3
PAUSE = 0.5
# A server that asks for more patience is asked again the next time.
PATIENCE = 30.0
CHUNK = 1 << 16
AGAIN = (429, 500, 502, 503, 504)
Wait = Callable[[float], None]


class Failed(Exception):
    """The feed did not answer; the message says how, in words without the address."""

    def __init__(self, why: str, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.status, self.retry_after = status, retry_after


def check_address(url: str) -> str:
    """The address of a feed without a slash at its end; raise ``ValueError`` with the rule."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a web address that begins with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("must not carry a name or password")
    if parts.query or parts.fragment:
        raise ValueError("must be the address of the feed itself, without ? and #")
    if len(url) > 400:
        raise ValueError("must not be longer than 400 characters")
    return url.strip().rstrip("/").removesuffix("/services")


def page_address(base: str, page: int, since: str = "") -> str:
    asked = {"page": page, "per_page": PER_PAGE, "full": "true"}
    return f"{base}/services?{urlencode(asked | ({'modified_after': since} if since else {}))}"


def item_address(base: str, key: str) -> str:
    return f"{base}/services/{quote(key, safe='')}"


def get(url: str, wait: Wait = time.sleep) -> bytes:
    """What is at ``url``; a server in trouble is asked three times. Raise ``Failed``."""
    for attempt in range(1, TRIES + 1):
        try:
            return _get(url)
        except Failed as failed:
            if attempt == TRIES or failed.status not in (0, *AGAIN):
                raise
            if failed.retry_after > PATIENCE:
                raise
            wait(failed.retry_after or PAUSE * attempt)
    raise AssertionError("the last try answers or raises")


def _get(url: str) -> bytes:
    headers = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
    try:
        asked = urllib.request.Request(url, headers=headers)  # noqa: S310 - opens http(s) alone
        with _opener().open(asked, timeout=TIMEOUT) as found:
            return _body(found)
    except urllib.error.HTTPError as error:
        after = _seconds(error.headers)
        error.close()
        raise Failed(f"answered {error.code}", error.code, after) from error
    except TimeoutError as error:
        raise Failed("did not answer in time") from error
    except (urllib.error.URLError, OSError, http.client.HTTPException, EOFError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError | socket.timeout):
            raise Failed("did not answer in time") from error
        if isinstance(reason, socket.gaierror):
            raise Failed("could not be reached: nobody answers at its address") from error
        raise Failed(f"broke off: {type(reason).__name__}") from error


def _body(found: Any) -> bytes:
    length = found.headers.get("Content-Length", "")
    raw = _read(found)
    if length.isdigit() and len(raw) < int(length):
        raise Failed("broke off in the middle of a page")
    if found.headers.get("Content-Encoding", "").lower() != "gzip":
        return raw
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as unpacked:
        return _read(unpacked)


def _read(source: Any) -> bytes:
    pieces: list[bytes] = []
    size, began = 0, time.monotonic()
    while piece := source.read(CHUNK):
        size += len(piece)
        if size > JSON_MAX:
            raise Failed(f"sent a page larger than {JSON_MAX // 1024 // 1024} MB", 413)
        if time.monotonic() - began > PAGE_SECONDS:
            raise Failed("was too slow")
        pieces.append(piece)
    return b"".join(pieces)


def _seconds(headers: Mapping[str, str] | Message | None) -> float:
    given = str(headers.get("Retry-After", "")) if headers is not None else ""
    return float(given) if given.isdigit() and len(given) < 7 else 0.0


class _SameHost(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (new.hostname, new.port) != (old.hostname, old.port) or (
            new.scheme not in (old.scheme, "https")
        ):
            raise Failed("sent us on to another host", 421)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Only http and https: no files, no ftp."""
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _SameHost(),
    ):
        made.add_handler(handler)
    return made
