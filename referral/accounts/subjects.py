"""For which subject a permission holds: own organisation, own referral, own locality.

``permissions.WITHIN`` says which of these rules belongs to which permission.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol
from uuid import UUID

from referral.core.actor import Actor


class OfOrganisation(Protocol):
    """An organisation, or anything that can stand for one in figures and accounts."""

    @property
    def id(self) -> UUID: ...
    @property
    def locality_id(self) -> UUID | None: ...


class OfPractice(Protocol):
    """A practice with the link-worker team that serves it."""

    @property
    def link_worker_team_id(self) -> UUID | None: ...


class OfReferral(Protocol):
    """The organisations a referral is between."""

    @property
    def sender_id(self) -> UUID: ...
    @property
    def recipient_id(self) -> UUID | None: ...
    @property
    def practice_id(self) -> UUID | None: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def fallback_id(self) -> UUID | None: ...


class OfLocality(Protocol):
    """Anything that belongs to one locality."""

    @property
    def locality_id(self) -> UUID | None: ...


class OfOwner(Protocol):
    """Anything an organisation keeps, such as a service."""

    @property
    def organisation_id(self) -> UUID: ...


class OfChecks(Protocol):
    """An organisation's checks in a locality, an answer to one, or a decision to come."""

    @property
    def organisation_id(self) -> UUID: ...
    @property
    def locality_id(self) -> UUID | None: ...
    @property
    def theirs(self) -> Set[UUID]:
        """Who may never judge: submitters, who works there or for the anchor, a first reviewer."""


def is_own_organisation(actor: Actor, subject: OfOrganisation) -> bool:
    return actor.organisation is not None and subject.id == actor.organisation


def is_kept_by_own_organisation(actor: Actor, subject: OfOwner) -> bool:
    return actor.organisation is not None and subject.organisation_id == actor.organisation


def is_in_own_locality(actor: Actor, subject: OfLocality) -> bool:
    return actor.locality is not None and subject.locality_id == actor.locality


def is_between_own_organisation(actor: Actor, subject: OfReferral) -> bool:
    """The actor's organisation is one of those the referral is between."""
    return actor.organisation is not None and actor.organisation in (
        subject.sender_id,
        subject.recipient_id,
        subject.practice_id,
        subject.team_id,
        subject.fallback_id,
    )


def is_sent_by_own_organisation(actor: Actor, subject: OfReferral) -> bool:
    return actor.organisation is not None and subject.sender_id == actor.organisation


def is_received_by_own_organisation(actor: Actor, subject: OfReferral) -> bool:
    return actor.organisation is not None and actor.organisation in (
        subject.recipient_id,
        subject.team_id,
    )


def is_looked_after_by_own_team(actor: Actor, subject: OfReferral) -> bool:
    """The actor's link-worker team sent it, works on it, or takes it when it comes back."""
    return actor.organisation is not None and actor.organisation in (
        subject.sender_id,
        subject.team_id,
        subject.fallback_id,
    )


def is_served_by_own_team(actor: Actor, subject: OfOrganisation) -> bool:
    team = getattr(subject, "link_worker_team_id", None)
    return team is not None and team == actor.organisation


def has_figures_for(actor: Actor, subject: OfOrganisation) -> bool:
    """Own organisation; a lead also the practices served; a commissioner the whole locality."""
    return (
        is_own_organisation(actor, subject)
        or (actor.has("link_worker_lead") and is_served_by_own_team(actor, subject))
        or (actor.has("commissioner") and is_in_own_locality(actor, subject))
    )


def manages(actor: Actor, subject: OfOrganisation) -> bool:
    """Own organisation; an administrator every organisation."""
    return is_own_organisation(actor, subject) or actor.has("administrator")


def keeps_directory(actor: Actor, subject: OfLocality) -> bool:
    """Link workers their locality's part (and what has none yet); an administrator all."""
    return (
        actor.has("administrator")
        or subject.locality_id is None
        or is_in_own_locality(actor, subject)
    )


def answers_checks(actor: Actor, subject: OfChecks) -> bool:
    """Its own people; a link worker of the locality writes down what a group without an account
    says, and thereby becomes one who may not judge it."""
    if actor.organisation_kind == "link_worker_team":
        return is_in_own_locality(actor, subject)
    return is_kept_by_own_organisation(actor, subject)


def judges_checks(actor: Actor, subject: OfChecks) -> bool:
    """In the locality, and a stranger to it: never the submitter, never one of its own."""
    return (
        actor.id is not None
        and is_in_own_locality(actor, subject)
        and not is_kept_by_own_organisation(actor, subject)
        and actor.id not in subject.theirs
    )


def sets_checks(actor: Actor, subject: OfLocality) -> bool:
    """Their own locality's; an administrator everybody's."""
    return actor.has("administrator") or is_in_own_locality(actor, subject)
