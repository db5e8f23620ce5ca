"""Complaints: what a person said went wrong, who looks into it, and by when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people import queries as people
from referral.people.identity import Identity
from referral.referrals import complaints as rules
from referral.referrals.models import Complaint, Referral
from referral.referrals.queries.scope import in_scope

MOST = 100
STATES_OPEN = ("open", "acknowledged")
Owner, About = aliased(Organisation, name="owner"), aliased(Organisation, name="about")


@dataclass(frozen=True)
class Complained:
    """A complaint as its reader may know it: of others' only reference, owner and days are there.

    ``text``, ``wants`` and ``answer`` are the words; ``person`` is None for the person themselves.
    """

    id: uuid.UUID
    version: int
    reference: str
    referral_id: uuid.UUID
    kind: str
    state: str
    how: str
    owner: str
    owner_id: uuid.UUID
    about: str
    about_id: uuid.UUID | None
    made_at: datetime
    acknowledge_by: date
    acknowledged_at: datetime | None
    answered_at: datetime | None
    settled_by: str
    text: str = ""
    wants: str = ""
    spoken_by: str = ""
    answer: str = ""
    person: Identity | None = None

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.state, clock.local(self.made_at).date(), clock.today())

    @property
    def actions(self) -> tuple[str, ...]:
        """What may be done with it now: keys of ``complaints.NEXT``."""
        return rules.NEXT[self.state]


def complaint_in_scope(actor: Actor) -> ColumnElement[bool]:
    """What the actor's organisation answers; a person's own, of the reference they came in with."""
    if actor.kind == "system":
        return true()
    if actor.kind == "person":
        return Complaint.referral_id.in_(select(Referral.id).where(in_scope(actor)))
    return Complaint.owner_id == actor.organisation if actor.organisation else false()


def queue_of_complaints(
    actor: Actor, *, open_only: bool = False, limit: int = MOST, after: uuid.UUID | None = None
) -> list[Complained]:
    """What the actor's organisation answers: what waits first, the longest first."""
    permit(actor, Permission.ANSWER_COMPLAINTS)
    chosen = _whole().where(complaint_in_scope(actor))
    if open_only:
        chosen = chosen.where(Complaint.state.in_(STATES_OPEN))
    if after is not None:
        chosen = chosen.where(Complaint.id > after).order_by(Complaint.id)
    else:
        waits = Complaint.state.in_(STATES_OPEN)
        chosen = chosen.order_by(waits.desc(), Complaint.acknowledge_by, Complaint.id)
    return _opened(actor, session().execute(chosen.limit(limit)).all())


def complaint(actor: Actor, complaint_id: uuid.UUID) -> Complained:
    """One complaint that the actor's organisation answers. Raise ``NotFound``."""
    session().flush()
    permit(actor, Permission.ANSWER_COMPLAINTS)
    rows = (
        session()
        .execute(_whole().where(Complaint.id == complaint_id, complaint_in_scope(actor)))
        .all()
    )
    if not rows:
        raise NotFound
    return _opened(actor, rows)[0]


def own_complaints(actor: Actor) -> list[Complained]:
    """The person's own, at their page: the newest first."""
    permit(actor, Permission.SEE_OWN)
    session().flush()
    chosen = _whole().where(complaint_in_scope(actor)).order_by(Complaint.id.desc()).limit(MOST)
    return _opened(actor, session().execute(chosen).all(), named=False)


def to_complain_of(actor: Actor) -> Referral:
    """The referral a person at their page would complain of: where a group helps, the newest."""
    permit(actor, Permission.SEE_OWN)
    chosen = (
        select(Referral)
        .where(in_scope(actor))
        .order_by(Referral.service_id.is_(None), Referral.id.desc())
        .limit(1)
    )
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    return found


