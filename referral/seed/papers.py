"""What the town's organisations say to checks, and the papers they send: invented, all of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from referral.directory.standing import months_after
from referral.seed import reading
from referral.seed.reading import Table
from referral.vetting.checks import Check

COVER = 5_000_000
# Nothing is due again within the demonstration's first months, unless the story says so.
ENDS_AFTER, ENDS_SPREAD = 120, 150


def answer(check: Check, row: Table, story: Table, day: date, today: date, number: int) -> Table:
    """What the organisation of ``row`` says on ``day``; ``number`` makes each a little different.

    ``story``: its part of ``vetting.toml``; ``ends`` and ``lapsed`` are days from ``today``.
    """
    made_on = day - timedelta(days=4 + number % 9)
    lapsed = story.get("lapsed", {}).get(check.key)
    if lapsed is not None and check.renewal.months:
        made_on = months_after(today - timedelta(days=lapsed), -check.renewal.months)
    note = reading.table("vetting")["notes"].get(check.key, "")
    if check.kind == "insurance":
        ends = story.get("ends", {}).get(check.key, ENDS_AFTER + number * 37 % ENDS_SPREAD)
        return {
            "issuer": "Mutual of Eldermuir",
            "number": f"ME-{2000 + number}",
            "cover": 2 * COVER if check.key == "employers_liability" else COVER,
            "cover_by": "venue" if story.get("way") == "turn_up" else "own",
            "expires_on": (today + timedelta(days=ends)).isoformat(),
        }
    found: dict[str, Any] = {"issued_on": made_on.isoformat()}
    if check.kind == "register":
        return {"note": note, "number": _registered(row)}
    if check.kind == "agreement":
        return {"lead_name": row["contact"], "note": note}
    if check.kind == "record":
        return found | {"level": "enhanced", "count": 3 + number % 8, "update_service": True}
    if check.kind == "statement":
        return {"note": note} | (found if check.key == "safeguarding_training" else {})
    if check.key.startswith("safeguarding"):
        found |= {"lead_name": row["contact"], "lead_phone": row["phone"]}
    return found | ({"note": f"{row['website']}/{check.key}"} if row["website"] else {})


def _registered(row: Table) -> str:
    number: str = row["register_number"]
    return number.removeprefix("GB-CHC-") if number.startswith("GB-CHC-") else ""


def pdf(title: str, *lines: str) -> bytes:
    """A page with a few lines on it."""
    shown = [f"BT /F1 18 Tf 72 770 Td ({_plain(title)}) Tj ET"]
    shown += [
        f"BT /F1 11 Tf 72 {730 - 18 * number} Td ({_plain(line)}) Tj ET"
        for number, line in enumerate(lines)
    ]
    stream = "\n".join(shown).encode("ascii")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>"
        % b"/Resources << /Font << /F1 5 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(parts) + 1)
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def _plain(words: str) -> str:
    """Letters that the page's font has, nothing that the page would take for its own signs."""
    kept = words.encode("ascii", "replace").decode()
    return kept.replace("\\", "").replace("(", "").replace(")", "")
