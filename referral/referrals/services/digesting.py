"""One message a working day for those who want their news together."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import and_, case, or_, select

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import Lazy, _, translate_plural
from referral.outbox.rendering import Published
from referral.referrals import disclosure, notifications
from referral.referrals.models import News, Referral

SHOWN = 20
# What became of a referral, in a digest: verb to words.
NEWS: dict[str, Lazy] = {
    "accept": _("they said yes"),
    "waitlist": _("there is a wait"),
    "decline": _("they cannot help; somebody is looking for something else"),
    "complete": _("it has finished"),
    "end": _("it has ended"),
    "redirect": _("it went to somebody else"),
    "amend": _("details have changed"),
    "undo": _("the last step was taken back"),
    "answer": _("what you raised was answered"),
    "return_no_reply": _("it went back unanswered"),
    "person_gone": _("it is no longer open"),
    "thanks": _("they say thank you"),
}
OTHER = _("there is news")
# Something came back; where the person agreed that nothing does, the reader hears this alone.
CAME_BACK = frozenset({"complete", "end"})
CLOSED = _("it is closed")


def send_digest(actor: Actor, user_id: uuid.UUID) -> int:
    """Write somebody's digest of today; answer how many lines. Nothing new is no message.

    Whoever has changed their mind since, or has left, gets none: the news is on the home page.
    """
    key = f"digest:{user_id}:{clock.today().isoformat()}"
    rows = list(
        session().scalars(
            select(News)
            .where(News.user_id == user_id, News.told_in.is_(None))
            .order_by(News.at, News.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if not rows:
        return 0
    told = accounts.told_unscoped(user_id, rows[-1].organisation_id)
    if told is not None and told.when == "digest" and told.is_there:
        written = notifications.post(
            actor,
            key=key,
            address=notifications.of_user(told, rows[-1].organisation_id),
            template="digest.txt",
            path="/",
            context={
                "count": len(rows),
                "lines": Published(_lines(rows, user_id, rows[-1].organisation_id)),
            },
            subject_id=user_id,
        )
        if not written:
            return 0
    for row in rows:
        row.told_in = key
    session().flush()
    return len(rows)


def _lines(rows: list[News], user_id: uuid.UUID, organisation: uuid.UUID) -> str:
    """What waits for them first, then the newest word on each referral; one a line."""
    newest = {row.referral_id: row for row in rows}
    waits = and_(
        Referral.owner_id == organisation,
        Referral.owner_user_id == user_id,
        Referral.status.in_(("completed", "ended_early")),
        Referral.actions_count > 0,
        Referral.consent_feedback.in_(disclosure.ACTIONS_SHARED),
    )
    found = session().execute(
        select(
            Referral.id,
            Referral.reference,
            Referral.actions_count,
            Referral.consent_feedback,
            case((waits, 1), else_=0).label("waits"),
        ).where(or_(Referral.id.in_(list(newest)), waits))
    )
    known = {row.id: row for row in found}
    # What has no news waits from before; of the rest the order is that of the news.
    place = {id_: n for n, id_ in enumerate(newest, start=1)}
    in_order = sorted(known, key=lambda id_: (not known[id_].waits, place.get(id_, 0)))
    lines = [
        f"- {known[id_].reference}: {_word(known[id_], newest.get(id_))}"
        for id_ in in_order[:SHOWN]
    ]
    more = len(in_order) - SHOWN
    return "\n".join(lines + ([str(_("- and {count} more", count=more))] if more > 0 else []))


def _word(found: Any, news: News | None) -> str:
    if found.waits or news is None:
        asked = translate_plural(
            "{n} action waits for you", "{n} actions wait for you", found.actions_count
        )
        return asked.format(n=found.actions_count)
    if news.event in CAME_BACK and found.consent_feedback == "none":
        return str(CLOSED)
    return str(NEWS.get(news.event, OTHER))
