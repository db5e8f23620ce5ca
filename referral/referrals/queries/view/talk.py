"""What is said beside a referral's course."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from referral.core.database import session
from referral.referrals.disclosure import Level
from referral.referrals.models import Thread
from referral.referrals.queries import rows
from referral.referrals.queries.view.reading import Reader


class Talk(Reader):
    """The talk as the viewer may read it."""

    def threads(self) -> list[dict[str, Any]]:
        """What was raised, oldest first, with its owner and date."""
        raised, holder = rows.Sender, rows.Owner
        found = session().execute(
            select(Thread, raised.name.label("raised_by"), holder.name.label("owner"))
            .join(raised, raised.id == Thread.raised_by_organisation_id)
            .join(holder, holder.id == Thread.owner_id)
            .where(Thread.referral_id == self.referral.id)
            .order_by(Thread.id)
        )
        return [self._thread(row) for row in found]

    def _thread(self, row: Any) -> dict[str, Any]:
        thread: Thread = row.Thread
        own = self.actor.voice
        concerned = own in (thread.owner_id, thread.raised_by_organisation_id)
        readable = self.clinical and (concerned or self.seen == Level.IDENTIFIED)
        said = self.opened(thread.text_sealed, f"thread:{thread.id}") if readable else {}
        writers = {"text": thread.raised_by_organisation_id, "answer": thread.owner_id}
        said = self.readable(said, {n for n, by in writers.items() if by != own})
        return {
            "id": thread.id,
            "kind": thread.kind,
            "text": said.get("text"),
            "answer": said.get("answer"),
            "raised_by": {"id": thread.raised_by_organisation_id, "name": row.raised_by},
            "raised_at": thread.raised_at,
            "owner": {"id": thread.owner_id, "name": row.owner},
            "due_on": thread.due_on,
            "answered_at": thread.answered_at,
            "mine": thread.owner_id == self.actor.voice,
        }
