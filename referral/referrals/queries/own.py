"""A person's own referral and what followed from it, as they are shown it themselves.

No note, no matter raised, no risk and nobody's name but a first name: what stands here is written
for the person, and it is the same page that staff read out to them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from referral.accounts.models import AnswerContact
from referral.accounts.permissions import Permission, may, permit
from referral.accounts.roles import THE_PERSON
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.people import queries as people
from referral.people.identity import Identity
from referral.people.models import Person, PersonKey
from referral.referrals import lifecycle, parties, plain
from referral.referrals.codes import MET_THE_PERSON
from referral.referrals.disclosure import Level
from referral.referrals.models import Appointment, Contact, PersonNotice, PersonSaid, Referral
from referral.referrals.queries import rows
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.view import level_of

# Where it is over, so that one can say how it went.
FINISHED = frozenset({"completed", "ended_early", "closed"})


@dataclass(frozen=True)
class Meeting:
    """A day set for the person; ``where`` as it was written for them."""

    at: datetime
    kind: str
    place: str
    where: str = field(default="", repr=False)


@dataclass(frozen=True)
class ToldOnce:
    """What was sent or said to the person, and when."""

    event: str
    channel: str
    at: datetime


@dataclass(frozen=True)
class Own:
    """One referral as the person reads it. ``group``: who helps, or was asked to.

    ``holder``: who has it now; ``asked`` and ``phone``: whom to ring about it. ``met``: the record
    says that they met. ``said``: the latest of ``rows.TOUCH``, at ``said_at``. ``minded_at``: when
    they changed their mind, as long as nothing came of it. ``identity`` is that of the record that
    is kept; ``person_version`` its version.
    """

    id: uuid.UUID
    reference: str
    status: str
    group: str
    holder: str
    asked: str
    phone: str
    worker: str
    due_on: date | None
    version: int
    is_open: bool
    is_finished: bool
    met: bool
    stopped: bool
    replaced: bool
    sees_first: bool
    summary_from: datetime | None
    feedback: str
    written_in: str
    service_id: uuid.UUID | None
    said: str
    said_at: datetime | None
    minded_at: datetime | None
    differs: bool
    person_id: uuid.UUID
    person_version: int
    unsafe: bool
    identity: Identity = field(repr=False)
    meetings: tuple[Meeting, ...] = ()
    told: tuple[ToldOnce, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and clock.today() > self.due_on

    @property
    def may_say_touch(self) -> bool:
        """Somebody is to be in touch, so that they can say whether that was so."""
        return self.status in plain.TO_BE_IN_TOUCH and not self.stopped


def mine(actor: Actor, *, beside: bool = False) -> list[Own]:
    """The person's referral and what followed from it: open ones first, the newest first.

    ``beside``: with days that are set and what was told. Raise ``NotFound`` when there is nothing
    left to show; the view is audited as their own.
    """
    permit(actor, Permission.SEE_OWN)
    return _shown(actor, actor, "status:viewed", beside=beside)


def for_her(actor: Actor, referral_id: uuid.UUID) -> Own:
    """What the person reads of one referral, for staff who sit or speak with them.

    Raise ``NotFound`` out of scope or where the person is not known, ``Forbidden`` for a role that
    does not tell people.
    """
    found = session().execute(
        select(Referral, rows.Recipient.kind)
        .outerjoin(rows.Recipient, rows.Recipient.id == Referral.recipient_id)
        .where(Referral.id == referral_id, in_scope(actor))
    ).one_or_none()  # fmt: skip
    if found is None or found[0].status in ("draft", "entered_in_error"):
        raise NotFound
    row: Referral = found[0]
    own = parties.of(actor, row)
    if not own or not may(actor, Permission.TELL_PEOPLE):
        raise Forbidden
    if level_of(actor, row, found[1], own) != Level.IDENTIFIED:
        raise NotFound
    their = Actor("person", row.person_id, referral=row.id, roles=frozenset({THE_PERSON}))
    return next(one for one in _shown(actor, their, "referral:viewed") if one.id == referral_id)


def _shown(reader: Actor, actor: Actor, event: str, *, beside: bool = False) -> list[Own]:
    session().flush()
    found = list(session().execute(_chosen(actor)))
    if not found:
        raise NotFound
    ids = [row.Referral.id for row in found]
    key = encryption.unwrap(found[0].wrapped) if found[0].wrapped else None
    meetings = _meetings(key, ids) if beside or reader is not actor else {}
    told = _told(ids) if beside else {}
    identity = people.opened_unscoped(
        found[0].kept_id, found[0].identity_sealed, found[0].kept_wrapped
    )
    audit.viewed_list(
        reader, event, [(("referral", row.Referral.id), row.Referral.person_id) for row in found]
    )
    shown = [_own(row, identity, meetings, told) for row in found]
    return sorted(shown, key=lambda one: (not one.is_open, one.replaced))


def _chosen(actor: Actor) -> Any:
    met = (
        select(func.max(Contact.at))
        .where(
            Contact.referral_id == Referral.id,
            Contact.undone.is_(False),
            Contact.result.in_(sorted(MET_THE_PERSON)),
        )
        .correlate(Referral)
        .scalar_subquery()
    )
    minded = (
        select(func.max(PersonSaid.at))
        .where(PersonSaid.referral_id == Referral.id, PersonSaid.kind == "changed_mind")
        .correlate(Referral)
        .scalar_subquery()
    )
    unsafe = (
        select(func.max(case((rows.Same.unsafe_to_contact, 1), else_=0)))
        .where(rows.Same.group_id == Person.group_id)
        .correlate(Person)
        .scalar_subquery()
    )
    chosen = (
        select(
            Referral,
            *rows.NAMES,
            *rows.IDENTITY,
            rows.Kept.version.label("kept_version"),
            PersonKey.wrapped.label("wrapped"),
            rows.Recipient.phone.label("recipient_phone"),
            rows.Owner.phone.label("owner_phone"),
            rows.Sender.phone.label("sender_phone"),
            AnswerContact.id.label("contact_id"),
            AnswerContact.details_sealed.label("contact_sealed"),
            PersonSaid.kind.label("said"),
            PersonSaid.at.label("said_at"),
            met.label("met_at"),
            minded.label("minded_at"),
            unsafe.label("unsafe"),
        )
        .select_from(Referral)
        .outerjoin(PersonSaid, PersonSaid.id == rows.last_touch_unscoped())
    )
    return (
        rows.with_identity_unscoped(rows.with_names_unscoped(chosen))
        .outerjoin(PersonKey, PersonKey.person_id == Person.id)
        .outerjoin(AnswerContact, AnswerContact.id == Referral.owner_contact_id)
        .where(in_scope(actor))
        .order_by(Referral.created_at.desc(), Referral.id.desc())
    )


def _own(
    row: Any,
    identity: Identity,
    meetings: dict[uuid.UUID, list[Meeting]],
    told: dict[uuid.UUID, list[ToldOnce]],
) -> Own:
    found: Referral = row.Referral
    is_open = found.status in lifecycle.OPEN
    minded_at = _moment(row.minded_at)
    if minded_at is not None and (not is_open or minded_at < found.status_since):
        minded_at = None
    helps = found.owner_id is not None and found.owner_id == found.recipient_id
    # Whom to ask: who holds it, and who sent it once nobody does or they have no telephone.
    asked, phone = row.owner_name or "", row.owner_phone or ""
    if not phone:
        asked, phone = row.sender_name, row.sender_phone or ""
    name = row.owner_user_name or _contact(row) if helps else ""
    return Own(
        id=found.id,
        reference=found.reference,
        status=found.status,
        group=row.recipient_name or row.owner_name or row.sender_name,
        holder=row.owner_name or row.sender_name,
        asked=asked,
        phone=phone,
        worker=plain.first_name(name or ""),
        due_on=found.due_on if is_open else None,
        version=found.version,
        is_open=is_open,
        is_finished=found.outcome is not None and found.status in FINISHED,
        met=found.first_contact_at is not None,
        stopped=found.consent_withdrawn_at is not None,
        replaced=found.replaced_by_id is not None,
        sees_first=found.sees_first,
        summary_from=found.summary_from,
        feedback=found.consent_feedback,
        written_in=found.written_in,
        service_id=found.service_id,
        said=row.said or "",
        said_at=row.said_at,
        minded_at=minded_at,
        differs=plain.differs(row.said, row.said_at, found.first_contact_at, _moment(row.met_at)),
        person_id=found.person_id,
        person_version=row.kept_version,
        unsafe=bool(row.unsafe),
        identity=identity,
        meetings=tuple(meetings.get(found.id, ())),
        told=tuple(told.get(found.id, ())),
    )


def _contact(row: Any) -> str:
    """What the group's contact is called."""
    if row.contact_id is None:
        return ""
    said = encryption.open_for_installation(row.contact_sealed, f"answer_contact:{row.contact_id}")
    return str(said["name"])


