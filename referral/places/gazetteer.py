"""Reading gazetteer files: lists of outward codes, and of postcodes such as the ONSPD.

A file is read in blocks of whole lines, so that memory stays flat and the place where reading
stopped is a byte. Columns are known by their names in any case and order. Nothing a row can hold
stops the reading: a row is taken, left out for a reason that is counted, or refused with a
sentence.
"""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import IO

from referral.places import names

BLOCK = 8 * 1024 * 1024
LONGEST_LINE = 64 * 1024
SAMPLE = 1024 * 1024

OUTCODES, POSTCODES = "outcodes", "onspd"
KINDS = (OUTCODES, POSTCODES)
CODES = ("pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode", "outcode", "outward")
LATITUDES = ("lat", "latitude")
LONGITUDES = ("long", "longitude", "lng", "lon")
ENDS = ("doterm",)
TOWNS = ("town", "post_town", "place")
REGIONS = ("region", "county")

# GOV.UK's pattern, without the space; see places/postcodes.py, which is for one at a time.
_UNIT = re.compile(
    r"(?:GIR0AA|(?:[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPS-UW]"
    r"|[A-HK-Y][0-9][ABEHMNPRV-Y]))[0-9][ABD-HJLNP-UW-Z]{2})"
)
# The islands and the mainland, with room to spare.
_SOUTH, _NORTH, _WEST, _EAST = 48.5, 61.5, -14.0, 3.0
NO_GRID = "it has no grid reference"


class Unreadable(Exception):
    """The file cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Refused:
    """A row that is no place: its line in the file and why."""

    line: int
    reason: str


@dataclass
class Block:
    """What a block of lines held; a postcode that comes twice counts twice and is kept once.

    ``end`` is the byte after it. ``rows`` are as the table keeps them: code, latitude, longitude,
    and for outward codes town and region.
    """

    start: int
    end: int
    lines: int = 0
    taken: int = 0
    terminated: int = 0
    pseudo: int = 0
    rows: dict[str, tuple[float, float, str, str]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """Where in a row each thing stands; -1 = the file has no such column."""

    code: int
    latitude: int
    longitude: int
    end: int = -1
    town: int = -1
    region: int = -1

    @property
    def needed(self) -> int:
        return 1 + max(self.code, self.latitude, self.longitude, self.end, self.town, self.region)


@dataclass(frozen=True)
class Source:
    """An open file: what it is, where its rows begin, how long it is, and how to know it again."""

    stream: IO[bytes]
    name: str
    kind: str
    columns: Columns
    begins: int
    size: int
    fingerprint: str

    def blocks(self, start: int = 0, lines: int = 0) -> Iterator[Block]:
        """The blocks from byte ``start`` on; ``lines`` is how many rows came before it."""
        start = start or self.begins
        self.stream.seek(start)
        reader = _outcodes if self.kind == OUTCODES else _postcodes
        for raw, end in _whole_lines(self.stream, start):
            block = Block(start, end)
            # Rows are counted from the header, which is line 1.
            reader(block, _rows(raw, lines + 2, block, self.columns.needed), self.columns)
            block.lines = len(raw)
            start, lines = end, lines + block.lines
            yield block


@contextmanager
def opened(path: Path, kind: str = "") -> Iterator[Source]:
    """The file at ``path``, or the largest table inside it when it is a zip.

    Raise ``Unreadable`` when it is no table of places. ``kind`` "" = seen from its first row.
    """
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as stream:
                yield _source(stream, path.name, path.stat().st_size, kind)
            return
        with zipfile.ZipFile(path) as archive:
            tables = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if not tables:
                raise Unreadable(f"{path.name}: there is no .csv in it")
            largest = max(tables, key=lambda one: one.file_size)
            with archive.open(largest) as member:
                name = Path(largest.filename).name
                yield _source(member, name, largest.file_size, kind)
    # RuntimeError: it is locked, or packed in a way Python does not know.
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise Unreadable(f"{path.name}: {why}") from error


def _source(stream: IO[bytes], name: str, size: int, kind: str) -> Source:
    sample = stream.read(SAMPLE)
    stream.seek(max(0, size - SAMPLE))
    digest = hashlib.sha256(b"%d\n" % size + sample + stream.read(SAMPLE)).hexdigest()
    header, newline, rest = sample.partition(b"\n")
    if not newline or len(header) > LONGEST_LINE:
        raise Unreadable(f"{name}: its first line must name the columns")
    columns = _columns(_cells(header.decode("utf-8-sig", "replace")))
    if columns is None:
        raise Unreadable(
            f"{name}: its first line must name a column for the code ({', '.join(CODES)}),"
            f" one for the latitude ({', '.join(LATITUDES)}) and one for the longitude"
            f" ({', '.join(LONGITUDES)})"
        )
    seen = kind or _kind(rest.partition(b"\n")[0].decode("utf-8", "replace"), columns)
    return Source(stream, name, seen, columns, len(header) + 1, size, digest)


def _columns(cells: Sequence[str]) -> Columns | None:
    heads = {head.strip().lower(): number for number, head in reversed(list(enumerate(cells)))}

    def at(wanted: Sequence[str]) -> int:
        return next((heads[name] for name in wanted if name in heads), -1)

    found = Columns(at(CODES), at(LATITUDES), at(LONGITUDES), at(ENDS), at(TOWNS), at(REGIONS))
    return found if min(found.code, found.latitude, found.longitude) >= 0 else None


def _kind(first: str, columns: Columns) -> str:
    cells = _cells(first)
    code = cells[columns.code] if len(cells) > columns.code else ""
    return OUTCODES if names.outward(code) and " " not in code.strip() else POSTCODES


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")]), [])
    except csv.Error:
        return []


def _whole_lines(stream: IO[bytes], start: int) -> Iterator[tuple[list[bytes], int]]:
    """Lists of whole lines, and the byte after each list. An endless line is cut, never kept."""
    rest, dropped = b"", 0
    while read := stream.read(BLOCK):
        lines = (rest + read).split(b"\n")
        start += len(read)
        rest = lines.pop()
        dropped = 0 if lines else dropped
        if len(rest) > LONGEST_LINE:
            dropped += len(rest) - LONGEST_LINE - 1
            rest = rest[: LONGEST_LINE + 1]
        if lines:
            yield lines, start - len(rest) - dropped
    if rest:
        yield [rest], start


def _rows(
    raw: list[bytes], first: int, block: Block, needed: int
) -> Iterator[tuple[int, list[str]]]:
    """Each line's cells with its number; lines that are no row are refused here."""
    for number, cells in enumerate(_parsed(b"\n".join(raw).decode("utf-8", "replace")), first):
        if len(cells) >= needed:
            yield number, cells
        elif len(raw[number - first]) > LONGEST_LINE:
            block.refused.append(Refused(number, "it is too long to be a row"))
        elif raw[number - first].strip():
            block.refused.append(Refused(number, f"it has {len(cells)} columns, not {needed}"))


