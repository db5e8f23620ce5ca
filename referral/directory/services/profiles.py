"""The people an organisation shows, and their photos: kept by themselves and by their own side."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.directory import portraits
from referral.directory.models import Profile, ProfileService
from referral.directory.queries import profiles as queries
from referral.directory.queries.reading import organisation as organisation_of
from referral.directory.services.history import write_changes
from referral.directory.services.keeping import needs_a_look
from referral.directory.services.locking import same_version
from referral.files import queries as stored
from referral.files import services as files

COLUMNS = (
    "name", "role", "can_do", "beyond_role", "ring_hours", "phone", "is_public", "user_id",
)  # fmt: skip
# A file nobody names may belong to a transaction that has not ended yet: give it a day.
LEFT_ALONE = timedelta(days=1)


def add_profile(actor: Actor, organisation_id: uuid.UUID, data: Mapping[str, Any]) -> Profile:
    """Show somebody of an organisation. ``data``: ``schemas.Profile``."""
    organisation = organisation_of(actor, organisation_id)
    if not may_add_people(actor, organisation):
        raise Forbidden
    chosen = dict(data)
    if not may_keep_people(actor, organisation):  # then it can only be their own
        chosen["user_id"] = actor.id
    _refuse_wrong(organisation, chosen, None)
    _refuse_unseen(actor, organisation, chosen)
    made = Profile(
        id=new_id(),
        organisation_id=organisation_id,
        active=True,
        updated_at=clock.now(),
        **{name: chosen[name] for name in COLUMNS},
    )
    session().add(made)
    session().flush()
    _stand_behind(made, chosen["services"])
    _note(actor, made, "added", ["name"])
    return made


def edit_profile(
    actor: Actor, profile_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Profile:
    """Change what is said of somebody. Who is not their side's keeper keeps to their own."""
    found, organisation = _locked(actor, profile_id)
    same_version(actor, found.version, version)
    chosen = dict(data)
    if not may_keep_people(actor, organisation):
        chosen["user_id"] = found.user_id
    _refuse_wrong(organisation, chosen, found)
    _refuse_unseen(actor, organisation, chosen)
    if found.photo and chosen["user_id"] != found.user_id:
        raise Invalid({"user_id": [str(_("cannot change while there is a photo"))]})
    if chosen["is_public"] and not found.is_public and found.photo and found.user_id != actor.id:
        told = _("has a photo agreed for people who sign in. Take the photo away first.")
        raise Invalid({"is_public": [str(told)]})
    changed = [name for name in COLUMNS if getattr(found, name) != chosen[name]]
    if set(queries.services_of(profile_id)) != set(chosen["services"]):
        changed.append("services")
    for name in COLUMNS:
        setattr(found, name, chosen[name])
    _stand_behind(found, chosen["services"])
    found.version += 1
    found.updated_at = clock.now()
    _note(actor, found, "edited", changed)
    return found


def _refuse_unseen(actor: Actor, organisation: Organisation, chosen: Mapping[str, Any]) -> None:
    """Strangers read nothing of a provider that no link worker has looked at."""
    shown = organisation.kind == "provider" and chosen["is_public"]
    if shown and needs_a_look(actor, organisation.id):
        told = _("can be chosen once a link worker has looked at what your organisation says")
        raise Invalid({"is_public": [str(told)]})


def remove_profile(actor: Actor, profile_id: uuid.UUID, version: int) -> None:
    """Show somebody no longer; their photo goes with them."""
    found, _organisation = _locked(actor, profile_id)
    same_version(actor, found.version, version)
    _drop_photo(actor, found)
    found.active = found.is_public = False
    found.version += 1
    found.updated_at = clock.now()
    _note(actor, found, "removed", ["name"])


def set_photo(actor: Actor, profile_id: uuid.UUID, picture: bytes, *, agreed: bool) -> Profile:
    """Show a photo, with the agreement of whoever is on it; one that was there goes."""
    found, _organisation = _locked(actor, profile_id)
    if not agreed:
        raise Invalid({"agreed": [str(_("Tick the box if they agree, or leave the photo out"))]})
    try:
        drawn = portraits.portrait(picture)
    except portraits.NotAPortrait as error:
        raise Invalid({"picture": [str(error.why)]}) from error
    _drop_photo(actor, found)
    found.photo = files.put(actor, drawn)
    found.photo_consent_on = clock.today()
    found.version += 1
    found.updated_at = clock.now()
    _note(actor, found, "photo_agreed", ["photo"])
    return found


