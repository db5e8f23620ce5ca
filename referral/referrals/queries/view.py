"""One referral as the actor may see it: the page and the API show the same."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _
from referral.people import queries as people
from referral.referrals import disclosure, holds, lifecycle, parties, words
from referral.referrals.disclosure import Level
from referral.referrals.models import Contact, Referral, StatusChange, Thread
from referral.referrals.queries import rows
from referral.referrals.queries.loading import Circumstances, allowed_unscoped, is_undoable
from referral.referrals.queries.scope import in_scope

# What the recipient wrote while supporting the person: the practice reads it as consented to.
FEEDBACK_VERBS = frozenset({"contact", "start", "pause", "resume", "complete", "end"})


def view(actor: Actor, found: Referral | uuid.UUID) -> dict[str, Any]:
    """The whole referral in plain values (dates, moments, ids, lazy words); the view is audited.

    The keys are those of ``schemas.ReferralOut`` and, for pages, ``status_label``,
    ``status_colour``, ``links``, ``disclosure``, ``parties``, ``holds_lines``, ``person_name``,
    ``checks``, ``held_back``.
    Raise ``NotFound`` out of scope.
    """
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
    return _View(actor, row).shown()


def history(actor: Actor, referral_id: uuid.UUID) -> list[dict[str, Any]]:
    """The timeline of one referral, oldest first, with what the actor may read of it."""
    found: list[dict[str, Any]] = view(actor, referral_id)["history"]
    return found


def viewer_of(actor: Actor, own: frozenset[str]) -> str:
    """The party whose eyes the actor has; the patient's practice sees what a sender sees."""
    if actor.kind == "system":
        return "sender"
    for party in ("sender", "practice", "recipient", "fallback"):
        if party in own:
            return "sender" if party == "practice" else party
    return "nobody"


def level_of(actor: Actor, found: Any, recipient_kind: str | None, own: frozenset[str]) -> Level:
    """How much of the person the actor may see on this referral."""
    level = disclosure.level(
        viewer_of(actor, own),
        found.status,
        recipient_kind=recipient_kind or "provider",
        signed_in=actor.by_account,
        ever_accepted=found.accepted_at is not None,
        stopped=found.consent_withdrawn_at is not None,
    )
    return level if actor.kind == "system" or may(actor, Permission.SEE_PEOPLE) else Level.NONE


