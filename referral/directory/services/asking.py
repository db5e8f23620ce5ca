"""What the directory's clock does to entries, and the answers that come by the link of a message.

The sweep looks at one organisation's due entries in one transaction and sends one message about all
of them. What is to be done is decided in ``freshness.py``; a sweep that comes twice does nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, insert, select

from referral.accounts import queries as accounts
from referral.accounts import secrets
from referral.accounts.models import Organisation
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.directory import freshness, notifications
from referral.directory.models import ConfirmLink, Service
from referral.directory.services import confirming
from referral.directory.services.history import note_change
from referral.directory.services.indexing import reindex
from referral.directory.services.locking import locked, same_version

LINK_LASTS = timedelta(days=60)
# What is asked today may only leave with the message of the next month.
WAITS_FOR_MONTH = timedelta(days=40)
ENTRIES_A_SWEEP = 200
# Nobody offers these any more, so nobody is asked about them.
ENDED = ("inactive", "defunct")


def look_at(actor: Actor, organisation_id: uuid.UUID) -> int:
    """Do what is due today for an organisation's entries; answer how many were looked at."""
    if actor.kind != "system":
        raise Forbidden
    entries = _due_entries(organisation_id)
    if not entries:
        return 0
    organisation = session().get_one(Organisation, organisation_id)
    news = [
        notifications.News(found, due, organisation.name)
        for found in entries
        if organisation.status == "active" and found.status not in ENDED
        for due in [_do(actor, found)]
    ]
    for found in entries:
        ended = organisation.status != "active" or found.status in ENDED
        found.look_on = None if ended else found.look_on
    session().flush()
    reindex(actor, [one.service.id for one in news if one.is_change])
    _tell(actor, organisation_id, [one for one in news if one.is_to_be_told])
    return len(entries)


def _due_entries(organisation_id: uuid.UUID) -> list[Service]:
    return list(
        session().scalars(
            select(Service)
            .where(Service.organisation_id == organisation_id, Service.look_on <= clock.today())
            .order_by(Service.id)
            .limit(ENTRIES_A_SWEEP)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _do(actor: Actor, found: Service) -> freshness.Due:
    due = freshness.due(confirming.watched(found), clock.today())
    if due.ask:
        found.asked = due.ask
    if due.goes_stale:
        found.asked = freshness.STALE
        note_change(actor, "service", found.id, "stale")
        audit.record(actor, "service:went_stale", ("service", found.id))
    if due.room_expires:
        confirming.forget_room(actor, found)
    if due.reopens:
        confirming.end_pause(actor, found)
    confirming.set_clock(found)
    return due


def _tell(actor: Actor, organisation_id: uuid.UUID, news: list[notifications.News]) -> None:
    """One message to each address, with one link to all the entries it names."""
    inbox = accounts.inbox_of(organisation_id)
    by_address: dict[str, list[notifications.News]] = {}
    for one in news:
        to = inbox[0] if inbox else one.service.email
        if to:
            by_address.setdefault(to, []).append(one)
    for to, some in by_address.items():
        token = secrets.new()
        if notifications.still_correct(actor, to, organisation_id, some, token, LINK_LASTS.days):
            _keep_link(organisation_id, [one.service.id for one in some], token)


def _keep_link(organisation_id: uuid.UUID, service_ids: list[uuid.UUID], token: str) -> None:
    now = clock.now()
    session().execute(
        insert(ConfirmLink),
        [
            {
                "digest": secrets.digest(token),
                "service_id": service_id,
                "organisation_id": organisation_id,
                "made_at": now,
                "expires_at": now + LINK_LASTS + WAITS_FOR_MONTH,
            }
            for service_id in service_ids
        ],
    )


def answer_by_link(
    actor: Actor,
    token: str,
    seen: Mapping[uuid.UUID, int],
    capacity: str | None = None,
    wait_weeks: int | None = None,
) -> None:
    """Whoever holds the link says that entries are right, or how much room one of them has.

    ``seen`` holds the version of each entry on the page. Raise ``NotFound`` when the link opens
    nothing, or not that entry; ``StaleVersion`` when it has changed meanwhile.
    """
    holder, named = holder_of(token)
    for service_id, version in seen.items():
        if service_id not in named:
            raise NotFound
        found = locked(holder, service_id)
        same_version(holder, found.version, version)
        if capacity is None:
            confirming.say_right(holder, found)
        else:
            confirming.say_room(
                holder, found, capacity, wait_weeks, places_maximum=found.places_maximum
            )


def holder_of(token: str) -> tuple[Actor, set[uuid.UUID]]:
    """Who acts by a link, and for which entries; raise ``NotFound`` when it opens nothing."""
    rows = session().execute(
        select(ConfirmLink.service_id, ConfirmLink.organisation_id)
        .join(Service, Service.id == ConfirmLink.service_id)
        .where(
            ConfirmLink.digest == secrets.digest(token),
            ConfirmLink.expires_at > clock.now(),
            Service.organisation_id == ConfirmLink.organisation_id,
        )
    )
    named = {row.service_id: row.organisation_id for row in rows}
    if not named:
        raise NotFound
    return Actor(kind="safe_link", organisation=next(iter(named.values()))), set(named)


def forget_links(actor: Actor) -> int:
    """Delete the links that open nothing any more; answer how many."""
    done = session().execute(delete(ConfirmLink).where(ConfirmLink.expires_at <= clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined] # a cursor result
