"""One message a month with everything that is asked of an organisation besides referrals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.calendar import Calendar
from referral.core.database import new_id, session
from referral.core.i18n import Lazy
from referral.outbox import bundling
from referral.outbox.models import BundleItem
from referral.outbox.rendering import Postcard, Published, render
from referral.outbox.services.writing import enqueue

TEMPLATE = "outbox/messages/monthly.txt"


def set_aside(
    actor: Actor,
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Postcard],
    organisation: UUID,
    secret: str | None = None,
    heading: str | Lazy = "",
) -> bool:
    """Keep something to ask of an organisation for its one message a month.

    ``template`` is a message like any other; without a ``heading`` its subject is it. Answers
    False when it was asked before, or when ``to`` is empty. Raise ``Personal`` as ``enqueue`` does.
    """
    if not to:
        return False
    # Greeting and signature stand around all of them.
    rendered = render(template, {**context, "bundled": True}, secret=secret is not None)
    made = new_id()
    insert: Any = sqlite.insert if _dialect() == "sqlite" else postgresql.insert
    done = session().execute(
        insert(BundleItem)
        .values(
            id=made,
            key=key,
            organisation_id=organisation,
            to=to,
            heading=str(heading)[:200] or rendered.subject,
            text=rendered.body,
            secret_sealed=secret and encryption.seal_for_installation(secret, f"bundle:{made}"),
            kept_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(BundleItem.id)
    )
    return done.scalar_one_or_none() is not None


def send_bundle(actor: Actor, organisation_id: UUID, calendar: Calendar) -> int:
    """Write down the organisation's message of this month, once its day has come.

    Answers how many things it takes along; what is asked afterwards waits for the next month.
    """
    today = clock.today()
    if not bundling.due(today, None, calendar):
        return 0
    after = bundling.day_of(today, calendar) + timedelta(days=1)
    waiting = session().scalars(
        select(BundleItem)
        .where(
            BundleItem.organisation_id == organisation_id,
            BundleItem.sent_in.is_(None),
            BundleItem.kept_at < datetime.combine(after, time(), tzinfo=clock.UK),
        )
        .order_by(BundleItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_address: dict[str, list[BundleItem]] = {}
    for item in waiting:
        by_address.setdefault(item.to, []).append(item)
    return sum(_send(actor, organisation_id, to, items) for to, items in by_address.items())


def _send(actor: Actor, organisation_id: UUID, to: str, items: list[BundleItem]) -> int:
    digest = hashlib.sha256(encryption.blind_index("told", to)).hexdigest()[:16]
    key = f"{bundling.stem(organisation_id, clock.today())}{digest}"
    secrets = [
        encryption.open_for_installation(item.secret_sealed, f"bundle:{item.id}")
        for item in items
        if item.secret_sealed is not None
    ]
    fresh = enqueue(
        actor,
        key=key,
        to=to,
        template=TEMPLATE,
        context={"asks": Published("\n\n".join(_lines(items))), "count": len(items)},
        organisation=organisation_id,
        subject_id=organisation_id,
        secret=secrets or None,
        kind="monthly",
        reader="organisation",
    )
    if not fresh:
        return 0
    for item in items:
        item.sent_in, item.secret_sealed = key, None
    session().flush()
    return len(items)


def _lines(items: list[BundleItem]) -> list[str]:
    return [f"{n}. {item.heading}\n\n{item.text.strip()}" for n, item in enumerate(items, start=1)]


def _dialect() -> str:
    return session().get_bind().dialect.name
