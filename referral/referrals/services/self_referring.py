"""People who ask for help themselves, or for whom they care for; what the team makes of it.

Nothing is linked by itself: a public form that knew who is a patient would tell strangers.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.core import audit, clock, encryption, tally
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory import queries as directory
from referral.people import queries as people
from referral.people import services as registry
from referral.people.models import Person
from referral.referrals import codes, notifications, queries, references
from referral.referrals.models import Referral, SelfReferral
from referral.referrals.services import person_notices, submitting

# Working days until the team has looked, as for any referral to it.
DAYS = 2
# What they wrote is kept so long after the decision.
KEPT = timedelta(days=30)
PERSON = (
    "given_name", "family_name", "address", "postcode", "phone", "email", "reach_by",
    "access_needs", "language",
)  # fmt: skip
HOW_TO_REACH = ("address", "postcode", "phone", "email", "reach_by", "access_needs", "language")


@dataclass(frozen=True)
class Heard:
    """What anybody who asked is answered."""

    reference: str
    team: str
    by: date | None


def ask_for_help(
    actor: Actor,
    data: Mapping[str, Any],
    *,
    service_id: uuid.UUID | None = None,
    pretend: bool = False,
) -> Heard:
    """Keep what somebody asks, from the fields of ``schemas.AskForHelp`` or ``AskForAnother``.

    Anybody may; the answer is the same for everybody. ``pretend`` keeps nothing (a program filled
    in the field that no person sees). Raise ``Conflict`` where there is no link-worker team.
    """
    if service_id is not None:
        service_id = _listed(actor, service_id)
    team = queries.team_for_unscoped(data["practice"], data["postcode"], service_id)
    if team is None:
        raise Conflict(
            str(_("There is no link-worker team here yet. Please ask your GP practice."))
        )
    today = clock.today()
    due = accounts.calendar_of(team).due(today, DAYS)
    heard = Heard(references.new(), accounts.organisation_unscoped(team).name, due)
    if pretend:
        return heard
    row = SelfReferral(
        id=new_id(),
        reference=heard.reference,
        team_id=team,
        service_id=service_id,
        asked_by="carer" if data.get("asker") else "self",
        status="waiting",
        asked_at=clock.now(),
        due_on=due,
        look_on=due + timedelta(days=1),
        exception=False,
        reason="",
    )
    person = {name: data[name] for name in PERSON}
    said = {
        "person": person | {"date_of_birth": data["date_of_birth"].isoformat()},
        "asked_by": dict(data["asker"]) if data.get("asker") else None,
        "practice": data["practice"],
        "needs": data["needs"],
        "reason": data["reason"],
        "consent": {"feedback": "full" if data["tell_practice"] else "none"}
        | ({"knows": data["knows"]} if data.get("asker") else {}),
    }
    row.said_sealed = encryption.seal_for_installation(said, f"self_referral:{row.id}")
    session().add(row)
    session().flush()
    audit.record(actor, "self_referral:asked", ("self_referral", row.id), by=row.asked_by)
    notifications.tell_of_asking(actor, row, "asked", "self_referral.txt")
    return heard


def _listed(actor: Actor, service_id: uuid.UUID) -> uuid.UUID | None:
    """The service somebody came from, if anybody may read of it."""
    try:
        return directory.service(actor, service_id).service.id
    except NotFound:
        return None


def take(actor: Actor, asked_id: uuid.UUID, version: int, data: Mapping[str, Any]) -> Referral:
    """Make it a referral to one's own team, from the fields of ``schemas.Take``.

    Whether the person is known already is for who takes it to say. The reference stays the one the
    person was given. Raise ``StaleVersion``, ``Conflict`` once it was decided, ``Duplicate``.
    """
    row = _waiting(actor, asked_id, version)
    said = queries.opened_asked_unscoped(row)
    practice = _practice(actor, data.get("practice_id"))
    person_id = _person(actor, said["person"], data, practice)
    asker = said["asked_by"] or {}
    authority = data["authority"]
    made = submitting.create(
        actor,
        {
            "person_id": person_id,
            "triage": True,
            "needs": said["needs"],
            "reason": said["reason"],
            "risk": data["risk"],
            "urgency": "urgent" if data["urgent"] else "routine",
            "if_not": "link_worker",
            "consent": {
                "refer": True,
                "feedback": said["consent"]["feedback"],
                "evaluation": False,
                "told": True,
                "authority": authority,
                "how": "page",
                "given_by": (data["given_by"] or asker.get("name", ""))
                if authority != "self"
                else "",
                "relation": asker.get("relation", "") if authority != "self" else "",
                "why": str(_("Asked for by who cares for them"))
                if authority == "best_interests"
                else str(_("Asked for help themselves")),
            },
            "confirm_duplicate": data["confirm_duplicate"],
        },
    )
    made.asked_by, made.reference = row.asked_by, row.reference
    _decide(actor, row, "taken")
    row.referral_id = made.id
    session().flush()
    audit.record(
        actor, "self_referral:taken", ("self_referral", row.id), person_id, referral=str(made.id)
    )
    return made


def refuse(
    actor: Actor, asked_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> SelfReferral:
    """Say that it becomes no referral, and why; the person has heard it first.

    Raise ``Invalid`` when nobody told them, otherwise as ``take``.
    """
    row = _waiting(actor, asked_id, version)
    reason = data["reason"]
    if reason not in codes.NOBODY_TO_TELL and not data["told"]:
        raise Invalid({"told": [str(_("Tell them first, then say here that you have"))]})
    _decide(actor, row, "refused")
    row.reason = reason
    session().flush()
    audit.record(actor, "self_referral:refused", ("self_referral", row.id), reason=reason)
    return row


def look_at_asked(actor: Actor, asked_id: uuid.UUID) -> bool:
    """Say that nobody has looked in time, once for each further two working days.

    For the worker. Answers False when somebody has, or it is not time.
    """
    row = session().scalar(
        select(SelfReferral)
        .where(SelfReferral.id == asked_id, SelfReferral.status == "waiting")
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    today = clock.today()
    if row is None or row.look_on is None or row.look_on > today:
        return False
    key = f"late:{row.look_on.isoformat()}"
    row.exception = True
    row.look_on = accounts.calendar_of(row.team_id).add(today, DAYS) + timedelta(days=1)
    session().flush()
    notifications.tell_of_asking(actor, row, key, "self_referral_late.txt", leads=True)
    audit.record(actor, "self_referral:overdue", ("self_referral", row.id))
    return True


def forget_asked(actor: Actor) -> int:
    """Empty what was written 30 days after it was decided; how many."""
    old = select(SelfReferral.id).where(
        SelfReferral.decided_at < clock.now() - KEPT, SelfReferral.said_sealed.is_not(None)
    )
    ids = list(session().scalars(old))
    if ids:
        session().execute(
            update(SelfReferral).where(SelfReferral.id.in_(ids)).values(said_sealed=None)
        )
    return len(ids)


def _waiting(actor: Actor, asked_id: uuid.UUID, version: int) -> SelfReferral:
    row = queries.asked_row(actor, asked_id)
    if row.version != version:
        raise StaleVersion(version, row.version)
    if row.status != "waiting":
        raise Conflict(str(_("A colleague has decided this already.")))
    return row


def _decide(actor: Actor, row: SelfReferral, status: str) -> None:
    row.status, row.decided_at, row.decided_by = status, clock.now(), actor.id
    row.due_on = row.look_on = None
    row.exception = False
    row.version += 1
    tally.add(
        f"self_referral_{status}", clock.today(), locality=actor.locality, recipient=row.team_id
    )


def _practice(actor: Actor, practice_id: uuid.UUID | None) -> uuid.UUID | None:
    """A practice that the actor's team serves."""
    if practice_id is None:
        return None
    found = session().scalar(
        select(Organisation.id).where(
            Organisation.id == practice_id,
            Organisation.kind == "practice",
            Organisation.link_worker_team_id == actor.organisation,
        )
    )
    if found is None:
        raise Invalid({"practice_id": [str(_("must be a practice your team serves"))]})
    return found


def _person(
    actor: Actor,
    person: Mapping[str, Any],
    data: Mapping[str, Any],
    practice: uuid.UUID | None,
) -> uuid.UUID:
    """Whom it is about: somebody known to the team, or a new record of their own."""
    given = {name: person[name] for name in PERSON if person.get(name)}
    if data.get("person_id"):
        try:
            known = people.row_in_scope(actor, data["person_id"])
        except NotFound as error:
            raise Invalid({"person_id": [str(_("is not somebody you know here"))]}) from error
        if data["use_given"]:
            changed = {name: given[name] for name in HOW_TO_REACH if name in given}
            registry.amend(actor, known.id, changed, None)
            person_notices.ways_changed(actor, known.id)
        return known.id
    born = date.fromisoformat(person["date_of_birth"])
    made: Person = registry.register(actor, given | {"date_of_birth": born})
    made.practice_id = practice
    session().flush()
    return made.id
