"""Telephone numbers inside a sentence can be rung."""

import pytest

from referral.web.templating import ringable


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Adults: 01632 960180, weekdays 9:00 to 17:00.",
            'Adults: <a href="tel:01632960180">01632 960180</a>, weekdays 9:00 to 17:00.',
        ),
        ("020 7946 0000", '<a href="tel:02079460000">020 7946 0000</a>'),
        ("Reference 0123 of 12/03/2026 <b>", "Reference 0123 of 12/03/2026 &lt;b&gt;"),
    ],
)
def test_a_number_in_a_sentence_can_be_rung(said: str, shown: str) -> None:
    assert ringable(said) == shown
