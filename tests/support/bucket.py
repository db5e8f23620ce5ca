"""A small store that speaks S3 on a loopback port, and believes nobody: every signature is worked
out again from what came over the wire, without any code of the program's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, NAME = "test-key", "se/cr+et", "eu-west-2", "evidence"
LATE = timedelta(minutes=15)
_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)


@dataclass
class Store:
    """What lies in the bucket: key → (content, when it was written)."""

    url: str = ""
    kept: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    page: int = 1000
    ahead: timedelta = timedelta(0)
    broken: bool = False

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def do_GET(self) -> None:
        self.serve()

    def do_PUT(self) -> None:
        self.serve()

    def do_DELETE(self) -> None:
        self.serve()

    def serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.store.broken:
            self.answer(500, b"<Error><Code>InternalError</Code></Error>")
        elif (wrong := self.refusal(body)) is not None:
            self.answer(403, b"<Error><Code>%s</Code></Error>" % wrong.encode())
        else:
            self.obey(body)

    def refusal(self, body: bytes) -> str | None:
        """Why the request is not believed; None when it is."""
        signed = _SIGNED.fullmatch(self.headers.get("Authorization", ""))
        if signed is None:
            return "AccessDenied"
        key, day, region, names, signature = signed.groups()
        at = self.headers["x-amz-date"]
        made = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(made - self.store.now) > LATE:
            return "RequestTimeTooSkewed"
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        if (key, region, day) != (KEY, REGION, at[:8]) or "host" not in names.split(";"):
            return "InvalidAccessKeyId"
        expected = self.signature(names.split(";"), at)
        return None if hmac.compare_digest(expected, signature) else "SignatureDoesNotMatch"

    def signature(self, names: list[str], at: str) -> str:
        parts = urlsplit(self.path)
        pairs = sorted(
            (quote(k, safe="-_.~"), quote(v, safe="-_.~"))
            for k, v in parse_qsl(parts.query, keep_blank_values=True)
        )
        asked = [self.command, parts.path, "&".join(f"{k}={v}" for k, v in pairs)]
        asked += [f"{name}:{self.headers[name].strip()}" for name in names]
        asked += ["", ";".join(names), self.headers["x-amz-content-sha256"]]
        scope = f"{at[:8]}/{REGION}/s3/aws4_request"
        digest = hashlib.sha256("\n".join(asked).encode()).hexdigest()
        made = b"AWS4" + SECRET.encode()
        for text in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}"):
            made = hmac.digest(made, text.encode(), "sha256")
        return made.hex()

    def obey(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        bucket, _slash, key = unquote(parts.path).lstrip("/").partition("/")
        if bucket != NAME:
            self.answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        elif not key:
            self.answer(200, self.listing(dict(parse_qsl(parts.query))))
        elif self.command == "PUT":
            self.store.kept[key] = (body, self.store.now)
            self.answer(200)
        elif self.command == "DELETE":
            self.store.kept.pop(key, None)
            self.answer(204)
        elif key in self.store.kept:
            self.answer(200, self.store.kept[key][0])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def listing(self, query: dict[str, str]) -> bytes:
        keys = sorted(key for key in self.store.kept if key.startswith(query.get("prefix", "")))
        keys = [key for key in keys if key > query.get("continuation-token", "")]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key>"
            f"<LastModified>{self.store.kept[key][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            "</Contents>"
            for key in keys[: self.store.page]
        )
        more = len(keys) > self.store.page
        rows += f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        if more:
            last = escape(keys[self.store.page - 1])
            rows += f"<NextContinuationToken>{last}</NextContinuationToken>"
        name = "http://s3.amazonaws.com/doc/2006-03-01/"
        return f'<ListBucketResult xmlns="{name}">{rows}</ListBucketResult>'.encode()

    def answer(self, status: int, content: bytes = b"") -> None:
        self.store.asked.append((self.command, self.path, status))
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.store.now, usegmt=True))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Store]:
    """A bucket; ``store.url`` is the setting that names it."""
    store = Store()
    made = type("Bound", (Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    secret = quote(SECRET, safe="")
    host = f"127.0.0.1:{server.server_address[1]}"
    store.url = f"s3://{KEY}:{secret}@{host}/{NAME}/joined up?region={REGION}"
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
