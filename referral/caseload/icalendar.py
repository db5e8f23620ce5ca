"""A worker's appointments as a calendar other programs read (RFC 5545): nobody's name. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

OCTETS = 75


@dataclass(frozen=True)
class Entry:
    """``summary`` may hold a reference and a kind of appointment, and nothing about a person."""

    id: UUID
    at: datetime
    minutes: int
    summary: str
    changed_at: datetime
    version: int = 1
    cancelled: bool = False


def feed(entries: Iterable[Entry], name: str) -> str:
    """The whole calendar, lines ended and folded as the standard has it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Joined Up//Appointments//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for one in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.id}@joined-up.invalid",
            f"SEQUENCE:{one.version}",
            f"DTSTAMP:{_moment(one.changed_at)}",
            f"DTSTART:{_moment(one.at)}",
            f"DTEND:{_moment(one.at + timedelta(minutes=one.minutes))}",
            f"SUMMARY:{_text(one.summary)}",
            f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return " ".join(value.split())


def _folded(line: str) -> Iterable[str]:
    """At most 75 octets a line, never inside a character; what goes on begins with a space."""
    part, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + char, size + width
    yield part
