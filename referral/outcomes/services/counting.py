"""What changes for people at each service, counted each night and written down for its page."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import case, delete, func, or_, select

from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import ServiceResult
from referral.outcomes import figures
from referral.outcomes.models import Story
from referral.outcomes.queries.counting import (
    KNOWN_OUTCOME,
    SAID,
    finished_between_unscoped,
    with_words_unscoped,
)
from referral.outcomes.stories import told_by
from referral.people import queries as people
from referral.referrals.models import Referral

MONTHS = 12


def count_results(actor: Actor, limit: int = 500) -> int:
    """Count the outcomes of at most ``limit`` services for the last twelve full months.

    Each service is counted once a day; fewer than ``figures.SHOWN_FROM`` people: nothing is kept.
    Answer how many rows were written or taken away; nought means that today's are all there.
    """
    first, last = figures.full_months(MONTHS, clock.today())
    midnight = datetime.combine(clock.today(), time.min, clock.UK)
    counted = _counted(first, last, midnight, limit)
    stories = _stories([row.service_id for row in counted])
    for row in counted:
        _write(row, first, last, stories.get(row.service_id))
    session().flush()
    return len(counted) or _forget(midnight, limit)


def _counted(first: date, last: date, midnight: datetime, limit: int) -> list[Any]:
    """``(service_id, people, met, said_so)`` of services with enough people, not counted today.

    People are counted, not referrals: somebody who came twice is one.
    """

    def people_where(which: Any) -> Any:
        return func.count(func.distinct(case((which, Referral.person_id))))

    met = KNOWN_OUTCOME == "met"
    chosen = (
        with_words_unscoped(
            select(
                Referral.service_id.label("service_id"),
                func.count(func.distinct(Referral.person_id)).label("people"),
                people_where(met).label("met"),
                people_where(met & (SAID == "met")).label("said_so"),
            )
        )
        .outerjoin(ServiceResult, ServiceResult.service_id == Referral.service_id)
        .where(
            Referral.service_id.is_not(None),
            finished_between_unscoped(first, last),
            KNOWN_OUTCOME.is_not(None),
            or_(ServiceResult.counted_at.is_(None), ServiceResult.counted_at < midnight),
        )
        .group_by(Referral.service_id)
        .having(func.count(func.distinct(Referral.person_id)) >= figures.SHOWN_FROM)
        .order_by(Referral.service_id)
        .limit(limit)
    )
    return list(session().execute(chosen))


def _stories(service_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str, uuid.UUID]]:
    """The story that each service shows, the one shown last, by whom, and of which referral; of
    none that stopped.
    """
    rows = session().execute(
        select(Story, Referral)
        .join(Referral, Referral.id == Story.referral_id)
        .where(
            Story.service_id.in_(service_ids),
            Story.state == "shown",
            Referral.consent_withdrawn_at.is_(None),
        )
        .order_by(Story.decided_at, Story.id)
    )
    latest = {story.service_id: (story, referral) for story, referral in rows}
    keys = people.keys_of_unscoped([story.person_id for story, _ in latest.values()])
    names = people.open_identities_unscoped([story.person_id for story, _ in latest.values()])
    return {
        service_id: (
            encryption.open_(keys[story.person_id], story.text_sealed, f"story:{story.id}")["text"],
            told_by(story.shown_as, referral.sex, referral.age_band, names[story.person_id]),
            referral.id,
        )
        for service_id, (story, referral) in latest.items()
        if story.person_id in keys
    }


def _write(row: Any, first: date, last: date, story: tuple[str, str, uuid.UUID] | None) -> None:
    found = session().get(
        ServiceResult, row.service_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        found = ServiceResult(service_id=row.service_id)
        session().add(found)
    share = figures.share(row.met, row.people)
    assert share is not None  # noqa: S101 - only services with enough people are counted
    found.first, found.last, found.counted_at = first, last, clock.now()
    found.people, found.met, found.said_so = row.people, row.met, row.said_so
    found.low, found.high = round(10 * share.low), round(10 * share.high)
    found.story, found.story_by, found.story_of = story or ("", "", None)


def _forget(midnight: datetime, limit: int) -> int:
    """What was not counted again today has too few people now."""
    old = list(
        session().scalars(
            select(ServiceResult.service_id)
            .where(ServiceResult.counted_at < midnight)
            .order_by(ServiceResult.service_id)
            .limit(limit)
        )
    )
    session().execute(delete(ServiceResult).where(ServiceResult.service_id.in_(old)))
    return len(old)
