"""Records that may be one person: linked at sending, decided by a reviewer, taken apart again.

Nothing moves between records. ``group_id`` and ``merged_into_id`` are worked out anew from the
matches after every decision, so undoing a match puts back exactly what was.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import or_, select

from referral.accounts import services as accounts
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Invalid, StaleVersion
from referral.people import queries
from referral.people.models import Person, PersonMatch

JOINED = ("linked", "merged")


def link(actor: Actor, person_id: uuid.UUID) -> None:
    """A referral is being sent: link the person's record with others of the same person.

    The same number and birth date are one person; the same number with another birth date waits
    for a reviewer. What was decided before about a pair stays.
    """
    own = session().get_one(Person, person_id)
    identity = queries.own_identities_unscoped([own.id])[own.id]
    if not identity.number:
        return
    found = queries.with_number_unscoped(identity.number_type, identity.number, own.locality_id)
    others = [(row, said) for row, said in found if row.id != own.id and said.number]
    if not others:
        return
    decided = _decided_about(own.id)
    for row, said in others:
        if row.id in decided or row.group_id == own.group_id:
            continue
        same = said.date_of_birth == identity.date_of_birth
        kept, other = sorted((own.id, row.id))
        match = PersonMatch(
            kept_id=kept,
            other_id=other,
            locality_id=own.locality_id,
            why="same_number_and_birth" if same else "number_same_birth_differs",
            state="linked" if same else "waiting",
            created_at=clock.now(),
        )
        session().add(match)
        session().flush()
        event = "person:linked" if same else "person:conflict_found"
        audit.record(actor, event, ("person_match", match.id), own.id)
        if same:
            _regroup((own.id, row.id))


def merge(
    actor: Actor, match_id: uuid.UUID, version: int, keep: uuid.UUID | None = None
) -> PersonMatch:
    """They are one person, and the details of ``keep`` (the older when None) are right."""
    match = _to_decide(actor, match_id, version, ("waiting", "linked", "apart"))
    if keep is not None and keep not in (match.kept_id, match.other_id):
        raise Invalid({"keep": ["must be one of the two records"]})
    if keep == match.other_id:
        match.kept_id, match.other_id = match.other_id, match.kept_id
    return _decide(actor, match, "merged")


def unmerge(actor: Actor, match_id: uuid.UUID, version: int) -> PersonMatch:
    """They are two people after all: every record is again as it was."""
    return _decide(actor, _to_decide(actor, match_id, version, JOINED), "apart")


def keep_apart(actor: Actor, match_id: uuid.UUID, version: int) -> PersonMatch:
    """They are two people."""
    return _decide(actor, _to_decide(actor, match_id, version, ("waiting",)), "apart")


def _to_decide(
    actor: Actor, match_id: uuid.UUID, version: int, states: tuple[str, ...]
) -> PersonMatch:
    match = queries.match_row(actor, match_id, to_change=True)
    if match.version != version:
        raise StaleVersion(version, match.version)
    if match.state not in states:
        raise Conflict("This has been decided already.")
    return match


def _decide(actor: Actor, match: PersonMatch, state: str) -> PersonMatch:
    match.state = state
    match.version += 1
    match.decided_by, match.decided_at = actor.id, clock.now()
    session().flush()
    _regroup((match.kept_id, match.other_id))
    for person_id in (match.kept_id, match.other_id):
        # Whose page it is may have been a mistake, until now or from now on: they come in anew.
        accounts.revoke_cards(actor, person_id=person_id)
        event = {"merged": "person:merged", "apart": "person:kept_apart"}[state]
        audit.record(actor, event, ("person_match", match.id), person_id)
    return match


def _decided_about(person_id: uuid.UUID) -> set[uuid.UUID]:
    rows = session().execute(
        select(PersonMatch.kept_id, PersonMatch.other_id).where(
            or_(PersonMatch.kept_id == person_id, PersonMatch.other_id == person_id)
        )
    )
    return {id_ for pair in rows for id_ in pair} - {person_id}


def _regroup(person_ids: Iterable[uuid.UUID]) -> None:
    """Work out who is one person among ``person_ids`` and all that hangs together with them."""
    session().flush()
    groups = select(Person.group_id).where(Person.id.in_(list(person_ids)))
    people = {
        row.id: row
        for row in session().scalars(
            select(Person)
            .where(Person.group_id.in_(groups))
            .order_by(Person.id)
            .with_for_update(key_share=True)
        )
    }
    edges = list(
        session().scalars(
            select(PersonMatch)
            .where(
                PersonMatch.state.in_(JOINED),
                PersonMatch.kept_id.in_(people),
                PersonMatch.other_id.in_(people),
            )
            .order_by(PersonMatch.decided_at, PersonMatch.id)
        )
    )
    group = {id_: id_ for id_ in people}
    for edge in edges:
        old, new = sorted((group[edge.kept_id], group[edge.other_id]), reverse=True)
        group = {id_: new if head == old else head for id_, head in group.items()}
    into = {edge.other_id: edge.kept_id for edge in edges if edge.state == "merged"}
    for id_, row in people.items():
        row.group_id = group[id_]
        row.merged_into_id = _end_of(id_, into)
    session().flush()


def _end_of(person_id: uuid.UUID, into: dict[uuid.UUID, uuid.UUID]) -> uuid.UUID | None:
    """The record at the end of the chain; None for one that was not merged."""
    seen, here = {person_id}, person_id
    while here in into and into[here] not in seen:
        here = into[here]
        seen.add(here)
    return None if here == person_id else here
