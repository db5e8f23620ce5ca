"""What somebody typed to see their own page: the worker looks at it, and sends a code if right.

Whoever typed it is told nothing of what is found here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts import services as accounts_services
from referral.accounts import status_door
from referral.accounts.roles import THE_PERSON
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import speaking
from referral.core.schema import as_mobile
from referral.outbox.channels import sends_texts
from referral.people import queries as people
from referral.people.identity import Identity
from referral.people.queries import Standing
from referral.referrals import notifications, references, telling
from referral.referrals.models import Referral
from referral.referrals.queries.scope import in_scope

# A code is read on a screen: what is printed, rung or met is no way for it.
WAYS = ("text", "email")


@dataclass(frozen=True)
class _Right:
    """What was typed is right, and this is whose it is."""

    referral: Referral
    identity: Identity
    standing: Standing


def look(actor: Actor, ask_id: uuid.UUID) -> None:
    """Look at what was typed, empty it, and send a code where it was right and there is a way.

    Where there is no way to send one a card still opens the page.
    """
    typed = accounts.typed(ask_id)
    right = _right(typed["reference"], typed["born"]) if typed else None
    if typed is None or right is None:
        accounts_services.found(actor, ask_id)
        return
    about = right.referral
    accounts_services.found(actor, ask_id, (about.id, about.person_id, about.locality_id))
    way = _way(right)
    if way is None:
        return
    to = as_mobile(right.identity.phone) if way == "text" else right.identity.email
    with speaking(typed["language"]):
        notifications.status_code(actor, about, ask_id, way, to, typed["code"])
    audit.record(actor, "status:code_sent", ("referral", about.id), about.person_id, by=way)


def has_a_page(found: Referral) -> bool:
    """Whether the referral, or one that followed from it, has a page for the person now."""
    person = Actor("person", found.person_id, referral=found.id, roles=frozenset({THE_PERSON}))
    line = session().execute(select(Referral.status, Referral.closed_at).where(in_scope(person)))
    today = clock.today()
    return any(
        status_door.page_opens(
            row.status, clock.local(row.closed_at).date() if row.closed_at else None, today
        )
        for row in line
    )


def _right(typed: str, born: str) -> _Right | None:
    """The referral of this reference, where the day of birth is its person's on any record."""
    reference = references.parse(typed)
    if reference is None:
        return None
    found = session().scalar(select(Referral).where(Referral.reference == reference))
    if found is None or not has_a_page(found):
        return None
    same = people.same_person_unscoped(found.person_id)
    days = {one.date_of_birth for one in people.own_identities_unscoped(same).values()}
    standing = people.standings_unscoped([found.person_id])[found.person_id]
    if date.fromisoformat(born) not in days or standing.deceased_on is not None:
        return None
    identity = people.open_identities_unscoped([found.person_id])[found.person_id]
    return _Right(found, identity, standing)


def _way(right: _Right) -> str | None:
    """``text`` or ``email``, of those the person named as safe, in their order."""
    identity = right.identity
    chosen = telling.channel(
        telling.Way(
            reach_by=tuple(way for way in identity.reach_by if way in WAYS),
            has_mobile=bool(as_mobile(identity.phone)) and sends_texts(),
            has_email=bool(identity.email),
            unsafe_to_contact=right.standing.unsafe_to_contact,
        )
    )
    return chosen if chosen in WAYS else None
