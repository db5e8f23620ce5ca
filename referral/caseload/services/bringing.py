"""Bringing a caseload across from another system: row by row, twice changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.caseload import spreadsheet
from referral.caseload.models import BroughtAcross
from referral.caseload.queries import brought as known
from referral.caseload.services.allocating import one_at_a_time
from referral.caseload.spreadsheet import Refused, Row
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound, ReferralError
from referral.core.i18n import _
from referral.core.spreadsheet import Unreadable
from referral.people import numbers, schemas
from referral.people import services as registry
from referral.referrals import consent, disclosure
from referral.referrals.services import bringing

REVIEW_MOST = timedelta(days=183)


@dataclass(frozen=True)
class Line:
    """What became of one row. ``what``: ``brought`` | ``unchanged`` | ``refused``."""

    line: int
    external_id: str
    what: str
    reference: str = ""
    why: str = ""


@dataclass(frozen=True)
class Report:
    """Every row in the order of the file; ``dry``: nothing was kept."""

    lines: list[Line]
    encoding: str = ""
    dry: bool = False

    def count(self, what: str) -> int:
        return sum(line.what == what for line in self.lines)


@dataclass
class _Names:
    """What rows can name, read once."""

    workers: dict[str, uuid.UUID]
    practices: dict[str, uuid.UUID]
    seen: dict[bytes, int] = field(default_factory=dict)


def bring_across(
    actor: Actor, team_id: uuid.UUID, raw: bytes, *, dry: bool = False, most: int | None = None
) -> Report:
    """Take the people of a CSV file on as the caseload of the actor's team.

    Each row stands alone: one that cannot be taken is refused with its reason and the others go
    on. A row that came before is left as it is. Nobody is told. Raise ``Invalid`` on ``file`` for
    one that cannot be read, ``NotFound`` for another team.
    """
    if actor.organisation != team_id or actor.organisation_kind != "link_worker_team":
        raise NotFound
    permit(actor, Permission.BRING_ACROSS, accounts.organisation(actor, team_id))
    try:
        rows, encoding = spreadsheet.read(raw, clock.today())
    except Unreadable as error:
        raise Invalid({"file": [str(error)]}) from error
    if most is not None and len(rows) > most:
        rule = _("has more than {max} rows: split it, or use the command", max=most)
        raise Invalid({"file": [str(rule)]})
    one_at_a_time(actor)
    names = _names(actor, rows)
    outer = session().begin_nested() if dry else None
    lines = [_one(actor, row, names) for row in rows]
    if outer is not None:
        outer.rollback()
        session().expire_all()
    report = Report(lines, encoding, dry)
    audit.record(
        actor,
        "caseload:checked" if dry else "caseload:brought_across",
        ("organisation", team_id),
        brought=report.count("brought"),
        unchanged=report.count("unchanged"),
        refused=report.count("refused"),
    )
    return report


def _names(actor: Actor, rows: Sequence[Row | Refused]) -> _Names:
    codes = {row.practice_ods for row in rows if isinstance(row, Row) and row.practice_ods}
    return _Names(
        known.workers_by_email(actor), known.practices_by_code(actor, codes) if codes else {}
    )


def _one(actor: Actor, row: Row | Refused, names: _Names) -> Line:
    """One row in a savepoint of its own."""
    if isinstance(row, Refused):
        return Line(row.line, row.external_id, "refused", why=row.why)
    try:
        with session().begin_nested():
            return _taken(actor, row, names)
    except Invalid as error:
        told = [f"{_plain(name)}: {rule}" for name, rules in error.errors.items() for rule in rules]
        return Line(row.line, row.external_id, "refused", why="; ".join(told))
    except ReferralError as error:
        return Line(row.line, row.external_id, "refused", why=error.detail)


def _taken(actor: Actor, row: Row, names: _Names) -> Line:
    person = schemas.Person().read(row.person)
    number = _number(actor, person["health_number"])
    digest = encryption.blind_index("brought", number, person["date_of_birth"].isoformat())
    earlier = names.seen.setdefault(digest, row.line)
    if earlier != row.line:
        raise Invalid({"number": [str(_("is the same person as in line {line}", line=earlier))]})
    external = row.external_id or None
    for one in known.brought(actor, external, digest):
        if one.fingerprint == digest:
            return Line(row.line, row.external_id, "unchanged", one.reference)
        rule = _("came before with another number or birth date, as {name}", name=one.reference)
        raise Invalid({"external_id": [str(rule)]})
    data = {
        "status": row.status,
        "since": row.since,
        "until": row.review_on if row.status in bringing.DATED else None,
        "review_on": _review(row),
        "needs": row.needs,
        "reason": row.reason,
        "practice_id": _practice(row, names),
        "user_id": _worker(row, names),
        "wording": _wording(person["date_of_birth"]),
    }
    known_person = registry.register(actor, person)
    made = bringing.bring(actor, known_person.id, data)
    session().add(
        BroughtAcross(
            id=new_id(),
            team_id=actor.organisation,
            external_id=external,
            fingerprint=digest,
            referral_id=made.id,
            at=clock.now(),
        )
    )
    session().flush()
    return Line(row.line, row.external_id, "brought", made.reference)


def _number(actor: Actor, given: dict[str, str]) -> str:
    """The number in normal form, with its kind."""
    try:
        found = numbers.parse(given["type"], given["value"], demo=actor.demo)
    except ValueError as error:
        raise Invalid({"health_number.value": [str(error)]}) from error
    return f"{found.kind}:{found.value}"


def _practice(row: Row, names: _Names) -> uuid.UUID | None:
    if not row.practice_ods:
        return None
    if row.practice_ods not in names.practices:
        raise Invalid({"practice_ods": [str(_("is no practice that your team serves"))]})
    return names.practices[row.practice_ods]


def _worker(row: Row, names: _Names) -> uuid.UUID | None:
    if not row.worker_email:
        return None
    if row.worker_email not in names.workers:
        raise Invalid({"worker_email": [str(_("is nobody who works in your team"))]})
    return names.workers[row.worker_email]


def _review(row: Row) -> date | None:
    if row.review_on is not None and row.review_on > clock.today() + REVIEW_MOST:
        raise Invalid({"review_on": [str(_("must be within six months"))]})
    return row.review_on


def _wording(born: date) -> str:
    """Which words an adult, or a young person from 16, was told."""
    if disclosure.age_on(born, clock.today()) < consent.OF_AGE_TO_AGREE:
        rule = _("is under 16: refer them here, so that it is written down who agreed for them")
        raise Invalid({"date_of_birth": [str(rule)]})
    return consent.CURRENT[consent.audience("self", born, clock.today())]


def _plain(name: str) -> str:
    """The column a field of a person comes from."""
    return {"health_number.value": "number", "health_number.type": "number_type"}.get(name, name)


def acting_for(actor: Actor, team_id: uuid.UUID, *, demo: bool = False) -> Actor:
    """Who runs the machine, acting as a program of the team: in its scope and in no other."""
    if actor.kind != "system":
        raise NotFound
    team = accounts.organisation_unscoped(team_id)
    if team.kind != "link_worker_team" or team.status != "active":
        raise Invalid({"team": [str(_("must be an active link-worker team"))]})
    return replace(
        actor,
        kind="api_client",
        organisation=team.id,
        organisation_kind=team.kind,
        locality=team.locality_id,
        roles=frozenset({"link_worker_lead"}),
        demo=demo,
    )
