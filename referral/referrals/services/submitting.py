"""Making a referral and sending it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, delete, select, update

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Duplicate, Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.people import queries as people
from referral.people import services as registry
from referral.people.identity import Identity
from referral.people.models import PersonAccess
from referral.referrals import disclosure, lifecycle, queries, references, schemas
from referral.referrals.models import Enquiry, Referral, StatusChange
from referral.referrals.services import agreeing, receiving
from referral.referrals.services import step as steps
from referral.referrals.services.step import Step

TRIES = 5


def create(actor: Actor, data: Mapping[str, Any]) -> Referral:
    """A new referral from the fields of ``schemas.Create``: sent, or kept as a draft.

    Raise ``Invalid`` (also for a person or service that is not known here), ``Duplicate``, and
    ``NotTaking`` when the service cannot take it, and ``Conflict`` when the person has died.
    """
    _permit_to_send(actor, triage=bool(data.get("triage")) or _is_bare_draft(data))
    if actor.organisation is None:
        raise Forbidden
    based_on = _based_on(actor, data.get("based_on"))
    if not data.get("draft"):
        missing = schemas.incomplete(data)
        if missing:
            raise Invalid(missing)
    recipient = None
    if not data.get("draft"):
        recipient = receiving.recipient(
            actor,
            data.get("service_id"),
            data["needs"],
            lambda: receiving.somebody(actor, data, based_on),
        )
    person_id = _person(actor, data, based_on)
    identity = people.open_identities_unscoped([person_id])[person_id]
    found = blank(actor, person_id)
    if based_on is not None:
        found.based_on_id, found.practice_id = based_on.id, based_on.practice_id
    key = people.keys_of_unscoped([person_id])[person_id]
    text: dict[str, Any] = {}
    _fill(found, text, data)
    copy_identity(found, identity)
    step = steps.fresh(actor, found, key, text, "create" if data.get("draft") else "send")
    found.text_sealed = encryption.seal(key, text, f"referral:{found.id}")
    if data.get("draft"):
        steps.enter(actor, step, "draft")
        found.owner_user_id = actor.id
    else:
        found.recipient_id = recipient
        _dispatch(actor, step, identity, confirmed=bool(data.get("confirm_duplicate")))
    session().add(found)
    session().flush()
    if not data.get("draft"):
        agreeing.given(actor, step, identity)
    return steps.finish(actor, step, triage=found.triage)


def _begin(actor: Actor, referral_id: uuid.UUID, version: int | None) -> Step:
    """Take a draft in hand; raise ``Forbidden`` when it holds words the actor may not read."""
    step = steps.begin(actor, referral_id, "send", version)
    if not queries.may_write(actor, step.referral):
        raise Forbidden
    return step


def rewrite(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Replace answers of a draft by the fields of ``schemas.Draft`` that are given."""
    step = _begin(actor, referral_id, version)
    step.verb = "rewrite"
    step.referral.owner_user_id = actor.id
    if data.get("service_id"):
        step.referral.triage = False
    if data.get("triage"):
        step.referral.service_id = None
    _fill(step.referral, step.text, data)
    _permit_to_send(actor, triage=step.referral.service_id is None)
    return steps.finish(actor, step)


def discard(actor: Actor, referral_id: uuid.UUID, version: int | None) -> None:
    """Throw away a draft that nobody wants; the person's record stays."""
    found = _begin(actor, referral_id, version).referral
    session().execute(delete(StatusChange).where(StatusChange.referral_id == found.id))
    session().execute(delete(PersonAccess).where(PersonAccess.subject_id == found.id))
    session().execute(
        update(Enquiry)
        .where(Enquiry.referral_id == found.id)
        .values(referral_id=None, status=case((Enquiry.fits.is_(None), "asked"), else_="answered"))
    )
    audit.record(actor, "referral:discarded", ("referral", found.id), found.person_id)
    session().delete(found)
    session().flush()


