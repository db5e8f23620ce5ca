"""A complaint of the person: made, acknowledged within 30 days, passed on, answered, taken back.

It goes to who can put it right and is not whom it is about, beyond the manager of a group. Nobody
else is told that there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.permissions import ROLE_PERMISSIONS, Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.referrals import complaints, notifications, parties, queries, references
from referral.referrals.models import Complaint, Referral
from referral.referrals.services import access, person_notices

ANSWERERS = frozenset(
    role for role, may_do in ROLE_PERMISSIONS.items() if Permission.ANSWER_COMPLAINTS in may_do
)


def complain(
    actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any], how: str = "page"
) -> Complaint:
    """Write down what went wrong (fields of ``schemas.Complain``), said by the person at their page
    or to the actor; ``how`` of ``codes.SAID_HOW``.

    Whoever answers is told at once, and the person when it is acknowledged.
    """
    found = _of_person(actor, referral_id, to_change=True)
    key = access.key_of(actor, found)
    about_id = whom_to_complain_of(found).get(data["about"])
    now, today = clock.now(), clock.today()
    made = Complaint(
        id=new_id(),
        version=1,
        reference=references.new(),
        referral_id=found.id,
        person_id=found.person_id,
        locality_id=found.locality_id,
        kind=data["kind"],
        about_id=about_id,
        owner_id=_answers(found, data["about"]),
        state="open",
        how=how,
        text_sealed=b"",
        made_at=now,
        by_user_id=actor.user,
        acknowledge_by=complaints.acknowledge_by(today),
        look_on=complaints.look_on("open", today, today),
    )
    _seal(key, made, {name: data.get(name) or "" for name in ("text", "wants", "spoken_by")})
    session().add(made)
    session().flush()
    audit.record(
        actor, "complaint:made", ("complaint", made.id), found.person_id, kind=made.kind, how=how
    )
    notifications.tell_of_complaint(actor, made, "made")
    return made


def acknowledge_complaint(actor: Actor, complaint_id: uuid.UUID, version: int | None) -> Complaint:
    """Say that it has arrived and is looked into; the person is told."""
    found, row = _take(actor, complaint_id, version, "acknowledge")
    row.state, row.acknowledged_at, row.look_on = "acknowledged", clock.now(), None
    _changed(actor, row, "acknowledged")
    _tell(actor, found, row, "complaint_received")
    return row


def pass_on_complaint(
    actor: Actor, complaint_id: uuid.UUID, version: int | None, owner_id: uuid.UUID
) -> Complaint:
    """Hand it to another organisation of the referral that can put it right: one of
    ``others_for_complaint``. The days go on as they were.
    """
    found, row = _take(actor, complaint_id, version, "pass_on")
    if owner_id not in _others(found, row):
        raise Invalid({"owner_id": [str(_("Choose one of those who can answer it"))]})
    row.owner_id = owner_id
    _changed(actor, row, "passed_on")
    notifications.tell_of_complaint(actor, row, f"passed:{row.version}")
    return row


def answer_complaint(
    actor: Actor, complaint_id: uuid.UUID, version: int | None, text: str
) -> Complaint:
    """Answer it in words for the person, who is told that there is one."""
    found, row = _take(actor, complaint_id, version, "answer")
    key = access.key_of(actor, found)
    _seal(key, row, queries.words_of_complaint_unscoped(key, row) | {"answer": text})
    row.state, row.answered_at, row.settled_by_id = "answered", clock.now(), actor.user
    _changed(actor, row, "answered")
    _tell(actor, found, row, "complaint_answered")
    return row


def take_back_complaint(actor: Actor, complaint_id: uuid.UUID, version: int | None) -> Complaint:
    """The person does not want it looked into any more, says they or whoever answers it."""
    _found, row = queries.complaint_to_change(actor, complaint_id)
    permit(actor, Permission.SEE_OWN if actor.kind == "person" else Permission.ANSWER_COMPLAINTS)
    _hold_against(row, version, "take_back")
    row.state, row.look_on, row.settled_by_id = "taken_back", None, actor.user
    _changed(actor, row, "taken_back")
    return row


def look_at_complaint(actor: Actor, complaint_id: uuid.UUID) -> bool:
    """The clock: whoever answers is told again, then the lead too. For the worker; late or twice
    tells nobody twice a day.
    """
    found, row = queries.complaint_to_change(actor, complaint_id)
    today = clock.today()
    if row.look_on is None or row.look_on > today:
        return False
    made_on = clock.local(row.made_at).date()
    if row.state == "open":
        notifications.tell_of_complaint(actor, row, f"waits:{today.isoformat()}")
        if (today - made_on).days >= complaints.EXCEPTION_AFTER:
            lead = _lead(found, row)
            if lead is not None:
                notifications.tell_of_late_complaint(actor, row, lead, today.isoformat())
    row.look_on = complaints.look_on(row.state, made_on, today)
    session().flush()
    return True


def whom_to_complain_of(found: Referral) -> dict[str, uuid.UUID]:
    """Whom a complaint may be about: ``{group | team | practice: organisation}``."""
    practice = found.practice_id or (found.sender_id if found.sender_id != found.team_id else None)
    team = found.team_id or found.fallback_id
    if team is None:
        team = accounts.link_worker_team_of(found.practice_id or found.sender_id)
    group = found.recipient_id if found.recipient_id not in (team, practice) else None
    about = {"group": group, "team": team, "practice": practice}
    return {key: organisation for key, organisation in about.items() if organisation is not None}


def readers_of_complaint(actor: Actor, found: Referral) -> dict[str, tuple[str, str]]:
    """``{group | team | practice | unsure: (whom it would be about, who would answer it)}``; what
    is not sure is about nobody by name. The caller read the referral in the actor's scope.
    """
    known = whom_to_complain_of(found)
    facts = accounts.with_role_unscoped(known.values(), ANSWERERS)
    return {
        about: (
            facts[known[about]][0] if about in known else "",
            facts.get(_first_fit(found, known, facts, about), ("", False))[0],
        )
        for about in complaints.ABOUT
        if about in known or about == "unsure"
    }


def others_for_complaint(actor: Actor, complaint_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Who else may be given a complaint, by name, for whoever holds it."""
    permit(actor, Permission.ANSWER_COMPLAINTS)
    row = session().get(Complaint, complaint_id)
    if row is None or row.owner_id != actor.organisation:
        raise NotFound
    return _others(session().get_one(Referral, row.referral_id), row)


