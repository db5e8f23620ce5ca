"""Questions asked before anybody is named: who asked, who answers, what was said."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from referral.accounts.models import AnswerContact, Organisation, User
from referral.accounts.permissions import Permission, may
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.directory.models import Service
from referral.referrals.models import Enquiry

SHOWN_MAX = 50
From, To = aliased(Organisation, name="enquirer"), aliased(Organisation, name="asked")


def enquiry_in_scope(actor: Actor) -> ColumnElement[bool]:
    """Of the own organisation, asked or answering; for a safe link what its services are asked;
    for a link-worker team what its practices ask, since groups answer it by telephone.
    """
    if actor.kind == "system":
        return true()
    own = actor.organisation
    if own is None:
        return false()
    if actor.kind == "safe_link":
        return and_(
            Enquiry.recipient_id == own,
            Enquiry.service_id.in_(sorted(actor.services)),
            Enquiry.status == "asked",
        )
    both = or_(Enquiry.sender_id == own, Enquiry.recipient_id == own)
    if actor.organisation_kind != "link_worker_team":
        return both
    served = select(Organisation.id).where(Organisation.link_worker_team_id == own)
    return or_(both, Enquiry.sender_id.in_(served))


def enquiries(actor: Actor, *, waiting: bool = False) -> list[dict[str, Any]]:
    """The newest questions in scope, at most 50; ``waiting``: only those without an answer, the
    most urgent first.
    """
    _permit_to_read(actor)
    chosen = _whole().where(enquiry_in_scope(actor))
    if waiting:
        chosen = chosen.where(Enquiry.status == "asked").order_by(Enquiry.due_on, Enquiry.id)
    else:
        chosen = chosen.order_by(Enquiry.id.desc())
    return [_shown(actor, row) for row in session().execute(chosen.limit(SHOWN_MAX))]


def enquiry(actor: Actor, enquiry_id: uuid.UUID) -> dict[str, Any]:
    """One question with its answer. Raise ``NotFound``."""
    session().flush()
    _permit_to_read(actor)
    chosen = _whole().where(Enquiry.id == enquiry_id, enquiry_in_scope(actor))
    row = session().execute(chosen).one_or_none()
    if row is None:
        raise NotFound
    return _shown(actor, row)


def enquiry_to_change(actor: Actor, enquiry_id: uuid.UUID) -> Enquiry:
    """The row, in scope and locked. Raise ``NotFound``."""
    found = session().scalar(
        select(Enquiry)
        .where(Enquiry.id == enquiry_id, enquiry_in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def waiting_enquiries(actor: Actor) -> Select[Any]:
    """The ids of the questions that wait for an answer of the actor's organisation."""
    return select(Enquiry.id).where(
        Enquiry.recipient_id == actor.organisation, Enquiry.status == "asked"
    )


def answered_enquiries(actor: Actor) -> Select[Any]:
    """The ids of the answers that the actor's organisation has neither used nor closed."""
    return select(Enquiry.id).where(
        Enquiry.sender_id == actor.organisation, Enquiry.status == "answered"
    )


def due_enquiries(actor: Actor, limit: int) -> list[uuid.UUID]:
    """Those the clock has something to say about; for the worker."""
    return list(
        session().scalars(
            select(Enquiry.id)
            .where(Enquiry.look_on <= clock.today(), enquiry_in_scope(actor))
            .order_by(Enquiry.look_on, Enquiry.id)
            .limit(limit)
        )
    )


def _permit_to_read(actor: Actor) -> None:
    if not (
        may(actor, Permission.ASK_FIRST)
        or may(actor, Permission.ANSWER_REFERRALS)
        or actor.kind == "system"
    ):
        raise Forbidden


def _whole() -> Any:
    return (
        select(
            Enquiry,
            From.name.label("from_name"),
            To.name.label("to_name"),
            Service.name.label("service_name"),
            User.name.label("answered_by"),
            AnswerContact.id.label("contact"),
            AnswerContact.details_sealed.label("contact_sealed"),
        )
        .join(From, From.id == Enquiry.sender_id)
        .join(To, To.id == Enquiry.recipient_id)
        .join(Service, Service.id == Enquiry.service_id)
        .outerjoin(User, User.id == Enquiry.answered_by_user_id)
        .outerjoin(AnswerContact, AnswerContact.id == Enquiry.answered_by_contact_id)
    )


def _shown(actor: Actor, row: Any) -> dict[str, Any]:
    found: Enquiry = row.Enquiry
    said = encryption.open_for_installation(found.text_sealed, f"enquiry:{found.id}")
    by = row.answered_by
    if row.contact is not None:
        context = f"answer_contact:{row.contact}"
        by = encryption.open_for_installation(row.contact_sealed, context)["name"]
    own = actor.organisation
    asked, team = found.status == "asked", actor.organisation_kind == "link_worker_team"
    answers = found.recipient_id == own and may(actor, Permission.ANSWER_REFERRALS)
    return {
        "id": found.id,
        "reference": found.reference,
        "status": found.status,
        "from": {"id": found.sender_id, "name": row.from_name},
        "to": {"id": found.recipient_id, "name": row.to_name},
        "service": {"id": found.service_id, "name": row.service_name},
        "needs": found.needs.split(",") if found.needs else [],
        "area": found.area,
        "age_band": found.age_band,
        "text": said.get("text"),
        "fits": found.fits,
        "answer": said.get("answer"),
        "answered_by": said.get("told_by") or by,
        "written_by": by if said.get("told_by") else None,
        "asked_at": found.asked_at,
        "due_on": found.due_on,
        "late": asked and found.due_on is not None and found.due_on < clock.today(),
        "answered_at": found.answered_at,
        "referral_id": found.referral_id,
        "version": found.version,
        "mine": found.sender_id == own,
        "to_answer": asked and answers,
        "by_telephone": asked and team and not answers and found.recipient_id != own,
    }
