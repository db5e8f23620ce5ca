"""What a locality asks for, now and in every version before."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from referral.accounts.models import Locality, User
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.vetting import scheme
from referral.vetting.checks import TIERS
from referral.vetting.models import SchemeVersion
from referral.vetting.scheme import Scheme

NATIONAL = Scheme()


@dataclass(frozen=True)
class Version:
    """One version of a locality's scheme. ``made_by``: a name; None = the installation.

    ``changed``: keys of the checks that differ from the version before.
    """

    made: SchemeVersion
    made_by: str | None
    scheme: Scheme
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Versions:
    """All versions, the newest first; none = the national default stands."""

    locality: Locality
    items: tuple[Version, ...]

    @property
    def scheme(self) -> Scheme:
        return self.items[0].scheme if self.items else NATIONAL

    def version(self, number: int) -> Version:
        """Raise ``NotFound`` for one that never was."""
        for one in self.items:
            if one.made.number == number:
                return one
        raise NotFound

    def before(self, number: int) -> Scheme:
        """What was asked before the version ``number``."""
        return next((one.scheme for one in self.items if one.made.number < number), NATIONAL)


def scheme_of(locality_id: uuid.UUID) -> Scheme:
    """The requirements in force in a locality; the national default where it has set none."""
    return as_scheme(
        session().scalar(
            select(SchemeVersion)
            .where(SchemeVersion.locality_id == locality_id)
            .order_by(SchemeVersion.number.desc())
            .limit(1)
        )
    )


def own_elsewhere(locality_id: uuid.UUID, keys: Collection[str]) -> tuple[str, ...]:
    """Which of ``keys`` another locality has given, at any time, to a check of its own.

    An organisation's answer is known by the check's key, whoever asks: two must not share one.
    """
    rows = session().scalars(
        select(SchemeVersion.rules).where(SchemeVersion.locality_id != locality_id)
    )
    taken = {rule["check"] for rules in rows for rule in rules}
    return tuple(sorted(taken & set(keys)))


def as_scheme(found: SchemeVersion | None) -> Scheme:
    """A stored version as rules read it; None = the national default."""
    if found is None:
        return NATIONAL
    return Scheme(
        number=found.number,
        checks=scheme.read(found.rules),
        two_reviewers=frozenset(tier for tier in TIERS if tier in found.two_reviewers),
        appeal_route=found.appeal_route,
        assurer_email=found.assurer_email,
    )


def versions(actor: Actor, locality_id: uuid.UUID) -> Versions:
    """A locality's scheme and what it was; for whoever may set it. ``NotFound`` out of scope."""
    rows = (
        session()
        .execute(
            select(Locality, SchemeVersion, User.name)
            .outerjoin(SchemeVersion, SchemeVersion.locality_id == Locality.id)
            .outerjoin(User, User.id == SchemeVersion.made_by)
            .where(Locality.id == locality_id)
            .order_by(SchemeVersion.number)
        )
        .all()
    )
    if not rows or not may(actor, Permission.SET_CHECKS, Of(locality_id)):
        raise NotFound
    before = NATIONAL
    items: list[Version] = []
    stored: list[tuple[SchemeVersion | None, str | None]] = [(row[1], row[2]) for row in rows]
    for made, name in stored:
        if made is None:
            continue
        now = as_scheme(made)
        items.append(Version(made, name, now, scheme.changed_keys(before, now)))
        before = now
    return Versions(rows[0][0], tuple(reversed(items)))


@dataclass(frozen=True)
class Of:
    """What permissions ask of a locality."""

    locality_id: uuid.UUID | None
