"""Whatever a file of answers holds, it is understood, refused by row, or refused whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from referral.core.spreadsheet import Unreadable
from referral.outcomes import spreadsheet
from referral.outcomes.spreadsheet import Refused, Row

HEAD = "reference,measure,edition,moment,answered_on,happy"
ROW = "JU-4K7Q-9WX,ons4,1,end,2026-06-01,7"


def read(raw: bytes) -> list[Row | Refused] | None:
    try:
        return spreadsheet.read(raw, {"happy", "lonely"})[0]
    except Unreadable:
        return None


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read(raw)
    read(f"{HEAD}\n".encode() + raw)


@given(st.lists(st.text(max_size=20), min_size=6, max_size=6))
def test_any_cells_make_one_row_or_none(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    found = read(f"{HEAD}\n{quoted}".encode("utf-8", "replace"))
    for row in found or []:
        assert row.line >= 2
        if isinstance(row, Refused):
            assert not any(cell in row.why for cell in cells if len(cell) > 9), "it says what stood"


def test_commas_semicolons_and_tabs_and_a_mark_at_the_beginning_are_the_same() -> None:
    plain = read(f"{HEAD}\n{ROW}".encode())
    assert plain is not None
    assert isinstance(plain[0], Row)
    for delimiter in (",", ";", "\t"):
        for end in ("\n", "\r\n"):
            text = f"{HEAD}{end}{end}{ROW}{end}".replace(",", delimiter)
            found = read(b"\xef\xbb\xbf" + text.encode())
            assert found is not None
            assert isinstance(found[0], Row)
            assert (found[0].data, found[0].line) == (plain[0].data, 3)
    goal = read(f"{HEAD},goal\n{ROW},2\n{ROW},two\n{ROW},123".encode())
    assert goal is not None
    assert [getattr(row, "goal", "refused") for row in goal] == [2, "refused", "refused"]
