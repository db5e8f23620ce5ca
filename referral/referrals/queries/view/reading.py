"""Whose eyes look at a referral, and what they may read of what was written."""

from __future__ import annotations

import uuid
from typing import Any

from referral.accounts.permissions import Permission, may
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.people import queries as people
from referral.places.queries import Point
from referral.referrals import disclosure, parties
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral


def viewer_of(actor: Actor, own: frozenset[str]) -> str:
    """The party whose eyes the actor has; the patient's practice sees what a sender sees."""
    if actor.kind == "system":
        return "sender"
    for party in ("sender", "practice", "recipient", "fallback"):
        if party in own:
            return "sender" if party == "practice" else party
    return "nobody"


def level_of(actor: Actor, found: Any, recipient_kind: str | None, own: frozenset[str]) -> Level:
    """How much of the person the actor may see on this referral."""
    level = disclosure.level(
        viewer_of(actor, own),
        found.status,
        recipient_kind=recipient_kind or "provider",
        signed_in=actor.by_account,
        ever_accepted=found.accepted_at is not None,
        stopped=found.consent_withdrawn_at is not None,
    )
    return level if actor.kind == "system" or may(actor, Permission.SEE_PEOPLE) else Level.NONE


class Reader:
    """One actor in front of one referral (a row of ``rows.whole_unscoped``), worked out once."""

    def __init__(self, actor: Actor, row: Any) -> None:
        self.actor, self.row = actor, row
        self.referral: Referral = row.Referral
        self.own = parties.of(actor, self.referral)
        self.viewer = viewer_of(actor, self.own)
        self.seen = level_of(actor, self.referral, row.recipient_kind, self.own)
        # Once sharing was stopped, only the sender's side reads what was written, by anybody.
        stopped = self.referral.consent_withdrawn_at is not None and self.viewer != "sender"
        self.clinical = not stopped and (
            actor.kind == "system" or may(actor, Permission.READ_CLINICAL)
        )
        self.provider = actor.organisation_kind == "provider" or not actor.by_account
        self.is_practice = actor.organisation_kind == "practice"
        self.identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
        self.key = encryption.unwrap(row.wrapped) if row.wrapped else None
        self.text: dict[str, Any] = self.opened(
            self.referral.text_sealed, f"referral:{self.referral.id}"
        )
        self.owner = parties.owner(self.referral)
        # How it went (contacts, reasons) is feedback: the practice knows as far as was agreed.
        shared = disclosure.shares_actions(self.referral.consent_feedback)
        self.course = shared or not self.is_practice

    def opened(self, sealed: bytes | None, context: str) -> Any:
        """What was sealed with the person's key; empty when the key was destroyed."""
        if sealed is None or self.key is None:
            return {}
        return encryption.open_(self.key, sealed, context)

    def readable(self, said: dict[str, str], of_others: set[str]) -> dict[str, str]:
        """Of what others said: nothing where nothing may be seen, no identity before it is told."""
        if self.seen == Level.IDENTIFIED:
            return said
        facts = self.identity.facts()
        return {
            name: disclosure.black_out(told, facts) if name in of_others else told
            for name, told in said.items()
            if told and (name not in of_others or self.seen == Level.ANONYMOUS)
        }

    def facts(self) -> dict[str, Any]:
        """The person's and the referral's fields, as ``disclosure.mask`` takes them."""
        found = self.referral
        return self.identity.facts() | {
            "needs": found.needs.split(",") if found.needs else [],
            "reason": self.text.get("reason"),
            "risk_known": found.risk_known,
            "risk_text": self.text.get("risk_text"),
            "urgency": found.urgency,
        }

    def written(self, name: str) -> str | None:
        """``reason`` or ``risk_text`` as far as the viewer may read it."""
        if not self.clinical or self.seen == Level.NONE:
            return None
        masked = disclosure.mask(self.facts(), self.seen, on=clock.today(), provider=self.provider)
        return masked.get(name) or None

    def near(self) -> Point | None:
        """The middle of the person's part of town, where it is on the map."""
        if self.row.latitude is None or self.seen == Level.NONE:
            return None
        return Point(self.row.latitude, self.row.longitude)

    def tried(self) -> set[uuid.UUID]:
        """This service, and the one from which the person came here."""
        both = (self.referral.service_id, self.row.based_on_service_id)
        return {one for one in both if one is not None}

    def route(self) -> dict[str, Any]:
        """Whom to ring here when somebody is at risk: the locality's own words, by age.

        ``{child: bool | None, adults, children}``; None where the age may not be known.
        """
        born = self.identity.date_of_birth if self.seen != Level.NONE else None
        return {
            "child": disclosure.age_on(born, clock.today()) < 18 if born else None,
            "adults": self.row.safeguarding_adults or "",
            "children": self.row.safeguarding_children or "",
        }
