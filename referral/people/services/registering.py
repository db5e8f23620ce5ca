"""Registering a person, keeping their details, and the two flags that bind everybody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.accounts import services as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, StaleVersion
from referral.core.i18n import _
from referral.people import digests, numbers, queries
from referral.people.identity import Identity, from_fields
from referral.people.models import Person, PersonAccess, PersonKey


def register(actor: Actor, data: Mapping[str, Any]) -> Person:
    """Take a person on, from the fields of ``schemas.Person``.

    Somebody the actor's organisation already knows by number and birth date is amended instead;
    anybody else gets a record of their own, also when other organisations know them: the answer
    must not tell. Records are linked when a referral is sent. Somebody who asked for help
    themselves may come without a number. Raise ``Invalid`` for the number.
    """
    permit(actor, Permission.REGISTER_PERSON)
    if actor.organisation is None:
        raise Forbidden
    numbered = data.get("health_number")
    identity = from_fields(_with_checked_number(actor, data) if numbered else data)
    known = queries.find(actor, data["date_of_birth"], number=identity.health_number)
    if known is not None:
        if known.identity.changed(data) == known.identity:
            return queries.row_in_scope(actor, known.id)
        return amend(actor, known.id, data, None)
    now = clock.now()
    person = Person(
        id=new_id(),
        locality_id=actor.locality,
        practice_id=actor.organisation if actor.organisation_kind == "practice" else None,
        created_at=now,
        updated_at=now,
    )
    person.group_id = person.id
    key, wrapped = encryption.data_key()
    _seal(person, key, identity)
    session().add(person)
    session().flush()
    session().add(PersonKey(person_id=person.id, wrapped=wrapped))
    session().add(
        PersonAccess(
            person_id=person.id,
            organisation_id=actor.organisation,
            level="identified",
            why="registered",
            subject_id=person.id,
            since=now,
        )
    )
    audit.record(actor, "person:registered", ("person", person.id), person.id)
    return person


def amend(
    actor: Actor, person_id: uuid.UUID, data: Mapping[str, Any], version: int | None
) -> Person:
    """Replace the fields given; the others stay. Raise ``StaleVersion``, ``Invalid``."""
    person = queries.row_in_scope(actor, person_id, to_change=True)
    permit(actor, Permission.REGISTER_PERSON)
    _check_version(person, version)
    changed = _with_checked_number(actor, data) if data.get("health_number") else dict(data)
    key = queries.keys_of_unscoped([person.id])[person.id]
    identity = queries.own_identities_unscoped([person.id])[person.id].changed(changed)
    _seal(person, key, identity)
    _touch(person)
    audit.record(
        actor, "person:amended", ("person", person.id), person.id, fields=",".join(sorted(data))
    )
    return person


def note_ways(
    actor: Actor, person_id: uuid.UUID, data: Mapping[str, Any], version: int | None
) -> tuple[Identity, list[str]]:
    """How the person says they are reached: what they are like now, and which fields changed.

    ``version`` is that of the record that is kept. The caller has permitted it. Raise
    ``StaleVersion``, and ``Conflict`` once they were erased.
    """
    own = session().get_one(Person, person_id)
    person = session().get_one(
        Person,
        own.merged_into_id or own.id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    _check_version(person, version)
    key = queries.keys_of_unscoped([person.id]).get(person.id)
    if key is None:
        raise Conflict(str(_("This person's record was erased.")))
    before = queries.own_identities_unscoped([person.id])[person.id]
    after = before.changed(data)
    fields = [name for name in sorted(data) if getattr(before, name) != getattr(after, name)]
    if fields:
        _seal(person, key, after)
        _touch(person)
        audit.record(
            actor, "person:amended", ("person", person.id), person.id, fields=",".join(fields)
        )
    return after, fields


def mark_deceased(
    actor: Actor, person_id: uuid.UUID, on: date | None, version: int | None = None
) -> Person:
    """Note the day the person died, or that this was a mistake (None)."""
    person = queries.row_in_scope(actor, person_id, to_change=True)
    permit(actor, Permission.REGISTER_PERSON)
    _check_version(person, version)
    return _set_deceased(actor, person, on)


def note_deceased(actor: Actor, person_id: uuid.UUID, on: date | None) -> Person:
    """The same, said by whoever holds a referral of the person; the caller has permitted it."""
    person = session().get_one(Person, person_id, with_for_update={"key_share": True})
    return _set_deceased(actor, person, on)


def _set_deceased(actor: Actor, person: Person, on: date | None) -> Person:
    if on is not None and on > clock.today():
        raise Invalid({"on": ["must be today or in the past"]})
    person.deceased_on = on
    _touch(person)
    if on:
        _shut_pages(actor, person)
    event = "person:deceased" if on else "person:not_deceased"
    audit.record(actor, event, ("person", person.id), person.id)
    return person


def mark_unsafe(
    actor: Actor, person_id: uuid.UUID, unsafe: bool, note: str = "", version: int | None = None
) -> Person:
    """Note that contacting the person directly may harm them; ``note`` says what to do instead."""
    person = queries.row_in_scope(actor, person_id, to_change=True)
    permit(actor, Permission.REGISTER_PERSON)
    _check_version(person, version)
    key = queries.keys_of_unscoped([person.id])[person.id]
    identity = queries.own_identities_unscoped([person.id])[person.id]
    _seal(person, key, identity.changed({"contact_notes": note if unsafe else ""}))
    person.unsafe_to_contact = unsafe
    if unsafe:
        _shut_pages(actor, person)
    _touch(person)
    event = "person:unsafe_to_contact" if unsafe else "person:safe_to_contact"
    audit.record(actor, event, ("person", person.id), person.id)
    return person


def _shut_pages(actor: Actor, person: Person) -> None:
    """Nobody goes on reading the person's own page: whoever has it open may be somebody else."""
    for one in queries.same_person_unscoped(person.id):
        accounts.revoke_cards(actor, person_id=one)


def _with_checked_number(actor: Actor, data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with the number in normal form; 999 numbers in a demonstration and only there."""
    given = data["health_number"]
    try:
        number = numbers.parse(given["type"], given["value"], demo=actor.demo)
    except ValueError as error:
        raise Invalid({"health_number.value": [str(error)]}) from error
    return {**data, "health_number": {"type": number.kind, "value": number.value}}


def _seal(person: Person, key: bytes, identity: Identity) -> None:
    """Seal the identity and make its digests anew."""
    person.identity_sealed = encryption.seal(key, identity.sealed_form(), f"person:{person.id}")
    name, born = (identity.given_name, identity.family_name), identity.date_of_birth
    number, address = (identity.number_type, identity.number), (identity.address, identity.postcode)
    person.number_index = digests.number(*number) if all(number) else None
    person.name_birth_index = digests.name_birth(*name, born) if all(name) and born else None
    person.surname_index = digests.surname(identity.family_name) if identity.family_name else None
    person.address_index = digests.address(*address) if all(address) else None


def _check_version(person: Person, version: int | None) -> None:
    if version is not None and version != person.version:
        raise StaleVersion(version, person.version)


def _touch(person: Person) -> None:
    person.version += 1
    person.updated_at = clock.now()
