"""Finishing with what came of it, and what the person says of it themselves.

The referral's own step is taken first, which locks it: nothing of ``outcomes`` is locked before a
referral. All of a finishing form is kept, or nothing is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.outcomes import queries, results
from referral.outcomes.models import Report, Result
from referral.outcomes.results import FORM, PERSON, PROVIDER
from referral.outcomes.schemas.finishing import OVERALL
from referral.outcomes.services import fitting
from referral.outcomes.services.measuring import measure
from referral.people import queries as people
from referral.referrals import codes, parties
from referral.referrals import queries as referrals
from referral.referrals import services as steps
from referral.referrals.models import Referral

TEXTS = ("done", "not_worked", "summary")
PAGE = "page"


@dataclass(frozen=True)
class Hand:
    """A finished referral in somebody's hands, with the rows of it that are there already."""

    actor: Actor
    referral: Referral
    key: bytes
    kept: dict[tuple[str, str], Result]
    at: datetime


def finish(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """End the support with its outcome; ``data`` as ``schemas.finishing.Finish`` reads it.

    The outcome by each word, overall and by goal, what was done, the fit and the measures are kept
    in the same step; all but the outcome, whose word it is and the actions may be left out. Raise
    what ``referrals.services.complete`` and ``end`` raise, and ``Invalid``.
    """
    found = referrals.referral(actor, referral_id)
    permit(actor, Permission.KEEP_OUTCOMES, found)
    goals = dict(data.get("goals") or {})
    _are_of_its_plan(actor, found, goals)
    overall = _overall(found.id, data)
    with session().begin_nested():
        _measure(actor, found, data)
        done = steps.act(actor, referral_id, data["verb"], version, _body(data, overall))
        hand = _in_hand(actor, done)
        _write_words(hand, OVERALL, None, overall, data.get("why") or "", data.get("her_words"))
        for goal_id, one in goals.items():
            told = one.get("told_by") or data["told_by"]
            words = results.rows(told, one["outcome"], one.get("person_says"))
            _write_words(hand, str(goal_id), goal_id, words, one.get("reason") or "", None)
        _report(hand, data)
        if data.get("fit"):
            fitting.write(actor, done, data["fit"])
        audit.record(
            actor,
            "result:told",
            ("referral", done.id),
            done.person_id,
            told_by=done.told_by or "",
            goals=len(goals),
        )
        session().flush()
    return done


def say_result(
    actor: Actor,
    referral_id: uuid.UUID,
    about: str,
    outcome: str,
    how: str,
    said: str = "",
    version: int | None = None,
) -> Result:
    """How it went by the person's own word: said by them, or written down for them by staff.

    ``about``: ``overall`` or a goal's id. What they said on their own page no member of staff
    writes over. Raise ``Conflict`` before it is finished, ``Invalid`` for a goal of another plan.
    """
    found = referrals.referral(actor, referral_id, to_change=True)
    _may_say(actor, found)
    if outcome not in codes.OUTCOMES or how not in codes.SAID_HOW:
        raise Invalid({"outcome": [str(_("is required"))]})
    if not results.is_finished(found):
        raise Conflict(str(_("It is not finished yet, so nobody can say how it went.")))
    goal_id = _goal_of(found, about)
    hand = _in_hand(actor, found)
    before = hand.kept.get((about, PERSON))
    if before is not None and before.how != FORM:
        if before.how == PAGE and actor.kind != "person":
            raise Conflict(str(_("They said it themselves on their page. That is not changed.")))
        if version is not None and version != before.version:
            raise StaleVersion(version, before.version)
    row = _put(hand, about, goal_id, PERSON, outcome, "", said, how)
    session().flush()
    _pass_down(hand)
    audit.record(actor, "result:said", ("referral", found.id), found.person_id, how=how)
    session().flush()
    return row


def _may_say(actor: Actor, found: Referral) -> None:
    """The person; or somebody of its parties who may know them, at a desk or on the telephone."""
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
        return
    hears = may(actor, Permission.TELL_PEOPLE) or may(actor, Permission.KEEP_OUTCOMES)
    if not (parties.of(actor, found) and hears and actor.by_account):
        raise Forbidden
    if found.consent_withdrawn_at is not None and "sender" not in parties.of(actor, found):
        raise Forbidden


def _measure(actor: Actor, found: Referral, data: Mapping[str, Any]) -> None:
    """What was asked at the end, while they are still supported; it locks the referral as well."""
    asked = data.get("measures") or []
    if asked and data["verb"] == "end" and codes.END_REASONS[data["reason"]].gone:
        referrals.open_of_person_unscoped(found.person_id)  # all, in their order, as ``end`` does
    for number, one in enumerate(asked):
        try:
            measure(actor, found.id, one)
        except Invalid as error:
            inside = {f"measures.{number}.{name}": said for name, said in error.errors.items()}
            raise Invalid(inside) from error


def _overall(referral_id: uuid.UUID, data: Mapping[str, Any]) -> dict[str, str]:
    """``{word: outcome}`` to keep of the form: what the person said themselves stays theirs."""
    words = results.rows(data["told_by"], data["outcome"], data.get("person_says"))
    if data.get("her_words") and PERSON not in words:
        raise Invalid({"person_says": [str(_("Say how it went by their word"))]})
    own = session().scalar(
        select(Result.outcome).where(
            Result.referral_id == referral_id,
            Result.about == OVERALL,
            Result.told_by == PERSON,
            Result.how != FORM,
        )
    )
    if own is None or PERSON not in words:
        return words
    if words[PERSON] != own:
        words.setdefault(PROVIDER, data["outcome"])
    return {**words, PERSON: own}


def _body(data: Mapping[str, Any], overall: Mapping[str, str]) -> dict[str, Any]:
    """What the referral's own verb takes; the message is drafted when it is read."""
    why = dict.fromkeys(overall, data.get("why") or "")
    return {
        "outcome": data["outcome"],
        "told_by": results.teller(overall, data["outcome"]),
        "actions_for_practice": list(data["actions_for_practice"]),
        "summary": "",
        "reason": data.get("reason"),
        "results": [vars(one) for one in results.together(overall, why)],
    }


def _are_of_its_plan(actor: Actor, found: Referral, goals: Mapping[uuid.UUID, Any]) -> None:
    """Goals are told of by who keeps the plan they stand in; nobody else knows of them."""
    if not goals:
        return
    own = {one.id for one in queries.goals_to_tell(actor, found)}
    rule = str(_("is not a goal of this plan"))
    strange = {f"goals.{id_}": [rule] for id_ in goals if id_ not in own}
    if strange:
        raise Invalid(strange)


def _goal_of(found: Referral, about: str) -> uuid.UUID | None:
    if about == OVERALL:
        return None
    known = {str(one): one for one in queries.goal_ids_unscoped(found.id)}
    if about not in known:
        raise Invalid({"about": [str(_("is not a goal of this plan"))]})
    return known[about]


def _in_hand(actor: Actor, found: Referral) -> Hand:
    keys = people.keys_of_unscoped([found.person_id])
    if found.person_id not in keys:
        raise NotFound
    rows = session().scalars(
        select(Result)
        .where(Result.referral_id == found.id)
        .order_by(Result.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    kept = {(row.about, row.told_by): row for row in rows}
    return Hand(actor, found, keys[found.person_id], kept, found.finished_at or clock.now())


def _write_words(
    hand: Hand,
    about: str,
    goal_id: uuid.UUID | None,
    words: Mapping[str, str],
    reason: str,
    her_words: str | None,
) -> None:
    for word, outcome in words.items():
        before = hand.kept.get((about, word))
        if before is not None and before.how != FORM:
            continue
        said = her_words if word == PERSON else None
        _put(hand, about, goal_id, word, outcome, reason, said or "", FORM)


def _put(
    hand: Hand,
    about: str,
    goal_id: uuid.UUID | None,
    word: str,
    outcome: str,
    reason: str,
    said: str,
    how: str,
) -> Result:
    row = hand.kept.get((about, word))
    if row is None:
        row = Result(
            id=new_id(),
            version=1,
            referral_id=hand.referral.id,
            person_id=hand.referral.person_id,
            goal_id=goal_id,
            about=about,
            told_by=word,
        )
        session().add(row)
        hand.kept[about, word] = row
    else:
        row.version += 1
    row.outcome, row.reason, row.how = outcome, reason, how
    row.at = hand.at if how == FORM else clock.now()
    row.said_sealed = (
        encryption.seal(hand.key, {"said": said}, f"result:{row.id}") if said else None
    )
    row.by_user_id, row.by_contact_id = hand.actor.user, hand.actor.contact
    row.organisation_id = hand.actor.voice
    return row


def _pass_down(hand: Hand) -> None:
    """The referral shows both words; it knows nothing of this slice, so it is told."""
    found = hand.referral
    rows: Iterable[Result] = (row for row in hand.kept.values() if row.about == OVERALL)
    counting = results.standing(rows, found.told_by, found.outcome, found.finished_at)
    words = results.by_word(counting, found.told_by, found.outcome)
    why = {row.told_by: row.reason for row in counting}
    steps.note_results(hand.actor, found, [vars(one) for one in results.together(words, why)])


def _report(hand: Hand, data: Mapping[str, Any]) -> Report:
    """What the message back is drafted from; what was written before and is left out now stays."""
    row = session().scalar(
        select(Report).where(Report.referral_id == hand.referral.id).with_for_update()
    )
    text = {name: data[name] for name in TEXTS if data.get(name)}
    if row is None:
        row = Report(
            id=new_id(),
            version=1,
            referral_id=hand.referral.id,
            person_id=hand.referral.person_id,
            made_at=hand.at,
        )
        session().add(row)
    else:
        row.version += 1
        before = encryption.open_(hand.key, row.text_sealed, f"report:{row.id}")
        text = before | text
    row.text_sealed = encryption.seal(hand.key, text, f"report:{row.id}")
    if data.get("summary"):
        row.written_for = hand.referral.consent_feedback
    row.updated_at = hand.at
    row.by_user_id, row.by_contact_id = hand.actor.user, hand.actor.contact
    return row
