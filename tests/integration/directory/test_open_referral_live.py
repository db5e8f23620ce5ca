"""The feed of real data: the demo's, the charity registers', and over a real HTTP server."""

from __future__ import annotations

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.directory import services
from referral.directory.queries import feed
from referral.directory.schemas import feed as schemas
from tests.support.open_directory import check
from tests.support.server import Server, free_port

SCHEMA = {
    "services": "service.json",
    "organizations": "organization.json",
    "service_at_locations": "service_at_location.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
# Of 4,203 rows 99 say a charity again, and five have no postcode that could be one.
CREATED = 4099
FETCH = """async address => {
    const answer = await fetch(address + '/open-referral/services?per_page=3');
    const page = await answer.json();
    const tag = answer.headers.get('ETag');
    const lost = await fetch(address + '/open-referral/services/nothing');
    return [answer.status, page.size, tag, lost.status, (await lost.json()).status];
}"""


def fetched(address: str, **headers: str) -> tuple[int, Message, bytes]:
    asked = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def pages(address: str, **asked: str) -> Iterator[dict[str, Any]]:
    number, last = 1, False
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    while not last:
        status, headers, body = fetched(
            f"{address}?page={number}&per_page=100{more}", **{"Accept-Encoding": "gzip"}
        )
        assert status == 200
        plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        page = json.loads(plain)
        yield page
        number, last = number + 1, page["last_page"]


@pytest.mark.standards
def test_the_demo_gives_itself_away_as_the_standard_says(
    live_server: Server, standards: Path
) -> None:
    feed_url = f"{live_server.url}/open-referral"
    counted = {}
    for name, schema in SCHEMA.items():
        for asked in ({}, {"full": "true", "full_service": "true"}):
            found = [
                item for page in pages(f"{feed_url}/{name}", **asked) for item in page["contents"]
            ]
            for item in found:
                check(standards, schema, item)
            counted[name] = len(found)
        status, _headers, body = fetched(f"{feed_url}/{name}/{found[-1]['id']}")
        assert status == 200
        check(standards, schema, json.loads(body))
    assert counted["services"] >= 20
    assert counted["service_at_locations"] >= 20


def test_a_real_server_packs_answers_and_says_when_nothing_changed(live_server: Server) -> None:
    address = f"{live_server.url}/open-referral/services?full=true"
    status, headers, body = fetched(address, **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Content-Length"] == str(len(body))
    plain_status, plain_headers, plain = fetched(address)
    assert (plain_status, plain_headers.get("Content-Encoding")) == (200, None)
    assert gzip.decompress(body) == plain
    assert len(body) < len(plain) / 3
    again, again_headers, nothing = fetched(address, **{"If-None-Match": headers["ETag"]})
    assert (again, nothing) == (304, b"")
    assert again_headers["ETag"] == headers["ETag"] == plain_headers["ETag"]
    _status, _headers, lines = fetched(f"{address}&format=ndjson", **{"Accept-Encoding": "gzip"})
    assert len(gzip.decompress(lines).splitlines()) == json.loads(plain)["total_items"]


@contextmanager
def elsewhere(folder: Path) -> Iterator[str]:
    """Another website: an empty page on a port of its own."""
    (folder / "index.html").write_text("<!doctype html><title>Elsewhere</title>")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    serve = ThreadingHTTPServer(("127.0.0.1", free_port()), partial(Quiet, directory=str(folder)))
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serve.server_port}/"
    serve.shutdown()
    serve.server_close()


@pytest.mark.browser
def test_a_page_of_another_website_reads_the_feed(
    live_server: Server, chromium: Browser, tmp_path: Path
) -> None:
    with elsewhere(tmp_path) as address:
        page = chromium.new_page()
        page.goto(address)
        status, size, tag, lost, said = page.evaluate(FETCH, live_server.url)
        page.close()
    assert (status, size, lost, said) == (200, 3, 404, 404)
    assert tag


@pytest.mark.standards
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_charities_of_the_registers_go_out_as_the_standard_says(
    database: Database, standards: Path
) -> None:
    with transaction(SYSTEM):
        path = standards / "directory" / "uk-charities.csv"
        services.run_import(SYSTEM, "charities", [path])
    read = {
        "services": (feed.services, schemas.Services()),
        "organizations": (feed.organisations, schemas.Organizations()),
        "service_at_locations": (feed.service_at_locations, schemas.ServiceAtLocations()),
        "taxonomies": (feed.taxonomies, schemas.Taxonomies()),
        "taxonomy_terms": (feed.taxonomy_terms, schemas.TaxonomyTerms()),
    }
    totals = {}
    for name, (find, schema) in read.items():
        for number in (1, 21, 41):
            asked = schema.read({"page": number, "per_page": 100, "full": True})
            with reading(SYSTEM):
                page = find(SYSTEM, asked)
            totals[name] = page.total
            for item in page.contents:
                check(standards, SCHEMA[name], item)
    assert totals["services"] == totals["organizations"] == CREATED
