"""Appointments for other programs."""

import uuid
from datetime import UTC, datetime

from referral.caseload import icalendar
from referral.caseload.icalendar import Entry

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # an hour that the summer takes away


def test_lines_are_folded_within_a_character_and_ended_as_the_standard_has_it() -> None:
    entry = Entry(uuid.uuid4(), AT, 45, "JU-4K7Q; Gespräch, " + "ü" * 80, AT, 3, cancelled=True)
    text = icalendar.feed([entry], "Joined Up")
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART:20260329T013000Z" in whole
    assert "DTEND:20260329T021500Z" in whole
    assert "STATUS:CANCELLED" in whole
    assert "SUMMARY:JU-4K7Q\\; Gespräch\\, " + "ü" * 80 in whole
