"""The plan of a referral: for the team that works on it, and for the practice where agreed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from referral.accounts.models import User
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.directory.models import Service
from referral.outcomes.models import Goal, Plan, PlanAction
from referral.outcomes.plans import Action, Contact, Shown
from referral.outcomes.plans import Goal as GoalShown
from referral.people import queries as people
from referral.referrals import lifecycle, parties
from referral.referrals import queries as referrals
from referral.referrals.disclosure import Level
from referral.referrals.models import Contact as ContactRow
from referral.referrals.models import Referral
from referral.referrals.queries import rows
from referral.referrals.queries.view import level_of

TEAM = "link_worker_team"
Updater = aliased(User, name="updater")


def keeps(actor: Actor, recipient_id: Any, sender_id: Any, based_on_id: Any) -> bool:
    """Is it the actor's to plan: a link-worker team, on what came to it or what it began itself?

    What it sent on belongs to the plan of the referral it was made from.
    """
    own = actor.organisation
    if actor.speaks_for is not None or actor.organisation_kind != TEAM:
        return False
    mine = own == recipient_id or (own == sender_id and based_on_id is None)
    return mine and may(actor, Permission.KEEP_PLANS)


def may_see(actor: Actor, row: Any) -> bool:
    """May the actor read the plan: the person, who keeps it, and the practice while everything
    comes back.

    Only where the person may be known by name at all. No group ever does. ``row`` is one of
    ``rows.whole_unscoped``.
    """
    found: Referral = row.Referral
    own = parties.of(actor, found)
    if "person" in own:
        return True
    seen = level_of(actor, found, row.recipient_kind, own)
    if found.status == "draft" or seen != Level.IDENTIFIED:
        return False
    if keeps(actor, found.recipient_id, found.sender_id, found.based_on_id):
        return True
    begun_by_team = row.sender_kind == TEAM and found.based_on_id is None
    if row.recipient_kind != TEAM and not begun_by_team:
        return False
    practice = actor.organisation_kind == "practice" and bool(own & {"sender", "practice"})
    agreed = found.consent_feedback == "full" and found.consent_withdrawn_at is None
    return practice and agreed and may(actor, Permission.READ_CLINICAL)


def shown(actor: Actor, referral_id: uuid.UUID) -> Shown:
    """The plan as the actor may read it; the view is audited. One not begun yet is blank.

    Raise ``NotFound`` out of scope, ``Forbidden`` for whom it is not for.
    """
    row = _row(actor, referral_id)
    found: Referral = row.Referral
    audit.viewed(actor, "plan:viewed", ("referral", found.id), found.person_id)
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    mine = keeps(actor, found.recipient_id, found.sender_id, found.based_on_id)
    blank: dict[str, Any] = {
        "referral_id": found.id,
        "reference": found.reference,
        "person": identity.name,
        "short": identity.short,
        "team": _team(row),
        "keeps": mine and found.status in lifecycle.OPEN,
    }
    plan: Plan | None = row.Plan
    if plan is None or row.wrapped is None:
        return Shown(**blank)
    key = encryption.unwrap(row.wrapped)
    about = encryption.open_(key, plan.about_sealed, f"plan:{plan.id}")
    actions = _actions(key, plan.id, _worker(row))
    return Shown(
        **blank,
        plan_id=plan.id,
        version=plan.version,
        about={name: text for name, text in about.items() if name != "agreed_by"},
        goals=tuple(_goals(key, plan.id, actions)),
        others=tuple(one for one in actions if one.goal_id is None),
        review_on=plan.review_on,
        reviewer=_worker(row),
        agreed=plan.agreed,
        agreed_on=plan.agreed_on,
        agreed_authority=plan.agreed_authority,
        agreed_by=about.get("agreed_by") or "",
        made_at=plan.made_at,
        updated_at=plan.updated_at,
        updated_by=row.updated_by_name or "",
    )


def base(actor: Actor, referral_id: uuid.UUID) -> uuid.UUID | None:
    """The referral from which the actor's team made this one, and where the plan stands."""
    return session().scalar(
        select(Referral.based_on_id).where(
            Referral.id == referral_id,
            referrals.in_scope(actor),
            Referral.sender_id == actor.organisation,
        )
    )


