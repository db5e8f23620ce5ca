"""What checks mean for services today, written down where everybody else reads it; and the clock.

``write_down`` follows every change of an answer, a decision, a hosting or the rules; ``look_at`` is
the clock's. Either may come as often as it likes: what is so already is neither written nor told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.roles import ROLE_LABELS
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.core.errors import Forbidden
from referral.directory import services as directory
from referral.directory.models import Listing
from referral.vetting import listed, passport, queries
from referral.vetting.listed import Seen
from referral.vetting.models import Application, Hosting, VettedService
from referral.vetting.passport import IN_FORCE, Standing
from referral.vetting.queries import Dossier, Offer
from referral.vetting.services import loading, notices
from referral.vetting.services.history import note

DAY = timedelta(days=1)
# While a service's checks are in one of these, it was not held back by them.
GOOD = frozenset({"current", "expiring", "waived"})


@dataclass(frozen=True)
class _Written:
    """``changed`` listings; ``until``: the ends of everything that was looked at."""

    changed: int
    paused_on: date | None
    until: tuple[date, ...]


def write_down(
    actor: Actor, organisation_id: uuid.UUID, locality_id: uuid.UUID | None = None
) -> int:
    """Write down what the services of an organisation may do, and those of groups it answers for.

    In every locality where it applied, or in one. Listings follow from the first decision on: to
    apply takes nothing away. Answer how many of them changed. Who stopped or goes on is told.
    """
    hosted = session().scalars(
        select(Hosting.hosted_id).where(
            Hosting.anchor_id == organisation_id, Hosting.ended_at.is_(None)
        )
    )
    every = loading.applications_of(actor, organisation_id, *hosted)
    here = [one for one in every if locality_id in (None, one.locality_id)]
    # Its own first: what runs out is told of the anchor, then of the groups it answers for.
    here.sort(key=lambda one: one.organisation_id != organisation_id)
    return sum(_keep(actor, made) for made in here)


def look_at(actor: Actor, application_id: uuid.UUID) -> None:
    """Do what is due today for one application: write it down, tell what ends and what ran out."""
    if actor.kind != "system":
        raise Forbidden
    made = loading.application(actor, application_id)
    found, written, stopped = _write(actor, made)
    if made.status in IN_FORCE:
        notices.tell(actor, made, found, stopped=stopped)
    # The rules may have changed: what they no longer ask waits for nobody.
    loading.mark_waiting(actor, made)
    made.look_on = _next_look(made, written)


def _keep(actor: Actor, made: Application) -> int:
    """Write one application down. What else is to be told, the clock tells when it comes next."""
    found, written, stopped = _write(actor, made)
    if stopped is not None:
        notices.tell(actor, made, found, stopped=stopped, only_out=True)
    made.look_on = clock.today() if made.status in IN_FORCE else None
    return written.changed


def _write(actor: Actor, made: Application) -> tuple[Dossier, _Written, bool | None]:
    """What is so today; the last of the three: referrals stopped (True), go on again (False)."""
    found = queries.dossier_unscoped(made.organisation_id, made.locality_id)
    before, was = made.paused_on, made.status
    written = _write_services(found, made)
    made.tier = found.tier
    if was == "suspended":
        return found, written, None
    made.paused_on = written.paused_on
    session().flush()
    if (before is None) == (made.paused_on is None) or was not in IN_FORCE:
        return found, written, None
    stopped = made.paused_on is not None
    made.updated_at = clock.now()
    note(
        actor,
        "paused" if stopped else "resumed",
        "application",
        made.id,
        made.organisation_id,
        made.locality_id,
        {"paused_on": made.paused_on},
    )
    return found, written, stopped


def _write_services(found: Dossier, made: Application) -> _Written:
    today = clock.today()
    offers = sorted(found.services, key=lambda one: one.service.id)
    paused = _paused_before(offer.service.id for offer in offers)
    seen = _seen(found)
    changed, days, ends = 0, [], set()
    for offer in offers:
        standing, read_at = found.standing(offer, today), offer.service.updated_at
        day = _paused_on(made, offer, standing, paused.get(offer.service.id))
        if made.decision_id is not None:
            told = _checked(made, found, offer, standing, seen, day)
            changed += directory.write_checks(SYSTEM, offer.service.id, told)
        _remember(found, offer, standing, read_at)
        days += [day] if day else []
        ends |= {item.until for item in standing.items if item.until}
    return _Written(changed, min(days, default=None), tuple(ends))


def _paused_before(service_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, date | None]:
    rows = session().execute(
        select(Listing.service_id, Listing.paused_on).where(Listing.service_id.in_(service_ids))
    )
    return {row.service_id: row.paused_on for row in rows}


def _paused_on(
    made: Application, offer: Offer, standing: Standing, before: date | None
) -> date | None:
    """Since when new referrals to a service are held back by a check that counted; None: not."""
    today, status = clock.today(), made.status
    if status == "suspended":
        return before
    comes_alone = offer.does.way == "signpost" or standing.state == "above"
    if status not in IN_FORCE or comes_alone or not standing.short_of:
        return None
    if before is not None:
        return before
    if offer.vetted is not None and offer.vetted.state in GOOD:
        until = offer.vetted.until
        return until + DAY if until is not None and until < today else today
    return standing.until + DAY if standing.state == "lapsed" and standing.until else None


def _checked(
    made: Application,
    found: Dossier,
    offer: Offer,
    standing: Standing,
    seen: dict[str, Seen],
    paused_on: date | None,
) -> directory.Checked:
    decided_on = clock.local(made.decided_at).date() if made.decided_at else None
    in_force = made.status in IN_FORCE
    dates = [seen[one.check.key].on for one in standing.items if one.check.key in seen]
    entry = Seen(on=offer.service.checked_on)
    return directory.Checked(
        accepts_referrals=standing.accepts,
        reason=listed.reason(standing, offer.does, made.status),
        until=standing.until,
        checks_summary=listed.summary(standing) if in_force else "",
        assured_date=max((day for day in (*dates, decided_on) if day), default=None)
        if in_force
        else None,
        assurer_email=found.scheme.assurer_email if in_force else "",
        state=standing.state,
        tier=offer.does.tier,
        way=offer.does.way,
        paused_on=paused_on,
        passport=listed.document(
            standing,
            seen | dict.fromkeys(("accessibility", "listing_accuracy"), entry),
            decided_on=decided_on,
            decision=made.status,
            conditions=made.conditions if in_force else "",
        ),
    )


def _seen(found: Dossier) -> dict[str, Seen]:
    """Of each check: who looked at the answer that counts. Roles and organisations, no names."""
    answers = {
        check.key: answer
        for check in found.scheme.checks
        if (answer := found.answer(check)) is not None
    }
    kinds = {check.key: check.kind for check in found.scheme.checks}
    names = accounts.names_of(one.evidence.reviewer_organisation_id for one in answers.values())
    told = {}
    for key, answer in answers.items():
        one = answer.evidence
        role = ROLE_LABELS.get(one.reviewer_role)
        where = names.get(one.reviewer_organisation_id) if one.reviewer_organisation_id else None
        vouched = found.hosting.limits if answer.held_by and found.hosting else ""
        uncopied = one.kind == "stated" and kinds[key] in listed.ON_PAPER
        told[key] = Seen(
            on=clock.local(one.reviewed_at).date() if one.reviewed_at else None,
            by=", ".join(part for part in (role.message if role else None, where) if part),
            limits=(listed.NO_COPY.message if uncopied else "", one.limits, vouched),
            held_by=answer.held_by.name if answer.held_by is not None else "",
            applies=one.kind != "not_applicable",
        )
    return told


def _remember(found: Dossier, offer: Offer, standing: Standing, read_at: datetime) -> None:
    """What was written, and from which entry: whoever changes it meanwhile is not overlooked."""
    kept = offer.vetted
    if kept is None:
        kept = VettedService(service_id=offer.service.id)
        session().add(kept)
    kept.organisation_id, kept.locality_id = found.organisation.id, found.locality.id
    kept.tier, kept.state = offer.does.tier, standing.state
    kept.accepts, kept.until = standing.accepts, standing.until
    kept.entry_updated_at = read_at
    session().flush()


def _next_look(made: Application, written: _Written) -> date | None:
    """The next day on which something ends, or is to be told; None while nothing is in force."""
    if made.status not in listed.SHOWN:
        return None
    days = (passport.look_on(until, clock.today()) for until in written.until)
    return min((day for day in days if day), default=None)
