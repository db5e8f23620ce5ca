"""A form with rows of inputs: places, times, prices, each row its own small group of fields.

    form = RowForm(Service, rows=("places",), values={"places": [{"name": "Hall"}]})
    {% for n in range(form.count("places", spare=1)) %}
      {{ fields.text(form, 'places.' ~ n ~ '.name', _('Place')) }}
    {% endfor %}

Names are ``places.0.name``. Rows in which nothing was typed fall out and the rest move up, so that
an error of the schema names the row on the page. A button named ``more`` or ``less`` (value: the
rows, or one row ``places.2``) asks for a row more or less and sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import request

from referral.core.schema import Schema
from referral.web.forms import Form

MORE, LESS = "more", "less"
ROWS_MAX = 100


class RowForm(Form):
    """``Form``, with lists of objects. ``standing`` fields alone do not make a row.

    ``prepare`` may turn what was typed into what the schema loads, where rows differ from it.
    """

    def __init__(
        self,
        schema: type[Schema] | Schema,
        *,
        rows: Iterable[str],
        standing: Iterable[str] = ("id",),
        prepare: Callable[[dict[str, Any]], dict[str, Any]] = lambda data: data,
        values: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.rows, self.standing = tuple(rows), frozenset(standing)
        self.prepare = prepare
        self.spare: dict[str, int] = {}
        shown = dict(values or {})
        for name in self.rows:
            shown[name] = {str(n): row for n, row in enumerate(shown.get(name) or ())}
        super().__init__(schema, ignore=(MORE, LESS), values=shown, **options)

    @property
    def reshapes(self) -> bool:
        """The reader asked for a row more or less and for nothing else."""
        return MORE in request.form or LESS in request.form

    def reshape(self) -> None:
        """Keep what was typed and do what the button said."""
        self.values = self._typed()
        for name in request.form.getlist(MORE):
            if name in self.rows:
                self.spare[name] = 1
        for row in request.form.getlist(LESS):
            self.values = {
                name: value for name, value in self.values.items() if not name.startswith(f"{row}.")
            }
        self._close_ranks()

    def count(self, name: str, spare: int = 0) -> int:
        """How many rows the page shows: those that are filled, one more when there is none."""
        filled = len(self._numbers(name))
        return filled + max(spare, self.spare.get(name, 0), 0 if filled else 1)

    def row(self, name: str, number: int) -> dict[str, Any]:
        """What stands in one row."""
        start = f"{name}.{number}."
        return {
            key.removeprefix(start): value
            for key, value in self.values.items()
            if key.startswith(start)
        }

    def _typed(self) -> dict[str, Any]:
        self.values = super()._typed()
        self._close_ranks()
        return self.values

    def _close_ranks(self) -> None:
        """Let empty rows fall out and number the rest from 0."""
        for name in self.rows:
            rows = [self.row(name, number) for number in self._numbers(name)]
            kept = [row for row in rows if self._is_filled(row)]
            for key in [key for key in self.values if self._number_of(name, key) is not None]:
                del self.values[key]
            for number, row in enumerate(kept):
                self.values |= {f"{name}.{number}.{key}": value for key, value in row.items()}

    def _is_filled(self, row: Mapping[str, Any]) -> bool:
        return any(str(value).strip() for key, value in row.items() if key not in self.standing)

    def _numbers(self, name: str) -> list[int]:
        found = {self._number_of(name, key) for key in self.values}
        return sorted(number for number in found if number is not None)[:ROWS_MAX]

    @staticmethod
    def _number_of(name: str, key: str) -> int | None:
        first, _dot, rest = key.partition(".")
        number, dot, _field = rest.partition(".")
        plain = first == name and dot and number.isascii() and number.isdecimal()
        return int(number) if plain and len(number) < 5 else None

    def _loadable(self, skip: Iterable[str]) -> dict[str, Any]:
        data = super()._loadable(skip)
        for name in self.rows:
            given = data.get(name)
            if given is None:
                data[name] = []
            elif isinstance(given, dict) and all(key.isdecimal() for key in given):
                data[name] = [self._whole(name, int(key), given[key]) for key in given]
        return self.prepare(data)

    def _whole(self, name: str, number: int, given: Any) -> Any:
        """A row with its emptied fields as None: they clear what was there."""
        emptied = {
            key: None
            for key, value in self.row(name, number).items()
            if key not in self.standing and not str(value).strip()
        }
        return emptied | given if isinstance(given, dict) else given