def _others(found: Referral, row: Complaint) -> dict[uuid.UUID, str]:
    """Never whom it is about, nor who has it, nor who has nobody to answer it."""
    known = whom_to_complain_of(found)
    return {
        id_: name
        for id_, (name, able) in accounts.with_role_unscoped(known.values(), ANSWERERS).items()
        if able and id_ not in (row.about_id, row.owner_id)
    }


def _of_person(actor: Actor, referral_id: uuid.UUID, *, to_change: bool = False) -> Referral:
    """The referral a complaint is about; whoever hears it from the person may write it down."""
    chosen = select(Referral).where(Referral.id == referral_id, queries.in_scope(actor))
    if to_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None or found.status == "draft":
        raise NotFound
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
    elif not (parties.of(actor, found) and may(actor, Permission.TELL_PEOPLE)):
        access.permit_to_write(actor, found)
    return found


def _answers(found: Referral, about: str) -> uuid.UUID:
    """Who answers a complaint: as ``complaints.owned_by`` has it; where nobody there can, the team,
    then the practice, but not whom it is about. A referral always has one of them.
    """
    known = whom_to_complain_of(found)
    facts = accounts.with_role_unscoped(known.values(), ANSWERERS)
    return _first_fit(found, known, facts, about)


def _first_fit(
    found: Referral,
    known: Mapping[str, uuid.UUID],
    facts: Mapping[uuid.UUID, tuple[str, bool]],
    about: str,
) -> uuid.UUID:
    first = complaints.owned_by(about)
    first = "group" if first == "recipient" else first
    fit = [
        known[key]
        for key in dict.fromkeys((first, "team", "practice"))
        if key in known and (key == first or key != about)
    ]
    able = (one for one in fit if facts[one][1])
    others = (one for one in fit if one != known.get(about))
    return next(able, None) or next(others, found.sender_id)


def _lead(found: Referral, row: Complaint) -> uuid.UUID | None:
    """Whose lead hears of one that waits too long: the team; of one about the team the practice."""
    known = whom_to_complain_of(found)
    one = known.get("team")
    if one is None or one == row.about_id:
        one = known.get("practice")
    return one if one not in (row.about_id, row.owner_id) else None


def _take(
    actor: Actor, complaint_id: uuid.UUID, version: int | None, action: str
) -> tuple[Referral, Complaint]:
    found, row = queries.complaint_to_change(actor, complaint_id)
    permit(actor, Permission.ANSWER_COMPLAINTS)
    if row.owner_id != actor.organisation:
        raise Forbidden
    _hold_against(row, version, action)
    return found, row


def _hold_against(row: Complaint, version: int | None, action: str) -> None:
    if version is not None and version != row.version:
        raise StaleVersion(version, row.version)
    if action not in complaints.NEXT[row.state]:
        raise Conflict(str(_("This cannot be done now. Look at the complaint again.")))


def _tell(actor: Actor, found: Referral, row: Complaint, event: str) -> None:
    """Tell the person; letters and calls are the owner's, or of whoever else is not complained of
    and writes to people.
    """
    known = whom_to_complain_of(found)
    hands = [one for key in ("team", "practice") if (one := known.get(key)) != row.about_id and one]
    notice = person_notices.hold(actor, found, event, f"complaint:{row.id}:{event}:1")
    notice.owner_id = row.owner_id if row.owner_id in hands or not hands else hands[0]
    notice.owner_user_id = None
    session().flush()


def _changed(actor: Actor, row: Complaint, event: str) -> None:
    row.version += 1
    session().flush()
    audit.record(actor, f"complaint:{event}", ("complaint", row.id), row.person_id)


def _seal(key: bytes, row: Complaint, said: Mapping[str, str]) -> None:
    words = {name: text for name, text in said.items() if text}
    row.text_sealed = encryption.seal(key, words, f"complaint:{row.id}")
