"""An organisation's own people and results, to take out: rows for itself, numbers for a funder."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import aliased

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory import cells
from referral.directory.models import Service
from referral.outcomes import own_data
from referral.outcomes.models import Report
from referral.outcomes.own_data import COLUMNS, FUNDER_HEADINGS, Fact
from referral.outcomes.queries.counting import FINISHED, SAID, began, with_words_unscoped
from referral.outcomes.queries.measuring import changes_unscoped
from referral.people import queries as people
from referral.people.codes import SEXES
from referral.people.identity import ERASED, Identity
from referral.referrals import codes, lifecycle, parties
from referral.referrals import queries as referrals
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral

BATCH = 500
LISTED, COUNTED = "own_data:listed", "own_data:counted"
Sender = aliased(Organisation, name="sender")
NOT_OURS = ("draft", "entered_in_error")


def rows(
    actor: Actor,
    organisation_id: uuid.UUID,
    columns: Sequence[str],
    way: str,
    first: date,
    last: date,
) -> Iterator[list[Any]]:
    """The headings, then a line each; everything as a spreadsheet may have it.

    ``way`` ``identified``: ``columns`` of ``own_data.COLUMNS``, a line for each referral that was
    with the organisation between ``first`` and ``last``; who it is stands there only where the
    organisation may know it now. ``suppressed``: ``columns`` are groups of ``own_data.GROUPS``, and
    small numbers are blank. One view of n subjects is audited. Raise ``NotFound``, ``Forbidden``.
    """
    if organisation_id != actor.organisation:
        raise NotFound
    permit(actor, Permission.EXPORT_OWN_DATA, accounts.organisation(actor, organisation_id))
    if way == own_data.SUPPRESSED:
        return _numbers(actor, organisation_id, columns, first, last)
    return _people(actor, organisation_id, columns, first, last)


def _numbers(
    actor: Actor, own: uuid.UUID, groups: Sequence[str], first: date, last: date
) -> Iterator[list[Any]]:
    since, until = _between(first, last)
    found = session().execute(
        with_words_unscoped(
            select(
                began,
                Referral.finished_at,
                Referral.status,
                Referral.outcome,
                SAID,
                Referral.area,
                Referral.age_band,
                Referral.sex,
                Referral.needs,
                Service.name,
            )
        )
        .outerjoin(Service, Service.id == Referral.service_id)
        .where(
            Referral.recipient_id == own,
            Referral.status.not_in(NOT_OURS),
            or_(
                and_(began >= since, began < until),
                and_(Referral.finished_at >= since, Referral.finished_at < until),
            ),
        )
    )
    facts = (_fact(row, first, last) for row in found)
    audit.viewed(actor, COUNTED, ("organisation", own))
    yield [str(heading) for heading in FUNDER_HEADINGS]
    for line in own_data.funder_form(facts, groups):
        yield [cells.safe(value) for value in line]


def _fact(row: Any, first: date, last: date) -> Fact:
    started, finished, status, outcome, said, area, age_band, sex, needs, service = row
    return Fact(
        started=_month(started, first, last),
        finished=_month(finished, first, last) if status in FINISHED and outcome else None,
        outcome=outcome or "not_known",
        said_so=said == "met",
        area=area,
        age_band=age_band,
        sex=sex,
        needs=[need for need in needs.split(",") if need],
        service=service or "",
    )


def _month(at: datetime | None, first: date, last: date) -> date | None:
    """The month of a moment, where its local day lies between the two."""
    day = clock.local(at).date() if at is not None else None
    return day.replace(day=1) if day is not None and first <= day <= last else None


def _between(first: date, last: date) -> tuple[datetime, datetime]:
    after = date.fromordinal(last.toordinal() + 1)
    return (
        datetime.combine(first, time.min, clock.UK),
        datetime.combine(after, time.min, clock.UK),
    )


def _people(
    actor: Actor, own: uuid.UUID, columns: Sequence[str], first: date, last: date
) -> Iterator[list[Any]]:
    chosen = [key for key in COLUMNS if key in columns]
    yield [str(COLUMNS[key].label) for key in chosen]
    left, after = own_data.ROWS_MAX, None
    while left > 0:
        batch = list(session().execute(_batch(own, first, last, after, min(BATCH, left))))
        if not batch:
            return
        after = (batch[-1].Referral.listed_on, batch[-1].Referral.id)
        left -= len(batch)
        yield from _lines(actor, batch, chosen)
        session().expunge_all()


def _batch(own: uuid.UUID, first: date, last: date, after: Any, most: int) -> Any:
    """The next rows in the order of the index, so that no page of them is read twice."""
    since, until = _between(first, last)
    here: list[ColumnElement[bool]] = [
        Referral.recipient_id == own,
        Referral.status.not_in(NOT_OURS),
        Referral.sent_at < until,
        or_(Referral.finished_at.is_(None), Referral.finished_at >= since),
        or_(Referral.closed_at.is_(None), Referral.closed_at >= since),
    ]
    if after is not None:
        here.append(tuple_(Referral.listed_on, Referral.id) > after)
    return (
        with_words_unscoped(
            select(
                Referral,
                Service.name.label("service"),
                Sender.name.label("sender"),
                Organisation.kind.label("kind"),
                SAID.label("said"),
                began.label("began"),
            )
        )
        .join(Sender, Sender.id == Referral.sender_id)
        .join(Organisation, Organisation.id == Referral.recipient_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .where(*here)
        .order_by(Referral.listed_on, Referral.id)
        .limit(most)
    )


def _lines(actor: Actor, batch: Sequence[Any], chosen: Sequence[str]) -> Iterator[list[Any]]:
    levels = {
        row.Referral.id: referrals.level_of(
            actor, row.Referral, row.kind, parties.of(actor, row.Referral)
        )
        for row in batch
    }
    known = [row for row in batch if levels[row.Referral.id] == Level.IDENTIFIED]
    ids = [row.Referral.id for row in known]
    who = any(COLUMNS[key].who for key in chosen)
    names = (
        people.open_identities_unscoped([row.Referral.person_id for row in known]) if who else {}
    )
    changes = changes_unscoped(ids) if "changes" in chosen else {}
    reports = _reports(ids) if {"done", "not_worked"} & set(chosen) else {}
    seen = [row for row in batch if levels[row.Referral.id] != Level.NONE]
    audit.viewed_list(
        actor, LISTED, [(("referral", row.Referral.id), row.Referral.person_id) for row in seen]
    )
    for row in seen:
        found: Referral = row.Referral
        named = levels[found.id] == Level.IDENTIFIED
        facts = _facts(row) | _who(names.get(found.person_id, ERASED) if named else ERASED)
        facts |= {name: reports.get(found.id, {}).get(name, "") for name in ("done", "not_worked")}
        facts["changes"] = "; ".join(one.said() for one in changes.get(found.id, ()))
        yield [cells.safe(facts[key]) for key in chosen]


def _facts(row: Any) -> dict[str, Any]:
    """What says of nobody who they are."""
    found: Referral = row.Referral
    over = found.status in FINISHED
    reason = codes.END_REASONS.get(found.end_reason or "") if over else None
    return {
        "reference": found.reference,
        "area": found.area,
        "age_band": own_data.age_group(found.age_band),
        "sex": str(SEXES[found.sex].label) if found.sex in SEXES else "",
        "needs": ", ".join(
            str(codes.NEEDS[key].label) for key in found.needs.split(",") if key in codes.NEEDS
        ),
        "service": row.service or "",
        "sent_by": row.sender,
        "sent_on": _day(found.sent_at),
        "started_on": _day(row.began),
        "finished_on": _day(found.finished_at) if over else None,
        "status": str(lifecycle.STATUSES[found.status].label),
        "came": found.attendances,
        "outcome": _outcome(found.outcome) if over else "",
        "person_says": _outcome(row.said) if over else "",
        "end_reason": str(reason.label) if reason else "",
    }


def _who(one: Identity) -> dict[str, Any]:
    """Who they are; never a health number, which no group needs."""
    return {
        "name": one.name,
        "born": one.date_of_birth,
        "phone": cells.phone(one.phone),
        "email": one.email,
        "address": one.address.replace("\n", ", "),
        "postcode": one.postcode,
    }


def _reports(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    found = list(session().scalars(select(Report).where(Report.referral_id.in_(ids))))
    keys = people.keys_of_unscoped([one.person_id for one in found])
    return {
        one.referral_id: encryption.open_(keys[one.person_id], one.text_sealed, f"report:{one.id}")
        for one in found
        if one.person_id in keys
    }


def _day(at: datetime | None) -> date | None:
    return clock.local(at).date() if at is not None else None


def _outcome(key: str | None) -> str:
    return str(codes.OUTCOMES[key].label) if key in codes.OUTCOMES else ""
