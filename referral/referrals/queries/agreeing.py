"""What was agreed on a referral and said since; the study that may be asked about today."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals.disclosure import Level
from referral.referrals.models import Consent, Evaluation, PersonSaid
from referral.referrals.queries.view import open_to
from referral.referrals.queries.view.reading import Reader


def agreed(actor: Actor, referral_id: uuid.UUID) -> dict[str, Any]:
    """``{reader, consents, said}``: each yes and each no, and what the person said, oldest first.

    Those who may not know who the person is read none of it: a name may stand in it. Of names and
    reasons only the sender's side reads, which asked. Raise ``NotFound`` out of scope.
    """
    reader = open_to(actor, referral_id)
    if reader.seen != Level.IDENTIFIED:
        return {"reader": reader, "consents": [], "said": []}
    return {"reader": reader, "consents": _consents(reader), "said": _said(reader)}


def consents(actor: Actor, referral_id: uuid.UUID) -> list[dict[str, Any]]:
    """The consents of ``agreed``."""
    found: list[dict[str, Any]] = agreed(actor, referral_id)["consents"]
    return found


def _consents(reader: Reader) -> list[dict[str, Any]]:
    rows = session().execute(
        select(Consent, User.name.label("by"), Organisation.name.label("organisation"))
        .outerjoin(User, User.id == Consent.by_user_id)
        .outerjoin(Organisation, Organisation.id == Consent.organisation_id)
        .where(Consent.referral_id == reader.referral.id)
        .order_by(Consent.at, Consent.id)
    )
    found = []
    for row in rows:
        one: Consent = row.Consent
        own = reader.viewer == "sender" or one.organisation_id == reader.actor.voice
        said = reader.opened(one.said_sealed, f"consent:{one.id}") if own else {}
        found.append(
            {
                "id": one.id,
                "what": one.what,
                "refer": one.refer,
                "feedback": one.feedback,
                "evaluation": one.evaluation_id is not None,
                "authority": one.authority,
                "how": one.how,
                "wording": one.wording,
                "given_by": said.get("given_by"),
                "relation": said.get("relation"),
                "why": said.get("why") if reader.clinical else None,
                "at": one.at,
                "by": row.by,
                "organisation": row.organisation,
            }
        )
    return found


def _said(reader: Reader) -> list[dict[str, Any]]:
    rows = session().execute(
        select(PersonSaid, User.name.label("by"), Organisation.name.label("organisation"))
        .outerjoin(User, User.id == PersonSaid.by_user_id)
        .outerjoin(Organisation, Organisation.id == PersonSaid.organisation_id)
        .where(PersonSaid.referral_id == reader.referral.id)
        .order_by(PersonSaid.at, PersonSaid.id)
    )
    found = []
    for row in rows:
        one: PersonSaid = row.PersonSaid
        reads = reader.clinical or one.by_user_id == reader.actor.user
        said = reader.opened(one.text_sealed, f"person_said:{one.id}") if reads else {}
        found.append(
            {
                "id": one.id,
                "kind": one.kind,
                "how": one.how,
                "text": said.get("text"),
                "spoken_by": said.get("spoken_by"),
                "at": one.at,
                "by": row.by,
                "organisation": row.organisation,
            }
        )
    return found


def asked_now(actor: Actor, locality_id: uuid.UUID | None, day: date) -> Evaluation | None:
    """The study that people of the locality may be asked about on ``day``; None = ask nobody."""
    return session().scalar(
        select(Evaluation)
        .where(
            Evaluation.locality_id.is_not_distinct_from(locality_id),
            Evaluation.asked_from <= day,
            or_(Evaluation.asked_until.is_(None), Evaluation.asked_until >= day),
        )
        .order_by(Evaluation.id)
        .limit(1)
    )


def evaluations(actor: Actor) -> list[Evaluation]:
    """What the locality's privacy leads have registered, the newest first."""
    permit(actor, Permission.REGISTER_EVALUATIONS)
    return list(
        session().scalars(
            select(Evaluation)
            .where(Evaluation.locality_id.is_not_distinct_from(actor.locality))
            .order_by(Evaluation.id.desc())
        )
    )


def evaluation(actor: Actor, evaluation_id: uuid.UUID, *, to_change: bool = False) -> Evaluation:
    """One of ``evaluations``; ``to_change`` locks it. Raise ``NotFound``."""
    chosen = select(Evaluation).where(
        Evaluation.id == evaluation_id,
        Evaluation.locality_id.is_not_distinct_from(actor.locality),
    )
    if to_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    permit(actor, Permission.REGISTER_EVALUATIONS, found)
    return found


def is_asked_unscoped(found: Evaluation) -> bool:
    """Whether people are asked about it today."""
    today = clock.today()
    return found.asked_from <= today and (found.asked_until is None or found.asked_until >= today)
