"""A locality changes what it asks for: who is affected is known before it is saved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.vetting import queries, scheme
from referral.vetting.checks import TIER_LABELS, TIERS, VERSION, Check
from referral.vetting.models import Application, Hosting, SchemeVersion
from referral.vetting.queries import Dossier
from referral.vetting.scheme import Scheme
from referral.vetting.services.history import note
from referral.vetting.services.standing import write_down

# Up to this many are written down at once; of more the clock takes care, some minutes later.
AT_ONCE = 50


@dataclass(frozen=True)
class Affected:
    """What a change means to one organisation: checks it is newly asked, or asked no longer.

    ``otherwise``: asked as before, but differently. ``would_pause``: a service that takes
    referrals today would not, until what is missing has been given and accepted.
    """

    id: uuid.UUID
    application_id: uuid.UUID
    name: str
    gains: tuple[Check, ...]
    loses: tuple[Check, ...]
    otherwise: tuple[Check, ...]
    would_pause: bool


@dataclass(frozen=True)
class Effect:
    """What a change would do. ``changed``: keys of checks. ``total``: how many are checked here.

    ``organisations``: those it touches, the ones that would be paused first.
    """

    before: Scheme
    after: Scheme
    changed: tuple[str, ...]
    organisations: tuple[Affected, ...]
    total: int

    @property
    def same(self) -> bool:
        """Nothing would be different."""
        return replace(self.after, number=self.before.number) == self.before


def preview(actor: Actor, locality_id: uuid.UUID, data: Mapping[str, Any]) -> Effect:
    """What saving ``data`` (``schemas.SchemeBody``) would do; nothing is kept."""
    locality = _locality(actor, locality_id)
    permit(actor, Permission.SET_CHECKS, queries.Of(locality_id))
    before = queries.scheme_of(locality_id)
    return _effect(locality, before, _next(before, data))


def set_scheme(
    actor: Actor, locality_id: uuid.UUID, number: int, data: Mapping[str, Any]
) -> SchemeVersion:
    """Keep ``data`` as the next version; ``number`` is the one its writer saw.

    Raise ``StaleVersion`` when there is a newer one, ``Invalid`` when nothing would change.
    """
    locality = _locality(actor, locality_id, to_change=True)
    permit(actor, Permission.SET_CHECKS, queries.Of(locality_id))
    before = queries.scheme_of(locality_id)
    if before.number != number:
        raise StaleVersion(number, before.number)
    after = _next(before, data)
    _refuse_shared(locality_id, before, after)
    effect = _effect(locality, before, after)
    if effect.same:
        raise Invalid({"rules": [str(_("say the same as the version before"))]})
    made = SchemeVersion(
        locality_id=locality_id,
        number=number + 1,
        base=VERSION,
        rules=_as_json(data["rules"]),
        two_reviewers=list(data["two_reviewers"]),
        appeal_route=data["appeal_route"],
        assurer_email=data["assurer_email"],
        reason=data["reason"],
        affected=len(effect.organisations),
        made_at=clock.now(),
        made_by=actor.id,
    )
    session().add(made)
    session().flush()
    _look_again(locality_id, effect)
    after_it = {"number": made.number, "base": VERSION, "affected": made.affected}
    note(actor, "set", "scheme", made.id, None, locality_id, after_it)
    audit.record(
        actor, "scheme:set", ("locality", locality_id), number=made.number, affected=made.affected
    )
    return made


def _locality(actor: Actor, locality_id: uuid.UUID, *, to_change: bool = False) -> Locality:
    """The locality in scope. One version after the other: the row is held, but not against those
    who write rows that belong to it."""
    lock = {"key_share": True} if to_change else None
    found = session().get(Locality, locality_id, with_for_update=lock)
    near = actor.locality == locality_id or actor.has("administrator") or actor.kind == "system"
    if found is None or not near:
        raise NotFound
    return found


def _refuse_shared(locality_id: uuid.UUID, before: Scheme, after: Scheme) -> None:
    """Raise ``Invalid`` when a new check of one's own has the key of another locality's."""
    new = {check.key for check in after.checks} - {check.key for check in before.checks}
    own = [key for key in new if key.startswith(scheme.OWN)]
    taken = queries.own_elsewhere(locality_id, own) if own else ()
    if taken:
        told = _("{key} is a check of another locality: choose another key", key=taken[0])
        raise Invalid({"rules": [str(told)]})


def _next(before: Scheme, data: Mapping[str, Any]) -> Scheme:
    """``data`` as the scheme after ``before``; ``Invalid`` for what makes no sense."""
    try:
        checks = scheme.read(_as_json(data["rules"]))
    except ValueError as error:
        raise Invalid({"rules": [str(error)]}) from error
    for tier in TIERS:
        if not any(one.mandatory and one.pauses and tier in one.tiers for one in checks):
            told = _("leave nothing to ask of: {tier}", tier=TIER_LABELS[tier])
            raise Invalid({"rules": [str(told)]})
    return Scheme(
        number=before.number + 1,
        checks=checks,
        two_reviewers=frozenset(tier for tier in TIERS if tier in data["two_reviewers"]),
        appeal_route=data["appeal_route"],
        assurer_email=data["assurer_email"],
    )


def _as_json(rules: Any) -> list[dict[str, Any]]:
    """The rules with nothing in them that says nothing."""
    return [
        {name: value for name, value in rule.items() if not (name == "drop" and not value)}
        for rule in rules
    ]


def _effect(locality: Locality, before: Scheme, after: Scheme) -> Effect:
    changed = scheme.changed_keys(before, after)
    everybody = queries.everybody_unscoped(locality, before)
    today = clock.today()
    found = [
        touched
        for one in everybody
        if (touched := _affected(one, replace(one, scheme=after), changed, today)) is not None
    ]
    found.sort(key=lambda one: not one.would_pause)
    return Effect(before, after, changed, tuple(found), len(everybody))


def _affected(
    before: Dossier, after: Dossier, changed: tuple[str, ...], today: date
) -> Affected | None:
    """What the change means to one organisation; None = nothing."""
    application = before.application
    old, new = _asked(before), _asked(after)
    gains = tuple(check for key, check in new.items() if key not in old)
    loses = tuple(check for key, check in old.items() if key not in new)
    otherwise = tuple(
        check
        for key, check in new.items()
        if key in changed and key in old and replace(old[key], tiers=check.tiers) != check
    )
    if application is None or not (gains or loses or otherwise):
        return None
    return Affected(
        id=before.organisation.id,
        application_id=application.id,
        name=before.organisation.name,
        gains=gains,
        loses=loses,
        otherwise=otherwise,
        would_pause=any(
            before.standing(offer, today).accepts and not after.standing(offer, today).accepts
            for offer in before.services
        ),
    )


def _asked(of: Dossier) -> dict[str, Check]:
    return {check.key: check for offer in of.services for check in of.wanted(offer)}


def _look_again(locality_id: uuid.UUID, effect: Effect) -> None:
    """Everybody of the locality is looked at today; a few whom it touches at once.

    All that may be written down is locked together, by id: what these organisations asked for
    elsewhere, and the groups they answer for, too.
    """
    near = Application.locality_id == locality_id
    asked = near & Application.status.not_in(queries.OUT_OF_IT)
    whose = select(Application.organisation_id).where(asked)
    hosted = select(Hosting.hosted_id).where(
        Hosting.anchor_id.in_(whose), Hosting.ended_at.is_(None)
    )
    every = session().scalars(
        select(Application)
        .where(or_(Application.organisation_id.in_(whose), Application.organisation_id.in_(hosted)))
        .order_by(Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for one in every:
        if one.locality_id == locality_id and one.status not in queries.OUT_OF_IT:
            one.look_on = clock.today()
    session().flush()
    if len(effect.organisations) <= AT_ONCE:
        for touched in sorted(effect.organisations, key=lambda one: one.application_id):
            write_down(SYSTEM, touched.id, locality_id)
