"""Stories: the person's own, and those a group has to read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Service
from referral.outcomes import stories
from referral.outcomes.models import Story
from referral.people import queries as people
from referral.referrals import queries as referrals
from referral.referrals.models import Referral

MOST = 50


@dataclass(frozen=True)
class StoryShown:
    """A story with what a page says of it; ``by`` as it would stand on the service's page."""

    id: uuid.UUID
    version: int
    referral_id: uuid.UUID
    service: str
    service_id: uuid.UUID
    text: str
    by: str
    shown_as: str
    state: str
    given_at: datetime
    decided_at: datetime | None


def story_of(actor: Actor, referral_id: uuid.UUID) -> StoryShown | None:
    """The story told about one referral, for the person and for who writes down what they say.

    None where none was told, or where it was taken back.
    """
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
    else:
        permit(actor, Permission.TELL_PEOPLE)
    chosen = _chosen().where(
        Referral.id == referral_id, referrals.in_scope(actor), Story.state != "withdrawn"
    )
    found = _opened(list(session().execute(chosen)))
    return found[0] if found else None


def stories_to_read(actor: Actor) -> list[StoryShown]:
    """What was told about the services of the actor's organisation: what is new first.

    Those taken back are not there; nor is one whose teller stopped sharing.
    """
    permit(actor, Permission.SHOW_STORIES)
    rows = list(
        session().execute(
            _chosen()
            .where(
                Service.organisation_id == actor.organisation,
                Story.state.in_(("given", "shown", "declined")),
                Referral.consent_withdrawn_at.is_(None),
            )
            .order_by(Story.state != "given", Story.given_at.desc(), Story.id)
            .limit(MOST)
        )
    )
    seen = [(("referral", story.referral_id), story.person_id) for story, *_rest in rows]
    audit.viewed_list(actor, "story:read", seen)
    return _opened(rows)


def _chosen() -> Any:
    return (
        select(Story, Service.name, Referral.sex, Referral.age_band)
        .join(Service, Service.id == Story.service_id)
        .join(Referral, Referral.id == Story.referral_id)
    )


def _opened(rows: list[Any]) -> list[StoryShown]:
    ids = [story.person_id for story, *_rest in rows]
    keys = people.keys_of_unscoped(ids)
    names = people.open_identities_unscoped(ids)
    return [
        StoryShown(
            id=story.id,
            version=story.version,
            referral_id=story.referral_id,
            service=service,
            service_id=story.service_id,
            text=encryption.open_(
                keys[story.person_id], story.text_sealed, f"story:{story.id}"
            ).get("text", ""),
            by=stories.told_by(story.shown_as, sex, age_band, names[story.person_id]),
            shown_as=story.shown_as,
            state=story.state,
            given_at=story.given_at,
            decided_at=story.decided_at,
        )
        for story, service, sex, age_band in rows
        if story.person_id in keys
    ]
