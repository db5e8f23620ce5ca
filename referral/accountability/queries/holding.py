"""What is held about a person: all of it for them, and for who hands it over to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden
from referral.core.i18n import Lazy, _, format_day_long
from referral.outcomes import queries as outcomes
from referral.people import queries as people
from referral.people.codes import ACCESS_NEEDS, REACH_BY, SEXES
from referral.people.holding import Held, in_order, words
from referral.people.identity import Identity
from referral.referrals import disclosure, parties
from referral.referrals import queries as referrals
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral

EVENT = "record:read"
# While the person reads first, the practice has no more than at this level.
WAITING = "codes"


@dataclass(frozen=True)
class Record:
    """Everything that the reader may have of one person, in order.

    ``elsewhere``: of how many of their referrals the reader may not have the words.
    """

    name: str
    reference: str
    lines: list[Held] = field(default_factory=list)
    elsewhere: int = 0


def held(actor: Actor, referral_id: uuid.UUID | None = None) -> list[Held]:
    """The lines of ``record``."""
    return record(actor, referral_id).lines


def record(actor: Actor, referral_id: uuid.UUID | None = None) -> Record:
    """All that is held; the view is audited.

    A person at their own page reads what their sitting opens, whatever ``referral_id``. Staff with
    ``HAND_OVER_RECORD`` read of the person of ``referral_id`` every referral that they may know
    them on. Raise ``NotFound`` out of scope, ``Forbidden`` for whom it is not for. A statement for
    each table, whatever is held.
    """
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
        found = _line(actor)
        own = None
    else:
        permit(actor, Permission.HAND_OVER_RECORD)
        own = actor.organisation
        assert referral_id is not None  # noqa: S101 - the door of staff names a referral
        found = _known_on(actor, referrals.referral(actor, referral_id))
    readable = [row for row, seen in found if seen]
    if not readable:
        raise Forbidden
    same = people.same_person_unscoped(readable[0].person_id)
    keys = people.keys_of_unscoped(same)
    identities = people.own_identities_unscoped(same)
    ids = [row.id for row in readable]
    less = _levels(actor, readable)
    lines = [line for one in identities.values() for line in _identity(one)]
    lines += referrals.held_unscoped(ids, keys, own, less)
    lines += outcomes.held_unscoped(ids, keys, own, less)
    if own is not None and not may(actor, Permission.ANSWER_COMPLAINTS):
        # Colleagues who answer none read none, though it is their organisation that has it.
        lines = [line for line in lines if line.part != "complaints"]
    audit.viewed_list(actor, EVENT, [(("referral", row.id), row.person_id) for row in readable])
    asked = next((row for row in readable if row.id == (referral_id or actor.referral)), None)
    shown = people.open_identities_unscoped([readable[0].person_id])[readable[0].person_id]
    return Record(
        name=shown.name,
        reference=(asked or readable[0]).reference,
        lines=in_order(dict.fromkeys(lines)),
        elsewhere=len(found) - len(readable),
    )


def _line(actor: Actor) -> list[tuple[Referral, bool]]:
    """The referral the person came in with, and what followed from it."""
    rows = session().scalars(
        select(Referral).where(referrals.in_scope(actor)).order_by(Referral.id)
    )
    return [(row, True) for row in rows]


def _known_on(actor: Actor, asked: Referral) -> list[tuple[Referral, bool]]:
    """Every referral of the person in the actor's scope, and whether it names them to the actor."""
    kinds = select(Organisation.kind).where(Organisation.id == Referral.recipient_id)
    rows = session().execute(
        select(Referral, kinds.correlate(Referral).scalar_subquery())
        .where(
            referrals.in_scope(actor),
            Referral.person_id.in_(people.same_person_unscoped(asked.person_id)),
            Referral.status.not_in(("draft", "entered_in_error")),
        )
        .order_by(Referral.id)
    )
    return [
        (row, referrals.level_of(actor, row, kind, parties.of(actor, row)) == Level.IDENTIFIED)
        for row, kind in rows
    ]


def _levels(actor: Actor, rows: list[Referral]) -> dict[uuid.UUID, str]:
    """What comes back now, of the referrals where the reader is the practice."""
    if actor.organisation_kind != "practice":
        return {}
    now = clock.now()
    return {
        row.id: WAITING if disclosure.words_wait(row, now) else row.consent_feedback for row in rows
    }


def _identity(one: Identity) -> list[Held]:
    """Who they are and how to reach them, as it is kept."""
    born = one.date_of_birth
    number = one.health_number
    facts: tuple[tuple[Lazy, str], ...] = (
        (_("Name"), one.name),
        (_("Date of birth"), format_day_long(born) if born else ""),
        (_("Health number"), number["value"] if number else ""),
        (_("Sex"), str(SEXES[one.sex].label) if one.sex in SEXES else one.sex),
        (_("Address"), one.address.replace("\n", ", ")),
        (_("Postcode"), one.postcode),
        (_("Telephone"), one.phone),
        (_("Email"), one.email),
        (_("Language"), one.language),
        (_("How to reach you"), words([str(REACH_BY[key].label) for key in one.reach_by])),
        (_("What you need"), words([str(ACCESS_NEEDS[key].label) for key in one.access_needs])),
        (_("Interpreter"), words(one.interpreter) if one.interpreter else ""),
        (_("Messages may be left"), words(one.safe_to_leave_message)),
        (_("Getting in touch with you"), one.contact_notes),
    )
    return [Held("you", str(label), said) for label, said in facts if said]
