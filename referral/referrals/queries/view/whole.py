"""One referral as the actor may see it: the page and the API show the same."""

from __future__ import annotations

import uuid
from typing import Any

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import disclosure, holds, lifecycle, parties, words
from referral.referrals.codes import MET_THE_PERSON
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral
from referral.referrals.queries import rows
from referral.referrals.queries.loading import Circumstances, allowed_unscoped, is_undoable
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view.beside import Beside
from referral.referrals.queries.view.course import Course, contact_name_unscoped
from referral.referrals.queries.view.talk import Talk

# In these somebody looks for others, instead of what stands beside.
ELSEWHERE = frozenset({"find_another", "decide"})

STOPPED = _("The person stopped sharing. Nobody holds this any more.")


def view(actor: Actor, found: Referral | uuid.UUID, *, beside: bool = False) -> dict[str, Any]:
    """The whole referral in plain values (dates, moments, ids, lazy words); the view is audited.

    The keys are those of ``schemas.ReferralOut`` and, for pages, ``status_label``,
    ``status_colour``, ``links``, ``disclosure``, ``parties``, ``holds_lines``, ``person_name``,
    ``sent_by_me``, ``checks``, ``held_back``, ``notes``, ``route`` (whom to ring when somebody is
    at risk).
    ``beside`` adds ``appointments``, ``notices`` and ``deliveries``, and more of ``onward``; not
    where somebody must find another, and looks at others instead.
    Raise ``NotFound`` out of scope.
    """
    reader = _View(actor, _row(actor, found))
    step = lifecycle.STATUSES[reader.referral.status].next_step
    if not beside or (step and step.key in ELSEWHERE):
        return reader.shown({"onward": reader.onward()})
    return reader.shown(reader.beside())


def open_to(actor: Actor, referral_id: uuid.UUID) -> Talk:
    """The referral in front of the actor, to look at a part of it; the view is audited."""
    return Talk(actor, _row(actor, referral_id))


