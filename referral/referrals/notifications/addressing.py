"""Whom a message about a referral reaches: the group's contacts, a named person, or the box.

A group's contacts answer for it and are told of everything, each with a link of their own. A named
person who is there is told alone and chose what of: at once, in a digest, or exceptions only. Where
there is neither, the box of the organisation hears of it. Nobody hears of one event twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from referral.accounts import queries as accounts
from referral.accounts.queries import Told
from referral.core.actor import Actor
from referral.outbox.channels import sends_texts
from referral.referrals.models import Referral


@dataclass(frozen=True)
class Address:
    """Where a message goes, for whom. ``to`` is not to be shown or logged; None in ``reader_id``
    is a box. ``own``: it is somebody's own address, forgotten once the message has left.
    """

    to: str
    organisation: uuid.UUID
    reader: str = "organisation"
    reader_id: uuid.UUID | None = None
    channel: str = "email"
    own: bool = False


@dataclass
class Hearers:
    """Who hears of an event now, and who in their next digest."""

    now: list[Address] = field(default_factory=list)
    later: list[uuid.UUID] = field(default_factory=list)


def addresses(
    actor: Actor, found: Referral, organisation: uuid.UUID, named: uuid.UUID | None = None
) -> list[Address]:
    """Everybody of the organisation who must hear of the referral today."""
    return hearers(actor, found, organisation, must_know=True, named=named).now


def hearers(
    actor: Actor,
    found: Referral,
    organisation: uuid.UUID,
    *,
    must_know: bool,
    named: uuid.UUID | None = None,
) -> Hearers:
    """Who of the organisation hears of an event. ``must_know``: only they can do something about
    it, or it must be known today. ``named``: somebody other than who holds or sent it.
    """
    heard = Hearers(now=contacts(found, organisation))
    user_id = named or _named(found, organisation)
    told = accounts.told_unscoped(user_id, organisation) if user_id else None
    if told is not None and told.is_there:
        _tell(heard, told, organisation, must_know=must_know or told.when == "at_once")
    elif not heard.now:
        heard.now = box(organisation)
    heard.now = once(heard.now)
    return heard


def _tell(heard: Hearers, told: Told, organisation: uuid.UUID, *, must_know: bool) -> None:
    if must_know:
        heard.now.append(of_user(told, organisation))
    elif told.when == "digest":
        heard.later.append(told.user_id)


def _named(found: Referral, organisation: uuid.UUID) -> uuid.UUID | None:
    """The person known at the organisation: who holds the referral, or who sent it."""
    if organisation == found.owner_id and found.owner_user_id is not None:
        return found.owner_user_id
    return found.sent_by_id if organisation == found.sender_id else None


def contacts(found: Referral, organisation: uuid.UUID) -> list[Address]:
    """Who answers for the group by link, where it is the recipient."""
    if organisation != found.recipient_id or found.service_id is None:
        return []
    return of_service(found.service_id, organisation)


def of_service(service_id: uuid.UUID, organisation: uuid.UUID) -> list[Address]:
    """The contacts of a service, by the channel of their links."""
    return [
        Address(one.address, organisation, "contact", one.contact_id, one.channel, own=True)
        for one in accounts.contacts_for_service_unscoped(service_id)
    ]


def of_user(told: Told, organisation: uuid.UUID) -> Address:
    """Somebody at work there, by the channel they chose, while there is one."""
    if told.by == "text" and sends_texts():
        return Address(told.mobile, organisation, "user", told.user_id, "text", own=True)
    return Address(told.email, organisation, "user", told.user_id)


def box(organisation: uuid.UUID) -> list[Address]:
    """The shared box; where there is none, everybody who is there, so that it is not nobody."""
    shared = [Address(to, organisation) for to in accounts.inbox_of(organisation)]
    return shared or [
        of_user(one, organisation) for one in accounts.told_with_roles_unscoped(organisation)
    ]


def named_inbox(found: Referral, organisation: uuid.UUID) -> list[Address]:
    """The inbox of the sender's that the referral names for what comes back, where it does."""
    if organisation != found.sender_id or found.return_to_id is None:
        return []
    to = accounts.inbox_of_team_unscoped(found.return_to_id)
    return [Address(to, organisation)] if to else []


def to_roles(actor: Actor, organisation: uuid.UUID, *roles: str) -> list[Address]:
    """Everybody of the organisation with one of the roles who is there; else its box."""
    people = accounts.told_with_roles_unscoped(organisation, roles)
    return once([of_user(one, organisation) for one in people]) or box(organisation)


def once(found: Iterable[Address]) -> list[Address]:
    """Nobody twice, the first way first: a contact's link is worth more than a page to sign in."""
    return list({one.to.casefold(): one for one in reversed(list(found))}.values())[::-1]
