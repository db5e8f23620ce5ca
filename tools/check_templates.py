"""Read every template as its reader would: it compiles, and everything visible can be translated.

1. Each template compiles, and what it extends, includes and imports is there.
2. Visible text stands in `{{ _('…') }}` or `{% trans %}`: between tags, in attributes that are
   read out, and in what the components are given (`text: "…"`).
3. Components of the NHS design system are given only keys that they know: the macros need a
   forgiving Jinja, so a misspelt key would silently say nothing.

`python -m tools.check_templates` prints the problems, one a line, and exits with 1.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
SUFFIXES = {".html", ".txt", ".jinja", ".svg", ".xml"}
LETTER = re.compile(r"[^\W\d_]")
# Letters that are not words: entities, and names of things that no language translates.
NOT_WORDS = re.compile(r"&#?\w+;")
# The first line of a message is its subject.
MESSAGE_HEADER = "Subject:"
UNSEEN = {"script", "style"}
READ_OUT = {"alt", "aria-description", "aria-label", "label", "placeholder", "summary", "title"}
VISIBLE_KEYS = {
    "ariaLabel",
    "caption",
    "description",
    "heading",
    "hint",
    "html",
    "label",
    "legend",
    "text",
    "title",
    "titleText",
    "visuallyHiddenText",
}
# What a page may hand on as it likes.
FREE_KEYS = {"attributes", "params"}


class AnyName(dict[str, Any]):
    """Filters or tests of which every one is there: tests/house asks the real site for them."""

    def get(self, key: str, default: Any = None) -> Any:
        """Answer for any name."""
        return super().get(key, str)


def environment() -> jinja2.Environment:
    """Jinja as the site sets it up, without the site."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(TEMPLATES), jinja2.PackageLoader("nhsuk_frontend_jinja")]
        ),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters = AnyName(made.filters)
    made.tests = AnyName(made.tests)
    return made


ENVIRONMENT = environment()


def names() -> list[str]:
    """Every template of ours, by the name Jinja knows it under."""
    files = (path for path in TEMPLATES.rglob("*") if path.suffix in SUFFIXES)
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in files)


def source(name: str) -> str:
    """The text of a template, ours or the design system's."""
    assert ENVIRONMENT.loader is not None
    return ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]


class VisibleText(HTMLParser):
    """Collects (line, text) of what a reader sees or hears in HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []
        self._unseen = 0

    def _keep(self, text: str) -> None:
        if LETTER.search(NOT_WORDS.sub("", text)):
            first = len(text) - len(text.lstrip())
            line = self.getpos()[0] + text[:first].count("\n")
            self.found.append((line, " ".join(text.split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep attributes that are read out."""
        self._unseen += tag in UNSEEN
        for name, value in attrs:
            if name in READ_OUT and value:
                self._keep(value)

    def handle_endtag(self, tag: str) -> None:
        """Notice the end of what is not shown."""
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        """Keep text between tags."""
        if not self._unseen:
            self._keep(data)


def plain(text: str) -> str:
    """The template with everything that Jinja handles blanked out, line by line in its place.

    So is a block called `…_class`, which fills an attribute.
    """
    kept: list[str] = []
    hidden_until = ""
    statement: list[str] = []
    for _, kind, value in ENVIRONMENT.lex(text):
        if kind == "block_begin":
            statement = []
        elif kind == "name":
            statement.append(value)
        elif kind == "block_end" and statement:
            if statement[0] == hidden_until:
                hidden_until = ""
            elif statement[0] == "trans":
                hidden_until = "endtrans"
            elif statement[0] == "block" and statement[-1].endswith("_class"):
                hidden_until = "endblock"
        shown = kind == "data" and not hidden_until
        kept.append(value if shown else re.sub(r"[^\n]", " ", value))
    return "".join(kept)


