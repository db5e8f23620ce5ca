"""Who may see the person because of a referral: the facts that ``people`` reads."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts.permissions import Permission, may
from referral.accounts.roles import PARTY_ROLES
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import _
from referral.people import queries as people
from referral.people.models import PersonAccess
from referral.referrals import disclosure, parties
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral


def settle(actor: Actor, found: Referral, recipient_kind: str) -> None:
    """Make the facts what the referral's present state says; what ended keeps its end."""
    wanted = _wanted(found, recipient_kind)
    now = clock.now()
    rows = {
        row.organisation_id: row
        for row in session().scalars(
            select(PersonAccess).where(
                PersonAccess.subject_id == found.id, PersonAccess.person_id == found.person_id
            )
        )
    }
    for organisation, level in wanted.items():
        row = rows.pop(organisation, None)
        if row is None:
            session().add(
                PersonAccess(
                    person_id=found.person_id,
                    organisation_id=organisation,
                    level=level,
                    why="referral",
                    subject_id=found.id,
                    since=now,
                )
            )
        elif row.level != level or row.until is not None:
            row.level, row.until, row.since = level, None, now
    for row in rows.values():
        if row.until is None:
            row.until = now
    session().flush()


def _wanted(found: Referral, recipient_kind: str) -> dict[uuid.UUID, str]:
    """``{organisation: anonymous | identified}``."""
    levels: dict[uuid.UUID, Level] = {}
    stopped = found.consent_withdrawn_at is not None
    if found.recipient_id is not None and found.status != "draft":
        levels[found.recipient_id] = disclosure.level(
            "recipient",
            found.status,
            recipient_kind=recipient_kind,
            ever_accepted=found.accepted_at is not None,
            stopped=stopped,
        )
    if parties.owner(found) == "fallback" and found.owner_id is not None:
        levels[found.owner_id] = disclosure.level("fallback", found.status, stopped=stopped)
    if found.practice_id is not None and found.status != "draft":
        levels[found.practice_id] = Level.IDENTIFIED
    levels[found.sender_id] = Level.IDENTIFIED
    return {id_: level.name.lower() for id_, level in levels.items() if level != Level.NONE}


def permit_to_write(actor: Actor, found: Referral) -> None:
    """Raise ``Forbidden`` unless the actor has a role of one of its parties to the referral."""
    own = parties.of(actor, found)
    if not any(actor.has(*PARTY_ROLES[party]) for party in own & PARTY_ROLES.keys()):
        raise Forbidden


def permit_to_hear(actor: Actor, found: Referral) -> None:
    """The person, and whoever hears it from them: the practice, reception too, the team, the group.

    Raise ``Forbidden`` for all others.
    """
    own = parties.of(actor, found)
    if "person" in own or (own and may(actor, Permission.TELL_PEOPLE)):
        return
    permit_to_write(actor, found)


def key_of(actor: Actor, found: Referral) -> bytes:
    """The key of the person, for what is written about them; raise ``Conflict`` once erased."""
    key = people.keys_of_unscoped([found.person_id]).get(found.person_id)
    if key is None:
        raise Conflict(str(_("This person's record was erased.")))
    return key
