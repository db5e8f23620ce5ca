"""People the actor may see, opened in batches; records that wait for a reviewer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people import digests
from referral.people.identity import ERASED, Identity, from_fields
from referral.people.models import Person, PersonAccess, PersonKey, PersonMatch

CANDIDATES = 20


@dataclass(frozen=True)
class Standing:
    """What holds for the person whichever record it was entered on."""

    deceased_on: date | None = None
    unsafe_to_contact: bool = False


@dataclass(frozen=True)
class Known:
    """A person as the actor may see them."""

    id: uuid.UUID
    version: int
    identity: Identity
    standing: Standing
    practice_id: uuid.UUID | None

    @property
    def deceased_on(self) -> date | None:
        return self.standing.deceased_on

    @property
    def unsafe_to_contact(self) -> bool:
        return self.standing.unsafe_to_contact

    def shown(self, *, provider: bool = False) -> dict[str, Any]:
        """The shape of ``schemas.PersonOut``; a ``provider`` is never told the health number."""
        facts = self.identity.facts()
        if provider:
            facts["health_number"] = None
        return facts | {
            "id": self.id,
            "version": self.version,
            "deceased_on": self.deceased_on,
            "unsafe_to_contact": self.unsafe_to_contact,
        }


@dataclass(frozen=True)
class Match:
    """Two records side by side; ``kept`` is the older."""

    id: uuid.UUID
    version: int
    why: str
    state: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: uuid.UUID | None
    kept: Known
    other: Known


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    """The actor's organisation may see who the person is, now."""
    if actor.kind == "system":
        return Person.id.is_not(None)
    return exists().where(
        PersonAccess.person_id == Person.id,
        PersonAccess.organisation_id == actor.organisation,
        PersonAccess.level == "identified",
        or_(PersonAccess.until.is_(None), PersonAccess.until > clock.now()),
    )


def person(actor: Actor, person_id: uuid.UUID) -> Known:
    """A person in the actor's scope; the view is audited. Raise ``NotFound`` for all others."""
    found = row_in_scope(actor, person_id)
    permit(actor, Permission.SEE_PEOPLE)
    audit.viewed(actor, "person:viewed", ("person", found.id), found.id)
    return _known([found])[0]


def row_in_scope(actor: Actor, person_id: uuid.UUID, *, to_change: bool = False) -> Person:
    """The row behind ``person``; ``to_change`` locks it.

    What only refers to it, as a sitting does, may still be written: a key never changes.
    """
    chosen = select(Person).where(Person.id == person_id, _in_scope(actor))
    if to_change:
        session().flush()
        chosen = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    return found


def find(
    actor: Actor,
    date_of_birth: date,
    *,
    number: dict[str, str] | None = None,
    given_name: str = "",
    family_name: str = "",
) -> Known | None:
    """Somebody already in the actor's scope, by number or by name, always with the birth date.

    None both for an unknown person and for one that only others know.
    """
    permit(actor, Permission.SEE_PEOPLE)
    if number:
        match = Person.number_index == digests.number(number["type"], number["value"])
    elif given_name and family_name:
        match = Person.name_birth_index == digests.name_birth(
            given_name, family_name, date_of_birth
        )
    else:
        return None
    rows = session().scalars(
        select(Person).where(match, _in_scope(actor)).order_by(Person.id).limit(CANDIDATES)
    )
    for known in _known(list(rows)):
        if known.identity.date_of_birth == date_of_birth:
            audit.viewed(actor, "person:viewed", ("person", known.id), known.id)
            return known
    return None


def alike(actor: Actor, born: date, given_name: str, family_name: str) -> list[Known]:
    """People in the actor's scope of this name and birth date, for a human to compare."""
    permit(actor, Permission.SEE_PEOPLE)
    index = digests.name_birth(given_name, family_name, born)
    rows = session().scalars(
        select(Person)
        .where(Person.name_birth_index == index, _in_scope(actor))
        .order_by(Person.id)
        .limit(CANDIDATES)
    )
    found = _known(list(rows))
    if found:
        seen = [(("person", known.id), known.id) for known in found]
        audit.viewed_list(actor, "person:compared", seen)
    return found


def with_number_unscoped(
    number_type: str, value: str, locality_id: uuid.UUID | None
) -> list[tuple[Person, Identity]]:
    """Every record of the locality with this number, oldest first, locked: for linking only."""
    rows = list(
        session().scalars(
            select(Person)
            .where(
                Person.number_index == digests.number(number_type, value),
                Person.locality_id.is_not_distinct_from(locality_id),
            )
            .order_by(Person.id)
            .with_for_update()
        )
    )
    own = own_identities_unscoped([row.id for row in rows])
    return [(row, own[row.id]) for row in rows]


