"""Whatever a role can reach by links is accessible and fits: each kind of page, once per role.

``make prove`` goes everywhere as everybody, at a laptop and on a phone; ``make test`` as the two
who see most, on a phone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from referral.app import create_app
from referral.config import Settings
from referral.core import database, encryption
from tests.journeys.conftest import Arrive, Somebody
from tests.journeys.test_answering import Volunteer
from tests.support import databases
from tests.support.browser import NARROW, NewPage
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROLES = (
    "link_worker_lead",
    "provider_manager",
    "practice_staff",
    "practice_manager",
    "care_navigator",
    "link_worker",
    "provider_worker",
    "commissioner",
    "privacy_lead",
    "administrator",
)
# Where links of this page lead; a download is no page.
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"
LEAST = 12


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapAdapter]:
    """What stands behind each address of the site."""
    folder = tmp_path_factory.mktemp("site")
    with databases.fresh("sqlite", folder) as url:
        settings = Settings.from_environ(
            {
                "REFERRAL_DATA_DIR": str(folder),
                "REFERRAL_DATABASE_URL": url,
                "REFERRAL_SECRET_KEY": "only to know the addresses",
            }
        )
        yield create_app(settings).url_map.bind("localhost")
        database.current().close()
        database.use(None)
        encryption.use(None)


@pytest.mark.parametrize("role", ROLES)
def test_whatever_can_be_reached_is_accessible(
    arrive: Arrive, addresses: MapAdapter, role: str
) -> None:
    somebody = arrive(f"{role}@demo.example", width=1366)
    seen = _walk(somebody, addresses, "/")
    assert len(seen) >= LEAST, seen


def test_whatever_a_group_can_reach_without_an_account_is_accessible(
    new_page: NewPage, live_server: Server, addresses: MapAdapter
) -> None:
    somebody = Volunteer(new_page(width=NARROW), live_server)
    somebody.go("/ask-for-help")
    somebody.go("/demo/phone")
    somebody.go(urlsplit(somebody.message(r"http\S+/answer/[\w-]+")).path)
    somebody.press("Send me the code")
    typed = somebody.page.url
    code = somebody.message(r"\d{6}")
    somebody.go(typed)
    somebody.answer("Six digits", code)
    somebody.press("Open")
    seen = _walk(somebody, addresses, "/answer")
    assert {"answer.everything", "answer.one", "answer.act"} <= seen


def _walk(somebody: Somebody, addresses: MapAdapter, start: str) -> set[str]:
    """Go wherever links lead from ``start``, once to each kind of page; which those were."""
    seen: set[str] = set()
    waiting = deque([start, *_links(somebody)])
    while waiting:
        path = waiting.popleft()
        endpoint = _behind(addresses, path)
        if endpoint is None or endpoint in seen:
            continue
        seen.add(endpoint)
        somebody.go(path)
        somebody.also_on_a_phone()
        waiting += _links(somebody)
    return seen


def _links(somebody: Somebody) -> list[str]:
    """Paths on this site that the page links to, in its order."""
    page: Page = somebody.page
    found: list[str] = page.evaluate(LINKS)
    own = urlsplit(somebody.server.url).netloc
    parts = [urlsplit(href) for href in found]
    return [
        part._replace(scheme="", netloc="", fragment="").geturl()
        for part in parts
        if part.netloc == own and "." not in part.path.rpartition("/")[2]
    ]


def _behind(addresses: MapAdapter, path: str) -> str | None:
    """The endpoint of a page; None for what only programs read."""
    try:
        endpoint, _values = addresses.match(urlsplit(path).path)
    except (HTTPException, RequestRedirect):
        return None
    found = str(endpoint)
    machines = found.startswith(("api", "open_referral", "fhir")) or found == "static"
    return None if machines else found
