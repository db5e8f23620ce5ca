"""A person's own story: given by them, read and shown by the group, taken back at any time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory import services as directory
from referral.directory.models import Service, ServiceResult
from referral.outcomes import stories
from referral.outcomes.models import Story
from referral.people import queries as people
from referral.referrals import queries as referrals
from referral.referrals.models import Referral


def give_story(
    actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any], how: str = "page"
) -> Story:
    """The person tells it, or staff write it down for them. Told anew it is read anew.

    ``data``: ``schemas.GiveStory``. ``how`` of ``referrals.codes.SAID_HOW``.
    """
    found = _theirs(actor, referral_id)
    if found.service_id is None:
        raise Conflict(str(_("There is no group here whose page could show it.")))
    if found.consent_withdrawn_at is not None:
        raise Conflict(str(_("Sharing was stopped, so nothing is shown.")))
    row = _of_referral(found.id)
    if row is None:
        row = Story(id=new_id(), version=0, referral_id=found.id, person_id=found.person_id)
        session().add(row)
    elif data.get("version") is not None and data["version"] != row.version:
        raise StaleVersion(data["version"], row.version)
    directory.take_story_down(actor, row.referral_id)
    key = people.keys_of_unscoped([found.person_id])[found.person_id]
    row.text_sealed = encryption.seal(key, {"text": data["text"]}, f"story:{row.id}")
    row.service_id, row.shown_as, row.wording = found.service_id, data["shown_as"], stories.WORDING
    row.how, row.state, row.given_at = how, "given", clock.now()
    row.decided_at = row.decided_by_id = row.withdrawn_at = None
    return _changed(actor, row, "given")


def show_story(actor: Actor, story_id: uuid.UUID, version: int) -> Story:
    """The group has read it, and it may stand on the service's page: on it at once."""
    row, referral = _to_decide(actor, story_id, version)
    row.state, row.decided_at, row.decided_by_id = "shown", clock.now(), actor.user
    key = people.keys_of_unscoped([row.person_id])[row.person_id]
    identity = people.open_identities_unscoped([row.person_id])[row.person_id]
    page = _page(row.service_id)
    if page is not None:
        text = encryption.open_(key, row.text_sealed, f"story:{row.id}")["text"]
        page.story, page.story_of = text, referral.id
        page.story_by = stories.told_by(row.shown_as, referral.sex, referral.age_band, identity)
    return _changed(actor, row, "shown")


def decline_story(actor: Actor, story_id: uuid.UUID, version: int) -> Story:
    """The group does not show it, or no more."""
    row, _referral = _to_decide(actor, story_id, version)
    directory.take_story_down(actor, row.referral_id)
    row.state, row.decided_at, row.decided_by_id = "declined", clock.now(), actor.user
    return _changed(actor, row, "declined")


def withdraw_story(actor: Actor, referral_id: uuid.UUID) -> Story:
    """The person takes it back, or says so to staff: gone from the page at once, and its words
    are kept no longer.
    """
    found = _theirs(actor, referral_id)
    row = _of_referral(found.id)
    if row is None:
        raise NotFound
    if row.state == "withdrawn":
        return row
    directory.take_story_down(actor, row.referral_id)
    key = people.keys_of_unscoped([row.person_id])[row.person_id]
    row.text_sealed = encryption.seal(key, {}, f"story:{row.id}")
    row.state, row.withdrawn_at = "withdrawn", clock.now()
    return _changed(actor, row, "withdrawn")


def _theirs(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """The referral, locked; the person's own, or of who may write down what they say."""
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
        found = session().scalar(
            select(Referral)
            .where(Referral.id == referral_id, referrals.in_scope(actor))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is None:
            raise NotFound
        return found
    found = referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.TELL_PEOPLE)
    return found


def _of_referral(referral_id: uuid.UUID) -> Story | None:
    return session().scalar(
        select(Story)
        .where(Story.referral_id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _to_decide(actor: Actor, story_id: uuid.UUID, version: int) -> tuple[Story, Referral]:
    """A story about a service of the actor's organisation, both rows locked."""
    known = (
        session()
        .execute(
            select(Story.referral_id, Service)
            .join(Service, Service.id == Story.service_id)
            .where(Story.id == story_id, Service.organisation_id == actor.organisation)
        )
        .first()
    )
    if known is None:
        raise NotFound
    referral_id, service = known
    permit(actor, Permission.SHOW_STORIES, service)
    referral = session().scalar(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = _of_referral(referral_id)
    if referral is None or row is None:
        raise NotFound
    if row.state == "withdrawn" or referral.consent_withdrawn_at is not None:
        raise NotFound
    if version != row.version:
        raise StaleVersion(version, row.version)
    return row, referral


def _page(service_id: uuid.UUID) -> ServiceResult | None:
    return session().get(ServiceResult, service_id, with_for_update=True, populate_existing=True)


def _changed(actor: Actor, row: Story, what: str) -> Story:
    row.version += 1
    session().flush()
    audit.record(actor, f"story:{what}", ("referral", row.referral_id), row.person_id)
    return row
