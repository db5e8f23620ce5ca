"""A locality's own measure: defined as a draft, opened, and retired; other words, a new edition."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, StaleVersion
from referral.core.i18n import _
from referral.outcomes import defining
from referral.outcomes.measures import MEASURES, SLOTS
from referral.outcomes.models import LocalMeasure
from referral.outcomes.queries import instruments as queries

DRAFT, OPEN, RETIRED = "draft", "open", "retired"
EDITIONS_MAX = 99


def define(actor: Actor, key: str, definition: Mapping[str, Any]) -> LocalMeasure:
    """A new measure of the actor's locality, or the next edition of one: a draft to look at.

    A draft of the same ``key`` is written anew. Raise ``Invalid`` naming each place that is wrong.
    """
    permit(actor, Permission.SET_MEASURES)
    if actor.locality is None:
        raise Forbidden
    if key in MEASURES or key in SLOTS:
        raise Invalid({"key": [str(_("is the name of another measure"))]})
    if not defining.is_key(key):
        raise Invalid({"key": [str(_("must be a short name in small letters"))]})
    here = select(Locality.id).where(Locality.id == actor.locality)
    session().execute(here.with_for_update(key_share=True))
    earlier = list(
        session().scalars(
            select(LocalMeasure)
            .where(LocalMeasure.locality_id == actor.locality, LocalMeasure.key == key)
            .order_by(LocalMeasure.made_at, LocalMeasure.id)
            .with_for_update()
        )
    )
    found = next((row for row in earlier if row.state == DRAFT), None)
    if found is None:
        if len(earlier) >= EDITIONS_MAX:
            raise Conflict(str(_("There are {n} editions of it: that is all.", n=EDITIONS_MAX)))
        number = max((int(row.edition) for row in earlier), default=0) + 1
        found = LocalMeasure(
            id=new_id(),
            version=0,
            locality_id=actor.locality,
            key=key,
            edition=str(number),
            state=DRAFT,
            made_at=clock.now(),
            made_by_id=actor.user,
        )
    found.definition = _sound(definition, key, found.edition)
    session().add(found)
    return _kept(actor, found, "measure:defined")


def load_measure(actor: Actor, raw: bytes) -> LocalMeasure:
    """A draft from a file of JSON, with its ``key`` or one made of its title."""
    permit(actor, Permission.SET_MEASURES)
    try:
        words = defining.read_words(raw)
    except defining.Undefined as error:
        raise Invalid(error.errors) from error
    key = words.pop("key", None)
    if not isinstance(key, str):
        key = new_key(actor, str(words.get("title", "")))
    return define(actor, key, words)


def open_measure(actor: Actor, measure_id: uuid.UUID, version: int | None) -> LocalMeasure:
    """From now on it is asked in these words; the edition asked so far is retired."""
    found = _taken(actor, measure_id, version)
    if found.state != DRAFT:
        raise Conflict(str(_("Only a draft can be opened. Other words are another edition.")))
    _sound(found.definition, found.key, found.edition)
    asked = session().scalars(
        select(LocalMeasure)
        .where(
            LocalMeasure.locality_id == found.locality_id,
            LocalMeasure.key == found.key,
            LocalMeasure.state == OPEN,
        )
        .with_for_update()
    )
    for row in asked:
        row.state = RETIRED
        row.version += 1
    found.state = OPEN
    return _kept(actor, found, "measure:opened")


def retire(actor: Actor, measure_id: uuid.UUID, version: int | None) -> LocalMeasure:
    """It is asked no more; what was answered stays and is read in its words."""
    found = _taken(actor, measure_id, version)
    if found.state != RETIRED:
        found.state = RETIRED
        return _kept(actor, found, "measure:retired")
    return found


def new_key(actor: Actor, title: str) -> str:
    """A free name for a measure of this title."""
    permit(actor, Permission.SET_MEASURES)
    named = "".join(char if char.isalnum() and char.isascii() else "_" for char in title.lower())
    stem = "_".join(part for part in named.split("_") if part)[:30].strip("_")
    stem = stem if stem[:1].isalpha() else f"own_{stem}".strip("_")
    taken = set(
        session().scalars(
            select(LocalMeasure.key)
            .where(LocalMeasure.locality_id == actor.locality)
            .group_by(LocalMeasure.key)
            .having(func.count() > 0)
        )
    ) | {*MEASURES, *SLOTS}
    tries = (stem, *(f"{stem}_{n}" for n in range(2, 1000)))
    return next(one for one in tries if one not in taken)


def _sound(definition: Mapping[str, Any], key: str, edition: str) -> dict[str, Any]:
    try:
        words: dict[str, Any] = defining.cleaned(dict(definition))
        defining.defined(words, key, edition)
    except defining.Undefined as error:
        raise Invalid(error.errors) from error
    return words


def _taken(actor: Actor, measure_id: uuid.UUID, version: int | None) -> LocalMeasure:
    found = queries.own_measure(actor, measure_id, to_change=True)
    if version != found.version:
        raise StaleVersion(version or 0, found.version)
    return found


def _kept(actor: Actor, found: LocalMeasure, event: str) -> LocalMeasure:
    found.version += 1
    session().flush()
    subject = ("locality", found.locality_id)
    audit.record(actor, event, subject, measure=found.key, edition=found.edition)
    return found