def withdraw_photo(actor: Actor, profile_id: uuid.UUID) -> Profile:
    """Take the agreement back: the photo is deleted, not only hidden."""
    found, _organisation = _locked(actor, profile_id)
    if found.photo:
        _drop_photo(actor, found)
        found.version += 1
        found.updated_at = clock.now()
        _note(actor, found, "photo_withdrawn", ["photo"])
    return found


def clear_photos(actor: Actor) -> int:
    """Delete files no profile names, left by a machine that stopped in between; answer how many."""
    old = set(stored.written_before(clock.now() - LEFT_ALONE))
    kept = set(session().scalars(select(Profile.photo).where(Profile.photo != ""))) if old else ()
    lost = old.difference(kept)
    for name in lost:
        files.delete(actor, name)
    return len(lost)


def may_keep_people(actor: Actor, organisation: Organisation) -> bool:
    """Who keeps all profiles of an organisation.

    Its manager; any worker of a provider; and for a provider where nobody has an account, those
    who keep the locality's directory.
    """
    if may(actor, Permission.MANAGE_ORGANISATION_PEOPLE, organisation):
        return True
    if organisation.id == actor.organisation:
        return may(actor, Permission.KEEP_OWN_LISTING)
    return (
        organisation.kind == "provider"
        and may(actor, Permission.KEEP_DIRECTORY, organisation)
        and not accounts.users_with_roles(organisation.id)
    )


def may_add_people(actor: Actor, organisation: Organisation) -> bool:
    """Who keeps all of them, and everybody who works there for themselves."""
    return may(actor, Permission.INTRODUCE, organisation) or may_keep_people(actor, organisation)


def may_edit_profile(actor: Actor, found: Profile, organisation: Organisation) -> bool:
    """The person themselves, and who keeps all of them."""
    own = found.user_id is not None and found.user_id == actor.id
    return (own and may(actor, Permission.INTRODUCE, organisation)) or may_keep_people(
        actor, organisation
    )


def _locked(actor: Actor, profile_id: uuid.UUID) -> tuple[Profile, Organisation]:
    _seen, organisation = queries.profile(actor, profile_id)
    found = session().scalar(
        select(Profile)
        .where(Profile.id == profile_id, Profile.active)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if not may_edit_profile(actor, found, organisation):
        raise Forbidden
    return found, organisation


def _refuse_wrong(
    organisation: Organisation, chosen: Mapping[str, Any], found: Profile | None
) -> None:
    """Services and colleagues of this organisation only, and one profile for each colleague."""
    errors: dict[str, list[str]] = {}
    known = {id_ for id_, _name in queries.offered_by(organisation.id)}
    # One that has closed since may stay.
    known |= set(queries.services_of(found.id)) if found else set()
    if not known.issuperset(chosen["services"]):
        errors["services"] = [str(_("must be services of this organisation"))]
    user_id = chosen["user_id"]
    if user_id is not None and (found is None or user_id != found.user_id):
        # One after the other, so that nobody is shown twice.
        session().execute(
            select(Organisation.id)
            .where(Organisation.id == organisation.id)
            .with_for_update(key_share=True)
        )
        if not accounts.works_in(user_id, organisation.id):
            errors["user_id"] = [str(_("must be somebody who works here"))]
        elif queries.has_profile(organisation.id, user_id):
            errors["user_id"] = [str(_("has a profile here already"))]
    if errors:
        raise Invalid(errors)


def _stand_behind(found: Profile, service_ids: Sequence[uuid.UUID]) -> None:
    session().execute(delete(ProfileService).where(ProfileService.profile_id == found.id))
    if service_ids:
        session().execute(
            insert(ProfileService),
            [{"profile_id": found.id, "service_id": id_} for id_ in service_ids],
        )


def _drop_photo(actor: Actor, found: Profile) -> None:
    if found.photo:
        files.delete(actor, found.photo)
    found.photo, found.photo_consent_on = "", None


def _note(actor: Actor, found: Profile, verb: str, changed: Sequence[str]) -> None:
    """History and audit, with the names of fields and nothing that was in them."""
    session().flush()
    lines: list[dict[str, Any]] = [
        {"field": f"people.{name}", "before": None, "after": None} for name in changed
    ]
    write_changes(actor, [("organisation", found.organisation_id, "people", lines)])
    audit.record(
        actor,
        f"profile:{verb}",
        ("profile", found.id),
        organisation=str(found.organisation_id),
        fields=", ".join(changed),
    )
