"""What a person does about their own referral: at their page, or through staff who write it down.

Language, ways and needs hold at once and the holder is told. A new number or address is a matter
for the holder, who rings back: whoever has the phone for a minute shall not turn the messages to
themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import Lazy, _, speaking
from referral.people import services as registry
from referral.people.identity import Identity
from referral.people.models import Person
from referral.referrals import lifecycle, parties, plain, queries
from referral.referrals.models import PersonSaid, Referral
from referral.referrals.services import access, agreeing, person_notices
from referral.referrals.services import step as steps
from referral.referrals.services.saying import record_said

PAGE = "page"
HEARD_AGAIN = timedelta(minutes=10)
# What a person says of being reached: it holds at once.
WAYS = ("reach_by", "access_needs", "language", "interpreter")
FIRST: dict[bool, Lazy] = {
    True: _("Reads first what is written about them"),
    False: _("Does not read first what is written about them"),
}


def say(
    actor: Actor,
    referral_id: uuid.UUID,
    kind: str,
    text: str = "",
    how: str = PAGE,
    spoken_by: str = "",
) -> PersonSaid:
    """Something the person says; ``kind`` of ``codes.PERSON_SAID``. Raise as ``record_said``."""
    return record_said(actor, referral_id, kind, how, text, spoken_by)


def change_mind(
    actor: Actor,
    referral_id: uuid.UUID,
    mind: str,
    text: str = "",
    how: str = PAGE,
    spoken_by: str = "",
) -> PersonSaid:
    """``mind`` of ``plain.MINDS``: whoever holds it is asked to act.

    Raise ``Conflict`` where it is over and there is nobody to ask.
    """
    if queries.referral(actor, referral_id).status not in lifecycle.OPEN:
        raise Conflict(str(_("This help has ended. There is nothing left to change.")))
    with speaking("en"):  # it is read by staff
        said = f"“{plain.MINDS[mind]}”" if mind != "else" else ""
    words = " ".join(part for part in (said, text) if part)
    return say(actor, referral_id, "changed_mind", words, how, spoken_by)


def reach_me(
    actor: Actor,
    referral_id: uuid.UUID,
    data: Mapping[str, Any],
    how: str = PAGE,
    spoken_by: str = "",
) -> Referral:
    """Change how the person is reached, from the fields of ``schemas.own.ReachMe``.

    ``version`` is that of the person's record. ``wants_changed`` becomes a matter for the holder.
    Raise ``StaleVersion`` and ``Conflict``.
    """
    line = queries.line_to_change(actor, referral_id)
    found = line[0]
    _permit(actor, found)
    identity, fields = registry.note_ways(
        actor, found.person_id, _in_their_order(found, data), data.get("version")
    )
    for one in line:
        _take_over(actor, one, identity, list(fields), data)
    if "reach_by" in fields:
        person_notices.ways_changed(actor, found.person_id)
    if data.get("wants_changed"):
        say(actor, referral_id, "reach_me", data["wants_changed"], how, spoken_by)
    session().flush()
    return found


def _in_their_order(found: Referral, data: Mapping[str, Any]) -> dict[str, Any]:
    """Their ways in the order they had said, what is new behind them: a page knows no order."""
    before = [way for way in found.reach_by.split(",") if way in data["reach_by"]]
    ways = before + [way for way in data["reach_by"] if way not in before]
    return {name: data[name] for name in WAYS} | {"reach_by": ways}


def _take_over(
    actor: Actor, one: Referral, identity: Identity, fields: list[str], data: Mapping[str, Any]
) -> None:
    """What is known of the person stands on each open referral; whoever has it is told."""
    if one.written_in != data["written_in"]:
        fields.append("written_in")
    if not fields:
        return
    is_open = one.status in lifecycle.OPEN
    step = steps.at_their_word(actor, one, "amend") if is_open else None
    one.written_in = data["written_in"]
    if step is None:
        return
    one.language, one.interpreter = identity.language, identity.interpreter
    one.reach_by = ",".join(identity.reach_by)
    one.access_needs = ",".join(identity.access_needs)
    # Whoever has it hears of it once, not at each try.
    step.quiet = one.amended_at is not None and clock.now() - one.amended_at < HEARD_AGAIN
    one.amended_at = clock.now()
    names = ", ".join(fields)
    steps.finish(actor, step, said={"note": names}, fields=names)


def stop(
    actor: Actor,
    referral_id: uuid.UUID,
    what: str,
    why: str = "",
    how: str = PAGE,
    spoken_by: str = "",
) -> int:
    """Stop sharing at once: answer of how many referrals.

    ``refer``: all that follows from this one too, and the help ends. ``feedback``: nothing comes
    back to the practice any more. Raise ``Conflict`` where there is nothing left to stop.
    """
    stopped = 0
    for one in _theirs(actor, referral_id, closed=True):
        if one.status in agreeing.NOT_SHARED or _is_stopped(one, what):
            continue
        if what == "refer":
            record_said(actor, one.id, "stop_sharing", how, why, spoken_by)
        else:
            said = {"what": what, "how": how, "by": "self", "name": spoken_by, "why": why}
            agreeing.withdraw_consent(actor, one.id, None, said)
        stopped += 1
    if not stopped:
        raise Conflict(str(_("This has been stopped already.")))
    return stopped


def _is_stopped(one: Referral, what: str) -> bool:
    if what == "refer":
        return one.consent_withdrawn_at is not None
    return one.consent_feedback == "none"


def sees_first(
    actor: Actor, referral_id: uuid.UUID, yes: bool, how: str = PAGE, spoken_by: str = ""
) -> Referral:
    """Whether the person reads what is written about them before the practice does."""
    line = _theirs(actor, referral_id)
    _permit(actor, line[0])
    for one in line:
        if one.sees_first == yes or one.status not in lifecycle.OPEN:
            continue
        step = steps.at_their_word(actor, one, "change_consent")
        step.quiet = True  # nobody has to do anything about it
        one.sees_first = yes
        with speaking("en"):
            words = str(FIRST[yes])
        steps.finish(actor, step, said={"note": words}, sees_first=yes)
    return line[0]


def mark_unsafe(
    actor: Actor, referral_id: uuid.UUID, unsafe: bool, note: str, version: int | None
) -> Person:
    """Staff note that it is not safe to contact the person directly, or that it is again.

    What has not left yet goes to nobody's phone or door. Raise ``Forbidden`` for who may not
    register people.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    if not parties.of(actor, found) or actor.kind == "person":
        raise Forbidden
    person = registry.mark_unsafe(actor, found.person_id, unsafe, note, version)
    person_notices.ways_changed(actor, found.person_id)
    return person


def _theirs(actor: Actor, referral_id: uuid.UUID, *, closed: bool = False) -> list[Referral]:
    """All that follows from it, where the person says so; what staff heard is about this one."""
    line = queries.line_to_change(actor, referral_id, closed=closed)
    return line if actor.kind == "person" else line[:1]


def _permit(actor: Actor, found: Referral) -> None:
    access.permit_to_hear(actor, found)
    if found.status in agreeing.NOT_SHARED:
        raise Conflict(str(_("Nothing can be written on this referral.")))
