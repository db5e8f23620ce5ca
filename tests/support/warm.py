"""What every test would make anew although it never differs, made once in a process.

A site for each test means its templates compiled for each test, and a database for each test means
every statement compiled for each test: most of a run's time. The programs under test do the same
work once when they start; nothing here is about data.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any, ClassVar
from weakref import WeakSet

import jinja2
import pytest
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine, create_engine, event
from werkzeug.routing import Rule

from referral.core import database
from referral.web import api
from referral.web.door import Site


class Compiled(jinja2.BytecodeCache):
    """The code of each template, until its source changes."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


class Engines:
    """Makes engines that know what the first of their kind found out and compiled."""

    def __init__(self) -> None:
        self.first: dict[str, tuple[Dialect, Any]] = {}

    def make(self, *given: Any, **options: Any) -> Engine:
        made = create_engine(*given, **options)
        kind = made.dialect.name
        if kind in self.first:
            made.dialect, made._compiled_cache = self.first[kind]
            made.pool._dialect = made.dialect
        else:
            # Only a dialect that has met its server knows all that statements depend on.
            @event.listens_for(made, "connect", once=True)
            def met(*_connected: object) -> None:
                self.first.setdefault(kind, (made.dialect, made._compiled_cache))

        return made


class Api(api.Api):
    """Describes a blueprint when its first site is made; later sites do so when they are asked.

    What cannot be described fails the making of every site, as it does outside tests.
    """

    described: ClassVar[WeakSet[api.Blueprint]] = WeakSet()
    spec: Any

    def register_blueprint(self, blp: api.Blueprint, **options: Any) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._to_describe.append(blp)
        if blp not in self.described:
            self._describe()
            self.described.add(blp)

    def _describe(self) -> None:
        while self._to_describe:
            blp = self._to_describe.pop(0)
            blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
            self.spec.tag({"name": blp.name, "description": blp.description})

    def _init_spec(self, **options: Any) -> None:
        self._to_describe: list[api.Blueprint] = []
        super()._init_spec(**options)

    def _openapi_json(self) -> Any:
        self._describe()
        return super()._openapi_json()


class Builders:
    """Makes the function that builds a rule's addresses once for all rules that read the same."""

    def __init__(self) -> None:
        self.make = Rule._compile_builder
        self.made: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}

    def of(self, rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return self.make(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in self.made:
            self.made[key] = self.make(rule, append_unknown)
        return self.made[key]


@contextmanager
def kept() -> Iterator[None]:
    """Keep what is compiled, as long as this is open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Site, "jinja_options", Site.jinja_options | {"bytecode_cache": Compiled()})
        patch.setattr(api, "Api", Api)
        builders = Builders()
        patch.setattr(
            Rule, "_compile_builder", lambda rule, unknown=True: builders.of(rule, unknown)
        )
        patch.setattr(database, "create_engine", Engines().make)
        yield
