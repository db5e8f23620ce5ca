"""Writing a plan with the person: about them, goals, actions, when to look again, who agreed.

Only the link-worker team that works on the referral does, while it is open. The referral is locked
before its plan; a plan is made by the first who writes in it. Whatever changes makes a new version
of the whole plan.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, update

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.outcomes import queries
from referral.outcomes.models import Assessment, Goal, Plan, PlanAction, Result
from referral.outcomes.schemas import ACTIONS_MAX, ANSWERS, GOALS_MAX
from referral.outcomes.sections import SECTIONS
from referral.people import queries as people
from referral.referrals import lifecycle
from referral.referrals import queries as referrals
from referral.referrals.models import Referral

Part = TypeVar("Part", Goal, PlanAction)


@dataclass
class Hand:
    """A plan in somebody's hands. ``key`` opens it, ``about`` is its text, opened."""

    plan: Plan
    referral: Referral
    key: bytes
    about: dict[str, str]


def plan(actor: Actor, referral_id: uuid.UUID) -> Plan:
    """The plan of a referral the actor's team works on; made, blank, when there is none.

    Raise ``NotFound``, ``Forbidden``, and ``Conflict`` when the referral is over.
    """
    found = _referral(actor, referral_id)
    if (known := _locked(found.id)) is not None:
        return known
    now = clock.now()
    made = Plan(
        id=new_id(),
        version=1,
        referral_id=found.id,
        person_id=found.person_id,
        team_id=actor.organisation,
        made_at=now,
        updated_at=now,
        updated_by=actor.user,
    )
    made.about_sealed = encryption.seal(_key(found), {}, f"plan:{made.id}")
    session().add(made)
    session().flush()
    audit.record(actor, "plan:begun", ("referral", found.id), found.person_id)
    return made


def write_about(
    actor: Actor, plan_id: uuid.UUID, version: int | None, about: Mapping[str, str]
) -> Plan:
    """Put down what the person says of themselves, ``{section: text}``; the others stay."""
    hand = _take(actor, plan_id, version)
    _say(hand, about)
    return _keep(actor, hand, "about")


def set_goal(
    actor: Actor,
    plan_id: uuid.UUID,
    data: Mapping[str, Any],
    goal_id: uuid.UUID | None = None,
    version: int | None = None,
) -> Goal:
    """A new goal, or what one is from now on; ``data`` as ``schemas.Goal``, ``version`` its own."""
    hand = _take(actor, plan_id, None)
    found = _goal(hand, data, goal_id, version)
    _keep(actor, hand, "goal")
    return found


def remove_goal(actor: Actor, plan_id: uuid.UUID, goal_id: uuid.UUID, version: int | None) -> None:
    """Take out a goal that was written by mistake; what was to be done for it stays."""
    hand = _take(actor, plan_id, None)
    _take_out(hand, _own(Goal, hand, goal_id, version))
    _keep(actor, hand, "goal_removed")


def set_action(
    actor: Actor,
    plan_id: uuid.UUID,
    data: Mapping[str, Any],
    action_id: uuid.UUID | None = None,
    version: int | None = None,
) -> PlanAction:
    """Who does what by when; ``data`` as ``schemas.ActionForm``, ``version`` the action's own."""
    hand = _take(actor, plan_id, None)
    goal_id = data.get("goal_id")
    if goal_id is not None and goal_id not in {one.id for one in _rows(Goal, hand)}:
        raise Invalid({"goal_id": [str(_("is not a goal of this plan"))]})
    found = _action(actor, hand, data, goal_id, action_id, version)
    _keep(actor, hand, "action")
    return found


def remove_action(
    actor: Actor, plan_id: uuid.UUID, action_id: uuid.UUID, version: int | None
) -> None:
    """Take out what nobody is going to do."""
    hand = _take(actor, plan_id, None)
    session().delete(_own(PlanAction, hand, action_id, version))
    _keep(actor, hand, "action_removed")


def done(
    actor: Actor,
    plan_id: uuid.UUID,
    action_id: uuid.UUID,
    version: int | None,
    on: date | None = None,
) -> PlanAction:
    """It is done, today or on the day given."""
    hand = _take(actor, plan_id, None)
    found = _own(PlanAction, hand, action_id, version)
    if found.done_on is None:
        found.done_on = on or clock.today()
        found.version += 1
        _keep(actor, hand, "action_done")
    return found


def review_on(actor: Actor, plan_id: uuid.UUID, version: int | None, day: date | None) -> Plan:
    """When the plan is to be looked at again; None = no day is set."""
    hand = _take(actor, plan_id, version)
    hand.plan.review_on = day
    return _keep(actor, hand, "review")


