"""A search as a table: one row a service, in words, for a spreadsheet."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import Lazy, _
from referral.directory import cells, glance
from referral.directory.models import Service
from referral.directory.needs import labels
from referral.directory.queries.entries import search
from referral.directory.search import Found

ROWS_MAX = 2000
HEADINGS: tuple[Lazy, ...] = (
    _("Service"),
    _("Organisation"),
    _("What it is"),
    _("Helps with"),
    _("Where"),
    _("Distance (km)"),
    _("When"),
    _("Cost"),
    _("Ages"),
    _("Languages"),
    _("At home"),
    _("By phone or online"),
    _("Room"),
    _("Takes referrals"),
    _("Why not"),
    _("Checked"),
    _("Phone"),
    _("Email"),
    _("Website"),
    _("Number of the entry"),
)


def table(actor: Actor, asked: dict[str, Any]) -> Iterator[str]:
    """The lines of the table: its headings, then at most ``ROWS_MAX`` services as searched."""
    page = search(actor, **asked | {"limit": ROWS_MAX})
    reach = _reach([one.id for one in page.items])
    yield _line([str(heading) for heading in HEADINGS])
    for one in page.items:
        yield _line(_cells(one, reach[one.id]))


def _reach(ids: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """How each is reached, and what a list leaves out."""
    rows = session().execute(
        select(
            Service.id,
            Service.description,
            Service.schedule,
            Service.fees,
            Service.phone,
            Service.email,
            Service.url,
        ).where(Service.id.in_(ids))
    )
    return {row.id: row for row in rows.all()}


def _cells(one: Found, reach: Any) -> list[Any]:
    standing = one.standing(clock.today())
    return [
        one.name,
        one.organisation,
        reach.description,
        "; ".join(str(label) for label in labels(one.needs)),
        one.place,
        None if one.distance_km is None else round(one.distance_km, 1),
        reach.schedule,
        "; ".join(part for part in (str(glance.FREE) if one.free else "", reach.fees) if part),
        "; ".join(part for part in (glance.ages(one), glance.whom(one)) if part),
        one.languages,
        one.home_visits,
        one.remote,
        str(one.room),
        standing.accepts,
        "" if standing.accepts else str(standing.reason),
        one.checked_on.isoformat() if one.checked_on else "",
        cells.phone(reach.phone),
        reach.email,
        reach.url,
        str(one.id),
    ]


def _line(values: list[Any]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cells.safe(value) for value in values])
    return out.getvalue()
