"""From HTML inputs to what a schema loads, and back: what was typed stays, errors find their field.

    form = Form(NewPerson, date_fields=("date_of_birth",), lists=("needs",), values=shown)
    if request.method == "POST":
        data = form.read()                 # cleaned data, or None with form.errors
        if data is not None:
            try: services.register(actor(), data)
            except Invalid as error: form.refuse(error)
            else: return redirect_to("people.person", …)
    return render("people/register.html", form=form)

Names with dots (``risk.text``) become nested objects. Inputs left empty count as not given, except
those in ``clearable``, which become ``None``. A date is three inputs: ``<name>-day``, ``-month``,
``-year``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import g, render_template, request
from markupsafe import Markup
from marshmallow.fields import Nested

from referral.core.errors import FieldErrors, Invalid
from referral.core.i18n import Lazy, _, translate
from referral.core.schema import Schema

NOT_FIELDS = frozenset({"csrf_token"})
PARTS = ("day", "month", "year")
_SUMMARY = re.compile(r"<!--errors-of-form-(\d+)-->")


class Form:
    """One HTML form of one page, filled from ``values`` or from what was posted."""

    def __init__(
        self,
        schema: type[Schema] | Schema,
        *,
        date_fields: Iterable[str] = (),
        lists: Iterable[str] = (),
        clearable: Iterable[str] = (),
        ignore: Iterable[str] = (),
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.schema = schema() if isinstance(schema, type) else schema
        self.dates, self.lists = tuple(date_fields), tuple(lists)
        self.clearable, self.ignored = frozenset(clearable), NOT_FIELDS | frozenset(ignore)
        self.values: dict[str, Any] = _flat(values or {})
        self.errors: FieldErrors = {}
        self.labels: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        known: list[Form] = g.setdefault("forms", [])
        self.number = len(known)
        known.append(self)

    def read(self) -> dict[str, Any] | None:
        """The posted data, cleaned; None when a rule is broken, and ``errors`` says which."""
        self.values = self._typed()
        broken = self._broken_dates()
        try:
            data = self.schema.read(self._loadable(skip=broken))
        except Invalid as error:
            self.refuse(error)
            data = None
        for name, rule in broken.items():
            self.add(name, rule, replace=True)
        return None if self.errors else data

    def refuse(self, error: Invalid) -> None:
        """Show a service's refusal on the form."""
        for name, rules in error.errors.items():
            for rule in rules:
                self.add(name, rule)

    def add(self, name: str, rule: str | Lazy, *, replace: bool = False) -> None:
        """Put one error on the field called ``name``."""
        g.form_failed = True
        if replace:
            self.errors[name] = []
        self.errors.setdefault(name, []).append(str(rule))

    def value(self, name: str) -> Any:
        """What to show in the field: text, a list for ``lists``, parts for a date."""
        if name in self.dates:
            return self._parts(name)
        return self.values.get(name, [] if name in self.lists else "")

    def label(self, name: str, label: str, target: str | None = None) -> str:
        """Tell the form what a field is called on this page, and the id its errors link to."""
        self.labels[name] = str(label)
        self.targets[name] = target or self.id_of(name)
        return ""

    def id_of(self, name: str) -> str:
        """The HTML id of a field; one number per form keeps two forms on a page apart."""
        plain = name.replace(".", "-").replace("_", "-")
        return f"{plain}-{self.number + 1}" if self.number else plain

    def error(self, name: str) -> str | None:
        """The field's error as a sentence: the label, then the rule."""
        found = list(self.errors.get(name, ()))
        if name in self.lists or name in self.dates:
            inner = [
                r for key, rules in self.errors.items() if key.startswith(f"{name}.") for r in rules
            ]
            found += [rule for rule in inner if rule not in found]
        return _sentence(self.labels.get(name, ""), found[0]) if found else None

    def all_errors(self) -> list[tuple[str, str | None]]:
        """(sentence, id of the field to link to or None), in the order of the fields."""
        rows: list[tuple[str, str | None]] = []
        for name in self.labels:
            sentence = self.error(name)
            if sentence:
                rows.append((sentence, self.targets[name]))
        placed = {n for n in self.errors if n in self.labels or n.rpartition(".")[0] in self.labels}
        for name, rules in self.errors.items():
            if name not in placed:
                words = "" if name == "request" else name.replace("_", " ").replace(".", ": ")
                words = words[:1].upper() + words[1:]
                rows.extend((_sentence(words, rule), None) for rule in rules)
        return rows

    def summary(self) -> Markup:
        """A place for the error summary: filled when the page is done and every label is known."""
        return Markup(f"<!--errors-of-form-{self.number}-->")  # noqa: S704 - a number of ours

    def _typed(self) -> dict[str, Any]:
        posted = request.form
        return {
            name: posted.getlist(name) if name in self.lists else posted[name]
            for name in posted
            if name not in self.ignored
        }

    def _parts(self, name: str) -> dict[str, str]:
        shown = self.values.get(name)
        if isinstance(shown, date):
            return {"day": str(shown.day), "month": str(shown.month), "year": str(shown.year)}
        return {part: str(self.values.get(f"{name}-{part}", "")).strip() for part in PARTS}

    def _broken_dates(self) -> dict[str, Lazy]:
        broken: dict[str, Lazy] = {}
        for name in self.dates:
            parts = self._parts(name)
            empty = [part for part in PARTS if not parts[part]]
            if empty and len(empty) < len(PARTS):
                broken[name] = _MISSING[empty[0]]
            elif not empty and self._iso(name) is None:
                broken[name] = _("must be a real date")
        return broken

    def _iso(self, name: str) -> str | None:
        parts = self._parts(name)
        if not all(v.isascii() and v.isdigit() and len(v) <= 4 for v in parts.values()):
            return None
        year, month, day = (int(parts[part]) for part in reversed(PARTS))
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        """What was typed in the shape the schema takes."""
        part_names = {f"{name}-{part}" for name in self.dates for part in PARTS}
        flat: dict[str, Any] = {
            name: value for name, value in self.values.items() if name not in part_names
        }
        for name in self.dates:
            flat[name] = "" if name in skip else self._iso(name) or ""
        kept = {
            name: (None if value == "" else value)
            for name, value in flat.items()
            if name in self.lists or str(value).strip() or name in self.clearable
        }
        return self._with_empty_parts(_nested(kept))

    def _with_empty_parts(self, data: dict[str, Any]) -> dict[str, Any]:
        """A required part of which nothing was given is an empty one: its own fields complain."""
        for name, field in self.schema.fields.items():
            if isinstance(field, Nested) and field.required:
                data.setdefault(name, {})
        return data