def send(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Send a draft."""
    step = _begin(actor, referral_id, version)
    found = step.referral
    _permit_to_send(actor, triage=found.triage)
    missing = schemas.incomplete(_answers(found, step.text))
    if missing:
        raise Invalid(missing)
    identity = people.open_identities_unscoped([found.person_id])[found.person_id]
    copy_identity(found, identity)
    found.recipient_id = receiving.recipient(
        actor, found.service_id, found.needs.split(","), lambda: identity
    )
    _dispatch(actor, step, identity, confirmed=bool(data.get("confirm_duplicate")))
    agreeing.given(actor, step, identity)
    return steps.finish(actor, step, triage=found.triage)


def redirect(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Refer the person somewhere else: a new referral based on this one, which is closed.

    Answers the old one; ``replaced_by_id`` is the new.
    """
    step = steps.begin(actor, referral_id, "redirect", version)
    old = step.referral
    _permit_to_send(actor, triage=bool(data.get("triage")))
    identity = people.open_identities_unscoped([old.person_id])[old.person_id]
    new = blank(actor, old.person_id)
    for name in _CARRIED_OVER:
        setattr(new, name, getattr(old, name))
    new.based_on_id, new.practice_id = old.id, old.practice_id or new.practice_id
    new.service_id, new.triage = data.get("service_id"), bool(data.get("triage"))
    if new.sender_id == old.sender_id:
        new.return_to_id = old.return_to_id
    text = {name: step.text.get(name) for name in ("reason", "risk_text")}
    copy_identity(new, identity)
    next_step = steps.fresh(actor, new, step.key, text, "send")
    new.text_sealed = encryption.seal(step.key, text, f"referral:{new.id}")
    confirmed = bool(data.get("confirm_duplicate"))
    new.recipient_id = receiving.recipient(
        actor, new.service_id, old.needs.split(","), lambda: identity, before=[old.service_id]
    )
    _dispatch(actor, next_step, identity, confirmed=confirmed, except_ids=[old.id])
    session().add(new)
    session().flush()
    agreeing.carried_over(actor, old, next_step)
    steps.finish(actor, next_step, triage=new.triage, redirected=True)
    old.replaced_by_id, old.closed_at = new.id, clock.now()
    steps.enter(actor, step, "closed")
    return steps.finish(actor, step)


_CARRIED_OVER = (
    "needs", "risk_known", "urgency", "if_not", "consent_refer", "consent_feedback",
    "consent_evaluation", "consent_told", "consent_authority",
)  # fmt: skip


def _permit_to_send(actor: Actor, *, triage: bool) -> None:
    """Everybody who raises for triage may send to the link worker; only who refers to a service."""
    permit(actor, Permission.RAISE_FOR_TRIAGE if triage else Permission.REFER)


def _is_bare_draft(data: Mapping[str, Any]) -> bool:
    return bool(data.get("draft")) and not data.get("service_id")


def _based_on(actor: Actor, referral_id: uuid.UUID | None) -> Referral | None:
    """The referral through which the actor's team supports the person."""
    if referral_id is None:
        return None
    try:
        found = queries.referral(actor, referral_id)
    except NotFound as error:
        raise Invalid({"based_on": [str(_("is not a referral you can see"))]}) from error
    if found.recipient_id != actor.organisation or found.status not in lifecycle.OPEN:
        raise Invalid({"based_on": [str(_("must be an open referral your team works on"))]})
    return found


def _person(actor: Actor, data: Mapping[str, Any], based_on: Referral | None) -> uuid.UUID:
    if data.get("person"):
        try:
            return registry.register(actor, data["person"]).id
        except Invalid as error:
            inside = {f"person.{name}": rules for name, rules in error.errors.items()}
            raise Invalid(inside) from error
    if based_on is not None and data.get("person_id") in (None, based_on.person_id):
        return based_on.person_id
    try:
        return people.row_in_scope(actor, data["person_id"]).id
    except NotFound as error:
        raise Invalid({"person_id": [str(_("is not somebody you know here"))]}) from error


def blank(actor: Actor, person_id: uuid.UUID) -> Referral:
    """A referral of the actor's organisation with nothing in it yet; its caller has permitted."""
    assert actor.organisation is not None  # noqa: S101 - permitted before
    now = clock.now()
    own_practice = actor.organisation if actor.organisation_kind == "practice" else None
    registered_at = people.practice_of_unscoped(person_id)
    return Referral(
        id=new_id(),
        version=1,
        reference=_new_reference(),
        person_id=person_id,
        locality_id=actor.locality,
        sender_id=actor.organisation,
        practice_id=own_practice or registered_at,
        triage=False,
        status="draft",
        told_by=None,
        brought=False,
        said_so=False,
        exception=False,
        self_closing=False,
        urgency="routine",
        needs="",
        area="",
        sex="",
        language="",
        interpreter=False,
        reach_by="",
        access_needs="",
        if_not="link_worker",
        consent_refer=False,
        consent_feedback="full",
        consent_evaluation=False,
        consent_told=False,
        consent_authority="self",
        actions_count=0,
        attendances=0,
        status_since=now,
        created_at=now,
        updated_at=now,
        listed_on=clock.today(),
    )


def _new_reference() -> str:
    """A reference nobody has; the unique constraint is the last word."""
    for _try in range(TRIES):
        made = references.new()
        if session().scalar(select(Referral.id).where(Referral.reference == made)) is None:
            return made
    raise Conflict("No free reference was found. Try again.")


def _fill(found: Referral, text: dict[str, Any], data: Mapping[str, Any]) -> None:
    """Put the answers given into the referral; the others stay as they are."""
    for name in ("service_id", "triage", "urgency", "if_not"):
        if data.get(name) is not None:
            setattr(found, name, data[name])
    if "return_to" in data:
        found.return_to_id = _inbox(found, data["return_to"])
    if "needs" in data:
        found.needs = ",".join(data["needs"])
    if "reason" in data:
        text["reason"] = data["reason"]
    risk, consent = data.get("risk"), data.get("consent")
    if risk:
        found.risk_known = risk["known"]
        text["risk_text"] = risk.get("text") if risk["known"] else None
    if consent:
        for name in ("refer", "feedback", "evaluation", "told", "authority"):
            setattr(found, f"consent_{name}", consent[name])
        text["consent"] = {name: consent.get(name) for name in agreeing.HOW_AGREED}


def _inbox(found: Referral, team_id: uuid.UUID | None) -> uuid.UUID | None:
    """An inbox of the sender's own, or None for its shared address."""
    own = {one.id: one for one in accounts.teams_of(found.sender_id)} if team_id else {}
    if team_id is not None and team_id not in own:
        raise Invalid({"return_to": [str(_("is not an inbox of your organisation"))]})
    return None if team_id is None or own[team_id].default else team_id


def _answers(found: Referral, text: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's answers in the shape of ``schemas.Draft``."""
    return {
        "service_id": found.service_id,
        "triage": found.triage,
        "needs": found.needs.split(",") if found.needs else [],
        "reason": text.get("reason"),
        "risk": {"known": found.risk_known, "text": text.get("risk_text")},
        "consent": {"refer": found.consent_refer},
    }


def copy_identity(found: Referral, identity: Identity) -> None:
    """What a recipient may see before accepting, so that nobody's identity need be opened."""
    found.area, found.sex = identity.area, identity.sex
    found.age_band = disclosure.age_band(identity.date_of_birth, clock.today())
    found.language, found.interpreter = identity.language, identity.interpreter
    found.reach_by = ",".join(identity.reach_by)
    found.access_needs = ",".join(identity.access_needs)


def _dispatch(
    actor: Actor,
    step: Step,
    identity: Identity,
    *,
    confirmed: bool,
    except_ids: Sequence[uuid.UUID] = (),
) -> None:
    """Hand the referral to its recipient, which ``receiving`` has locked, so two never race."""
    found = step.referral
    registry.link(actor, found.person_id)
    if people.standings_unscoped([found.person_id])[found.person_id].deceased_on:
        raise Conflict(str(_("This person has died, so they cannot be referred.")))
    with session().no_autoflush:
        same = queries.duplicate_of(actor, found, except_ids=except_ids)
    if same is not None and not confirmed:
        raise Duplicate(str(same))
    if found.based_on_id is None and actor.organisation_kind == "link_worker_team":
        found.based_on_id = queries.held_of_person(actor, found.person_id)
    team = accounts.link_worker_team_of(found.practice_id or found.sender_id)
    found.fallback_id = None if team in (found.recipient_id, found.sender_id) else team
    if found.triage:
        found.team_id = found.recipient_id
    found.sent_by_id, found.sent_at = actor.id, clock.now()
    if disclosure.age_band(identity.date_of_birth, clock.today()) is None:
        raise Invalid({"person.date_of_birth": [str(_("must be today or in the past"))]})
    steps.enter(actor, step, "sent")
