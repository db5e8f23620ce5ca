"""Who answers for a group's services without an account, and how the group is asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.queries import Who
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Service


@dataclass(frozen=True)
class Answering:
    """A group, its contacts, and its services by id in the order of their names."""

    organisation: Organisation
    contacts: list[Who]
    services: dict[uuid.UUID, str]
    has_account: bool

    @property
    def silent(self) -> list[str]:
        """The services nobody answers for: no contact, and no account."""
        answered = {id_ for one in self.contacts for id_ in one.service_ids}
        by_link = self.organisation.answers_by == "link"
        if self.has_account:
            return []
        return [n for id_, n in self.services.items() if not by_link or id_ not in answered]

    def names(self, contact: Who) -> list[str]:
        """What a contact answers for, in words."""
        return [name for id_, name in self.services.items() if id_ in contact.service_ids]


def answering(actor: Actor, organisation_id: uuid.UUID) -> Answering:
    """Everything of the page about it; ``NotFound`` out of scope, ``Forbidden`` for others."""
    group, contacts = accounts.group_and_contacts(actor, organisation_id)
    return Answering(
        group,
        contacts,
        offered_by(actor, organisation_id),
        accounts.has_account_unscoped(organisation_id),
    )


def offered_by(actor: Actor, organisation_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """``{id: name}`` of what an organisation the caller holds offers, by name."""
    rows = session().execute(
        select(Service.id, Service.name)
        .where(Service.organisation_id == organisation_id, Service.status != "defunct")
        .order_by(Service.name, Service.id)
    )
    return {row.id: row.name for row in rows}
