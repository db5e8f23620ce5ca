"""Find support: the question on top, the services that fit below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import ANONYMOUS
from referral.core.errors import Invalid
from referral.core.i18n import Lazy, _
from referral.directory import facets, glance, queries, schemas, services
from referral.directory.needs import NEEDS
from referral.directory.pages.blueprint import bp
from referral.directory.search import COUNT_MAX
from referral.directory.standing import CAPACITIES, CAPACITY_LABELS
from referral.web import paging
from referral.web.api import PageArguments
from referral.web.door import actor, note
from referral.web.forms import Form
from referral.web.pages import render
from referral.web.security import limiter

LISTING = "directory"
# What fits two screens; the first three are what matters, and the map stays legible.
PAGE = 10
ON_PAPER = 20
RADII = (2, 5, 8, 15, 30)
OFFERED_KM = frozenset(map(str, RADII))
LISTS = ("need", "access", "day", "time", "attend")
COSTS = {"free": _("Free"), "paid": _("Costs something")}
ROOMS = {key: CAPACITY_LABELS[key] for key in CAPACITIES}
# What "More choices" offers, by the name of its field.
CHOICES: dict[str, Mapping[str, Lazy]] = {
    "need": NEEDS,
    "day": facets.DAYS,
    "time": facets.TIMES,
    "attend": facets.ATTEND,
    "access": facets.ACCESS,
    "capacity": ROOMS,
    "cost": COSTS,
}
# What stands in the boxes above is not said again below them.
SEEN_ABOVE = frozenset({"text", "near", "radius_km", "organisation_id", "limit"})
# What the first row of the form asks: "More choices" looks the same for all who ask no more.
IN_BOXES = frozenset({"text", "need", "near", "radius_km", "organisation_id", "limit"})
# People look around by hand; a machine that reads everything takes the open feed.
READERS_RATE = "120 per minute"


class SearchForm(schemas.Search, PageArguments):
    """The search page's query string."""


# Made once: a schema copies every field each time it is made.
ASKED = SearchForm()
REPEATED = tuple(name for name in ASKED.fields if name not in ("cursor", "limit", "postcode"))


@dataclass(frozen=True)
class Chosen:
    """A choice made, and the address of the same search without it."""

    label: str
    href: str


def _signed_in() -> bool:
    return actor() != ANONYMOUS


def gently(view: Callable[[], Response]) -> Callable[[], Response]:
    """Hold back strangers who read too fast; who is signed in is not even counted."""
    limited = limiter.limit(READERS_RATE)(view)

    @wraps(view)
    def seen() -> Response:
        return view() if _signed_in() else limited()

    return seen


@bp.get("/directory")
@gently
def search() -> Response:
    """Find support: what fits, nearest first, with room, wait and when it was last checked."""
    form = Form(ASKED, lists=LISTS)
    return render("directory/search.html", form=form, **_page(form, _found(form)))


def _page(form: Form, page: queries.Page | None) -> dict[str, Any]:
    """What the search page shows besides its form."""
    asked = _asked()
    query = urlencode(asked, doseq=True)
    cursor = paging.encode(LISTING, *page.next_cursor) if page and page.next_cursor else None
    wider = {name: values for name, values in asked.items() if name != "radius_km"}
    near = asked.get("near")
    return {
        "page": page,
        "glance": glance,
        "people": _people(page),
        "asked": asked,
        "query": query,
        "following": f"/directory?{_with(query, cursor)}" if cursor else None,
        "start": f"/directory?{query}" if "cursor" in request.args else None,
        "chosen": list(_chosen(asked)),
        "wider": "/directory?" + urlencode(wider, doseq=True),
        "more": bool(form.errors.keys() - SEEN_ABOVE),
        "untouched": not form.errors and asked.keys() <= IN_BOXES,
        # Only choices on offer: what they look like is remembered for each.
        "usual": not form.errors and asked.get("radius_km", ["8"])[0] in OFFERED_KM,
        "near": urlencode({"near": near[0]}) if near else "",
        "today": clock.today(),
        "counted_to": COUNT_MAX,
        "radii": RADII,
        "choices": CHOICES,
        "signed_in": _signed_in(),
        "may_refer": may(actor(), Permission.REFER),
        "may_triage": may(actor(), Permission.RAISE_FOR_TRIAGE),
        "may_add": may(actor(), Permission.KEEP_OWN_LISTING),
        "keeps": may(actor(), Permission.KEEP_DIRECTORY),
    }


