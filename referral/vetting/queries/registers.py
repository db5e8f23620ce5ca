"""What is known of the public registers, and whom it concerns."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select, tuple_

from referral.accounts.models import Locality, Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden
from referral.vetting.models import Application, Evidence, RegisterEntry, RegisterLoad
from referral.vetting.passport import IN_FORCE
from referral.vetting.queries.answering import stated
from referral.vetting.registers import Found, Status, numbers_of

# What a live service said counts this long; then it is asked again.
ASK_AFTER = timedelta(days=30)
LEGAL_FORM = "legal_form"
Number = tuple[str, str]
# Numbers asked for in one statement.
AT_ONCE = 500


class FileRegister:
    """What the extracts that were loaded, and the live service when asked, have said."""

    def status(self, register: str, number: str) -> Found | None:
        """The newest word; None when nobody said anything of this number."""
        found = session().get(RegisterEntry, (register, number))
        if found is None:
            return None
        return Found(
            register,
            number,
            _status(found.status),
            name=found.name,
            said=found.said,
            status_on=found.status_on or found.as_of,
        )


def _status(said: str) -> Status:
    return "registered" if said == "registered" else "removed" if said == "removed" else "unknown"


def numbers_in_force(
    actor: Actor, application_id: uuid.UUID | None = None
) -> dict[uuid.UUID, tuple[Number, ...]]:
    """Of each approved application (or of one): where its organisation is to be looked up.

    What its entry says; where that has no number, what it answered.
    """
    if actor.kind != "system":
        raise Forbidden
    chosen = (
        select(
            Application.id,
            Organisation.register_number,
            Organisation.company_number,
            Locality.nation,
            Evidence,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Locality, Locality.id == Application.locality_id)
        .outerjoin(
            Evidence,
            and_(
                Evidence.organisation_id == Organisation.id,
                Evidence.check_key == LEGAL_FORM,
                Evidence.state == "accepted",
            ),
        )
        .where(Application.status.in_(sorted(IN_FORCE)))
        .order_by(Application.id)
    )
    if application_id is not None:
        chosen = chosen.where(Application.id == application_id)
    found = {}
    for id_, charity, company, nation, given in session().execute(chosen):
        answer: Evidence | None = given
        said = "" if charity or company or answer is None else stated(answer).get("number", "")
        found[id_] = numbers_of(charity, company, said, nation)
    return {id_: numbers for id_, numbers in found.items() if numbers}


def removed_applications(actor: Actor) -> list[uuid.UUID]:
    """The approved applications of organisations that a register has removed."""
    asked = numbers_in_force(actor)
    removed = _known(asked.values(), RegisterEntry.status == "removed")
    return [id_ for id_, numbers in asked.items() if not removed.isdisjoint(numbers)]


def numbers_to_ask(actor: Actor, limit: int = 100) -> list[Number]:
    """The numbers of approved organisations that nobody has said anything of lately."""
    asked = numbers_in_force(actor).values()
    known = _known(asked, RegisterEntry.as_of > clock.today() - ASK_AFTER)
    every = dict.fromkeys(number for numbers in asked for number in numbers)
    return [number for number in every if number not in known][:limit]


def _known(asked: Iterable[tuple[Number, ...]], which: ColumnElement[bool]) -> set[Number]:
    """Those of the numbers whose entries are so."""
    every = sorted({number for numbers in asked for number in numbers})
    found: set[Number] = set()
    for first in range(0, len(every), AT_ONCE):
        rows = session().execute(
            select(RegisterEntry.register, RegisterEntry.number).where(
                tuple_(RegisterEntry.register, RegisterEntry.number).in_(
                    every[first : first + AT_ONCE]
                ),
                which,
            )
        )
        found |= {(row.register, row.number) for row in rows}
    return found


def loads(actor: Actor) -> list[RegisterLoad]:
    """The newest extract of each register, by register."""
    newest = (
        select(RegisterLoad.register, func.max(RegisterLoad.as_of).label("as_of"))
        .group_by(RegisterLoad.register)
        .subquery()
    )
    return list(
        session().scalars(
            select(RegisterLoad)
            .join(
                newest,
                and_(
                    newest.c.register == RegisterLoad.register,
                    newest.c.as_of == RegisterLoad.as_of,
                ),
            )
            .order_by(RegisterLoad.register, RegisterLoad.loaded_at)
        )
    )
