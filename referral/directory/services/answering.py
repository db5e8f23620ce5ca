"""Who answers for a group's own services: accounts keeps them, here it is known whose they are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.accounts import queries as accounts
from referral.accounts import services as keeping
from referral.accounts.models import AnswerContact
from referral.core.actor import Actor
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import queries
from referral.outbox.channels import sends_texts


def keep_contact(
    actor: Actor,
    organisation_id: uuid.UUID,
    data: Mapping[str, Any],
    contact_id: uuid.UUID | None = None,
    version: int | None = None,
) -> AnswerContact:
    """As ``accounts.services.keep_contact``; the services must be the organisation's."""
    accounts.answered_by(actor, organisation_id)
    own = queries.offered_by(actor, organisation_id)
    if not set(data["service_ids"]) <= own.keys():
        raise Invalid({"service_ids": [str(_("must be services of this organisation"))]})
    return keeping.keep_contact(
        actor, organisation_id, data, contact_id, version, texts=sends_texts()
    )


def ways(actor: Actor, data: Mapping[str, Any]) -> int:
    """How many ways there are to reach somebody from here; with one the other is a PIN."""
    return bool(data["email"]) + bool(data["mobile"] and sends_texts())