@bp.get("/directory/print")
@gently
def print_search() -> Response:
    """The same list on paper: the first of what fits, in large type."""
    form = Form(ASKED, lists=LISTS)
    page = _found(form, ON_PAPER)
    asked = _asked()
    return render(
        "directory/print_search.html",
        form=form,
        page=page,
        glance=glance,
        chosen=[choice.label for choice in _chosen(asked)],
        today=clock.today(),
        back=f"/directory?{urlencode(asked, doseq=True)}",
    )


@bp.get("/directory/export.csv")
def export() -> Response:
    """What the search finds, as a table for a spreadsheet."""
    form = Form(ASKED, lists=LISTS)
    asked = _read(form)
    if asked is None:
        return render("directory/search.html", form=form, **_page(form, None))
    lines = queries.table(actor(), asked)
    # The mark tells a spreadsheet that letters are UTF-8.
    answer = Response(["\ufeff", *lines], content_type="text/csv; charset=utf-8")
    name = f"services-{clock.today():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked() -> dict[str, list[str]]:
    """What was asked, by field, as links repeat it; ``postcode`` is the older name of ``near``."""
    found = {
        name: [value for value in request.args.getlist(name) if value.strip()]
        for name in REPEATED
        if name in request.args
    }
    found["near"] = request.args.getlist("near") or request.args.getlist("postcode")[:1]
    return {name: values for name, values in found.items() if any(values)}


def _with(query: str, cursor: str) -> str:
    return "&".join(part for part in (query, urlencode({"cursor": cursor})) if part)


def _chosen(asked: dict[str, list[str]]) -> Iterator[Chosen]:
    """Every choice that is not in the boxes on top, each with a link that takes it away."""
    for name, values in asked.items():
        if name in SEEN_ABOVE:
            continue
        for value in values:
            left = asked | {name: [other for other in values if other != value]}
            yield Chosen(_label(name, value), "/directory?" + urlencode(left, doseq=True))


def _label(name: str, value: str) -> str:
    """The choice in words; something that is not on offer stays as it was typed."""
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name == "age":
        return str(_("Age {age}", age=value))
    return str(_("Takes referrals")) if name == "accepting" else value


def _people(page: queries.Page | None) -> dict[Any, queries.Face]:
    """Who strangers may know; for who is signed in the search itself has named somebody."""
    if page is None or _signed_in():
        return {}
    found = queries.faces(actor(), [one.id for one in page.items])
    return {service_id: faces[0] for service_id, faces in found.items()}


def _found(form: Form, most: int = PAGE) -> queries.Page | None:
    """The page of services asked for; None when the question breaks a rule, which ``form`` says."""
    asked = _read(form)
    if asked is None:
        return None
    given = request.args.get("cursor")
    try:
        start = paging.decode(LISTING, given) if given else None
        page = queries.search(
            actor(), **asked | {"limit": most}, cursor=start, counted=start is None
        )
    except Invalid as error:
        form.refuse(error)
        return None
    if start is None and not page.items:
        note(lambda: services.note_miss(actor(), page.wish))
    return page


def _read(form: Form) -> dict[str, Any] | None:
    """What was asked, cleaned, without its place in the list; None when it breaks a rule."""
    asked: dict[str, Any] = {
        name: values if name in LISTS else values[0] for name, values in _asked().items()
    }
    form.values = dict(asked)
    # Without a place a distance means nothing; on a page that is an empty box, not a mistake.
    if "near" not in asked:
        asked.pop("radius_km", None)
    try:
        data = form.schema.read(asked)
    except Invalid as error:
        form.refuse(error)
        return None
    del data["cursor"], data["limit"]
    return data