def agree(
    actor: Actor,
    plan_id: uuid.UUID,
    version: int | None,
    authority: str = "self",
    name: str = "",
    agreed: bool | None = True,
) -> Plan:
    """Whether the person agreed to the plan, or ``name``, who may for them; None = not asked."""
    hand = _take(actor, plan_id, version)
    _agreed(hand, agreed, authority, name)
    return _keep(actor, hand, "agreed")


def settle(actor: Actor, plan_id: uuid.UUID, version: int | None, data: Mapping[str, Any]) -> Plan:
    """When it is looked at again and who agreed, at once; ``data`` as ``schemas.Agreed``."""
    hand = _take(actor, plan_id, version)
    _settled(hand, data)
    return _keep(actor, hand, "agreed")


def replace(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Plan:
    """Make the whole plan what ``data`` (``schemas.PlanIn``) says; what is left out is taken out.

    A goal or action with an id is the one that is there; one without is new.
    """
    hand = _take(actor, plan(actor, referral_id).id, version)
    _say(hand, data["about"])
    _settled(hand, data)
    kept = {one["id"] for one in (*data["goals"], *_every_action(data))}
    for gone in _rows(PlanAction, hand):
        if gone.id not in kept:
            session().delete(gone)
    session().flush()
    for left in _rows(Goal, hand):
        if left.id not in kept:
            _take_out(hand, left)
    for number, one in enumerate(data["goals"]):
        with _at(f"goals.{number}"):
            goal = _goal(hand, one, one["id"], None, place=number + 1)
            _write_actions(actor, hand, one["actions"], goal.id)
    _write_actions(actor, hand, data["actions"], None)
    return _keep(actor, hand, "replaced")


def _every_action(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*data["actions"], *(one for goal in data["goals"] for one in goal["actions"])]


def _write_actions(
    actor: Actor, hand: Hand, wanted: Sequence[Mapping[str, Any]], goal_id: uuid.UUID | None
) -> None:
    for number, one in enumerate(wanted):
        with _at(f"actions.{number}"):
            _action(actor, hand, one, goal_id, one["id"])


@contextmanager
def _at(path: str) -> Iterator[None]:
    """Name the place in the whole plan where a field is wrong, or an id is none of it."""
    try:
        yield
    except Invalid as error:
        inside = {f"{path}.{name}": rules for name, rules in error.errors.items()}
        raise Invalid(inside) from error
    except NotFound as error:
        raise Invalid({f"{path}.id": [str(_("is not one of this plan"))]}) from error


def _referral(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """Locked, the actor's team's to plan, and open."""
    found = referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.KEEP_PLANS)
    mine = queries.keeps(actor, found.recipient_id, found.sender_id, found.based_on_id)
    if not mine or found.status == "draft" or found.consent_withdrawn_at is not None:
        raise Forbidden
    if found.status not in lifecycle.OPEN:
        raise Conflict(str(_("This referral is over, so its plan is not changed any more.")))
    return found


def _locked(referral_id: uuid.UUID) -> Plan | None:
    return session().scalar(
        select(Plan)
        .where(Plan.referral_id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _take(actor: Actor, plan_id: uuid.UUID, version: int | None) -> Hand:
    """The plan, as its writer saw it: the referral first, then the plan."""
    session().flush()
    referral_id = session().scalar(select(Plan.referral_id).where(Plan.id == plan_id))
    if referral_id is None:
        raise NotFound
    found = _referral(actor, referral_id)
    known = _locked(found.id)
    if known is None:
        raise NotFound
    if version is not None and version != known.version:
        raise StaleVersion(version, known.version)
    key = _key(found)
    return Hand(known, found, key, encryption.open_(key, known.about_sealed, f"plan:{known.id}"))


def _key(found: Referral) -> bytes:
    """The person's; who was erased has no plan any more."""
    keys = people.keys_of_unscoped([found.person_id])
    if found.person_id not in keys:
        raise NotFound
    return keys[found.person_id]


def _keep(actor: Actor, hand: Hand, what: str) -> Plan:
    """Seal the text, count the version on, write the audit line."""
    kept = {name: text for name, text in hand.about.items() if text}
    hand.plan.about_sealed = encryption.seal(hand.key, kept, f"plan:{hand.plan.id}")
    hand.plan.version += 1
    hand.plan.updated_at, hand.plan.updated_by = clock.now(), actor.user
    session().flush()
    subject = ("referral", hand.referral.id)
    audit.record(actor, "plan:changed", subject, hand.plan.person_id, what=what)
    return hand.plan


def _say(hand: Hand, about: Mapping[str, str]) -> None:
    unknown = sorted(about.keys() - SECTIONS.keys())
    if unknown:
        raise Invalid({name: [str(_("is not a section of the plan"))] for name in unknown})
    hand.about |= {name: (text or "").strip() for name, text in about.items()}


def _settled(hand: Hand, data: Mapping[str, Any]) -> None:
    hand.plan.review_on = data["review_on"]
    answer = next(kept for kept, said in ANSWERS.items() if said == data["agreed"])
    _agreed(hand, answer, data["authority"], data["name"])


def _agreed(hand: Hand, agreed: bool | None, authority: str, name: str) -> None:
    if agreed and authority != "self" and not name:
        raise Invalid({"name": [str(_("is required when it is not the person"))]})
    by = name if agreed and authority != "self" else ""
    same = hand.plan.agreed is agreed and hand.plan.agreed_authority == authority
    if agreed and same and (hand.about.get("agreed_by") or "") == by:
        return
    hand.plan.agreed = agreed
    hand.plan.agreed_on = clock.today() if agreed is not None else None
    hand.plan.agreed_authority = authority if agreed else None
    hand.about["agreed_by"] = by


def _goal(
    hand: Hand,
    data: Mapping[str, Any],
    goal_id: uuid.UUID | None,
    version: int | None,
    place: int | None = None,
) -> Goal:
    if goal_id is None:
        count = _count(Goal, hand)
        if count >= GOALS_MAX:
            raise Invalid({"text": [str(_("would be one goal too many: {n} is all", n=count))]})
        found = Goal(
            id=new_id(),
            version=1,
            plan_id=hand.plan.id,
            person_id=hand.plan.person_id,
            place=count + 1,
            set_on=clock.today(),
        )
        session().add(found)
    else:
        found = _own(Goal, hand, goal_id, version)
        found.version += 1
    found.text_sealed = encryption.seal(hand.key, data["text"], f"goal:{found.id}")
    found.need, found.state = data["need"], data["state"]
    found.importance, found.confidence = data["importance"], data["confidence"]
    found.chosen = (found.chosen or "") if data.get("chosen") is None else data["chosen"]
    found.place = place or found.place
    session().flush()
    return found


def _take_out(hand: Hand, goal: Goal) -> None:
    """What was answered of it is kept; how it went, told by a step taken back, goes with it."""
    if session().scalar(select(Assessment.id).where(Assessment.goal_id == goal.id).limit(1)):
        raise Invalid({"state": [str(_("was asked about already: set it aside instead"))]})
    session().execute(delete(Result).where(Result.goal_id == goal.id))
    session().execute(
        update(PlanAction)
        .where(PlanAction.plan_id == hand.plan.id, PlanAction.goal_id == goal.id)
        .values(goal_id=None, version=PlanAction.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    session().delete(goal)
    session().flush()


def _action(
    actor: Actor,
    hand: Hand,
    data: Mapping[str, Any],
    goal_id: uuid.UUID | None,
    action_id: uuid.UUID | None,
    version: int | None = None,
) -> PlanAction:
    named = data.get("referral_id")
    if named is not None and named not in dict(queries.onward(actor, hand.referral.id)):
        raise Invalid({"referral_id": [str(_("is not a referral made from this one"))]})
    if action_id is None:
        count = _count(PlanAction, hand)
        if count >= ACTIONS_MAX:
            raise Invalid({"text": [str(_("would be one too many: {n} is all", n=count))]})
        found = PlanAction(id=new_id(), version=1, plan_id=hand.plan.id)
        session().add(found)
    else:
        found = _own(PlanAction, hand, action_id, version)
        found.version += 1
    found.text_sealed = encryption.seal(hand.key, data["text"], f"plan_action:{found.id}")
    found.who, found.goal_id = data["who"], goal_id
    # Who writes it down is the link worker that is meant, unless another one was before.
    found.user_id = (found.user_id or actor.user) if data["who"] == "link_worker" else None
    found.referral_id = named if data["who"] == "service" else None
    found.due_on, found.done_on = data["due_on"], data["done_on"]
    session().flush()
    return found


def _own(kind: type[Part], hand: Hand, id_: uuid.UUID, version: int | None) -> Part:
    """A goal or an action of this plan, as its writer saw it. The plan is locked, so it is."""
    found = session().get(kind, id_, populate_existing=True)
    if found is None or found.plan_id != hand.plan.id:
        raise NotFound
    if version is not None and version != found.version:
        raise StaleVersion(version, found.version)
    return found


def _rows(kind: type[Part], hand: Hand) -> list[Part]:
    return list(session().scalars(select(kind).where(kind.plan_id == hand.plan.id)))


def _count(kind: type[Part], hand: Hand) -> int:
    counted = select(func.count()).select_from(kind).where(kind.plan_id == hand.plan.id)
    return session().scalar(counted) or 0