def keys_of_unscoped(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """The data keys of people, in one query; one whose key was destroyed is missing."""
    rows = session().execute(
        select(PersonKey.person_id, PersonKey.wrapped).where(
            PersonKey.person_id.in_(set(person_ids))
        )
    )
    return {id_: encryption.unwrap(wrapped) for id_, wrapped in rows}


def own_identities_unscoped(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Identity]:
    """The details on each record itself, merged or not. The caller has checked the scope."""
    rows = session().execute(
        select(Person.id, Person.identity_sealed, PersonKey.wrapped)
        .outerjoin(PersonKey, PersonKey.person_id == Person.id)
        .where(Person.id.in_(set(person_ids)))
    )
    return {id_: opened_unscoped(id_, sealed, wrapped) for id_, sealed, wrapped in rows}


def open_identities_unscoped(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Identity]:
    """Who they are, in one query: of a merged record the kept one's details.

    The caller has checked the scope and audits the view.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    kept = aliased(Person)
    rows = session().execute(
        select(Person.id, kept.id, kept.identity_sealed, PersonKey.wrapped)
        .join(kept, kept.id == func.coalesce(Person.merged_into_id, Person.id))
        .outerjoin(PersonKey, PersonKey.person_id == kept.id)
        .where(Person.id.in_(wanted))
    )
    return {id_: opened_unscoped(own, sealed, wrapped) for id_, own, sealed, wrapped in rows}


def opened_unscoped(person_id: uuid.UUID, sealed: bytes, wrapped: bytes | None) -> Identity:
    """Open what the caller selected; nobody when the key was destroyed."""
    if wrapped is None:
        return ERASED
    key = encryption.unwrap(wrapped)
    return from_fields(encryption.open_(key, sealed, f"person:{person_id}"))


def standings_unscoped(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Deceased and unsafe to contact, from every record of the same person; one query."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    same = aliased(Person)
    rows = session().execute(
        select(
            Person.id,
            func.max(same.deceased_on),
            func.max(case((same.unsafe_to_contact, 1), else_=0)),
        )
        .join(same, same.group_id == Person.group_id)
        .where(Person.id.in_(wanted))
        .group_by(Person.id)
    )
    return {
        id_: Standing(day_of_unscoped(deceased), bool(unsafe)) for id_, deceased, unsafe in rows
    }


def day_of_unscoped(value: Any) -> date | None:
    """``max`` of a date comes back as text on SQLite."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def same_person_unscoped(person_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids of every record of this person, this one among them."""
    own = aliased(Person)
    return list(
        session().scalars(
            select(Person.id)
            .join(own, own.group_id == Person.group_id)
            .where(own.id == person_id)
            .order_by(Person.id)
        )
    )


def practice_of_unscoped(person_id: uuid.UUID) -> uuid.UUID | None:
    """The practice that registered the person: it answers for medical care."""
    return session().scalar(select(Person.practice_id).where(Person.id == person_id))


def matches(
    actor: Actor, state: str = "waiting", limit: int = 50, after: uuid.UUID | None = None
) -> list[Match]:
    """Pairs of the reviewer's locality in ``state``, oldest first; both people are audited."""
    permit(actor, Permission.MERGE_PEOPLE)
    chosen = (
        select(PersonMatch)
        .where(PersonMatch.locality_id == actor.locality, PersonMatch.state == state)
        .order_by(PersonMatch.id)
        .limit(limit)
    )
    if after is not None:
        chosen = chosen.where(PersonMatch.id > after)
    return _matches(actor, list(session().scalars(chosen)))


def match(actor: Actor, match_id: uuid.UUID) -> Match:
    """One pair of the reviewer's locality. Raise ``NotFound``."""
    found = match_row(actor, match_id)
    return _matches(actor, [found])[0]


def match_row(actor: Actor, match_id: uuid.UUID, *, to_change: bool = False) -> PersonMatch:
    """The row behind ``match``; ``to_change`` locks it. Raise ``NotFound``, ``Forbidden``."""
    chosen = select(PersonMatch).where(
        and_(PersonMatch.id == match_id, PersonMatch.locality_id == actor.locality)
    )
    if to_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    permit(actor, Permission.MERGE_PEOPLE, found)
    return found


def _matches(actor: Actor, rows: list[PersonMatch]) -> list[Match]:
    ids = {id_ for row in rows for id_ in (row.kept_id, row.other_id)}
    people = list(session().scalars(select(Person).where(Person.id.in_(ids)))) if ids else []
    own = own_identities_unscoped(ids) if ids else {}
    found = {
        row.id: Known(
            row.id,
            row.version,
            own[row.id],
            Standing(row.deceased_on, row.unsafe_to_contact),
            row.practice_id,
        )
        for row in people
    }
    audit.viewed_list(actor, "person:compared", [(("person", id_), id_) for id_ in sorted(ids)])
    return [
        Match(
            row.id,
            row.version,
            row.why,
            row.state,
            row.created_at,
            row.decided_at,
            row.decided_by,
            found[row.kept_id],
            found[row.other_id],
        )
        for row in rows
    ]


def _known(rows: list[Person]) -> list[Known]:
    ids = [row.id for row in rows]
    identities, found = open_identities_unscoped(ids), standings_unscoped(ids)
    return [
        Known(row.id, row.version, identities[row.id], found[row.id], row.practice_id)
        for row in rows
    ]
