"""The message back as each may read it: the one reader of what came of a referral."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _
from referral.outcomes import drafting, results, sharing
from referral.outcomes.message import GoalResult, Measured, Message, Said, attendance, missing
from referral.outcomes.models import Goal, Report, Result
from referral.outcomes.queries.gathering import VIEWED, with_message_unscoped
from referral.outcomes.queries.measuring import changes_unscoped
from referral.people import queries as people
from referral.referrals import disclosure, parties
from referral.referrals import queries as referrals
from referral.referrals.codes import NEEDS
from referral.referrals.disclosure import Level
from referral.referrals.models import Contact, Referral
from referral.referrals.queries.view import level_of

FINISHED = results.FINISHED
# While it is worked on, and until the practice has closed it, its words may be written.
WRITTEN_IN = frozenset({"accepted", "contacting", "started", "paused", "completed", "ended_early"})
KINDS: dict[str, Lazy] = {
    "practice": _("General practice"),
    "link_worker_team": _("Social prescribing"),
    "provider": _("Community group"),
}


@dataclass(frozen=True)
class Told:
    """What a reader may have of the message back. ``message`` None: nothing comes back to them.

    ``level`` is the person's consent. ``missing``: PRSB paths of what must be there and is not, for
    who writes it. ``draft``: the paragraph as the reader has it. ``editable``: the reader may
    write it now. ``goes_on``: the day from which the practice has the words, while the person reads
    first; None once it has them. ``opened_at``: when the practice first opened it; None as well
    where it was shown nothing. ``delivered``: finished, and nothing is asked of the practice.
    ``preview``: what the practice has of it, or would have, for who writes it; ``left_out``: not.
    ``own``: the texts as written. ``hears``: it was written to the reader's organisation;
    ``holds``: which may close it now.
    """

    referral_id: uuid.UUID
    reference: str
    version: int
    referral_version: int
    status: str
    finished: bool
    side: str
    message: Message | None
    level: str
    missing: tuple[str, ...]
    draft: str
    editable: bool
    goes_on: date | None
    opened_at: datetime | None
    delivered: bool
    thanked_at: datetime | None
    unread_actions: int
    preview: Message | None
    own: dict[str, str]
    left_out: tuple[Lazy, ...]
    hears: bool
    holds: bool
    service: str
    to: str
    practice: str


def message(actor: Actor, referral_id: uuid.UUID) -> Told:
    """The message back as the actor may read it; the view is audited.

    The practice reads what the person agreed to, decided anew at each reading; the group's side,
    the team and the person read all of their own. Raise ``NotFound`` out of scope.
    """
    session().flush()
    row = session().execute(
        with_message_unscoped().where(Referral.id == referral_id, referrals.in_scope(actor))
    )
    found = row.one_or_none()
    if found is None:
        raise NotFound
    own = Permission.SEE_OWN if actor.kind == "person" else Permission.SEE_REFERRALS
    permit(actor, own)
    return _Reader(actor, found).told()


class _Reader:
    """One actor in front of one message, worked out once."""

    def __init__(self, actor: Actor, row: Any) -> None:
        self.actor, self.row = actor, row
        self.referral: Referral = row.Referral
        self.report: Report | None = row.Report
        self.own = parties.of(actor, self.referral)
        self.practice = actor.organisation_kind == "practice"
        self.key = encryption.unwrap(row.wrapped) if row.wrapped else None
        self.text = self._opened(self.referral.text_sealed, f"referral:{self.referral.id}")
        report = self.report
        sealed = report.text_sealed if report else None
        self.written = self._opened(sealed, f"report:{report.id}" if report else "")
        found = self.referral
        self.finished = found.status in FINISHED and found.outcome is not None

    def told(self) -> Told:
        found = self.referral
        level, goes_on = found.consent_feedback, self._goes_on()
        whole = self._whole() if self._may_know() else None
        waits = goes_on is not None
        reached = _reached(whole, level, waits=waits) if whole and self.finished else None
        shown = reached if self.practice else whole
        if shown is not None and not self._reads():
            shown = sharing.uncoded(shown)
        editable = whole is not None and self._writes()
        if shown is not None:
            audit.viewed(self.actor, VIEWED, ("referral", found.id), found.person_id)
        return Told(
            referral_id=found.id,
            reference=found.reference,
            version=self.report.version if self.report else 0,
            referral_version=found.version,
            status=found.status,
            finished=self.finished,
            side="practice" if self.practice else "own",
            message=shown,
            level=level,
            missing=tuple(missing(whole)) if whole and not self.practice else (),
            draft=drafting.draft(shown) if shown else "",
            editable=editable,
            goes_on=goes_on,
            opened_at=self._opened_at(),
            delivered=self.finished
            and not (found.actions_count and disclosure.shares_actions(level)),
            thanked_at=self.row.thanked_at,
            unread_actions=0 if self._reads() else len((reached and reached.actions) or ()),
            preview=self._preview(whole, reached, level),
            own={} if self.practice or whole is None else self._own_words(),
            left_out=()
            if self.practice or not whole or not self.finished
            else tuple(sharing.left_out(whole, reached)),
            hears=bool(self.own & {"sender", "practice"}),
            holds=self.actor.organisation is not None and found.owner_id == self.actor.organisation,
            service=self.row.service_name or "",
            to=self.row.recipient_name or "",
            practice=self.row.practice_name or self.row.sender_name or "",
        )

    def _preview(
        self, whole: Message | None, reached: Message | None, level: str
    ) -> Message | None:
        """What the practice has; before it has finished, what it would have with no actions."""
        if self.practice or whole is None or self.finished:
            return None if self.practice else reached
        return _reached(replace(whole, actions=()), level, waits=False)

    def _may_know(self) -> bool:
        """May the actor know who the person is, or is it their own?"""
        if self.actor.kind == "person":
            return True
        return level_of(self.actor, self.referral, self.row.recipient_kind, self.own) == (
            Level.IDENTIFIED
        )

    def _reads(self) -> bool:
        kind = self.actor.kind
        return kind in ("person", "system") or may(self.actor, Permission.READ_CLINICAL)

    def _writes(self) -> bool:
        """Who supported the person writes, until the practice has read it and closed."""
        may_keep = "recipient" in self.own and may(self.actor, Permission.KEEP_OUTCOMES)
        return may_keep and self.referral.status in WRITTEN_IN

    def _goes_on(self) -> date | None:
        """The day on which the practice has the words; None where it has them, or it is open."""
        found = self.referral
        waits = self.finished and disclosure.words_wait(found, clock.now())
        return clock.local(found.summary_from).date() if waits and found.summary_from else None

    def _opened_at(self) -> datetime | None:
        """Told to the group's side only, and only where the practice was shown something."""
        opened: datetime | None = self.row.opened_at
        return None if self.practice or not self.finished else opened

    def _own_words(self) -> dict[str, str]:
        return {
            "done": self.written.get("done") or "",
            "not_worked": self.written.get("not_worked") or "",
            "summary": self._paragraph()[0],
            "comment": self.written.get("comment") or "",
        }

    def _whole(self) -> Message:
        """All of it, for whoever may read all."""
        found, row = self.referral, self.row
        who = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
        results, goals = self._results()
        sender_is_practice = row.sender_kind == "practice"
        concern: Any = row.concern_at
        paragraph, written_for = self._paragraph()
        return Message(
            reference=found.reference,
            given_name=who.given_name,
            family_name=who.family_name,
            born=who.date_of_birth,
            practice_code=row.practice_code or "",
            referrer=row.sent_by_name or row.sender_name or "",
            referrer_service=str(KINDS.get(row.sender_kind, "")),
            referrer_organisation=row.sender_name or "",
            referrer_contact=row.sender_phone or row.sender_email or "",
            referred_to=row.service_name or row.recipient_name or "",
            problem=", ".join(
                str(NEEDS[key].label) for key in found.needs.split(",") if key in NEEDS
            ),
            risks=self._risks(),
            short_name=who.short,
            finished_on=self._finished_on(),
            actions=self._actions(),
            results=results,
            end_reason=(found.end_reason or "") if self.finished else "",
            done=self.written.get("done") or "",
            not_worked=self.written.get("not_worked") or "",
            attendance=self._attendance(),
            goals=goals,
            measured=self._measured(),
            comment=self.written.get("comment") or "",
            safeguarding=clock.local(concern).date() if concern else None,
            author=self._author(),
            author_organisation=row.recipient_name or "",
            return_to=(row.return_to_name or "") if sender_is_practice else "",
            paragraph=paragraph,
            written_for=written_for,
        )

    def _finished_on(self) -> date | None:
        at = self.referral.finished_at if self.finished else None
        return clock.local(at).date() if at else None

    def _actions(self) -> tuple[str, ...] | None:
        """None while nobody has said. What the system ended asks nothing of anybody."""
        if not self.finished:
            return None
        said = self.text.get("actions_for_practice")
        if said is None and self.row.ending is not None:
            return () if self.row.ending.verb == "person_gone" else None
        return tuple(said or ())

    def _risks(self) -> str:
        if self.referral.risk_known:
            return self.text.get("risk_text") or str(_("Known, not described"))
        return str(_("None known")) if self.referral.risk_known is False else ""

    def _paragraph(self) -> tuple[str, str]:
        """What somebody wrote instead of the draft, and for which consent."""
        if self.written.get("summary"):
            return self.written["summary"], (self.report and self.report.written_for) or "full"
        old = None
        if self.finished and not self.written.get("drafted"):
            old = self.text.get("outcome_summary")
        return (old or ""), self.text.get("outcome_for") or "full"

    def _author(self) -> str:
        ending = self.row.ending
        if self.row.group_id is not None:
            said = encryption.open_for_installation(
                self.row.group_sealed, f"answer_contact:{self.row.group_id}"
            )
            return str(said.get("name") or "")
        if ending is not None and self.finished:
            note = self._opened(ending.note_sealed, f"status_change:{ending.id}")
            return str(note.get("told_by") or self.row.ended_by_name or "")
        return self.row.wrote_name or ""

    def _results(self) -> tuple[tuple[Said, ...], tuple[GoalResult, ...]]:
        """The overall outcome by each word, and of each goal; none before it has finished."""
        if not self.finished:
            return (), ()
        found = session().execute(
            select(Result, Goal.text_sealed, Goal.id.label("goal"))
            .outerjoin(Goal, Goal.id == Result.goal_id)
            .where(Result.referral_id == self.referral.id)
            .order_by(Goal.place, Goal.id, Result.told_by)
        )
        # What a form said that was taken back does not count: results.standing.
        step = (self.referral.told_by, self.referral.outcome)
        counting: dict[str, list[Result]] = {"overall": []}
        texts: dict[str, str] = {}
        for row in found:
            one: Result = row.Result
            for kept in results.standing([one], *step, self.referral.finished_at):
                counting.setdefault(kept.about, []).append(kept)
            if row.goal is not None:
                text = self._opened(row.text_sealed, f"goal:{row.goal}")
                texts[one.about] = text if isinstance(text, str) else ""
        why = {about: {one.told_by: one.reason for one in own} for about, own in counting.items()}
        by_word = {
            about: results.by_word(own, *step, overall=about == "overall")
            for about, own in counting.items()
        }
        overall = by_word.pop("overall")
        said = results.together(overall, why.get("overall"))
        goals = tuple(
            GoalResult(texts[about], tuple(results.together(words, why.get(about))))
            for about, words in by_word.items()
            if texts.get(about)
        )
        return tuple(said), goals

    def _attendance(self) -> Any:
        found = session().execute(
            select(Contact.at, Contact.result).where(
                Contact.referral_id == self.referral.id, Contact.undone.is_(False)
            )
        )
        return attendance((clock.local(row.at).date(), row.result) for row in found)

    def _measured(self) -> tuple[Measured, ...]:
        """What was asked before and after, where there are both."""
        if self.key is None:
            return ()
        found, keys = self.referral.id, {self.referral.person_id: self.key}
        return tuple(one.measured() for one in changes_unscoped([found], keys).get(found, ()))

    def _opened(self, sealed: bytes | None, context: str) -> Any:
        if sealed is None or self.key is None:
            return {}
        return encryption.open_(self.key, sealed, context)


def _reached(whole: Message, level: str, *, waits: bool) -> Message | None:
    """What the practice has of it now: at its consent, and of what waits only what must not."""
    kept = sharing.kept(whole, level)
    return sharing.at_once(kept) if kept is not None and waits else kept