class _View:
    """Everything ``view`` needs, worked out once."""

    def __init__(self, actor: Actor, row: Any) -> None:
        self.actor, self.row = actor, row
        self.referral: Referral = row.Referral
        self.own = parties.of(actor, self.referral)
        self.viewer = viewer_of(actor, self.own)
        self.seen = level_of(actor, self.referral, row.recipient_kind, self.own)
        self.clinical = actor.kind == "system" or may(actor, Permission.READ_CLINICAL)
        self.provider = actor.organisation_kind == "provider" or not actor.by_account
        self.is_practice = actor.organisation_kind == "practice"
        self.identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
        self.key = encryption.unwrap(row.wrapped) if row.wrapped else None
        self.text: dict[str, Any] = self._open(
            self.referral.text_sealed, f"referral:{self.referral.id}"
        )
        self.owner = parties.owner(self.referral)
        # How it went (contacts, reasons) is feedback: the practice knows as far as was agreed.
        shared = disclosure.shares_actions(self.referral.consent_feedback)
        self.course = shared or not self.is_practice

    def _open(self, sealed: bytes | None, context: str) -> Any:
        if sealed is None or self.key is None:
            return {}
        return encryption.open_(self.key, sealed, context)

    def shown(self) -> dict[str, Any]:
        found, row = self.referral, self.row
        status = lifecycle.STATUSES[found.status]
        person = self._person()
        changes = self._changes()
        threads = self._threads()
        onward = self._onward()
        held = self._holds()
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
            "reason": self._words("reason"),
            "risk": {"known": found.risk_known, "text": self._words("risk_text")},
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
            "next_step": next_step and {"key": next_step.key, "text": next_step.text},
            "due_on": found.due_on,
            "overdue": parties.is_overdue(found, clock.today()),
            "holds": held.plain,
            "holds_lines": held.lines,
            "allowed_actions": self._allowed(changes, threads, onward),
            "expected_on": found.expected_on,
            "outcome": self._outcome(),
            "decline_reason": found.decline_reason,
            "based_on": found.based_on_id,
            "replaced_by": found.replaced_by_id,
            "links": self._links(),
            "onward": onward,
            "threads": threads,
            "contacts": self._contacts(),
            "attendances": found.attendances if self.course else 0,
            "flags": self._flags(),
            "exception": found.exception,
            "version": found.version,
            "created_at": found.created_at,
            "sent_at": found.sent_at,
            "history": [self._change(change) for change in changes],
            "disclosure": self.seen.name.lower(),
            "parties": sorted(self.own),
        }

    def _facts(self) -> dict[str, Any]:
        """The person's and the referral's fields, as ``disclosure.mask`` takes them."""
        found = self.referral
        return self.identity.facts() | {
            "needs": found.needs.split(",") if found.needs else [],
            "reason": self.text.get("reason"),
            "risk_known": found.risk_known,
            "risk_text": self.text.get("risk_text"),
            "urgency": found.urgency,
        }

    def _person(self) -> dict[str, Any]:
        masked = disclosure.mask(self._facts(), self.seen, on=clock.today(), provider=self.provider)
        for name in ("needs", "reason", "risk_known", "risk_text", "urgency"):
            masked.pop(name, None)
        if self.seen == Level.IDENTIFIED:
            masked |= {"id": self.referral.person_id, "name": self.identity.name}
        return masked

    def _words(self, name: str) -> str | None:
        """``reason`` or ``risk_text`` as far as the viewer may read it."""
        if not self.clinical or self.seen == Level.NONE:
            return None
        masked = disclosure.mask(self._facts(), self.seen, on=clock.today(), provider=self.provider)
        return masked.get(name) or None

    def _holds(self) -> holds.Holds:
        found, row = self.referral, self.row
        actions = found.actions_count > 0 and disclosure.shares_actions(found.consent_feedback)
        facts = holds.HoldFacts(
            status=found.status,
            owner=self.owner,
            sender=row.sender_name,
            recipient=row.recipient_name or str(_("The organisation")),
            practice=row.practice_name,
            team=row.team_name,
            worker=row.owner_user_name,
            person=self.identity.short,
            sex=self.identity.sex,
            reach_by=self.identity.reach_by,
            due_on=found.due_on,
            late=parties.is_overdue(found, clock.today()),
            has_actions=actions,
            left_to_decide=not found.self_closing,
        )
        return holds.sentence(facts, self._reader(), self.seen)

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
        if self.is_practice:
            shared = disclosure.feedback_view(outcome, found.consent_feedback)
            if shared is None:
                return None
            outcome = shared
        if not self.clinical:
            outcome |= {"actions_for_practice": [], "summary": None}
        return outcome | {"end_reason": found.end_reason if self.course else None}

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

    def _changes(self) -> list[Any]:
        return list(
            session().execute(
                select(StatusChange, User.name.label("by"), Organisation.name.label("organisation"))
                .outerjoin(User, User.id == StatusChange.actor_id)
                .outerjoin(Organisation, Organisation.id == StatusChange.actor_organisation_id)
                .where(StatusChange.referral_id == self.referral.id)
                .order_by(StatusChange.number)
            )
        )

    def _change(self, row: Any) -> dict[str, Any]:
        change: StatusChange = row.StatusChange
        said = {}
        if self._may_read(change):
            said = self._open(change.note_sealed, f"status_change:{change.id}")
            if change.party != self.viewer:
                said = self._readable(said, set(said))
        verb = lifecycle.VERBS.get(change.verb)
        told = self.course or change.party != "recipient" or change.verb not in FEEDBACK_VERBS
        return {
            "number": change.number,
            "verb": change.verb,
            "label": verb.done if verb else words.SYSTEM_DONE.get(change.verb, Lazy(change.verb)),
            "from": change.from_status,
            "to": change.to_status,
            "actor": {"kind": change.actor_kind, "name": row.by, "organisation": row.organisation},
            "at": change.at,
            "reason": (change.reason if told else None) or said.get("reason"),
            "note": said.get("note"),
            "suggestion": said.get("suggestion"),
            "undone": change.undone,
            "mine": change.actor_id is not None and change.actor_id == self.actor.id,
        }

    def _may_read(self, change: StatusChange) -> bool:
        if not self.clinical:
            return False
        if self.is_practice and change.party == "recipient" and change.verb in FEEDBACK_VERBS:
            return self.referral.consent_feedback == "full"
        return disclosure.note_visible(
            self.seen, viewer=self.viewer, author=change.party, verb=change.verb
        )

    def _readable(self, said: dict[str, str], of_others: set[str]) -> dict[str, str]:
        """Of what others said: nothing where nothing may be seen, no identity before it is told."""
        if self.seen == Level.IDENTIFIED:
            return said
        facts = self.identity.facts()
        return {
            name: disclosure.black_out(told, facts) if name in of_others else told
            for name, told in said.items()
            if told and (name not in of_others or self.seen == Level.ANONYMOUS)
        }

    def _threads(self) -> list[dict[str, Any]]:
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
        said = self._open(thread.text_sealed, f"thread:{thread.id}") if readable else {}
        writers = {"text": thread.raised_by_organisation_id, "answer": thread.owner_id}
        said = self._readable(said, {n for n, by in writers.items() if by != own})
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

    def _contacts(self) -> list[dict[str, Any]]:
        if self.seen != Level.IDENTIFIED or self.referral.accepted_at is None or not self.course:
            return []
        found = session().execute(
            select(Contact, User.name.label("by"))
            .outerjoin(User, User.id == Contact.by_user_id)
            .where(Contact.referral_id == self.referral.id, Contact.undone.is_(False))
            .order_by(Contact.at, Contact.id)
        )
        readable = self.clinical and (
            not self.is_practice or self.referral.consent_feedback == "full"
        )
        return [
            {
                "at": row.Contact.at,
                "channel": row.Contact.channel,
                "result": row.Contact.result,
                "note": self._open(row.Contact.note_sealed, f"contact:{row.Contact.id}") or None
                if readable
                else None,
                "by": row.by,
            }
            for row in found
        ]

    def _onward(self) -> list[dict[str, Any]]:
        """What a link-worker team made of a referral to it."""
        if self.row.recipient_kind != "link_worker_team":
            return []
        found = session().execute(
            select(Referral.id, Referral.reference, Referral.status)
            .where(Referral.based_on_id == self.referral.id)
            .order_by(Referral.id)
        )
        return [dict(row._mapping) for row in found]