def late_complaints_elsewhere(actor: Actor) -> list[Complained]:
    """What others have not acknowledged and is due within days, for whoever watches exceptions:
    who has it and by when, never who complains nor of what. Not what is about the own organisation.
    """
    if not may(actor, Permission.WATCH_EXCEPTIONS) or actor.organisation is None:
        return []
    own = actor.organisation
    soon = clock.today() + timedelta(days=rules.ACKNOWLEDGE_WITHIN - rules.EXCEPTION_AFTER)
    rows = session().execute(
        _whole()
        .join(Referral, Referral.id == Complaint.referral_id)
        .where(
            Complaint.state == "open",
            Complaint.acknowledge_by <= soon,
            Complaint.owner_id != own,
            or_(Complaint.about_id.is_(None), Complaint.about_id != own),
            or_(Referral.team_id == own, Referral.fallback_id == own),
        )
        .order_by(Complaint.acknowledge_by, Complaint.id)
        .limit(MOST)
    )
    return [_shown(row, {}, None) for row in rows]


def waiting_complaints(actor: Actor) -> Select[Any]:
    """The ids of what waits for the actor's organisation: to acknowledge, or to answer."""
    return select(Complaint.id).where(
        Complaint.owner_id == actor.organisation, Complaint.state.in_(STATES_OPEN)
    )


def complaint_to_change(actor: Actor, complaint_id: uuid.UUID) -> tuple[Referral, Complaint]:
    """The referral, then the complaint: both locked, in this order. Raise ``NotFound``."""
    referral_id = session().scalar(
        select(Complaint.referral_id).where(Complaint.id == complaint_id, complaint_in_scope(actor))
    )
    if referral_id is None:
        raise NotFound
    found = session().scalar(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session().scalar(
        select(Complaint)
        .where(Complaint.id == complaint_id, complaint_in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or row is None:
        raise NotFound
    return found, row


def due_complaints(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Complaints whose day to be looked at has come, the longest due first. For the worker."""
    return list(
        session().scalars(
            select(Complaint.id)
            .where(Complaint.look_on <= clock.today())
            .order_by(Complaint.look_on, Complaint.id)
            .limit(limit)
        )
    )


def words_of_complaint_unscoped(key: bytes | None, row: Complaint) -> dict[str, str]:
    """What a complaint says, with the person's key; nothing once the key is destroyed."""
    if key is None:
        return {}
    said: dict[str, str] = encryption.open_(key, row.text_sealed, f"complaint:{row.id}")
    return said


def _whole() -> Select[Any, Any, Any, Any]:
    return (
        select(
            Complaint,
            Owner.name.label("owner"),
            About.name.label("about"),
            User.name.label("settled_by"),
        )
        .join(Owner, Owner.id == Complaint.owner_id)
        .outerjoin(About, About.id == Complaint.about_id)
        .outerjoin(User, User.id == Complaint.settled_by_id)
    )


def _opened(actor: Actor, rows: Sequence[Any], *, named: bool = True) -> list[Complained]:
    ids = {row.Complaint.person_id for row in rows}
    keys = people.keys_of_unscoped(ids)
    known = people.open_identities_unscoped(ids) if named and ids else {}
    if named:
        audit.viewed_list(
            actor,
            "complaint:viewed",
            {(("complaint", row.Complaint.id), row.Complaint.person_id) for row in rows},
        )
    return [
        _shown(
            row,
            words_of_complaint_unscoped(keys.get(row.Complaint.person_id), row.Complaint),
            known.get(row.Complaint.person_id),
        )
        for row in rows
    ]


def _shown(row: Any, said: dict[str, str], person: Identity | None) -> Complained:
    one: Complaint = row.Complaint
    return Complained(
        id=one.id,
        version=one.version,
        reference=one.reference,
        referral_id=one.referral_id,
        kind=one.kind,
        state=one.state,
        how=one.how,
        owner=row.owner,
        owner_id=one.owner_id,
        about=row.about or "",
        about_id=one.about_id,
        made_at=one.made_at,
        acknowledge_by=one.acknowledge_by,
        acknowledged_at=one.acknowledged_at,
        answered_at=one.answered_at,
        settled_by=row.settled_by or "",
        text=said.get("text", ""),
        wants=said.get("wants", ""),
        spoken_by=said.get("spoken_by", ""),
        answer=said.get("answer", ""),
        person=person,
    )