def _row(actor: Actor, found: Referral | uuid.UUID) -> Any:
    session().flush()
    row = (
        session()
        .execute(
            rows.whole_unscoped().where(
                Referral.id == (found.id if isinstance(found, Referral) else found),
                in_scope(actor),
            )
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    permit(actor, Permission.SEE_REFERRALS)
    referral: Referral = row.Referral
    audit.viewed(actor, "referral:viewed", ("referral", referral.id), referral.person_id)
    return row


def history(actor: Actor, referral_id: uuid.UUID) -> list[dict[str, Any]]:
    """The timeline of one referral, oldest first, with what the actor may read of it."""
    found: list[dict[str, Any]] = view(actor, referral_id)["history"]
    return found


class _View(Course, Talk, Beside):
    """The answer of ``view``, put together."""

    def shown(self, beside: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        found, row = self.referral, self.row
        status = lifecycle.STATUSES[found.status]
        person = self._person()
        changes = self.changes()
        threads, notes = self.talk()
        contacts = self.contacts()
        held = self._holds(contacts)
        next_step = status.next_step if found.owner_id else None
        return {
            "id": found.id,
            "reference": found.reference,
            "status": found.status,
            "status_label": status.label,
            "status_colour": status.colour,
            "from": {"id": found.sender_id, "name": row.sender_name},
            "to": words.named(found.recipient_id, row.recipient_name),
            "practice": words.named(found.practice_id, row.practice_name),
            "service": words.named(found.service_id, row.service_name),
            "checks": rows.checks_line(row, clock.today()),
            "held_back": rows.held_back(row, found.status, clock.today()),
            "triage": found.triage,
            "person": person,
            "person_name": words.short_name(person, self.identity, self.seen),
            "needs": found.needs.split(",") if found.needs and self.seen else [],
            "reason": self.written("reason"),
            "risk": {"known": found.risk_known, "text": self.written("risk_text")},
            "urgency": found.urgency,
            "consent": {
                "refer": found.consent_refer,
                "feedback": found.consent_feedback,
                "evaluation": found.consent_evaluation,
                "told": found.consent_told,
                "authority": found.consent_authority,
            },
            "if_not": found.if_not,
            "owner": words.owner(found, row),
            "ring": self._ring(),
            "next_step": next_step and {"key": next_step.key, "text": next_step.text},
            "due_on": found.due_on,
            "overdue": parties.is_overdue(found, clock.today()),
            "holds": held.plain,
            "holds_lines": held.lines,
            "allowed_actions": self._allowed(changes, threads, beside["onward"]),
            "expected_on": found.expected_on,
            "outcome": self._outcome(),
            "unread_actions": self._unread_actions(),
            "decline_reason": found.decline_reason,
            "based_on": found.based_on_id,
            "replaced_by": found.replaced_by_id,
            "links": self._links(),
            "near": self.near(),
            "tried": self.tried(),
            **beside,
            "threads": threads,
            "notes": notes,
            "route": self.route(),
            "contacts": contacts,
            "attendances": found.attendances if self.course else 0,
            "flags": self._flags(),
            "exception": found.exception,
            "person_says": self._person_says(),
            "version": found.version,
            "created_at": found.created_at,
            "sent_at": found.sent_at,
            "sent_by_me": found.sent_by_id is not None and found.sent_by_id == self.actor.user,
            "history": [self.change(change) for change in changes],
            "disclosure": self.seen.name.lower(),
            "parties": sorted(self.own),
        }

    def _person(self) -> dict[str, Any]:
        masked = disclosure.mask(self.facts(), self.seen, on=clock.today(), provider=self.provider)
        for name in ("needs", "reason", "risk_known", "risk_text", "urgency"):
            masked.pop(name, None)
        if self.seen == Level.IDENTIFIED:
            masked |= {"id": self.referral.person_id, "name": self.identity.name}
        return masked

    def _holds(self, contacts: list[dict[str, Any]]) -> holds.Holds:
        found, row = self.referral, self.row
        if found.consent_withdrawn_at is not None and found.owner_id is None:
            return holds.Holds((STOPPED,))
        actions = found.actions_count > 0 and disclosure.shares_actions(found.consent_feedback)
        facts = holds.HoldFacts(
            status=found.status,
            owner=self.owner,
            sender=row.sender_name,
            recipient=row.recipient_name or str(_("The organisation")),
            practice=row.practice_name,
            team=row.team_name,
            worker=row.owner_user_name or contact_name_unscoped(row),
            person=self.identity.short,
            sex=self.identity.sex,
            reach_by=self.identity.reach_by,
            due_on=found.due_on,
            late=parties.is_overdue(found, clock.today()),
            has_actions=actions,
            left_to_decide=not found.self_closing,
            in_touch=bool(contacts) and contacts[-1]["result"] in MET_THE_PERSON,
        )
        return holds.sentence(facts, self._reader(), self.seen)

    def _ring(self) -> dict[str, str]:
        """Whom a group rings: the link workers, else who sent it."""
        row = self.row
        if row.team_name and row.team_phone:
            return {"name": row.team_name, "phone": row.team_phone}
        return {"name": row.sender_name, "phone": row.sender_phone or ""}

    def _reader(self) -> str:
        """Whom the sentence speaks to: "you" is only who holds the referral."""
        if self.owner is not None and "owner" in self.own:
            return self.owner
        return "practice" if self.viewer == "sender" and "sender" not in self.own else self.viewer

    def _flags(self) -> dict[str, Any]:
        """What everybody who knows the person must heed."""
        if self.seen != Level.IDENTIFIED:
            return {"deceased_on": None, "do_not_contact": None}
        unsafe = None
        if self.row.unsafe:
            note = self.identity.contact_notes
            unsafe = str(_("Do not contact directly: {note}", note=note or _("ask the sender")))
        return {
            "deceased_on": people.day_of_unscoped(self.row.deceased_on),
            "do_not_contact": unsafe,
        }

    def _person_says(self) -> dict[str, Any] | None:
        """Whether anybody has been in touch, by the person's word, for who may know them."""
        row = self.row
        if row.touch_said is None or self.seen != Level.IDENTIFIED or not self.referral.owner_id:
            return None
        return {"kind": row.touch_said, "at": row.touch_at, "differs": bool(row.person_differs)}

    def _links(self) -> dict[str, Any]:
        found, row = self.referral, self.row
        before = (found.based_on_id, row.based_on_reference, row.based_on_status)
        after = (found.replaced_by_id, row.replaced_by_reference, row.replaced_by_status)
        return {"based_on": words.link(*before), "replaced_by": words.link(*after)}

    def _outcome(self) -> dict[str, Any] | None:
        found = self.referral
        if found.outcome is None or self.seen == Level.NONE:
            return None
        outcome: dict[str, Any] = {
            "overall": found.outcome,
            "told_by": found.told_by,
            "actions_for_practice": list(self.text.get("actions_for_practice") or []),
            "summary": self.text.get("outcome_summary"),
        }
        waits = self.is_practice and disclosure.words_wait(found, clock.now())
        if self.is_practice:
            shared = disclosure.feedback_view(
                outcome,
                found.consent_feedback,
                written_for=self.text.get("outcome_for") or "full",
                waits=waits,
            )
            if shared is None:
                return None
            outcome = shared
        if not self.clinical:
            outcome |= {"actions_for_practice": [], "summary": None}
        each = self._each() if outcome["overall"] else []
        return outcome | {
            "results": each,
            "told_apart": len({one["outcome"] for one in each} - {"not_known"}) > 1,
            "end_reason": found.end_reason if self.course else None,
            "goes_on": clock.local(found.summary_from).date()
            if waits and found.summary_from
            else None,
        }

    def _each(self) -> list[dict[str, str]]:
        """The outcome by each word; where they were not told apart, the one of the step."""
        said: list[dict[str, str]] | None = self.text.get("results")
        found = self.referral
        whole = {"outcome": found.outcome or "", "told_by": found.told_by or "", "reason": ""}
        return said or [whole]

    def _unread_actions(self) -> int:
        """How many the practice is asked that the reader's role may not read."""
        asked = self.is_practice and disclosure.shares_actions(self.referral.consent_feedback)
        return self.referral.actions_count if asked and not self.clinical else 0

    def _allowed(
        self, changes: list[Any], threads: list[dict[str, Any]], onward: list[dict[str, Any]]
    ) -> list[str]:
        last = changes[-1].StatusChange if changes else None
        around = Circumstances(
            parties=self.own,
            threads_to_answer=any(t["mine"] and t["answered_at"] is None for t in threads),
            undoable=is_undoable(self.actor, last),
            onward_open=any(link["status"] in lifecycle.OPEN for link in onward),
            last=last,
        )
        return allowed_unscoped(self.actor, self.referral, around)
