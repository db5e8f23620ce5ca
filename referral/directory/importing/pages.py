"""A page of a live feed, as it came: its items, and whether more follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from referral.directory.importing import fetching
from referral.directory.importing.fetching import Failed
from referral.directory.importing.reading import Node, parse_json
from referral.directory.importing.records import Unreadable

# An item with none of these may be a short one; the whole is at ``/services/<id>``.
WHOLE = ("schedules", "service_at_locations", "contacts", "attributes", "cost_options", "phones")
PROBES = 3
# So many broken pages in a row are no feed any more.
BROKEN_MAX = 5
# A feed that says it has more pages than this is not believed.
PAGES_MAX = 20_000
Fetch = Callable[[str], bytes]


@dataclass
class Page:
    """``total`` pages are said to be there, 0 = not said."""

    items: list[Any]
    total: int = 0
    last: bool = False
    raw: bytes = b""
    # Nothing follows it.
    ends: bool = False


@dataclass
class Broken:
    """A page that breaks the schema, as it came."""

    raw: bytes
    why: str
    ends: bool = False


def page_of(raw: bytes) -> Page:
    """Read a page; raise ``Unreadable`` with what breaks the schema."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8 text") from error
    found = parse_json(text)
    if not isinstance(found, Node) or "contents" not in found:
        raise Unreadable("is not a page of a feed: it has no contents")
    if not isinstance(found["contents"], list):
        raise Unreadable("is not a page of a feed: its contents are not a list")
    if not all(isinstance(item, Node) for item in found["contents"]):
        raise Unreadable("is not a page of a feed: not every item is an object")
    total = found.get("total_pages")
    if total is not None and (isinstance(total, bool) or not isinstance(total, int) or total < 0):
        raise Unreadable("is not a page of a feed: total_pages is not a number")
    last = found.get("last_page")
    if last is not None and not isinstance(last, bool):
        raise Unreadable("is not a page of a feed: last_page is neither true nor false")
    return Page(found["contents"], total or 0, last is True, raw)


def item_of(raw: bytes) -> Node:
    """One service, by its id."""
    found = parse_json(raw.decode("utf-8-sig", "replace"))
    if not isinstance(found, Node) or "id" not in found:
        raise Unreadable("is not a service")
    return found


class Completer:
    """Fetches the whole of items that came short; finds out first whether that gives more."""

    def __init__(self, fetch: Fetch) -> None:
        # ``fetch`` takes the id of a service.
        self.fetch = fetch
        self.probed = 0
        self.worth: bool | None = None

    def complete(self, items: list[Any]) -> list[Any]:
        return [self._whole(item) for item in items]

    def _whole(self, item: Node) -> Node:
        key = item.get("id")
        if any(name in item for name in WHOLE) or not isinstance(key, str) or self.worth is False:
            return item
        try:
            full = item_of(self.fetch(key))
        except Failed as failed:
            if failed.status in (0, 429) or failed.status >= 500:
                raise
            return item
        except Unreadable:
            return item
        if str(full.get("id")).lower() != key.lower():
            return item
        full.line = item.line
        self.probed += 1
        if full.keys() - item.keys():
            self.worth = True
        elif self.worth is None and self.probed >= PROBES:
            # The list says all there is.
            self.worth = False
        return full


class Reader:
    """Reads the pages of a feed one after the other.

    ``item_url`` gives the address of one service. ``stuck``: the last run stopped at this very
    page; when the server refuses it again, it is passed over instead of stopping every run.
    """

    def __init__(self, item_url: Callable[[str], str], *, stuck: bool = False) -> None:
        self.completer = Completer(lambda key: fetching.get(item_url(key)))
        self.stuck = stuck
        self.total = 0
        self.broken: list[int] = []

    def read(self, url: str, number: int) -> Page | Broken:
        """Page ``number``; raise ``Failed`` when the feed does not answer."""
        if number > PAGES_MAX:
            raise Failed(f"is one of more than {PAGES_MAX:,}")
        stuck, self.stuck = self.stuck, False
        raw = b""
        try:
            raw = fetching.get(url)
            page = page_of(raw)
            self.total = page.total or self.total
            page.items = self.completer.complete(page.items)
        except Unreadable as why:
            return self._broken(raw, str(why), number)
        except Failed as failed:
            if failed.status == 404 and number > 1:
                return Page([], ends=True)
            if stuck and failed.status >= 400:
                return self._broken(raw, f"{failed} again", number)
            raise
        self.broken = []
        page.ends = page.last or not page.items or 0 < page.total <= number
        return page

    def _broken(self, raw: bytes, why: str, number: int) -> Broken:
        self.broken.append(number)
        if len(self.broken) >= BROKEN_MAX:
            raise Failed(f"is the {BROKEN_MAX}th broken page in a row: it {why}")
        return Broken(raw, why, 0 < self.total <= number)

    @property
    def back_to(self) -> int | None:
        """Where to go on after too many broken pages: the first of them."""
        return self.broken[0] if len(self.broken) >= BROKEN_MAX else None