def contacts(actor: Actor, referral_id: uuid.UUID) -> list[Contact]:
    """Every contact of the referral, the latest first, for whoever may read its plan."""
    row = _row(actor, referral_id)
    if row.wrapped is None:
        return []
    key = encryption.unwrap(row.wrapped)
    found = session().execute(
        select(ContactRow, User.name.label("by"))
        .outerjoin(User, User.id == ContactRow.by_user_id)
        .where(ContactRow.referral_id == referral_id, ContactRow.undone.is_(False))
        .order_by(ContactRow.at.desc(), ContactRow.id.desc())
    )
    return [
        Contact(
            at=one.Contact.at,
            channel=one.Contact.channel,
            result=one.Contact.result,
            note=_text(key, one.Contact.note_sealed, f"contact:{one.Contact.id}"),
            by=one.by or "",
        )
        for one in found
    ]


def onward(actor: Actor, referral_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """(id, service and reference) of what the team referred on from it; the scope is the actor's.

    ``services`` asks the same before an action may name one.
    """
    found = session().execute(
        select(Referral.id, Referral.reference, Service.name)
        .outerjoin(Service, Service.id == Referral.service_id)
        .where(
            Referral.based_on_id == referral_id,
            Referral.status != "draft",
            referrals.in_scope(actor),
        )
        .order_by(Referral.id)
    )
    return [(id_, ", ".join(part for part in (name, ref) if part)) for id_, ref, name in found]


def _row(actor: Actor, referral_id: uuid.UUID) -> Any:
    session().flush()
    row = (
        session()
        .execute(
            rows.whole_unscoped()
            .add_columns(Plan, Updater.name.label("updated_by_name"))
            .outerjoin(Plan, Plan.referral_id == Referral.id)
            .outerjoin(Updater, Updater.id == Plan.updated_by)
            .where(Referral.id == referral_id, referrals.in_scope(actor))
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    permit(actor, Permission.SEE_OWN if actor.kind == "person" else Permission.SEE_REFERRALS)
    if not may_see(actor, row):
        raise Forbidden
    return row


def _team(row: Any) -> str:
    name = row.recipient_name if row.recipient_kind == TEAM else row.sender_name
    return name or ""


def _goals(key: bytes, plan_id: uuid.UUID, actions: Iterable[Action]) -> list[GoalShown]:
    found = session().scalars(
        select(Goal).where(Goal.plan_id == plan_id).order_by(Goal.place, Goal.id)
    )
    every = list(actions)
    return [
        GoalShown(
            id=one.id,
            version=one.version,
            text=_text(key, one.text_sealed, f"goal:{one.id}"),
            need=one.need,
            importance=one.importance,
            confidence=one.confidence,
            state=one.state,
            chosen=one.chosen,
            actions=tuple(act for act in every if act.goal_id == one.id),
        )
        for one in found
    ]


def _worker(row: Any) -> str:
    """Who of the team holds the referral now; empty while nobody of it does."""
    return (row.owner_user_name or "") if row.Referral.owner_id == row.Plan.team_id else ""


def _actions(key: bytes, plan_id: uuid.UUID, worker: str) -> list[Action]:
    """``worker``: what a link worker promised and has not done goes with the referral."""
    found = session().execute(
        select(PlanAction, User.name.label("user_name"), Service.name.label("service_name"))
        .outerjoin(User, User.id == PlanAction.user_id)
        .outerjoin(Referral, Referral.id == PlanAction.referral_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .where(PlanAction.plan_id == plan_id)
        .order_by(PlanAction.id)
    )
    return [
        Action(
            id=row.PlanAction.id,
            version=row.PlanAction.version,
            goal_id=row.PlanAction.goal_id,
            text=_text(key, row.PlanAction.text_sealed, f"plan_action:{row.PlanAction.id}"),
            who=row.PlanAction.who,
            user_id=row.PlanAction.user_id,
            name=_named(row, worker),
            referral_id=row.PlanAction.referral_id,
            due_on=row.PlanAction.due_on,
            done_on=row.PlanAction.done_on,
        )
        for row in found
    ]


def _named(row: Any, worker: str) -> str:
    promised = row.PlanAction.who == "link_worker" and row.PlanAction.done_on is None
    return (worker if promised else "") or row.user_name or row.service_name or ""


def _text(key: bytes, sealed: bytes | None, context: str) -> str:
    return str(encryption.open_(key, sealed, context)) if sealed is not None else ""
