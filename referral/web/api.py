"""The API's door: OpenAPI blueprints under ``/api/v1``, strict input, versions, idempotency.

bp = Blueprint("referrals", __name__)          # endpoints are "api_referrals.<function>"

@bp.post("/referrals")
@body(NewReferral)                             # strict JSON → dict, first argument
@answers(201, ReferralOut)                     # dumped by the schema, listed in OpenAPI
@idempotent
@commits
def create(data): ...
    return shown, 201, etag(shown["version"])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NoReturn, ParamSpec, TypeVar

import marshmallow
from flask import Flask, Request, request
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import fields
from webargs.flaskparser import FlaskParser

from referral.core.errors import Invalid, PreconditionRequired, ReferralError
from referral.core.i18n import _
from referral.core.schema import INTEGER_MAX, Schema, Text, Whole, flatten
from referral.web.bodies import json_body
from referral.web.models import KEY_MAX
from referral.web.paging import CURSOR_MAX, LIMIT_DEFAULT, LIMIT_MAX

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])
View = Callable[P, R]
PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
_ETAG = re.compile(r'^(?:W/)?"(\d{1,10})"$')


class Problem(marshmallow.Schema):
    """RFC 9457. ``errors`` names each field and the rule it breaks."""

    type = fields.Url(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    allowed_actions = fields.List(fields.String())
    duplicate_of = fields.String()
    your_version = fields.Integer()
    current_version = fields.Integer()


class Parser(FlaskParser):
    """Reads JSON by our rules and raises our errors; a schema's own ``unknown`` decides."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(
        ("json", "query", "form", "headers", "cookies", "files", "json_or_form", "path"), None
    )

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        return json_body()

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:
        twice = [
            name
            for name, values in req.args.lists()
            if len(values) > 1 and not isinstance(schema.fields.get(name), fields.List)
        ]
        if twice:
            raise Invalid({name: [str(_("may be given only once"))] for name in twice})
        return super().load_querystring(req, schema)

    def handle_error(self, error: marshmallow.ValidationError, *_: Any, **__: Any) -> NoReturn:
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call] # theirs
        location = next(iter(messages), "")
        raise Invalid(flatten(messages[location] if len(messages) == 1 else messages)) from error


class Blueprint(SmorestBlueprint):  # type: ignore[misc] # flask-smorest carries no types
    """A part of the API; the name is prefixed with ``api_``, so pages may have the same."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(f"api_{name}", import_name, **options)
        self._prepare_doc_cbks.append(self._prepare_headers_doc)

    @staticmethod
    def _prepare_headers_doc(
        doc: dict[str, Any], doc_info: dict[str, Any], **_context: Any
    ) -> dict[str, Any]:
        if given := doc_info.get("headers"):
            doc["parameters"] = [*doc.get("parameters", []), *given]
        return doc

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        made: Callable[[F], F] = super().route(rule, **options)
        return made

    def get(self, rule: str, **options: Any) -> Callable[[F], F]:
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[F], F]:
        return self.route(rule, methods=["POST"], **options)

    def put(self, rule: str, **options: Any) -> Callable[[F], F]:
        return self.route(rule, methods=["PUT"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[F], F]:
        return self.route(rule, methods=["DELETE"], **options)


class Api(SmorestApi):  # type: ignore[misc] # flask-smorest carries no types
    """flask-smorest would answer every HTTP error of the whole site itself: ``problems`` does."""

    ERROR_SCHEMA = Problem
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def _register_error_handlers(self) -> None:
        return None

    def _register_responses(self) -> None:
        usual = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual


_decorators = Blueprint("decorators", __name__)


def body(schema: type[marshmallow.Schema]) -> Callable[[View[P, R]], Callable[..., R]]:
    """Give the view the JSON object, validated by ``schema``, as its first argument.

    The schema is made once: making one copies every field.
    """
    made: Callable[[View[P, R]], Callable[..., R]] = _decorators.arguments(schema())
    return made


def arguments(schema: type[marshmallow.Schema]) -> Callable[[View[P, R]], Callable[..., R]]:
    """Give the view the query string, validated by ``schema``, as its first argument."""
    made: Callable[[View[P, R]], Callable[..., R]] = _decorators.arguments(
        schema(), location="query"
    )
    return made


def answers(
    status: int, schema: type[marshmallow.Schema] | marshmallow.Schema | None = None
) -> Callable[[View[P, R]], View[P, Any]]:
    """Dump what the view returns by ``schema``, and list it in the OpenAPI document."""
    made: Callable[[View[P, R]], View[P, Any]] = _decorators.response(status, schema)
    return made


def idempotent(view: View[P, R]) -> View[P, R]:
    """Let the ``Idempotency-Key`` header make a repeated POST answer the same again."""
    view.is_idempotent = True  # type: ignore[attr-defined] # a mark read by the door
    _take_header(view, "Idempotency-Key", {"type": "string", "maxLength": KEY_MAX}, required=False)
    return view


def versioned(view: View[P, R]) -> View[P, R]:
    """List in the OpenAPI document that the view asks ``if_match()``."""
    _take_header(view, "If-Match", {"type": "string"}, required=True)
    return view


def _take_header(view: Any, name: str, schema: dict[str, Any], *, required: bool) -> None:
    view._apidoc = deepcopy(getattr(view, "_apidoc", {}))
    header = {"in": "header", "name": name, "required": required, "schema": schema}
    view._apidoc.setdefault("headers", []).append(header)


class PageArguments(Schema):
    """What every list takes."""

    limit = Whole(min=1, max=LIMIT_MAX, load_default=LIMIT_DEFAULT)
    cursor = Text(max=CURSOR_MAX, load_default="")


def page_of(items: Sequence[Any], next_cursor: str | None) -> dict[str, Any]:
    """The envelope of every list."""
    return {"items": list(items), "next_cursor": next_cursor}


def page_schema(item: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """The schema of a list of ``item``, for ``answers``."""
    name = item.__name__.removesuffix("Schema") + "Page"
    made: type[marshmallow.Schema] = type(
        name,
        (marshmallow.Schema,),
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
        },
    )
    return made


def etag(version: int) -> dict[str, str]:
    """The header that carries a row's version."""
    return {"ETag": f'"{version}"'}


def if_match() -> int:
    """The version the client saw; raise ``PreconditionRequired`` without ``If-Match``."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    found = _ETAG.match(given.strip())
    if found is None or int(found[1]) > INTEGER_MAX:
        raise ReferralError('If-Match must be the ETag you were given, such as "3".')
    return int(found[1])


def install(app: Flask, title: str, blueprints: Sequence[Blueprint]) -> Api:
    """Put the API and its OpenAPI 3.1 document on the site."""
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.options["security"] = [{"bearer": []}]
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    return api
