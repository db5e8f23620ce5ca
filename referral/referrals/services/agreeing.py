"""What the person agreed to when they were referred, and what they took back since."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from referral.accounts import queries as accounts
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, StaleVersion
from referral.core.i18n import _
from referral.directory import services as directory
from referral.people.identity import Identity
from referral.referrals import consent, lifecycle, notifications, queries
from referral.referrals.models import Consent, Referral, Thread
from referral.referrals.services import access, person_notices
from referral.referrals.services import step as steps
from referral.referrals.services.step import Step

# What a draft keeps of how somebody agreed, until it is sent.
HOW_AGREED = ("how", "wording", "given_by", "relation", "why")
# Nothing was shared yet, or never should have been.
NOT_SHARED = frozenset({"draft", "entered_in_error"})


def given(actor: Actor, step: Step, identity: Identity) -> None:
    """Write down what was agreed at sending, from the referral's columns and what its draft keeps
    of how (``HOW_AGREED``).

    Raise ``Invalid`` on ``consent.authority``, ``consent.why``, ``consent.given_by`` and
    ``consent.wording``. A program that does not say how (``program``) keeps names and reasons
    itself. Evaluation is agreed to only while one is registered.
    """
    found = step.referral
    how = {name: said for name, said in (step.text.pop("consent", None) or {}).items() if said}
    how.setdefault("how", "program")
    _hold_against_rules(found, how, identity.date_of_birth)
    study = queries.asked_now(actor, found.locality_id, clock.today())
    found.consent_evaluation = bool(found.consent_evaluation and study)
    audience = consent.audience(found.consent_authority, identity.date_of_birth, clock.today())
    said_today = consent.CURRENT_FOR_TEAM if found.triage else consent.CURRENT
    _write(
        actor,
        step,
        "given",
        how=how["how"],
        wording=how.get("wording") or said_today[audience],
        evaluation_id=study.id if study and found.consent_evaluation else None,
        said={name: how.get(name) for name in ("given_by", "relation", "why")},
    )


def _hold_against_rules(found: Referral, how: Mapping[str, str], born: date | None) -> None:
    today, authority = clock.today(), found.consent_authority
    nation = accounts.calendar_of(found.sender_id).nation
    wrong: dict[str, list[str]] = {}
    if authority not in consent.authorities(born, today, nation):
        wrong["consent.authority"] = [str(_("cannot answer for somebody of this age"))]
    elif how["how"] != "program":
        if consent.asks_why(authority, born, today) and not how.get("why"):
            wrong["consent.why"] = [str(_("Write why it was decided so"))]
        if consent.asks_name(authority) and not how.get("given_by"):
            wrong["consent.given_by"] = [str(_("Write the name of who agreed"))]
    if wrong:
        raise Invalid(wrong)


def carried_over(actor: Actor, old: Referral, step: Step) -> None:
    """The person who goes on elsewhere agreed to what they had agreed to before."""
    last = session().scalar(
        select(Consent).where(Consent.referral_id == old.id).order_by(Consent.id.desc()).limit(1)
    )
    if last is None:
        return
    said: dict[str, str] = {}
    if last.said_sealed:
        said = encryption.open_(step.key, last.said_sealed, f"consent:{last.id}")
    _write(
        actor,
        step,
        "given",
        how=last.how,
        wording=last.wording,
        evaluation_id=last.evaluation_id,
        said=said,
    )


def withdraw_consent(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Take back what was agreed (fields of ``schemas.Withdrawal``), at the person's word.

    ``refer``: sharing stops at the next request; an open referral ends, and a group already in
    touch is told that it may not use what it was given. ``feedback``: nothing comes back any more.
    ``evaluation``: not counted. Raise ``Conflict`` where there is nothing to take back.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    access.permit_to_hear(actor, found)
    if version is not None and version != found.version:
        raise StaleVersion(version, found.version)
    what = data["what"]
    if found.status in NOT_SHARED or _is_taken_back(found, what):
        raise Conflict(str(_("There is nothing to take back here.")))
    stops = what == "refer"
    step = steps.at_their_word(actor, found, "stop_sharing" if stops else "change_consent")
    if stops:
        found.consent_refer, found.consent_withdrawn_at = False, clock.now()
        if found.status in lifecycle.OPEN:
            found.closed_at = clock.now()
            steps.enter(actor, step, "withdrawn")
        _let_go(found)
        directory.take_story_down(actor, found.id)
        person_notices.drop(actor, found.id)
    elif what == "feedback":
        found.consent_feedback = "none"
    else:
        found.consent_evaluation = False
    _write(
        actor,
        step,
        "withdrawn",
        how=data["how"],
        wording="",
        authority=data["by"],
        said={"given_by": data.get("name") or actor.said_by, "why": data.get("why")},
    )
    made = steps.finish(actor, step, reason=None if stops else what)
    if stops:
        notifications.tell_of_stop(actor, made)
    return made


def _let_go(found: Referral) -> None:
    """What the recipient was still asked: it cannot read it any more, so it is not waited for."""
    if found.recipient_id == found.sender_id:
        return
    session().execute(
        update(Thread)
        .where(
            Thread.referral_id == found.id,
            Thread.owner_id == found.recipient_id,
            Thread.answered_at.is_(None),
        )
        .values(answered_at=clock.now(), look_on=None, version=Thread.version + 1)
    )


def _is_taken_back(found: Referral, what: str) -> bool:
    return {
        "refer": found.consent_withdrawn_at is not None,
        "feedback": found.consent_feedback == "none",
        "evaluation": not found.consent_evaluation,
    }[what]


def _write(
    actor: Actor,
    step: Step,
    what: str,
    *,
    how: str,
    wording: str,
    evaluation_id: uuid.UUID | None = None,
    authority: str | None = None,
    said: Mapping[str, str | None],
) -> None:
    found = step.referral
    row = Consent(
        id=new_id(),
        referral_id=found.id,
        what=what,
        refer=found.consent_refer,
        feedback=found.consent_feedback,
        evaluation_id=evaluation_id,
        authority=authority or found.consent_authority,
        how=how,
        wording=wording,
        at=clock.now(),
        actor_kind=actor.kind,
        by_user_id=actor.user,
        organisation_id=actor.voice,
    )
    words = {name: one for name, one in said.items() if one}
    if words:
        row.said_sealed = encryption.seal(step.key, words, f"consent:{row.id}")
    session().add(row)
