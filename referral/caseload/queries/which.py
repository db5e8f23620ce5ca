"""Which referrals are a team's work, and whose: conditions of queries."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import (
    AnswerContact,
    AnswerContactService,
    Membership,
    Organisation,
    User,
)
from referral.accounts.roles import ROLES_OF_KIND
from referral.core import clock
from referral.core.actor import Actor
from referral.people.models import Person
from referral.referrals.lifecycle import OPEN
from referral.referrals.models import Referral, StatusChange

IS_OPEN = Referral.status.in_(OPEN)
# Back from whoever had it: of others' they are nobody's work here any more.
BACK = ("completed", "ended_early", "declined", "returned_no_reply")


def of_team(actor: Actor) -> ColumnElement[bool]:
    """Came to the actor's team, or was sent on by it."""
    own = actor.organisation
    return and_(or_(Referral.team_id == own, Referral.sender_id == own), Referral.status != "draft")


def held(actor: Actor, worker: uuid.UUID | None) -> ColumnElement[bool]:
    """The team holds it, in ``worker``'s name; None: in anybody's or nobody's."""
    found = [Referral.owner_id == actor.organisation, IS_OPEN]
    if worker is not None:
        found.append(Referral.owner_user_id == worker)
    return and_(*found)


def with_worker(actor: Actor, worker: uuid.UUID | None) -> ColumnElement[bool]:
    """Open and theirs: held, or sent on and held by others."""
    if worker is None:
        ours = or_(Referral.owner_id == actor.organisation, Referral.status.not_in(BACK))
        return and_(of_team(actor), IS_OPEN, ours)
    sent_on = and_(Referral.sender_id == actor.organisation, Referral.sent_by_id == worker, IS_OPEN)
    return or_(held(actor, worker), sent_on)


def unassigned(actor: Actor) -> ColumnElement[bool]:
    return and_(held(actor, None), Referral.owner_user_id.is_(None))


def elsewhere(actor: Actor, worker: uuid.UUID | None) -> ColumnElement[bool]:
    """Theirs, and somebody else has to act."""
    return and_(
        with_worker(actor, worker),
        Referral.owner_id != actor.organisation,
        Referral.status.not_in(BACK),
    )


def due(actor: Actor, worker: uuid.UUID | None) -> ColumnElement[bool]:
    """Held and due today, or late."""
    return and_(
        held(actor, worker),
        Referral.self_closing.is_(False),
        Referral.due_on <= clock.today(),
    )


def done(actor: Actor, worker: uuid.UUID | None) -> ColumnElement[bool]:
    """Over, with nothing else of the person open in the team; ``worker`` had a hand in it."""
    other, other_person = aliased(Referral), aliased(Person)
    goes_on = (
        exists()
        .where(
            other.person_id == other_person.id,
            other_person.group_id == Person.group_id,
            or_(other.team_id == actor.organisation, other.sender_id == actor.organisation),
            other.status.in_(OPEN),
        )
        .correlate(Person)
    )
    found = [of_team(actor), ~IS_OPEN, Referral.status != "entered_in_error", ~goes_on]
    if worker is not None:
        found.append(
            exists()
            .where(StatusChange.referral_id == Referral.id, StatusChange.actor_id == worker)
            .correlate(Referral)
        )
    return and_(*found)


def to_triage(actor: Actor) -> ColumnElement[bool]:
    """Came to the team and waits for its answer."""
    return and_(
        Referral.recipient_id == actor.organisation,
        Referral.owner_id == actor.organisation,
        Referral.status == "sent",
    )


def looked_after(actor: Actor) -> ColumnElement[bool]:
    """Open, and the team sent it, works on it or takes it when it comes back."""
    own = actor.organisation
    theirs = or_(Referral.sender_id == own, Referral.team_id == own, Referral.fallback_id == own)
    return and_(theirs, IS_OPEN)


def nobody_answers(actor: Actor) -> ColumnElement[bool]:
    """Waits at a service where nobody can answer: no contact whom messages reach, and nobody who
    can sign in.
    """
    contact = (
        select(AnswerContactService.service_id)
        .join(AnswerContact, AnswerContact.id == AnswerContactService.contact_id)
        .join(Organisation, Organisation.id == AnswerContact.organisation_id)
        .where(
            AnswerContact.active,
            AnswerContact.lost_at.is_(None),
            Organisation.answers_by == "link",
        )
    )
    user = (
        select(Membership.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.role.in_(ROLES_OF_KIND["provider"]), User.active, User.password_hash != ""
        )
    )
    return and_(
        looked_after(actor),
        Referral.service_id.is_not(None),
        Referral.status.in_(("sent", "question_asked")),
        Referral.service_id.not_in(contact),
        Referral.recipient_id.not_in(user),
    )


def gone_quiet(actor: Actor) -> ColumnElement[bool]:
    """Told twice and still late: on the lead's list."""
    return and_(looked_after(actor), Referral.exception)