_MISSING = {
    "day": _("must include a day"),
    "month": _("must include a month"),
    "year": _("must include a year"),
}


def seen_version() -> int:
    """The version the writer of this form saw; raise ``Invalid`` for a form that lost it."""
    given = request.form.get("version", "")
    if not given.isdecimal() or len(given) > 9:
        raise Invalid({"request": [str(_("Open the page again: this form is not complete."))]})
    return int(given)


def place_summaries(page: str) -> str:
    """Fill the places ``Form.summary`` left in a rendered page."""
    forms: list[Form] = g.get("forms", [])
    if not forms or "<!--errors-of-form-" not in page:
        return page
    return _SUMMARY.sub(lambda found: _render_summary(forms[int(found[1])]), page)


def _render_summary(form: Form) -> str:
    if not form.errors:
        return ""
    return render_template("components/error_summary.html", errors=form.all_errors())


def _sentence(label: str, rule: str) -> str:
    """``First name is required``; a rule that is a sentence of its own stands alone."""
    if not label or not rule[:1].islower():
        return rule[:1].upper() + rule[1:]
    if not label.endswith("?"):
        return f"{label} {rule}"
    if rule == translate("is required"):
        return str(_("Answer the question “{label}”", label=label))
    return f"{label}: {rule}"


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, bool):
            found[prefix + name] = "yes" if value else "no"
        elif value is not None:
            found[prefix + name] = value
    return found


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        here = root
        for step in path:
            inner = here.setdefault(step, {})
            here = inner if isinstance(inner, dict) else {}
        here[last] = value
    return root
