"""Measures that need a licence: its reference, the words and the table; nothing opens without.

The licence is the organisation's; words and conversion table come from the licence holder. Other
words are another edition: what was answered before keeps the words it was asked in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _
from referral.outcomes.defining import Undefined, defined, read_words
from referral.outcomes.measures import SLOTS, Measure, Slot
from referral.outcomes.models import MeasureLicence
from referral.outcomes.queries import instruments as queries

EDITIONS_MAX = 20


def set_licence(
    actor: Actor, measure: str, version: int | None, data: Mapping[str, Any]
) -> MeasureLicence:
    """Enter the organisation's licence; ``data`` as ``schemas.Licence``. 0 or None: a new one."""
    _permit(actor, measure)
    if data["until"] is not None and data["until"] < data["since"]:
        raise Invalid({"until": [str(_("must not be before the first day"))]})
    found = queries.licence_to_change(actor, measure)
    if found is None:
        if version:
            raise StaleVersion(version, 0)
        found = MeasureLicence(
            id=new_id(),
            version=0,
            organisation_id=actor.organisation,
            measure=measure,
            definition={},
        )
        session().add(found)
    elif version != found.version:
        raise StaleVersion(version or 0, found.version)
    found.reference, found.since, found.until = data["reference"], data["since"], data["until"]
    found.entered_by_id, found.entered_at = actor.user, clock.now()
    return _kept(actor, found, "licence:entered")


def load_words(actor: Actor, measure: str, version: int | None, raw: bytes) -> MeasureLicence:
    """Load words and table as JSON (``defining``), of the licence that was entered.

    Raise ``Invalid`` on ``file``, naming each place that is wrong.
    """
    slot = _permit(actor, measure)
    found = _own(actor, measure, version)
    try:
        words = read_words(raw)
    except Undefined as error:
        raise Invalid(error.errors) from error
    loaded = list(found.definition.get("editions", []))
    wrong = _wrong(slot, words, str(len(loaded) + 1))
    if wrong:
        raise Invalid({"file": wrong})
    if loaded and loaded[-1] == words:
        return found
    if len(loaded) >= EDITIONS_MAX:
        raise Conflict(str(_("There are {n} editions of it: that is all.", n=EDITIONS_MAX)))
    found.definition = {"editions": [*loaded, words]}
    return _kept(actor, found, "licence:words_loaded")


def end_licence(actor: Actor, measure: str, version: int | None) -> MeasureLicence:
    """It ends now: nobody of the organisation may ask it from today on; what was answered stays."""
    _permit(actor, measure)
    found = _own(actor, measure, version)
    found.until = min(found.until or clock.today(), clock.today() - timedelta(days=1))
    return _kept(actor, found, "licence:ended")


def _wrong(slot: Slot, words: Mapping[str, Any], edition: str) -> list[str]:
    try:
        measure = defined(words, slot.key, edition)
    except Undefined as error:
        return [f"{place}: {rule}" for place, rules in error.errors.items() for rule in rules]
    return [str(rule) for rule in _not_the_slot(slot, measure)]


def _not_the_slot(slot: Slot, measure: Measure) -> list[Lazy]:
    """A score of other bounds or another number of questions is another instrument."""
    rules: list[Lazy] = []
    if len(measure.items) != slot.items:
        rules.append(_("items: must be {n} questions", n=slot.items))
    if not measure.summed:
        rules.append(_("summed: must be true"))
    scores = sorted((measure.table or {}).values())
    if not scores:
        rules.append(_("table: is required, to turn the sum into the score"))
    elif scores[0] < slot.low or scores[-1] > slot.high:
        rules.append(_("table: must stay from {low} to {high}", low=slot.low, high=slot.high))
    return rules


def _permit(actor: Actor, measure: str) -> Slot:
    if measure not in SLOTS:
        raise NotFound
    if actor.organisation is None:
        raise Forbidden
    permit(actor, Permission.KEEP_LICENCES, accounts.organisation(actor, actor.organisation))
    own = select(Organisation.id).where(Organisation.id == actor.organisation)
    session().execute(own.with_for_update(key_share=True))
    return SLOTS[measure]


def _own(actor: Actor, measure: str, version: int | None) -> MeasureLicence:
    found = queries.licence_to_change(actor, measure)
    if found is None:
        raise Conflict(str(_("Enter the licence first.")))
    if version != found.version:
        raise StaleVersion(version or 0, found.version)
    return found


def _kept(actor: Actor, found: MeasureLicence, event: str) -> MeasureLicence:
    found.version += 1
    session().flush()
    audit.record(actor, event, ("organisation", found.organisation_id), measure=found.measure)
    return found
