"""A spreadsheet is written without a library, opens anywhere, and runs nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from referral.outcomes import funding, workbook
from referral.outcomes.funding import Share

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(rows: list[list[Any]], title: str = "Our people") -> list[list[tuple[str, str, str]]]:
    """``(place, kind, text)`` of each cell, as a reader of the format finds it."""
    out = io.BytesIO()
    workbook.write(out, title, rows)
    with zipfile.ZipFile(out) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(f".//{SHEET}f"), "no formula stands anywhere"
    return [
        [
            (cell.get("r") or "", cell.get("t") or "n", "".join(cell.itertext()))
            for cell in row.findall(f"{SHEET}c")
        ]
        for row in sheet.iter(f"{SHEET}row")
    ]


def test_text_numbers_and_days_are_what_they_are() -> None:
    rows = read([["Name", "Born", "Came"], ["Amina <&> “Begum”", date(2026, 6, 1), 12]])
    assert rows[0][0] == ("A1", "inlineStr", "Name")
    assert rows[1] == [
        ("A2", "inlineStr", "Amina <&> “Begum”"), ("B2", "n", "46174"), ("C2", "n", "12"),
    ]  # fmt: skip


def test_what_looks_like_a_formula_and_what_xml_cannot_hold_do_no_harm() -> None:
    nasty = ["=1+1", "@SUM(A1)", "\x00\x0bbell\ud800", "x" * 40_000, None, ""]
    (_head, cells) = read([["a"] * 6, nasty])
    assert [kind for _place, kind, _text in cells] == ["inlineStr"] * 4
    assert [text for _place, _kind, text in cells[:3]] == ["=1+1", "@SUM(A1)", "bell"]
    assert len(cells[3][2]) == workbook.CELL_MAX


def test_columns_beyond_z_and_odd_titles_are_named() -> None:
    (row,) = read([[f"c{n}" for n in range(28)]], title="a/b:c[d]*?'\"&" + "x" * 40)
    assert [place for place, _kind, _text in row][-3:] == ["Z1", "AA1", "AB1"]


@pytest.mark.parametrize(
    ("shares", "paid_for", "unpaid"),
    [
        ([], 0, 84),
        ([Share(60, date(2025, 1, 1), date(2030, 1, 1))], 60, 24),
        ([Share(60, date(2026, 7, 1), date(2030, 1, 1))], 30, 54),
        ([Share(60, date(2027, 1, 1), date(2030, 1, 1))], 0, 84),
        ([Share(50, date(2025, 1, 1), date(2030, 1, 1))] * 2, 100, 0),
    ],
)
def test_the_load_is_what_started_beside_what_is_paid_for_in_that_time(
    shares: list[Share], paid_for: int, unpaid: int
) -> None:
    load = funding.load(84, shares, date(2026, 1, 1), date(2026, 12, 31))
    assert (load.started, load.paid_for, load.unpaid) == (84, paid_for, unpaid)
