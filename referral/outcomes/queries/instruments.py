"""Every measure that may be asked in a place, with all its editions: ours, its own, licensed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.outcomes.defining import defined
from referral.outcomes.measures import MEASURES, SLOTS, Measure, may_ask
from referral.outcomes.models import LocalMeasure, MeasureLicence


@dataclass(frozen=True)
class Instrument:
    """A measure in its current edition, and what it was before. ``licence_id``: asked under it."""

    measure: Measure
    is_open: bool = True
    licence_id: uuid.UUID | None = None
    editions: Mapping[str, Measure] = field(default_factory=dict)


def instruments_unscoped(
    locality_id: uuid.UUID | None, organisation_id: uuid.UUID | None
) -> dict[str, Instrument]:
    """By key, in the order they are offered; two statements."""
    found = {
        key: Instrument(measure, editions={measure.edition: measure})
        for key, measure in MEASURES.items()
    }
    own: dict[str, list[LocalMeasure]] = {}
    for row in _locals([locality_id] if locality_id else []):
        own.setdefault(row.key, []).append(row)
    for key, rows in own.items():
        found[key] = _local(rows)
    today = clock.today()
    for licence in _licences(organisation_id):
        editions = loaded_unscoped(licence)
        if not editions:
            continue
        open_ = may_ask(licence.reference, bool(editions), licence.until, today)
        found[licence.measure] = Instrument(
            list(editions.values())[-1],
            open_ and licence.since <= today,
            licence.id,
            editions,
        )
    return found


def editions_unscoped(
    locality_ids: Iterable[uuid.UUID],
) -> dict[tuple[uuid.UUID, str, str], Measure]:
    """Every edition of the localities' own measures, by locality, key and edition."""
    return {
        (row.locality_id, row.key, row.edition): defined(row.definition, row.key, row.edition)
        for row in _locals(locality_ids)
        if row.state != "draft"
    }


def in_place(actor: Actor) -> list[Measure]:
    """What the actor's organisation may ask somebody of its locality."""
    permit(actor, Permission.KEEP_OUTCOMES)
    found = instruments_unscoped(actor.locality, actor.voice)
    # Only a link-worker team writes a plan, whose goals are asked about.
    team = actor.organisation_kind == "link_worker_team"
    return [
        one.measure for one in found.values() if one.is_open and (one.measure.key != "goal" or team)
    ]


def own_measures(actor: Actor) -> list[LocalMeasure]:
    """The measures of the actor's locality in every edition and state, the latest first."""
    permit(actor, Permission.SET_MEASURES)
    rows = _locals([actor.locality] if actor.locality else [])
    return sorted(rows, key=lambda row: (row.key, -int(row.edition)))


def own_measure(actor: Actor, measure_id: uuid.UUID, *, to_change: bool = False) -> LocalMeasure:
    """One of them; ``to_change`` locks it. Raise ``NotFound``, ``Forbidden``."""
    chosen = select(LocalMeasure).where(
        LocalMeasure.id == measure_id, LocalMeasure.locality_id == actor.locality
    )
    if to_change:
        chosen = chosen.with_for_update().execution_options(populate_existing=True)
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    permit(actor, Permission.SET_MEASURES, found)
    return found


def licences(actor: Actor) -> dict[str, MeasureLicence | None]:
    """The organisation's licence for each measure that needs one; None where it has none."""
    permit(actor, Permission.KEEP_LICENCES)
    found = {row.measure: row for row in _licences(actor.organisation)}
    return {key: found.get(key) for key in SLOTS}


def licence_to_change(actor: Actor, measure: str) -> MeasureLicence | None:
    """The organisation's licence, locked."""
    return session().scalar(
        select(MeasureLicence)
        .where(
            MeasureLicence.organisation_id == actor.organisation, MeasureLicence.measure == measure
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def shipped(key: str, edition: str) -> Measure | None:
    """One of ours, in this edition."""
    found = MEASURES.get(key)
    return found if found is not None and found.edition == edition else None


def licensed(definition: Mapping[str, Any], key: str, edition: str) -> Measure | None:
    """What a licence holder loaded, in this edition."""
    place = int(edition) - 1 if edition.isdecimal() else -1
    loaded = definition.get("editions", [])
    return defined(loaded[place], key, edition) if 0 <= place < len(loaded) else None


def of_row_unscoped(
    key: str,
    edition: str,
    own: Mapping[str, Any] | None,
    licence: Mapping[str, Any] | None,
) -> Measure | None:
    """The measure of an answer: ours, or by the definition of the locality or of the licence."""
    if licence:
        return licensed(licence, key, edition)
    return defined(own, key, edition) if own else shipped(key, edition)


def loaded_unscoped(licence: MeasureLicence) -> dict[str, Measure]:
    """What was loaded, the current edition last; empty until it was."""
    loaded = licence.definition.get("editions", [])
    return {
        str(number): defined(words, licence.measure, str(number))
        for number, words in enumerate(loaded, start=1)
    }


def _local(rows: list[LocalMeasure]) -> Instrument:
    """The open edition, or else the last that was."""
    asked = [row for row in rows if row.state != "draft"] or rows
    current = next((row for row in reversed(asked) if row.state == "open"), asked[-1])
    editions = {row.edition: defined(row.definition, row.key, row.edition) for row in asked}
    return Instrument(editions[current.edition], current.state == "open", editions=editions)


def _locals(locality_ids: Iterable[uuid.UUID]) -> list[LocalMeasure]:
    wanted = list(locality_ids)
    if not wanted:
        return []
    found = session().scalars(
        select(LocalMeasure)
        .where(LocalMeasure.locality_id.in_(wanted))
        .order_by(LocalMeasure.key, LocalMeasure.made_at, LocalMeasure.id)
    )
    return list(found)


def _licences(organisation_id: uuid.UUID | None) -> list[MeasureLicence]:
    if organisation_id is None:
        return []
    return list(
        session().scalars(
            select(MeasureLicence)
            .where(MeasureLicence.organisation_id == organisation_id)
            .order_by(MeasureLicence.measure)
        )
    )