def _moment(value: Any) -> datetime | None:
    """``max`` of a moment comes back as text on SQLite."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _meetings(key: bytes | None, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Meeting]]:
    """Those to come, the next first."""
    found: dict[uuid.UUID, list[Meeting]] = {}
    chosen = (
        select(Appointment)
        .where(
            Appointment.referral_id.in_(ids),
            Appointment.state == "planned",
            Appointment.at > clock.now(),
        )
        .order_by(Appointment.at, Appointment.id)
    )
    for row in session().scalars(chosen):
        said: dict[str, Any] = {}
        if key is not None and row.said_sealed:
            said = encryption.open_(key, row.said_sealed, f"appointment:{row.id}")
        one = Meeting(row.at, row.kind, row.place, said.get("where", ""))
        found.setdefault(row.referral_id, []).append(one)
    return found


def _told(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[ToldOnce]]:
    """What has left or was said to them, the newest first."""
    found: dict[uuid.UUID, list[ToldOnce]] = {}
    chosen = (
        select(
            PersonNotice.referral_id,
            PersonNotice.event,
            PersonNotice.channel,
            func.coalesce(PersonNotice.done_at, PersonNotice.made_at).label("at"),
        )
        .where(PersonNotice.referral_id.in_(ids), PersonNotice.state == "done")
        .order_by(PersonNotice.made_at.desc(), PersonNotice.id.desc())
    )
    for row in session().execute(chosen):
        found.setdefault(row.referral_id, []).append(ToldOnce(row.event, row.channel, row.at))
    return found
