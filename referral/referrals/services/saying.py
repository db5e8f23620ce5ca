"""What the person says: at their own page, or by telephone, at the desk or in a letter."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict
from referral.core.i18n import Lazy, _, speaking
from referral.referrals import codes, lifecycle, parties, queries
from referral.referrals.models import PersonSaid, Referral, Thread
from referral.referrals.services import access, agreeing, conversing
from referral.referrals.services import step as steps

# Whoever holds the referral must act on these, so they wait for an answer there.
FOR_THE_OWNER: dict[str, Lazy] = {
    "not_in_touch": _("The person says that nobody has been in touch."),
    "changed_mind": _("The person says that they have changed their mind."),
    "reach_me": _("The person says that they are to be reached in another way."),
    "supporter": _("The person says that somebody speaks for them."),
    "plan": _("The person says something about their plan."),
}
# So many matters of one person wait at a time; what is said beyond them is written down only.
WAITING_MOST = 5


def record_said(
    actor: Actor, referral_id: uuid.UUID, kind: str, how: str, text: str, spoken_by: str
) -> PersonSaid:
    """Write down what the person (or ``spoken_by`` for them) said; ``kind`` of
    ``codes.PERSON_SAID``, ``how`` of ``codes.SAID_HOW``.

    ``stop_sharing`` stops it at once. What somebody else than the actor's organisation must act on
    waits there as a practical matter, with owner and date.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    access.permit_to_hear(actor, found)
    if found.status in agreeing.NOT_SHARED:
        raise Conflict(str(_("Nothing can be written on this referral.")))
    row = PersonSaid(
        id=new_id(),
        referral_id=found.id,
        kind=kind,
        how=how,
        at=clock.now(),
        by_user_id=actor.user,
        organisation_id=actor.voice,
    )
    words = {name: said for name, said in (("text", text), ("spoken_by", spoken_by)) if said}
    if words:
        key = access.key_of(actor, found)
        row.text_sealed = encryption.seal(key, words, f"person_said:{row.id}")
    session().add(row)
    audit.record(actor, "person:said", ("referral", found.id), found.person_id, kind=kind)
    session().flush()
    _act_on(actor, found, kind, how, text, spoken_by)
    return row


def _act_on(actor: Actor, found: Referral, kind: str, how: str, text: str, spoken_by: str) -> None:
    if kind == "stop_sharing":
        if found.consent_withdrawn_at is None and found.status not in agreeing.NOT_SHARED:
            said = {"what": "refer", "how": how, "by": "self", "name": spoken_by, "why": text}
            agreeing.withdraw_consent(actor, found.id, None, said)
        return
    if kind not in FOR_THE_OWNER or found.status not in lifecycle.OPEN:
        return
    holder = found.owner_id
    if holder is None or holder == actor.voice:
        return
    late = parties.is_overdue(found, clock.today())
    if kind == "not_in_touch" and found.first_contact_at is None and not late:
        return  # it is not time yet, and the clock says when it is
    step = steps.at_their_word(actor, found, "raise")
    with speaking("en"):  # whoever holds it reads English, whatever the person reads
        words = " ".join(part for part in (str(FOR_THE_OWNER[kind]), text) if part)
    words = words[: codes.SAID_MAX]
    if actor.kind == "person" and _waits(step, holder, words):
        return
    conversing.open_thread(actor, step, "practical", words, holder)


def _waits(step: steps.Step, holder: uuid.UUID, words: str) -> bool:
    """Whether the holder has this from the person already, or as much as one may ask at a time."""
    rows = session().scalars(
        select(Thread).where(
            Thread.referral_id == step.referral.id,
            Thread.owner_id == holder,
            Thread.answered_at.is_(None),
            Thread.raised_by_user_id.is_(None),
            Thread.raised_by_contact_id.is_(None),
        )
    )
    asked = [encryption.open_(step.key, row.text_sealed, f"thread:{row.id}") for row in rows]
    return len(asked) >= WAITING_MOST or any(one.get("text") == words for one in asked)
