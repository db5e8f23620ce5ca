"""Where messages about checks go, and how each is written once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.core.i18n import Lazy
from referral.outbox import bundling, services
from referral.outbox.rendering import Personal, Postcard, refuse_personal
from referral.outbox.services import enqueue

FOLDER = "vetting/messages/"


@dataclass(frozen=True)
class Place:
    """An address, and the organisation whose it is."""

    to: str
    organisation_id: uuid.UUID


def people_of(actor: Actor, organisation_id: uuid.UUID) -> list[Place]:
    """The organisation's inbox; where it has none, its managers."""
    inbox = accounts.inbox_of(organisation_id)
    return _places(organisation_id, inbox or _with(organisation_id, "provider_manager"))


def leads_of(actor: Actor, team_id: uuid.UUID) -> list[Place]:
    """The leads of a link-worker team; where there is none, its inbox."""
    return _places(team_id, _with(team_id, "link_worker_lead") or accounts.inbox_of(team_id))


def _with(organisation_id: uuid.UUID, role: str) -> list[str]:
    return [one.email for one in accounts.users_with_roles(organisation_id, (role,))]


def _places(organisation_id: uuid.UUID, addresses: list[str]) -> list[Place]:
    return [Place(to, organisation_id) for to in dict.fromkeys(addresses) if to]


def send(
    actor: Actor,
    place: Place,
    template: str,
    subject_id: uuid.UUID,
    facts: str,
    context: Mapping[str, Postcard],
) -> bool:
    """Write a message down, unless the same was: about ``subject_id``, with the same ``facts``.

    ``template`` is the name of a file of ``FOLDER`` without its ending.
    """
    return enqueue(
        actor,
        key=_key(place, template, subject_id, facts),
        to=place.to,
        template=f"{FOLDER}{template}.txt",
        context=context,
        organisation=place.organisation_id,
        subject_id=subject_id,
    )


def set_aside(
    actor: Actor,
    place: Place,
    template: str,
    subject_id: uuid.UUID,
    facts: str,
    context: Mapping[str, Postcard],
) -> bool:
    """The same, for the organisation's one message a month."""
    return services.set_aside(
        actor,
        _key(place, template, subject_id, facts),
        place.to,
        f"{FOLDER}{template}.txt",
        context,
        place.organisation_id,
    )


def next_message(place: Place) -> date:
    """When the organisation gets its next message of the month."""
    return bundling.next_day(clock.today(), accounts.calendar_of(place.organisation_id))


def _key(place: Place, template: str, subject_id: uuid.UUID, facts: str) -> str:
    told = hashlib.sha256(f"{template}\n{facts}\n{place.to}".encode()).hexdigest()
    return f"vetting:{subject_id}:{told}"


def fit(words: str | Lazy, otherwise: Lazy) -> str:
    """The words, unless they hold a number or an address: a message must not be stopped by that."""
    try:
        refuse_personal({"called": words})
    except Personal:
        return str(otherwise)
    return str(words)