def untranslated(name: str) -> Iterator[str]:
    """Visible text that no translator would meet."""
    text = plain(source(name))
    if name.endswith(".txt"):
        found = [
            (number, line.strip())
            for number, line in enumerate(text.splitlines(), 1)
            if LETTER.search(line.removeprefix(MESSAGE_HEADER))
        ]
    else:
        parser = VisibleText()
        parser.feed(text)
        parser.close()
        found = parser.found
    for line, words in found:
        yield f"{name}:{line}: not translatable: {words[:60]!r}"
    tree = ENVIRONMENT.parse(source(name))
    pairs: Iterable[nodes.Pair | nodes.Keyword] = tree.find_all((nodes.Pair, nodes.Keyword))
    for pair in pairs:
        key = pair.key.value if isinstance(pair.key, nodes.Const) else pair.key
        if key in VISIBLE_KEYS and isinstance(pair.value, nodes.Const):
            value = pair.value.value
            if isinstance(value, str) and LETTER.search(value):
                yield f"{name}:{pair.lineno}: not translatable: {key}: {value[:60]!r}"


@lru_cache(maxsize=256)
def known_keys(name: str) -> frozenset[str]:
    """Every key that a component of the design system reads, its parts' keys included."""
    tree = ENVIRONMENT.parse(source(name))
    keys = {node.attr for node in tree.find_all(nodes.Getattr)}
    keys |= {
        node.arg.value
        for node in tree.find_all(nodes.Getitem)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
    }
    keys |= {
        node.args[0].value
        for node in tree.find_all(nodes.Call)
        if isinstance(node.node, nodes.Getattr)
        and node.node.attr == "get"
        and node.args
        and isinstance(node.args[0], nodes.Const)
    }
    # A key that the component itself hands to a part is known as well.
    keys |= {
        pair.key.value
        for pair in tree.find_all(nodes.Pair)
        if isinstance(pair.key, nodes.Const) and isinstance(pair.key.value, str)
    }
    parts: Iterable[nodes.Include | nodes.FromImport | nodes.Import] = tree.find_all(
        (nodes.Include, nodes.FromImport, nodes.Import)
    )
    for part in parts:
        if isinstance(part.template, nodes.Const) and part.template.value != name:
            keys |= known_keys(part.template.value)
    return frozenset(keys)


def keys_given(value: nodes.Node) -> Iterator[tuple[int, str]]:
    """Every key of a literal given to a component, with its line; what is passed on is skipped."""
    if isinstance(value, nodes.Dict):
        for pair in value.items:
            if isinstance(pair.key, nodes.Const) and isinstance(pair.key.value, str):
                yield pair.lineno, pair.key.value
                if pair.key.value not in FREE_KEYS:
                    yield from keys_given(pair.value)
    elif isinstance(value, nodes.List):
        for item in value.items:
            yield from keys_given(item)
    elif isinstance(value, nodes.CondExpr):
        for branch in (value.expr1, value.expr2):
            if branch is not None:
                yield from keys_given(branch)


def unknown_keys(name: str) -> Iterator[str]:
    """Keys that a component of the design system would silently ignore."""
    tree = ENVIRONMENT.parse(source(name))
    components: dict[str, str] = {}
    for imported in tree.find_all(nodes.FromImport):
        origin = imported.template
        if isinstance(origin, nodes.Const) and origin.value.startswith("nhsuk/"):
            for item in imported.names:
                original, alias = item if isinstance(item, tuple) else (item, item)
                assert original
                components[alias] = origin.value
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in components:
            known = known_keys(components[call.node.name])
            for argument in call.args:
                for line, key in keys_given(argument):
                    if key not in known:
                        yield f"{name}:{line}: {call.node.name} does not know the key {key!r}"


def missing_parts(name: str) -> Iterator[str]:
    """What the template extends, includes or imports and is not there."""
    tree = ENVIRONMENT.parse(source(name))
    kinds = (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
    found: Iterable[nodes.Extends | nodes.Include | nodes.FromImport | nodes.Import]
    found = tree.find_all(kinds)
    for node in found:
        if isinstance(node.template, nodes.Const):
            try:
                source(node.template.value)
            except jinja2.TemplateNotFound:
                yield f"{name}:{node.lineno}: there is no template {node.template.value}"


def problems() -> list[str]:
    """Everything wrong with the templates, one line each."""
    told: list[str] = []
    for name in names():
        try:
            ENVIRONMENT.compile(source(name), name)
        except jinja2.TemplateSyntaxError as error:
            told.append(f"{name}:{error.lineno}: {error.message}")
            continue
        told += [*missing_parts(name), *untranslated(name), *unknown_keys(name)]
    return told


if __name__ == "__main__":
    found = problems()
    print("\n".join(found) if found else f"{len(names())} templates are in order.")
    sys.exit(bool(found))
