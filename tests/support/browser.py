"""A real Chromium, driven by Playwright, that reports what a page does wrong while it is used."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.support import surroundings

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whoever is not on this machine is asked for through a proxy that is not there.
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
]
HERE = ("http://127.0.0.1:", "data:", "blob:")
NARROW = 320
WIDE = 1280
HEIGHT = 900
TIMEOUT = 10_000
# Chromium logs every 4xx answer; our journeys meet them on purpose.
EXPECTED_CONSOLE = "Failed to load resource"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=surroundings.chromium(), args=ARGUMENTS
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What pages did that no page may: errors in the console, requests to someone else."""

    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of `context`.

        It listens only: a context whose requests are held up to be looked at keeps no files either.
        """
        context.on("request", self._only_here)
        context.on("page", self._listen)

    def _only_here(self, request: Request) -> None:
        if not request.url.startswith(HERE):
            self.problems.append(f"request to a third party: {request.url}")

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", self._read)

    def _read(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_CONSOLE):
            self.problems.append(f"console: {message.text}")


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Open pages, each with cookies of its own: `new_page(javascript=False, width=320)`.

    After the test no page may have logged an error or asked anybody else for anything.
    """
    watch = Watch()
    contexts: list[BrowserContext] = []

    def open_page(*, javascript: bool = True, width: int = WIDE) -> Page:
        context = chromium.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(TIMEOUT)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page at the usual width, with JavaScript."""
    return new_page()


# The states axe found nothing in, without what differs each time and is never shown.
_looked_at: set[str] = set()
_DIFFERS = re.compile(
    r"(?<=name=\"csrf_token\" value=\")[^\"]*|(?<=nonce=\")[^\"]*|127\.0\.0\.1:\d+"
)
# All that decides what axe finds: markup, what can be read, what is filled in, focus and size.
_STATE = """() => [
    location.href, innerWidth, innerHeight, document.documentElement.outerHTML,
    document.body.innerText,
    JSON.stringify([...document.querySelectorAll("input, select, textarea")].map(
        (one) => one.type === "hidden" ? "" : [one.value, one.checked, one.disabled])),
    [...document.querySelectorAll("*")].indexOf(document.activeElement),
].join("\\n")"""
# axe itself, unless the page has it, and of its answer only what is wrong: the rest is long.
_VIOLATIONS = """async () => {
    const found = await axe.run({resultTypes: ["violations"]});
    return found.violations;
}"""


def axe(page: Page) -> None:
    """Assert that axe finds nothing on the page (WCAG 2.2 AA and best practices).

    Needs a page with JavaScript; the message names rule, element and remedy. A page in a state it
    has been seen in is not looked at again.
    """
    state = _DIFFERS.sub("", page.evaluate(_STATE))
    if state in _looked_at:
        return
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    told = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in page.evaluate(_VIOLATIONS)
        for node in rule["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)
    _looked_at.add(state)


def no_sideways_scroll(page: Page) -> None:
    """Assert that the page fits its width (WCAG 1.4.10)."""
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"
