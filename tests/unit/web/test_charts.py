"""The geometry of charts: within the picture, from nought, with gaps where nothing is known."""

import pytest

from referral.web.charts import HEIGHT, WIDTH, Band, Point, line, share


def test_a_scale_starts_at_nought_and_ends_at_a_round_number() -> None:
    chart = line([Point("a", 3.1), Point("b", 1.2)])
    assert [text for _y, text in chart.grid] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("highest", [0, 0.003, 0.4, 1, 7, 19, 84, 1234, 9_999_999])
def test_every_mark_lies_in_the_picture(highest: float) -> None:
    points = [Point(str(n), highest * n / 10) for n in range(11)]
    chart = line(points, [Band(0, 10, -1, highest / 2, highest)])
    assert 2 <= len(chart.grid) <= 6
    for mark in chart.marks:
        assert 0 <= mark.x <= WIDTH
        assert 0 <= mark.y <= HEIGHT
    for box in chart.boxes:
        assert box.height >= 0
        assert box.y + box.height <= HEIGHT


def test_a_gap_breaks_the_line() -> None:
    chart = line([Point(str(n), value) for n, value in enumerate([1, 2, None, 3, None, 4, 5, 6])])
    assert [path.count(",") for path in chart.paths] == [2, 3]
    assert len(chart.marks) == 6


def test_an_empty_chart_is_still_a_chart() -> None:
    assert line([]).marks == []
    assert line([Point("only", None)]).paths == []


def test_a_bar_shows_a_sliver_of_anything() -> None:
    assert share(0, 84) == 0
    assert share(1, 100_000) == 1
    assert share(84, 84) == 100
    assert share(200, 84) == 100
    assert share(5, 0) == 0
