"""What programs read of checks that no page reads in this way."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Locality, Organisation, User
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory import queries as directory
from referral.directory.models import Listing, Service
from referral.directory.queries.searching import in_scope
from referral.files.models import StoredFile
from referral.vetting.checks import Check
from referral.vetting.criminal_records import in_nation
from referral.vetting.models import Application, Decision, Evidence, Hosting
from referral.vetting.queries.answering import files_of, stated, told_by
from referral.vetting.queries.dossier import ENDED, Dossier, dossier
from referral.vetting.queries.own import Hosted, own
from referral.vetting.queries.reviewing import Decided
from referral.vetting.queries.scheme import scheme_of
from referral.vetting.scheme import Scheme


@dataclass(frozen=True)
class Register:
    """The checks of a locality, called and renewed as in its nation."""

    locality: Locality
    scheme: Scheme
    checks: tuple[Check, ...]


def register(actor: Actor, locality_id: uuid.UUID) -> Register:
    """What a locality asks for; no secret to anybody who is signed in."""
    locality = session().get(Locality, locality_id)
    if locality is None:
        raise NotFound
    found = scheme_of(locality_id)
    every = tuple(in_nation(check, locality.nation) for check in found.checks)
    return Register(locality, found, every)


@dataclass(frozen=True)
class Whole:
    """An application with everything about it; ``decisions`` the newest first."""

    application: Application
    dossier: Dossier
    decisions: tuple[Decided, ...]


def whole(actor: Actor, application_id: uuid.UUID) -> Whole:
    """An application of the own organisation or of a reviewer's locality; ``NotFound`` else."""
    found = session().get(Application, application_id)
    if found is None:
        raise NotFound
    made = dossier(actor, found.organisation_id, found.locality_id)
    rows = session().execute(
        select(Decision, User.name)
        .outerjoin(User, User.id == Decision.decided_by)
        .where(Decision.application_id == application_id)
        .order_by(Decision.id.desc())
    )
    return Whole(found, made, tuple(Decided(*row) for row in rows))


def from_here(actor: Actor, organisation_id: uuid.UUID) -> Dossier:
    """An organisation's dossier in its own locality, or in that of who reviews it."""
    if actor.organisation == organisation_id:
        where = accounts.organisation(actor, organisation_id).locality_id
    else:
        where = actor.locality
    if where is None:
        raise NotFound
    return dossier(actor, organisation_id, where)


@dataclass(frozen=True)
class Said:
    """An answer with its private words, its files, and which organisation looked at it."""

    evidence: Evidence
    words: dict[str, str]
    told_by: str
    files: tuple[StoredFile, ...]
    reviewer: str


def answers_of(actor: Actor, organisation_id: uuid.UUID) -> list[Said]:
    """What an organisation has said itself that counts, waits, or was not accepted."""
    made = from_here(actor, organisation_id)
    counting = [one.evidence for one in made.accepted.values()]
    return _said([*made.open.values(), *made.rejected.values(), *counting])


def answer(actor: Actor, evidence_id: uuid.UUID) -> Said:
    """One answer, whatever became of it; ``NotFound`` out of scope."""
    found = session().get(Evidence, evidence_id)
    if found is None:
        raise NotFound
    from_here(actor, found.organisation_id)
    return _said([found])[0]


def _said(found: Sequence[Evidence]) -> list[Said]:
    files = files_of([one.id for one in found])
    names = accounts.names_of(one.reviewer_organisation_id for one in found)
    return [
        Said(
            one,
            stated(one),
            told_by(one),
            tuple(files.get(one.id, ())),
            names.get(one.reviewer_organisation_id, "") if one.reviewer_organisation_id else "",
        )
        for one in found
    ]


@dataclass(frozen=True)
class Shown:
    """A service and what vetting has written down of it."""

    service: Service
    organisation: Organisation
    listing: Listing | None


def passports(actor: Actor, organisation_id: uuid.UUID) -> list[Shown]:
    """Those of an organisation's services; ``NotFound`` where the actor reads no directory."""
    organisation = directory.organisation(actor, organisation_id)
    rows = session().execute(
        select(Service, Listing)
        .outerjoin(Listing, Listing.service_id == Service.id)
        .where(
            Service.organisation_id == organisation_id,
            Service.status.not_in(ENDED),
            in_scope(actor),
        )
        .order_by(Service.name, Service.id)
    )
    return [Shown(service, organisation, listing) for service, listing in rows]


def own_applications(actor: Actor) -> list[tuple[Application, str]]:
    """Those of the actor's organisation, with its name; none for who works in no such."""
    if actor.organisation is None or not may(actor, Permission.GIVE_EVIDENCE):
        raise NotFound
    name = accounts.organisation(actor, actor.organisation).name
    return [(one.application, name) for one in own(actor) if one.application is not None]


def hosting(actor: Actor, hosting_id: uuid.UUID) -> Hosted:
    """Who answers for whom, ended or not; ``NotFound`` for who is neither of the two."""
    found = session().get(Hosting, hosting_id)
    if found is None or actor.organisation not in (found.anchor_id, found.hosted_id):
        raise NotFound
    mine = actor.organisation == found.anchor_id
    other = session().get_one(Organisation, found.hosted_id if mine else found.anchor_id)
    return Hosted(found, other, mine)


def reviews(actor: Actor) -> bool:
    """Does the actor read applications as a reviewer, not as an organisation?"""
    return may(actor, Permission.REVIEW_CHECKS)
