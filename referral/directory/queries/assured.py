"""What is known of the checks on an organisation's services, as its reader may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from referral.core import clock
from referral.core.actor import ANONYMOUS, Actor
from referral.directory import passport
from referral.directory.models import Listing
from referral.directory.passport import Line, Passport

SERVICES_MAX = 50


@dataclass(frozen=True)
class Assured:
    """A service with its passport."""

    service_id: uuid.UUID
    name: str
    passport: Passport


@dataclass(frozen=True)
class Checks:
    """The services of an organisation, and each check once, where it is worst."""

    services: tuple[Assured, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def short_of(self) -> tuple[Line, ...]:
        """What is missing, has run out or does not suffice."""
        return tuple(line for line in self.lines if line.short)

    @property
    def alike(self) -> Passport | None:
        """The word on the organisation, where it is the same for all its services."""
        said = {(one.passport.headline, one.passport.conditions) for one in self.services}
        return self.services[0].passport if len(said) == 1 else None


def checks_of(actor: Actor, rows: Iterable[tuple[uuid.UUID, str, Listing | None]]) -> Checks:
    """From the id, name and listing of each service; strangers read of fewer."""
    signed_in, today = actor != ANONYMOUS, clock.today()
    found = tuple(
        Assured(service_id, name, made)
        for service_id, name, listing in rows
        if (made := passport.of(listing, today, signed_in=signed_in)) is not None
    )
    return Checks(found, passport.of_all(one.passport for one in found))
