"""What is said beside the referral's course: matters raised, details changed, somebody named."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.roles import PARTY_ROLES
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.people import queries as people
from referral.people import services as registry
from referral.people.identity import LISTS, PLAIN
from referral.referrals import clocks, notifications, parties, tallies
from referral.referrals.models import Referral, Thread
from referral.referrals.services import person_notices
from referral.referrals.services import step as steps
from referral.referrals.services.step import Step

# Told to who is named and to the box of their organisation, by whatever they chose.
CONCERNS = frozenset({"health", "safeguarding"})


def raise_(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """A question or a concern, as a thread of its own with owner and due date."""
    step = steps.begin(actor, referral_id, "raise", version)
    holder = _who_answers(step, data["kind"])
    return open_thread(actor, step, data["kind"], data["text"], holder, data.get("wanted_by"))


def open_thread(
    actor: Actor,
    step: Step,
    kind: str,
    text: str,
    holder: uuid.UUID,
    wanted_by: date | None = None,
) -> Referral:
    """Write a thread for ``holder`` to answer, and tell them at once."""
    found = step.referral
    calendar = accounts.calendar_of(holder)
    due_on = clocks.thread_due(kind, clock.today(), calendar, wanted_by=wanted_by)
    thread = Thread(
        id=new_id(),
        referral_id=found.id,
        kind=kind,
        raised_by_organisation_id=actor.voice or _for_the_person(found, holder),
        raised_by_user_id=actor.user,
        raised_by_contact_id=actor.contact,
        owner_id=holder,
        owner_user_id=_named_there(found, kind, holder),
        raised_at=clock.now(),
        due_on=due_on,
        look_on=due_on + timedelta(days=1),
    )
    words = {"text": text} | _told_by(actor, "told_by")
    thread.text_sealed = encryption.seal(step.key, words, f"thread:{thread.id}")
    session().add(thread)
    to = "raised_to_recipient" if holder == found.recipient_id else "raised_to_sender"
    steps.add_line(actor, found, tallies.Line(to, clock.today()))
    if kind not in CONCERNS:
        return steps.finish(actor, step, reason=kind, tell=holder)
    made = steps.finish(actor, step, reason=kind)
    notifications.tell_of_concern(actor, made, thread)
    return made


def _for_the_person(found: Referral, holder: uuid.UUID) -> uuid.UUID:
    """Who hears the answer to what the person raised themselves: who looks after them beside the
    holder.
    """
    others = (found.team_id, found.sender_id, found.practice_id)
    return next((one for one in others if one not in (None, holder)), None) or holder


def _told_by(actor: Actor, name: str) -> dict[str, str]:
    """Who said it, when a link worker wrote it down for a group."""
    return {name: actor.said_by} if actor.speaks_for is not None and actor.said_by else {}


def _named_there(found: Referral, kind: str, holder: uuid.UUID) -> uuid.UUID | None:
    """Who of the holder's is to answer, as long as they are there: for a health concern the
    practice's clinician for these, otherwise who sent the referral.
    """
    if kind == "health" and holder == found.practice_id:
        clinician = accounts.organisation_unscoped(holder).clinician_id
        if clinician is not None and _is_there(clinician, holder):
            return clinician
    if holder != found.sender_id or found.sent_by_id is None:
        return None
    return found.sent_by_id if _is_there(found.sent_by_id, holder) else None


def _is_there(user_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    return any(
        one.id == user_id and not one.is_away for one in accounts.users_with_roles(organisation_id)
    )


def answer(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """The answer to something raised."""
    step = steps.begin(actor, referral_id, "answer", version)
    found = step.referral
    thread = session().scalar(
        select(Thread)
        .where(
            Thread.id == data["thread_id"],
            Thread.referral_id == found.id,
            Thread.owner_id == actor.voice,
            Thread.answered_at.is_(None),
        )
        .with_for_update()
    )
    if thread is None:
        raise Invalid({"thread_id": [str(_("is not something that waits for your answer"))]})
    context = f"thread:{thread.id}"
    said = encryption.open_(step.key, thread.text_sealed, context)
    said |= {"answer": data["text"]} | _told_by(actor, "answer_told_by")
    thread.text_sealed = encryption.seal(step.key, said, context)
    thread.answered_at, thread.answered_by_user_id = clock.now(), actor.user
    thread.answered_by_contact_id = actor.contact
    thread.look_on = None
    thread.version += 1
    side = "recipient" if thread.owner_id == found.recipient_id else "sender"
    calendar = accounts.calendar_of(thread.owner_id)
    line = tallies.lasted(f"raised_time_{side}", thread.raised_at, thread.answered_at, calendar)
    steps.add_line(actor, found, line)
    raiser = thread.raised_by_organisation_id
    return steps.finish(actor, step, reason=thread.kind, tell=raiser)


def amend(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """The sender's corrections: to how the person is reached, or to the referral's answers."""
    step = steps.begin(actor, referral_id, "amend", version)
    found = step.referral
    about_person = {name: data[name] for name in (*PLAIN, *LISTS) if name in data}
    if about_person:
        registry.amend(actor, found.person_id, about_person, None)
        person_notices.ways_changed(actor, found.person_id)
        identity = people.open_identities_unscoped([found.person_id])[found.person_id]
        found.area, found.language = identity.area, identity.language
        found.interpreter = identity.interpreter
        found.reach_by = ",".join(identity.reach_by)
        found.access_needs = ",".join(identity.access_needs)
    if "needs" in data:
        found.needs = ",".join(data["needs"])
    if "reason" in data:
        step.text["reason"] = data["reason"]
    if "risk" in data:
        found.risk_known = data["risk"]["known"]
        step.text["risk_text"] = data["risk"].get("text") if found.risk_known else None
    if data.get("urgency", found.urgency) != found.urgency:
        _change_urgency(actor, step, data["urgency"])
    found.amended_at = clock.now()
    return steps.finish(
        actor, step, said={"note": ", ".join(sorted(data))}, fields=",".join(sorted(data))
    )


def assign(
    actor: Actor,
    referral_id: uuid.UUID,
    version: int | None,
    data: Mapping[str, Any],
    *,
    quiet: bool = False,
) -> Referral:
    """Give the referral to somebody in the team that holds it; ``quiet``: the caller tells them."""
    step = steps.begin(actor, referral_id, "assign", version)
    step.quiet = quiet
    found = step.referral
    roles = accounts.works_in(data["user_id"], found.owner_id) if found.owner_id else frozenset()
    holder = parties.owner(found) or "owner"
    able = PARTY_ROLES[holder]
    if roles.isdisjoint(able):
        raise Invalid({"user_id": [str(_("must be somebody in the team who can act on it"))]})
    found.owner_user_id, found.owner_contact_id = data["user_id"], None
    return steps.finish(actor, step)


def _who_answers(step: Step, kind: str) -> uuid.UUID:
    """Health goes to the person's practice; anything else to the other side."""
    found = step.referral
    if step.party in ("sender", "practice"):
        if found.recipient_id is not None and found.recipient_id != found.sender_id:
            return found.recipient_id
    elif kind == "health" and found.practice_id is not None:
        return found.practice_id
    return found.sender_id


def _change_urgency(actor: Actor, step: Step, urgency: str) -> None:
    """Urgent brings the due date forward; routine again does not push it back."""
    found = step.referral
    due_on, look_on, since = found.due_on, found.look_on, found.status_since
    found.urgency = urgency
    if due_on is None:
        return
    steps.wind(actor, step)
    if found.due_on is not None and found.due_on >= due_on:
        found.due_on, found.look_on, found.status_since = due_on, look_on, since
        found.listed_on = due_on
