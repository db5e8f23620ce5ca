"""Answers from a file or a program, row by row: twice changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound, ReferralError
from referral.core.i18n import _
from referral.core.spreadsheet import Unreadable
from referral.outcomes import answers as said
from referral.outcomes import spreadsheet
from referral.outcomes.models import Assessment
from referral.outcomes.queries import instruments as known
from referral.outcomes.queries import measuring as queries
from referral.outcomes.schemas.measuring import MeasureRow
from referral.outcomes.services.measuring import Instruments, measure
from referral.outcomes.spreadsheet import Refused, Row
from referral.people import queries as people
from referral.referrals import references
from referral.referrals.models import Referral

WHATS = ("kept", "unchanged", "refused")
# Who brings answers by command, by the kind of the organisation.
ROLE = {"provider": "provider_manager", "link_worker_team": "link_worker_lead"}


@dataclass(frozen=True)
class Line:
    """What became of one row. ``what``: ``kept`` | ``unchanged`` | ``refused``."""

    line: int
    reference: str
    what: str
    why: str = ""


@dataclass(frozen=True)
class Report:
    """Every row in the order of the file; ``dry``: nothing was kept."""

    lines: list[Line] = field(default_factory=list)
    encoding: str = "UTF-8"
    dry: bool = False

    def count(self, what: str) -> int:
        """How many rows came to that."""
        return sum(line.what == what for line in self.lines)


Tell = Callable[[Line], None]


def read_measures(
    actor: Actor, raw: bytes, most: int | None = None
) -> tuple[list[Row | Refused], str]:
    """The rows of a CSV file, and its encoding. Raise ``Invalid`` on ``file``."""
    permit(actor, Permission.KEEP_OUTCOMES)
    items = {item.key for one in known.in_place(actor) for item in one.items}
    try:
        rows, encoding = spreadsheet.read(raw, items)
    except Unreadable as error:
        raise Invalid({"file": [str(error)]}) from error
    if most is not None and len(rows) > most:
        rule = _("has more than {max} rows: split it, or use the command", max=most)
        raise Invalid({"file": [str(rule)]})
    return rows, encoding


def rows_of(actor: Actor, given: Sequence[Any]) -> list[Row | Refused]:
    """Rows as a program sends them (``schemas.MeasureRow``), numbered from 1."""
    permit(actor, Permission.KEEP_OUTCOMES)
    return [_sent(number, one) for number, one in enumerate(given, start=1)]


def bring_measures(
    actor: Actor,
    rows: Sequence[Row | Refused],
    tell: Tell | None = None,
    *,
    dry: bool = False,
    encoding: str = "UTF-8",
) -> Report:
    """Write down the answers of ``rows``; ``tell`` hears of each row as it is done.

    Each row stands alone: one that cannot be taken is refused with its reason and the others go
    on. A row that came before is left as it is.
    """
    permit(actor, Permission.KEEP_OUTCOMES)
    report = Report([], encoding, dry)
    ids = queries.ids_of(actor, {row.reference for row in rows if isinstance(row, Row)})
    _lock(ids.values())
    outer = session().begin_nested() if dry else None
    memo: dict[uuid.UUID | None, Instruments] = {}
    for row in rows:
        line = _one(actor, row, ids, memo)
        report.lines.append(line)
        if tell is not None:
            tell(line)
    if outer is not None:
        outer.rollback()
        session().expire_all()
    audit.record(
        actor,
        "measures:checked" if dry else "measures:brought",
        ("organisation", actor.organisation) if actor.organisation else None,
        kept=report.count("kept"),
        unchanged=report.count("unchanged"),
        refused=report.count("refused"),
    )
    return report


def measures_for(actor: Actor, organisation_id: uuid.UUID) -> Actor:
    """Who runs the machine, acting as a program of the organisation: in its scope and no other."""
    if actor.kind != "system":
        raise NotFound
    found = accounts.organisation_unscoped(organisation_id)
    if found.kind not in ROLE or found.status != "active":
        rule = _("must be an active group or link-worker team")
        raise Invalid({"organisation": [str(rule)]})
    return replace(
        actor,
        kind="api_client",
        organisation=found.id,
        organisation_kind=found.kind,
        locality=found.locality_id,
        roles=frozenset({ROLE[found.kind]}),
    )


def _sent(number: int, given: Any) -> Row | Refused:
    try:
        data = MeasureRow().read(given)
    except Invalid as error:
        return Refused(number, "", _told(error))
    reference = references.parse(data.pop("reference"))
    if reference is None:
        return Refused(number, "", str(_("reference: is not one such as JU-4K7Q-9WX")))
    return Row(number, reference, data)


def _lock(ids: Iterable[uuid.UUID]) -> None:
    """All referrals at once, in their order, before anything of outcomes."""
    wanted = sorted(ids)
    if wanted:
        chosen = select(Referral.id).where(Referral.id.in_(wanted)).order_by(Referral.id)
        session().execute(chosen.with_for_update()).all()


def _one(
    actor: Actor,
    row: Row | Refused,
    ids: Mapping[str, uuid.UUID],
    memo: dict[uuid.UUID | None, Instruments],
) -> Line:
    """One row in a savepoint of its own."""
    if isinstance(row, Refused):
        return Line(row.line, row.reference, "refused", row.why)
    try:
        with session().begin_nested():
            return _taken(actor, row, ids, memo)
    except Invalid as error:
        return Line(row.line, row.reference, "refused", _told(error))
    except ReferralError as error:
        return Line(row.line, row.reference, "refused", error.detail)


def _taken(
    actor: Actor,
    row: Row,
    ids: Mapping[str, uuid.UUID],
    memo: dict[uuid.UUID | None, Instruments],
) -> Line:
    referral_id = ids.get(row.reference)
    if referral_id is None:
        raise Invalid({"reference": [str(_("is none that you can see"))]})
    data = row.data | _goal(actor, referral_id, row)
    key = _key(actor, row, data)
    earlier = _earlier(key)
    if earlier is not None:
        same = _said_before(earlier) == data["answers"]
        if same:
            struck = str(_("was struck out here")) if earlier.struck_at is not None else ""
            return Line(row.line, row.reference, "unchanged", struck)
        if earlier.struck_at is None:
            rule = _("differ from those that came before: strike those out first")
            raise Invalid({"answers": [str(rule)]})
        earlier.file_key = None
        session().flush()
    measure(actor, referral_id, data, said.FILE, key, memo)
    return Line(row.line, row.reference, "kept")


def _goal(actor: Actor, referral_id: uuid.UUID, row: Row) -> dict[str, Any]:
    if row.goal is None:
        return {}
    goals = queries.goals_unscoped(queries.standing(actor, referral_id))
    found = next((goal.id for goal in goals if goal.place == row.goal), None)
    if found is None:
        raise Invalid({"goal": [str(_("is not a goal of this person’s plan"))]})
    return {"goal_id": found}


def _key(actor: Actor, row: Row, data: Mapping[str, Any]) -> str:
    """The same line of the same organisation, whatever the file is called."""
    parts = (data["measure"], data["edition"], data["moment"], data["answered_on"].isoformat())
    asked = (*parts, str(data.get("goal_id") or ""))
    return encryption.blind_index("measure", str(actor.organisation), row.reference, *asked).hex()


def _earlier(key: str) -> Assessment | None:
    return session().scalar(select(Assessment).where(Assessment.file_key == key).with_for_update())


def _said_before(one: Assessment) -> Any:
    key = people.keys_of_unscoped([one.person_id]).get(one.person_id)
    return (
        None if key is None else encryption.open_(key, one.answers_sealed, f"assessment:{one.id}")
    )


def _told(error: Invalid) -> str:
    """``happy: must be from 0 to 10``, the column first."""
    return "; ".join(
        f"{name.removeprefix('answers.')}: {rule}"
        for name, rules in error.errors.items()
        for rule in rules
    )
