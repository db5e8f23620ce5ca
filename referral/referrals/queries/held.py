"""Every word that is held about somebody on their referrals, for them to read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import literal, select

from referral.accounts.models import Organisation
from referral.core import encryption
from referral.core.database import session
from referral.core.i18n import Lazy, _
from referral.people.codes import ACCESS_NEEDS, REACH_BY, Code
from referral.people.holding import Held, lines, words
from referral.referrals import codes, consent, disclosure, lifecycle, plain, telling, timeline
from referral.referrals.models import (
    Appointment,
    Attachment,
    Complaint,
    Consent,
    Contact,
    Note,
    PersonNotice,
    PersonSaid,
    Referral,
    SelfReferral,
    StatusChange,
    Supporter,
    Thread,
)

# Names of who else said something are theirs; a code says it in its own line.
NAMES = ("told_by", "answer_told_by", "by")
# What says how a text is to be treated, and nothing about anybody.
CODES = ("outcome_for", "results")
_REFERRAL: dict[str, Lazy] = {
    "reason": _("Why"),
    "risk_text": _("Risks"),
    "outcome_summary": _("What was written at the end"),
    "actions_for_practice": _("What the practice was asked to do"),
}
_OUTCOME = ("outcome_summary", "actions_for_practice")
_STEP: dict[str, Lazy] = {
    "reason": _("The reason"),
    "note": _("What was said"),
    "suggestion": _("What was suggested"),
}
_CONSENT: dict[str, Lazy] = {
    "given_by": _("Who answered for you"),
    "relation": _("Who they are to you"),
    "why": _("Why they answered for you"),
}
_SAID: dict[str, Lazy] = {
    "text": _("Your words"),
    "spoken_by": _("Who spoke for you"),
}
_DAY: dict[str, Lazy] = {
    "where": _("Where"),
    "note": _("What was noted"),
    "first_name": _("Who you meet"),
}
_THREAD: dict[str, Lazy] = {"text": _("What was asked"), "answer": _("The answer")}
_NOTE: dict[str, Lazy] = {
    "text": _("A note"),
    "struck_why": _("Why the note was crossed out"),
}
_SUPPORTER: dict[str, Lazy] = {
    "name": _("Name"),
    "relation": _("Who they are to you"),
    "phone": _("Telephone"),
    "email": _("Email"),
}
_COMPLAINT: dict[str, Lazy] = {
    "text": _("What you complained of"),
    "wants": _("What you asked for"),
    "spoken_by": _("Who spoke for you"),
    "answer": _("The answer"),
}
# A concern for somebody's safety is told by a human, who knows whether it is safe to tell it.
APART = _(
    "A worry about safety was written down. We do not show the words here: ask us, and somebody "
    "will go through them with you."
)


def held_unscoped(
    referral_ids: Iterable[uuid.UUID],
    keys: Mapping[uuid.UUID, bytes],
    own: uuid.UUID | None = None,
    less: Mapping[uuid.UUID, str] | None = None,
) -> list[Held]:
    """What is held of these referrals; ``keys`` are the people's. The caller has checked the scope.

    ``own``: the organisation whose staff read it; None is the person. Staff read the internal notes
    of their own organisation only. ``less``: what the person agreed comes back, of the referrals
    where the reader is the practice (a key of ``codes.FEEDBACK``): below ``full`` what came of it
    is left out. A statement for each table, whatever the number of referrals.
    """
    return _Reader(list(referral_ids), keys, own, less or {}).all()


class _Reader:
    def __init__(
        self,
        ids: list[uuid.UUID],
        keys: Mapping[uuid.UUID, bytes],
        own: uuid.UUID | None,
        less: Mapping[uuid.UUID, str],
    ) -> None:
        self.ids, self.keys, self.own, self.less = ids, keys, own, less

    def all(self) -> list[Held]:
        return [
            *self.referrals(),
            *self.asked_for_help(),
            *self.consents(),
            *self.said(),
            *self.steps(),
            *self.contacts(),
            *self.appointments(),
            *self.talk(),
            *self.supporters(),
            *self.complaints(),
            *self.notices(),
        ]

    def _rows(self, table: Any, organisation: Any = None) -> Any:
        """``(row, person, reference, name of the organisation)`` in the order they were made."""
        chosen = select(
            table,
            Referral.person_id,
            Referral.reference,
            literal("") if organisation is None else Organisation.name,
        ).join(Referral, Referral.id == table.referral_id)
        if organisation is not None:
            chosen = chosen.outerjoin(Organisation, Organisation.id == organisation)
        return session().execute(chosen.where(table.referral_id.in_(self.ids)).order_by(table.id))

    def _open(self, person: uuid.UUID, sealed: bytes | None, context: str) -> Any:
        """Nothing where nothing was sealed or the key was destroyed."""
        key = self.keys.get(person)
        if sealed is None or key is None:
            return {}
        return encryption.open_(key, sealed, context)

    def _told(self, referral_id: uuid.UUID) -> bool:
        """Whether the reader may know how it went."""
        return disclosure.shares_actions(self.less.get(referral_id, "full"))

    def referrals(self) -> list[Held]:
        rows = session().execute(
            select(Referral, Organisation.name)
            .join(Organisation, Organisation.id == Referral.sender_id)
            .where(Referral.id.in_(self.ids))
            .order_by(Referral.id)
        )
        found = []
        for row, sender in rows:
            at, where = row.sent_at or row.created_at, row.reference
            facts = (
                (_("What would help"), _keys(row.needs, codes.NEEDS)),
                (_("Your area"), row.area),
                (_("How to reach you"), _keys(row.reach_by, REACH_BY)),
                (_("What you need"), _keys(row.access_needs, ACCESS_NEEDS)),
                (_("Language"), row.language),
                (_("Where it stands"), str(lifecycle.STATUSES[row.status].label)),
            )
            found += [
                Held("referral", str(label), said, at, sender, where)
                for label, said in facts
                if said
            ]
            level = self.less.get(row.id, "full")
            left = CODES if level == "full" else CODES + _OUTCOME
            text = self._open(row.person_id, row.text_sealed, f"referral:{row.id}")
            found += lines(
                "referral", text, _REFERRAL, _("Also written"),
                at=at, by=sender, reference=where, without=left,
            )  # fmt: skip
            if row.outcome and level == "full":
                said = str(codes.OUTCOMES[row.outcome].label)
                found.append(
                    Held("results", str(_("How it ended")), said, row.finished_at, "", where)
                )
        return found

    def asked_for_help(self) -> list[Held]:
        """What they, or who asked for them, wrote on the public form, while it is kept."""
        rows = session().execute(
            select(SelfReferral, Referral.reference)
            .join(Referral, Referral.id == SelfReferral.referral_id)
            .where(Referral.id.in_(self.ids), SelfReferral.said_sealed.is_not(None))
            .order_by(SelfReferral.id)
        )
        found = []
        for row, reference in rows:
            assert row.said_sealed is not None  # noqa: S101 - chosen so
            said = encryption.open_for_installation(row.said_sealed, f"self_referral:{row.id}")
            found += lines(
                "said", said, {"reason": _("Why you asked for help")}, _("What was asked"),
                at=row.asked_at, reference=reference,
            )  # fmt: skip
        return found

    def consents(self) -> list[Held]:
        found = []
        for row, person, reference, name in self._rows(Consent, Consent.organisation_id):
            where = {"at": row.at, "by": name or "", "reference": reference}
            agreed = _(
                "Being put in touch: {refer}. What the practice hears: {feedback}. {who}, {how}.",
                refer=words(row.refer),
                feedback=str(codes.FEEDBACK[row.feedback].label).lower(),
                who=codes.AUTHORITIES[row.authority].label,
                how=str(consent.HOWS[row.how]).lower(),
            )
            found.append(Held("agreed", str(_CONSENT_TITLES[row.what]), str(agreed), **where))
            said = self._open(person, row.said_sealed, f"consent:{row.id}")
            found += lines("agreed", said, _CONSENT, _("Also written"), **where)
        return found

    def said(self) -> list[Held]:
        found = []
        for row, person, reference, name in self._rows(PersonSaid, PersonSaid.organisation_id):
            where = {"at": row.at, "by": name or "", "reference": reference}
            kind, how = codes.PERSON_SAID[row.kind].label, codes.SAID_HOW[row.how].label
            found.append(Held("said", str(kind), str(how), **where))
            text = self._open(person, row.text_sealed, f"person_said:{row.id}")
            found += lines("said", text, _SAID, _("Also written"), **where)
        return found

    def steps(self) -> list[Held]:
        found = []
        for row, person, reference, name in self._rows(
            StatusChange, StatusChange.actor_organisation_id
        ):
            where = {"at": row.at, "by": name or "", "reference": reference}
            if row.party == "recipient" and not self._told(row.referral_id):
                continue
            status = str(lifecycle.STATUSES[row.to_status].label)
            if row.to_status != row.from_status:
                found.append(Held("steps", str(_("From then on")), status, **where))
            if row.verb == "contact":  # its note stands with the contact
                continue
            said = self._open(person, row.note_sealed, f"status_change:{row.id}")
            titles = _STEP
            if row.verb == "amend" and said.get("note"):  # keys of what is new
                said = said | {"note": timeline.amended(said["note"])}
                titles = _STEP | {"note": _("What was changed")}
            found += lines("steps", said, titles, _("Also written"), without=NAMES, **where)
        return found

    def contacts(self) -> list[Held]:
        found = []
        for row, person, reference, _name in self._rows(Contact):
            if not self._told(row.referral_id):
                continue
            where: dict[str, Any] = {"at": row.at, "reference": reference}
            result = codes.RESULTS[row.result].label
            found.append(
                Held("contacts", str(codes.CHANNELS[row.channel].label), str(result), **where)
            )
            note = self._open(person, row.note_sealed, f"contact:{row.id}")
            found += lines("contacts", note, {}, _("What was noted"), **where)
        return found

    def appointments(self) -> list[Held]:
        found = []
        for row, person, reference, name in self._rows(Appointment, Appointment.organisation_id):
            where = {"at": row.at, "by": name or "", "reference": reference}
            kind, place = codes.APPOINTMENTS[row.kind].label, codes.PLACES[row.place].label
            found.append(Held("contacts", str(kind), str(place), **where))
            said = self._open(person, row.said_sealed, f"appointment:{row.id}")
            found += lines("contacts", said, _DAY, _("Also written"), **where)
        return found

    def talk(self) -> list[Held]:
        """Matters raised, notes, and the names of the files with them."""
        found, read = [], set()
        for row, person, reference, name in self._rows(Thread, Thread.raised_by_organisation_id):
            where = {"at": row.raised_at, "by": name or "", "reference": reference}
            if row.kind == "safeguarding" and self.own is None:
                found.append(
                    Held("talk", str(codes.THREAD_KINDS[row.kind].label), str(APART), **where)
                )
                continue
            read.add(row.id)
            said = self._open(person, row.text_sealed, f"thread:{row.id}")
            found += lines("talk", said, _THREAD, _("Also written"), without=NAMES, **where)
        for row, person, reference, name in self._rows(Note, Note.organisation_id):
            if self.own is not None and row.kind == "internal" and row.organisation_id != self.own:
                continue
            read.add(row.id)
            where = {"at": row.at, "by": name or "", "reference": reference}
            said = self._open(person, row.text_sealed, f"note:{row.id}")
            found += lines("notes", said, _NOTE, _("Also written"), without=NAMES, **where)
        for row, person, reference, _name in self._rows(Attachment):
            if (row.note_id or row.thread_id) not in read:
                continue
            label = self._open(person, row.label_sealed, f"attachment:{row.id}")
            where = {"at": row.at, "reference": reference}
            found += lines("notes", label, {}, _("A file; ask us for a copy"), **where)
        return found

    def supporters(self) -> list[Held]:
        found = []
        for row, person, reference, _name in self._rows(Supporter):
            named = self._open(person, row.named_sealed, f"supporter:{row.id}")
            where = {"at": row.since, "reference": reference}
            found += lines("supporters", named, _SUPPORTER, _("Also written"), **where)
        return found

    def complaints(self) -> list[Held]:
        """Whoever is complained of does not read it here: its owner does, and the person."""
        found = []
        for row, person, reference, name in self._rows(Complaint, Complaint.owner_id):
            if self.own not in (None, row.owner_id):
                continue
            where = {"at": row.made_at, "by": name or "", "reference": reference}
            said = self._open(person, row.text_sealed, f"complaint:{row.id}")
            found += lines("complaints", said, _COMPLAINT, _("Also written"), **where)
        return found

    def notices(self) -> list[Held]:
        found = []
        for row, person, reference, _name in self._rows(PersonNotice):
            if row.state == "dropped":
                continue
            where: dict[str, Any] = {"at": row.done_at or row.made_at, "reference": reference}
            event = telling.EVENTS.get(row.event)
            done = str(plain.TOLD_BY[row.channel] if row.done_at else _("not yet"))
            if event is not None:
                found.append(Held("notices", str(event), done, **where))
            note = self._open(person, row.note_sealed, f"person_notice:{row.id}")
            found += lines("notices", note, {}, _("What was noted"), **where)
        return found


_CONSENT_TITLES: dict[str, Lazy] = {
    "given": _("You said yes"),
    "changed": _("You changed it"),
    "withdrawn": _("You took it back"),
}


def _keys(said: str, table: Mapping[str, Code]) -> str:
    """Comma-separated keys in words."""
    return ", ".join(str(table[key].label) for key in said.split(",") if key in table)
