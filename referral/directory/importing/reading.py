"""Opening files as people send them: which are text, which are not, and where each row begins."""

from __future__ import annotations

import codecs
import csv
import json
import json.scanner
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from referral.directory.importing.records import BadValue, Unreadable

ENCODINGS = ("utf-8", "cp1252", "latin-1")
JSON_MAX = 64 * 1024 * 1024
FIELD_MAX = 10_000_000
CHUNK = 1 << 20
MARKS = {
    b"\x1f\x8b": "is compressed with gzip; unpack it first",
    b"PK\x03\x04": "is a zip file or a spreadsheet; save it as CSV or unpack it first",
    b"PK\x05\x06": "is an empty zip file",
    b"%PDF": "is a PDF",
    b"\xd0\xcf\x11\xe0": "is an old Excel or Word file; save it as CSV first",
    b"SQLite format 3\x00": "is a database",
    b"BZh": "is compressed with bzip2; unpack it first",
    b"\xfd7zXZ\x00": "is compressed with xz; unpack it first",
    codecs.BOM_UTF16_LE: "is in UTF-16; save it as UTF-8",
    codecs.BOM_UTF16_BE: "is in UTF-16; save it as UTF-8",
}


def check_text(path: Path, encoding: str = "utf-8") -> None:
    """Raise ``Unreadable`` unless the whole file is text in ``encoding``; reads it in pieces."""
    try:
        with path.open("rb") as file:
            _check_start(file.read(64))
            file.seek(0)
            _check_encoding(file, encoding)
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror or error}") from error


def _check_start(start: bytes) -> None:
    if not start.strip():
        raise Unreadable("is empty")
    for mark, what in MARKS.items():
        if start.startswith(mark):
            raise Unreadable(what)
    if start.count(b"\x00") > len(start) // 4:
        raise Unreadable("is not text")


def _check_encoding(file: IO[bytes], encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    while True:
        piece = file.read(CHUNK)
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n")
            raise Unreadable(
                f"is not {encoding.upper()} text (line {line}); "
                "save it as UTF-8, or name its encoding with --encoding"
            ) from error
        if not piece:
            return
        lines += piece.count(b"\n")


def csv_rows(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, list[str] | BadValue]]:
    """Each row with the line it begins on; a row that is no CSV comes as a ``BadValue``.

    Blank lines are passed over. Raise ``Unreadable`` when the file ends inside a quoted field.
    """
    csv.field_size_limit(FIELD_MAX)
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=name, newline="") as file:
        reader = csv.reader(file, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise Unreadable(
                        f"ends inside a quoted field that begins after line {line - 1}: "
                        'it is cut short, or a " is missing'
                    ) from error
                yield line, BadValue("is not a row of CSV: a quote is out of place")
                continue
            if any(cell.strip() for cell in row):
                yield line, row


class Node(dict[str, Any]):
    """A JSON object that knows the line it begins on."""

    line = 0


class _Decoder(json.JSONDecoder):
    """The standard decoder, noting where objects begin."""

    def __init__(self) -> None:
        super().__init__(parse_constant=_no_constant)
        self._seen, self._line = 0, 1
        self.parse_object: Any = self._object
        self.scan_once: Any = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined] # its stub is missing

    def _object(self, s_and_end: tuple[str, int], *rest: Any) -> tuple[Node, int]:
        text, end = s_and_end
        self._line += text.count("\n", self._seen, end)
        self._seen = end
        line = self._line
        made, after = json.decoder.JSONObject(s_and_end, *rest)  # type: ignore[attr-defined] # its stub is missing
        node = Node(made)
        node.line = line
        return node, after


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_json(path: Path) -> Any:
    """The whole file; objects are ``Node``. Raise ``Unreadable`` with the line of the fault."""
    if path.stat().st_size > JSON_MAX:
        raise Unreadable(f"is larger than {JSON_MAX // 1024 // 1024} MB; send it as several pages")
    return parse_json(path.read_text(encoding="utf-8-sig"))


def parse_json(text: str) -> Any:
    """The same of text that is at hand."""
    try:
        return _Decoder().decode(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or "Unterminated" in error.msg
        why = "it is cut short" if cut else error.msg.lower()
        raise Unreadable(f"is not whole JSON (line {error.lineno}): {why}") from error
    except RecursionError as error:
        raise Unreadable("is nested too deep to be a directory") from error
    except ValueError as error:
        raise Unreadable(f"is not JSON: {str(error)[:100]}") from error
