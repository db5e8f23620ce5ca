"""Saying that two organisations met, and answering: one side says it, the other confirms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, IllegalAction, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory import queries as directory
from referral.directory.services import note_met
from referral.partnership import notifications
from referral.partnership.models import Introduction

NAMES_MAX = 400
# What each side may do with one that waits.
OWN_ACTIONS, THEIR_ACTIONS = ("withdraw",), ("confirm", "decline")


def introduce(actor: Actor, data: Mapping[str, Any]) -> Introduction:
    """Say that we met another organisation; it waits for them. ``data``: ``schemas.Introduce``.

    The same meeting said twice is one; said by both sides, it is confirmed.
    """
    own, other_id = _own(actor), data["organisation_id"]
    if other_id == own:
        raise Invalid({"organisation_id": [str(_("must be another organisation than yours"))]})
    if directory.organisation(actor, other_id).status != "active":
        raise Invalid({"organisation_id": [str(_("is not active any more"))]})
    people = _people(actor, data)
    _one_at_a_time(own, other_id)
    known = _same_meeting(own, other_id, data["met_on"])
    if known is not None:
        if known.status == "waiting" and known.other_id == own:
            _confirm(actor, known, people)
        return known
    made = Introduction(
        id=new_id(),
        organisation_id=own,
        other_id=other_id,
        met_on=data["met_on"],
        where=data["where"],
        people=people,
        note=data["note"],
        status="waiting",
        said_by=actor.id,
        said_at=clock.now(),
    )
    session().add(made)
    session().flush()
    _note(actor, made, "said")
    notifications.said(actor, made)
    return made


def confirm(
    actor: Actor, introduction_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Introduction:
    """Yes, we met. ``data``: ``schemas.ConfirmMeeting``, who of our side was there."""
    found = _waiting(actor, introduction_id, version, "confirm")
    _confirm(actor, found, _people(actor, data))
    return found


def decline(actor: Actor, introduction_id: uuid.UUID, version: int, reason: str) -> Introduction:
    """That was not us."""
    found = _waiting(actor, introduction_id, version, "decline")
    found.reason = reason
    _answer(actor, found, "declined")
    notifications.answered(actor, found)
    return found


def withdraw(actor: Actor, introduction_id: uuid.UUID, version: int) -> Introduction:
    """Take back what we said, while nobody has answered."""
    found = _waiting(actor, introduction_id, version, "withdraw")
    _answer(actor, found, "withdrawn")
    return found


def _own(actor: Actor) -> uuid.UUID:
    permit(actor, Permission.INTRODUCE)
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def _waiting(actor: Actor, introduction_id: uuid.UUID, version: int, verb: str) -> Introduction:
    """In scope, allowed, as the actor saw it, and waiting for this side; locked."""
    found = session().scalar(
        select(Introduction)
        .where(
            Introduction.id == introduction_id,
            or_(
                Introduction.organisation_id == actor.organisation,
                Introduction.other_id == actor.organisation,
            ),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    own = _own(actor)
    allowed: tuple[str, ...] = ()
    if found.status == "waiting":
        allowed = OWN_ACTIONS if found.organisation_id == own else THEIR_ACTIONS
    if verb not in allowed:
        raise IllegalAction(str(_REFUSED[verb]), allowed)
    if found.version != version:
        raise StaleVersion(version, found.version)
    return found


_REFUSED = {
    "confirm": _("It does not wait for your side to confirm it."),
    "decline": _("It does not wait for your side to answer it."),
    "withdraw": _("It cannot be taken back any more, or the other side said it."),
}


def _one_at_a_time(*organisation_ids: uuid.UUID) -> None:
    """Have both sides say the same meeting one after the other."""
    session().execute(
        select(Organisation.id)
        .where(Organisation.id.in_(organisation_ids))
        .order_by(Organisation.id)
        .with_for_update(key_share=True)
    )


def _same_meeting(own: uuid.UUID, other_id: uuid.UUID, met_on: Any) -> Introduction | None:
    """One of the same day between the same two, whoever said it, that still counts."""
    pair = or_(
        and_(Introduction.organisation_id == own, Introduction.other_id == other_id),
        and_(Introduction.organisation_id == other_id, Introduction.other_id == own),
    )
    return session().scalar(
        select(Introduction)
        .where(
            pair,
            Introduction.met_on == met_on,
            Introduction.status.in_(("waiting", "confirmed")),
        )
        .order_by(Introduction.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _people(actor: Actor, data: Mapping[str, Any]) -> str:
    """Names of our side: of chosen profiles, then those typed, each once."""
    names: list[str] = []
    if data["profiles"]:
        shown = {face.id: face.name for face in directory.people_of(actor, _own(actor))}
        if not shown.keys() >= set(data["profiles"]):
            raise Invalid({"profiles": [str(_("must be people of your organisation"))]})
        names = [shown[id_] for id_ in data["profiles"]]
    names += [name.strip() for name in data["people"].split(",")]
    found = ", ".join(dict.fromkeys(name for name in names if name))
    if len(found) > NAMES_MAX:
        raise Invalid({"people": [str(_("must be {max} characters or fewer", max=NAMES_MAX))]})
    return found


def _confirm(actor: Actor, found: Introduction, people: str) -> None:
    found.other_people = people
    _answer(actor, found, "confirmed")
    note_met(
        actor,
        found.organisation_id,
        found.other_id,
        found.met_on,
        found.people,
        found.other_people,
    )
    notifications.answered(actor, found)


def _answer(actor: Actor, found: Introduction, status: str) -> None:
    found.status = status
    found.answered_by, found.answered_at = actor.id, clock.now()
    found.version += 1
    _note(actor, found, status)


def _note(actor: Actor, found: Introduction, what: str) -> None:
    audit.record(
        actor,
        f"introduction:{what}",
        ("introduction", found.id),
        organisation=str(found.organisation_id),
        other=str(found.other_id),
    )
