"""A real feed on a loopback port: generated pages, and whatever can go wrong with each."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

MODIFIED = "2026-05-12T10:00:00Z"


def number(*what: object) -> str:
    """The same UUID for the same words."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, what))))


def service(n: int, **changes: Any) -> dict[str, Any]:
    """A whole service of the standard, one of many."""
    holder = {"id": number("o", n // 10), "name": f"Charity {n // 10}", "description": "Helps"}
    location = {
        "id": number("l", n),
        "location_type": "physical",
        "latitude": 54.0 + n / 10_000,
        "longitude": -1.5,
        "addresses": [
            {
                "id": number("a", n),
                "address_1": f"{n} High Street",
                "city": "York",
                "state_province": "York",
                "postal_code": "YO1 7HH",
                "country": "GB",
                "address_type": "physical",
            }
        ],
    }
    return {
        "id": number("s", n),
        "name": f"Tea and talk {n}",
        "description": f"Company every week, group {n}",
        "status": "active",
        "last_modified": MODIFIED,
        "organization": holder,
        "schedules": [{"id": number("t", n), "freq": "WEEKLY", "byday": "MO", "opens_at": "10:00"}],
        "service_at_locations": [{"id": number("sl", n), "location": location}],
    } | changes


Trouble = Callable[["Handler"], bool]


class Feed:
    """What the server says. ``trouble``: page → what happens instead, once for each of its list."""

    def __init__(self, items: list[dict[str, Any]], per_page: int = 50) -> None:
        self.items, self.per_page = items, per_page
        self.trouble: dict[int, list[Trouble]] = {}
        self.asked: list[str] = []
        self.short = self.packed = False
        self.url = ""

    @property
    def total(self) -> int:
        return -(-len(self.items) // self.per_page)

    def page(self, page: int, found: list[dict[str, Any]]) -> dict[str, Any]:
        start = (page - 1) * self.per_page
        total = -(-len(found) // self.per_page)
        contents = found[start : start + self.per_page]
        if self.short:
            names = ("id", "name", "description", "status", "organization")
            contents = [{name: item[name] for name in names} for item in contents]
        return {
            "total_items": len(found),
            "total_pages": total,
            "page_number": page,
            "size": len(contents),
            "first_page": page == 1,
            "last_page": page >= total,
            "empty": not contents,
            "contents": contents,
        }

    def pages_asked(self) -> list[int]:
        found = (parse_qs(urlsplit(path).query).get("page") for path in self.asked)
        return [int(page[0]) for page in found if page]


class Handler(BaseHTTPRequestHandler):
    feed: Feed

    def do_GET(self) -> None:
        feed = self.feed
        feed.asked.append(self.path)
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if not parts.path.endswith("/services"):
            wanted = parts.path.rpartition("/")[2]
            item = next((one for one in feed.items if one["id"] == wanted), None)
            self.answer(200 if item else 404, item or {"error": "nothing here"})
            return
        page = int(query["page"][0])
        if feed.trouble.get(page) and feed.trouble[page].pop(0)(self):
            return
        since = query.get("modified_after", [""])[0]
        self.answer(200, feed.page(page, [i for i in feed.items if i["last_modified"] >= since]))

    def answer(self, status: int, content: Any, **headers: str) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        if self.feed.packed:
            raw = gzip.compress(raw)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def cut(handler: Handler) -> bool:
    """Half a page, then the connection is gone."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"contents": [')
    handler.wfile.flush()
    handler.connection.close()
    return True


def answering(status: int, content: Any, **headers: str) -> Trouble:
    def answer(handler: Handler) -> bool:
        handler.answer(status, content, **headers)
        return True

    return answer


def slow(seconds: float) -> Trouble:
    def answer(_handler: Handler) -> bool:
        time.sleep(seconds)
        return False

    return answer


@contextmanager
def serving(feed: Feed) -> Iterator[Feed]:
    """The feed at ``feed.url``."""
    made = type("Bound", (Handler,), {"feed": feed})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    feed.url = f"http://127.0.0.1:{server.server_address[1]}/open-referral"
    try:
        yield feed
    finally:
        server.shutdown()
        server.server_close()
