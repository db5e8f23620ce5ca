"""The public registers: extracts that are loaded, what a live service says, and what follows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from referral.accounts import queries as accounts
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid
from referral.core.i18n import _
from referral.vetting import notifications, queries
from referral.vetting.models import Application, RegisterEntry, RegisterLoad
from referral.vetting.notifications import About
from referral.vetting.registers import NOT_THERE, REGISTERS, Found
from referral.vetting.services.deciding import decide_unscoped_by_register

BATCH = 2000
LIVE = "live"
# A whole extract may end so many entries, or this share of them; of more it is not believed.
GONE_MOST = 20
GONE_SHARE = 0.2


def load_register(
    actor: Actor,
    register: str,
    rows: Iterable[Found],
    *,
    source: str,
    as_of: date,
    whole: bool,
) -> RegisterLoad:
    """Keep what an extract says; an older one changes nothing that a newer one said.

    ``whole``: it holds every number of the register, so that those not in it have gone. Raise
    ``Conflict`` when that would be a great many: then it is probably cut short. Large extracts are
    loaded piece by piece, each in a transaction of its own: ``begin_load`` and the two below.
    """
    made = begin_load(actor, register, source=source, as_of=as_of)
    take_rows(actor, made.id, rows)
    return end_load(actor, made.id, whole=whole)


def begin_load(actor: Actor, register: str, *, source: str, as_of: date) -> RegisterLoad:
    """The first step of loading an extract."""
    if actor.kind != "system":
        raise Forbidden
    if register not in REGISTERS:
        raise Invalid({"register": [str(_("must be one of the list"))]})
    if as_of > clock.today():
        raise Invalid({"as_of": [str(_("must not be in the future"))]})
    made = RegisterLoad(
        id=new_id(),
        register=register,
        source=source[:200],
        as_of=as_of,
        rows=0,
        loaded_at=clock.now(),
    )
    session().add(made)
    session().flush()
    return made


def take_rows(actor: Actor, load_id: uuid.UUID, rows: Iterable[Found]) -> RegisterLoad:
    """Keep some of its rows; each is true by itself, whatever becomes of the others."""
    made = _load(actor, load_id)
    batch: dict[str, Found] = {}
    for found in rows:
        batch[found.number] = found
        if len(batch) >= BATCH:
            made.rows += _keep(batch.values(), made.as_of, made.source, made.id)
            batch.clear()
    made.rows += _keep(batch.values(), made.as_of, made.source, made.id)
    session().flush()
    return made


def end_load(actor: Actor, load_id: uuid.UUID, *, whole: bool) -> RegisterLoad:
    """The last step; only now who is not in a whole extract has gone."""
    made = _load(actor, load_id)
    gone = _end_the_others(made) if whole else 0
    made.whole = whole
    session().flush()
    audit.record(
        actor,
        "register:loaded",
        ("register_load", made.id),
        register=made.register,
        rows=made.rows,
        gone=gone,
    )
    return made


def _load(actor: Actor, load_id: uuid.UUID) -> RegisterLoad:
    if actor.kind != "system":
        raise Forbidden
    return session().get_one(RegisterLoad, load_id)


def keep_word(actor: Actor, found: Found) -> None:
    """Keep what a live service has just said of one number."""
    if actor.kind != "system":
        raise Forbidden
    _keep([found], clock.today(), LIVE, None)


def look_up(actor: Actor, application_id: uuid.UUID) -> None:
    """Suspend an approved application whose organisation a register has removed, and say so.

    Once for each removal: who reinstates it has looked into it.
    """
    if actor.kind != "system":
        raise Forbidden
    known = queries.FileRegister()
    for register, number in queries.numbers_in_force(actor, application_id).get(application_id, ()):
        found = known.status(register, number)
        if found is None or found.status != "removed" or found.status_on is None:
            continue
        reason = _(
            "{register} says that {number} is not registered any more, since {day}",
            register=REGISTERS[register],
            number=number,
            day=found.status_on.isoformat(),
        )
        decision = decide_unscoped_by_register(actor, application_id, str(reason))
        if decision is not None:
            _tell(actor, application_id, register, decision.id)
            return


def _tell(actor: Actor, application_id: uuid.UUID, register: str, decision_id: uuid.UUID) -> None:
    made = session().get_one(Application, application_id)
    names = accounts.names_of([made.organisation_id])
    title = REGISTERS[register]
    for place in notifications.people_of(actor, made.organisation_id):
        about = About(made.id, names[made.organisation_id])
        notifications.suspended_by_register(actor, place, about, title, decision_id)
    for team in queries.reviewing_teams(made):
        for place in notifications.leads_of(actor, team):
            about = About(made.id, names[made.organisation_id], lead=True)
            notifications.suspended_by_register(actor, place, about, title, decision_id)


def _keep(found: Iterable[Found], as_of: date, source: str, load_id: uuid.UUID | None) -> int:
    """Write entries, or change them where nothing newer is known; the first day stays."""
    values = [
        {
            "register": one.register,
            "number": one.number,
            "name": one.name,
            "status": one.status,
            "said": one.said,
            "status_on": one.status_on or (as_of if one.status == "removed" else None),
            "as_of": as_of,
            "source": source,
            "load_id": load_id,
        }
        for one in found
    ]
    if not values:
        return 0
    new: Any = sqlite.insert if _dialect() == "sqlite" else postgresql.insert
    made = new(RegisterEntry)
    said = made.excluded
    session().execute(
        made.on_conflict_do_update(
            index_elements=["register", "number"],
            set_={
                "name": case((said.name == "", RegisterEntry.name), else_=said.name),
                "status": said.status,
                "said": said.said,
                "status_on": case(
                    (
                        RegisterEntry.status == said.status,
                        func.coalesce(RegisterEntry.status_on, said.status_on),
                    ),
                    else_=said.status_on,
                ),
                "as_of": said.as_of,
                "source": said.source,
                "load_id": said.load_id,
            },
            where=RegisterEntry.as_of <= said.as_of,
        ),
        values,
    )
    return len(values)


def _end_the_others(made: RegisterLoad) -> int:
    """Entries of the register that the whole extract does not have are removed since its day."""
    others = (
        RegisterEntry.register == made.register,
        RegisterEntry.as_of <= made.as_of,
        or_(RegisterEntry.load_id.is_(None), RegisterEntry.load_id != made.id),
    )
    removed = RegisterEntry.status == "removed"
    gone = session().scalar(select(func.count()).where(*others, ~removed)) or 0
    known = made.rows + gone
    if (gone and not made.rows) or gone > max(GONE_MOST, known * GONE_SHARE):
        told = _(
            "{gone} of {known} numbers are not in it: it cannot be the whole register",
            gone=gone,
            known=known,
        )
        raise Conflict(str(told))
    session().execute(
        update(RegisterEntry)
        .where(*others)
        .values(
            status="removed",
            said=case((removed, RegisterEntry.said), else_=NOT_THERE),
            status_on=case((removed, RegisterEntry.status_on), else_=made.as_of),
            as_of=made.as_of,
            source=made.source,
            load_id=made.id,
        )
        .execution_options(synchronize_session=False)
    )
    return gone


def _dialect() -> str:
    return session().get_bind().dialect.name
