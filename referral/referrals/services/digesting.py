"""One message a working day for those who want their news together."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import Lazy, _
from referral.outbox.rendering import Published
from referral.referrals import notifications
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
            context={"count": len(rows), "lines": Published(_lines(rows))},
            subject_id=user_id,
        )
        if not written:
            return 0
    for row in rows:
        row.told_in = key
    session().flush()
    return len(rows)


def _lines(rows: list[News]) -> str:
    """The newest word on each referral, one a line."""
    newest = {row.referral_id: row for row in rows}
    found = session().execute(
        select(Referral.id, Referral.reference).where(Referral.id.in_(list(newest)))
    )
    references = {row.id: row.reference for row in found}
    lines = [
        f"- {references[id_]}: {NEWS.get(row.event, OTHER)}"
        for id_, row in list(newest.items())[:SHOWN]
    ]
    more = len(newest) - SHOWN
    return "\n".join(lines + ([str(_("- and {count} more", count=more))] if more > 0 else []))