def _parsed(text: str) -> Iterator[list[str]]:
    """The cells of each line, read as one table; line by line once a stray quote joins two."""
    lines = text.split("\n")
    table, done = csv.reader(lines), 0
    with suppress(csv.Error):
        for cells in table:
            if table.line_num != done + 1:
                break
            yield cells
            done += 1
    yield from map(_cells, lines[done:])


def _postcodes(block: Block, rows: Iterator[tuple[int, list[str]]], columns: Columns) -> None:
    code_at, latitude_at, longitude_at, end_at = (
        columns.code,
        columns.latitude,
        columns.longitude,
        columns.end,
    )
    is_unit, kept = _UNIT.fullmatch, block.rows
    for number, cells in rows:
        if end_at >= 0 and cells[end_at].strip():
            block.terminated += 1
            continue
        code = cells[code_at].replace(" ", "").upper()
        if is_unit(code) is None:
            _leave(block, number, code, "a postcode")
            continue
        spot = _spot(cells[latitude_at], cells[longitude_at])
        if isinstance(spot, str):
            block.refused.append(Refused(number, spot))
            continue
        kept[code] = (*spot, "", "")
        block.taken += 1


def _outcodes(block: Block, rows: Iterator[tuple[int, list[str]]], columns: Columns) -> None:
    for number, cells in rows:
        code = cells[columns.code].strip().upper()
        if not names.outward(code) or " " in code:
            _leave(block, number, code, "an outward code")
            continue
        spot = _spot(cells[columns.latitude], cells[columns.longitude])
        if isinstance(spot, str):
            block.refused.append(Refused(number, spot))
            continue
        town = cells[columns.town] if columns.town >= 0 else ""
        region = cells[columns.region] if columns.region >= 0 else ""
        block.rows[code] = (*spot, _name(town), _name(region))
        block.taken += 1


def _leave(block: Block, number: int, code: str, what: str) -> None:
    if code.startswith("ZZ99"):
        block.pseudo += 1
    else:
        block.refused.append(
            Refused(number, f"its code is not {what}" if code else "it has no code")
        )


def _spot(latitude: str, longitude: str) -> tuple[float, float] | str:
    """Degrees WGS 84, or why there are none."""
    try:
        up, along = float(latitude), float(longitude)
    except ValueError:
        return "its coordinates are not numbers" if (latitude or longitude).strip() else NO_GRID
    if _SOUTH <= up <= _NORTH and _WEST <= along <= _EAST:
        return up, along
    if not (isfinite(up) and isfinite(along)):
        return "its coordinates are not numbers"
    if up > 99 or (up == 0 and along == 0):
        return NO_GRID
    return "its coordinates are not in the United Kingdom"


def _name(value: str) -> str:
    """A name without what no page or database can hold."""
    return " ".join("".join(c for c in value if c.isprintable()).split())[: names.LONGEST]
