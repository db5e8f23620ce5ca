"""The open feed at ``/open-referral/``: Open Referral UK 3.0, for anybody, from any site.

Answers are JSON (or ndjson, all of a list without pages), compressed where the reader takes that,
and carry a digest of what they say: a reader that sends it back hears 304 while nothing changed.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from typing import Any

from flask import Response, json, request
from werkzeug.wrappers import Response as BaseResponse

from referral.core.actor import ANONYMOUS
from referral.core.database import reading
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.core.schema import Schema
from referral.directory import open_referral as standard
from referral.directory.queries import feed
from referral.directory.schemas import feed as schemas
from referral.web.pages import Blueprint

HOME = "/open-referral"
View = Callable[..., Any]
bp = Blueprint("open_referral", __name__, url_prefix=HOME)
# A reader may keep an answer so long without asking again.
FRESH = "public, max-age=60"
SMALL = 500
LEVEL = 5
# Objects of a list that is sent line by line, a read at a time.
BATCH = 1000
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class BadParameter(Invalid):
    """A parameter breaks its rule."""

    status = 400
    type = "bad-request"
    title = "A parameter cannot be read"


@bp.after_app_request
def open_to_all(response: Response) -> Response:
    """Whatever the answer, errors too: a page of any site may read it."""
    if f"{request.path}/".startswith(f"{HOME}/"):
        response.headers.update(CORS)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


def _get(rule: str) -> Callable[[View], View]:
    """A GET of the feed, with or without a slash at its end."""

    def mark(view: View) -> View:
        @wraps(view)
        def answer(**parts: str) -> BaseResponse:
            found = view(**parts)
            return found if isinstance(found, BaseResponse) else _answer(found)

        bp.get(rule, strict_slashes=False)(answer)
        return view

    return mark


@_get("/")
def home() -> dict[str, str]:
    return standard.DETAILS


@_get("/services")
def services() -> Any:
    asked = _asked(schemas.Services())
    if asked["minimal"]:
        on_one_page = not {"page", "per_page", "format"} & request.args.keys()
        return _list(partial(feed.services_in_brief, all_of_them=on_one_page), asked)
    return _list(feed.services, asked)


@_get("/services/<number>")
def service(number: str) -> dict[str, Any]:
    return feed.service(ANONYMOUS, number)


@_get("/organizations")
def organizations() -> Any:
    return _list(feed.organisations, _asked(schemas.Organizations()))


@_get("/organizations/<number>")
def organization(number: str) -> dict[str, Any]:
    asked = _asked(schemas.Organization())
    return feed.organisation(ANONYMOUS, number, full_service=asked["full_service"])


@_get("/service_at_locations")
def service_at_locations() -> Any:
    return _list(feed.service_at_locations, _asked(schemas.ServiceAtLocations()))


@_get("/service_at_locations/<number>")
def service_at_location(number: str) -> dict[str, Any]:
    return feed.service_at_location(ANONYMOUS, number)


@_get("/taxonomies")
def taxonomies() -> Any:
    return _list(feed.taxonomies, _asked(schemas.Taxonomies()))


@_get("/taxonomies/<number>")
def taxonomy(number: str) -> dict[str, Any]:
    return feed.taxonomy(ANONYMOUS, number)


@_get("/taxonomy_terms")
def taxonomy_terms() -> Any:
    return _list(feed.taxonomy_terms, _asked(schemas.TaxonomyTerms()))


@_get("/taxonomy_terms/<number>")
def taxonomy_term(number: str) -> dict[str, Any]:
    return feed.taxonomy_term(ANONYMOUS, number)


def _asked(schema: Schema) -> dict[str, Any]:
    """The parameters; raise ``BadParameter`` naming those that break a rule."""
    twice = [
        name for name, values in request.args.lists() if name in schema.fields and len(values) > 1
    ]
    if twice:
        raise BadParameter({name: [str(_("may be given only once"))] for name in twice})
    try:
        return schema.read(request.args.to_dict())
    except Invalid as error:
        raise BadParameter(error.errors) from error


def _list(find: Callable[..., feed.Listed], asked: Mapping[str, Any]) -> Any:
    """A page of a list, or all of it line by line."""
    if asked["format"] == "json":
        return find(ANONYMOUS, asked).whole
    pieces, packs = _lines(find, asked), _takes_gzip()
    pieces = _packed(pieces) if packs else pieces
    response = Response(pieces, mimetype="application/x-ndjson", direct_passthrough=True)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FRESH
    response.vary.add("Accept-Encoding")
    return response


def _lines(find: Callable[..., feed.Listed], asked: Mapping[str, Any]) -> Iterator[bytes]:
    """Each object on a line of its own. Between two batches no transaction is open."""
    number = 1
    while True:
        with reading(ANONYMOUS):
            found = find(ANONYMOUS, {**asked, "page": number, "per_page": BATCH})
        if not found.contents:
            return
        yield "".join(f"{_text(item)}\n" for item in found.contents).encode()
        number += 1


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def _answer(found: Mapping[str, Any]) -> BaseResponse:
    body = _text(found).encode()
    response = Response(status=200, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = FRESH
    response.vary.add("Accept-Encoding")
    if len(body) > SMALL and _takes_gzip():
        body = gzip.compress(body, LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(body)
    return response.make_conditional(request)


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def _text(found: Any) -> str:
    return json.dumps(found, sort_keys=False, ensure_ascii=False)
