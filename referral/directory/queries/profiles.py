"""The people behind services and organisations, as the reader may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Profile, ProfileService, Service
from referral.directory.queries.searching import in_scope

PHOTO_PATH = "/directory/people/{id}/photo"
# Whose people are shown at all: those who send, answer and meet each other.
KINDS = ("provider", "link_worker_team", "practice")
SIGNED_IN = ("user", "api_client", "system")


@dataclass(frozen=True)
class Face:
    """Somebody as the other side may know them. ``photo`` is a path, None without consent.

    ``services`` are the names of those they stand behind; none = the whole organisation.
    """

    id: uuid.UUID
    name: str
    role: str
    ring_hours: str
    photo: str | None
    phone: str = ""
    can_do: str = ""
    beyond_role: str = ""
    is_public: bool = False
    services: tuple[str, ...] = ()
    user_id: uuid.UUID | None = None

    @property
    def initials(self) -> str:
        """First letters of the first and last word: ``JM``."""
        words = self.name.split()
        return "".join(word[:1] for word in (words[:1] + words[1:][-1:])).upper()


def faces(actor: Actor, service_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[Face, ...]]:
    """Who stands behind each service, by name; people of the whole organisation count for each."""
    if not service_ids:
        return {}
    named = exists().where(ProfileService.profile_id == Profile.id)
    here = named.where(ProfileService.service_id == Service.id)
    rows = session().execute(
        select(Service.id, Profile)
        .join(Profile, Profile.organisation_id == Service.organisation_id)
        .where(Service.id.in_(service_ids), in_scope(actor), visible(actor), or_(~named, here))
        .order_by(Profile.name, Profile.id)
    )
    found: dict[uuid.UUID, tuple[Face, ...]] = {}
    for service_id, profile in rows:
        found[service_id] = (*found.get(service_id, ()), face_of(profile))
    return found


def people_of(actor: Actor, organisation_id: uuid.UUID) -> tuple[Face, ...]:
    """Everybody an organisation shows, by name, with the services they stand behind."""
    rows = session().execute(
        select(Profile, Service.name)
        .join(Organisation, Organisation.id == Profile.organisation_id)
        .outerjoin(ProfileService, ProfileService.profile_id == Profile.id)
        .outerjoin(Service, Service.id == ProfileService.service_id)
        .where(Profile.organisation_id == organisation_id, in_reach(actor), visible(actor))
        .order_by(Profile.name, Profile.id, Service.name)
    )
    found: dict[uuid.UUID, Face] = {}
    for profile, service in rows:
        known = found.get(profile.id) or face_of(profile)
        found[profile.id] = replace(
            known, services=(*known.services, service) if service else known.services
        )
    return tuple(found.values())


def profiles_of(actor: Actor, organisation_id: uuid.UUID) -> list[tuple[Profile, list[uuid.UUID]]]:
    """The same as rows to change, each with the ids of the services they stand behind."""
    rows = session().execute(
        select(Profile, ProfileService.service_id)
        .join(Organisation, Organisation.id == Profile.organisation_id)
        .outerjoin(ProfileService, ProfileService.profile_id == Profile.id)
        .where(Profile.organisation_id == organisation_id, in_reach(actor), visible(actor))
        .order_by(Profile.name, Profile.id, ProfileService.service_id)
    )
    found: dict[uuid.UUID, tuple[Profile, list[uuid.UUID]]] = {}
    for row in rows:
        _known, behind = found.setdefault(row.Profile.id, (row.Profile, []))
        behind += [row.service_id] if row.service_id is not None else []
    return list(found.values())


def profile(actor: Actor, profile_id: uuid.UUID) -> tuple[Profile, Organisation]:
    """One active profile with its organisation; ``NotFound`` out of scope."""
    row = (
        session()
        .execute(
            select(Profile, Organisation)
            .join(Organisation, Organisation.id == Profile.organisation_id)
            .where(Profile.id == profile_id, in_reach(actor), visible(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row.Profile, row.Organisation


def services_of(profile_id: uuid.UUID) -> list[uuid.UUID]:
    """The services somebody stands behind; empty = the whole organisation."""
    return list(
        session().scalars(
            select(ProfileService.service_id).where(ProfileService.profile_id == profile_id)
        )
    )


def has_profile(organisation_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether a colleague is shown already."""
    chosen = (
        exists()
        .where(Profile.organisation_id == organisation_id, Profile.user_id == user_id)
        .where(Profile.active)
    )
    return bool(session().scalar(select(chosen)))


def offered_by(organisation_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of an organisation's active services, to choose from."""
    rows = session().execute(
        select(Service.id, Service.name)
        .where(Service.organisation_id == organisation_id, Service.status == "active")
        .order_by(Service.name, Service.id)
        .limit(100)
    )
    return [(row.id, row.name) for row in rows]


def face_of(found: Profile) -> Face:
    """A profile as others see it."""
    shown = bool(found.photo and found.photo_consent_on)
    return Face(
        id=found.id,
        name=found.name,
        role=found.role,
        ring_hours=found.ring_hours,
        photo=PHOTO_PATH.format(id=found.id) if shown else None,
        phone=found.phone,
        can_do=found.can_do,
        beyond_role=found.beyond_role,
        is_public=found.is_public,
        user_id=found.user_id,
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """Those still there; who is not signed in sees only those who are shown to everybody."""
    if actor.kind in SIGNED_IN:
        return Profile.active.is_(True)
    return and_(Profile.active.is_(True), Profile.is_public.is_(True))


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Organisations of the actor's locality, and what belongs to no locality."""
    of_kind = Organisation.kind.in_(KINDS)
    if actor.locality is None:
        return and_(of_kind, literal(value=True))
    return and_(
        of_kind,
        or_(Organisation.locality_id == actor.locality, Organisation.locality_id.is_(None)),
    )
