"""Which parties of a referral an actor stands for; pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from referral.accounts.permissions import may_perform
from referral.core.actor import Actor
from referral.referrals import clocks
from referral.referrals.lifecycle import STATUSES


def of(actor: Actor, referral: Any) -> frozenset[str]:
    """Of ``sender``, ``recipient``, ``fallback``, ``practice``, ``owner``, ``person``, ``system``.

    ``referral`` has the columns of ``models.Referral``. A draft belongs to its sender alone. The
    link-worker team is ``fallback`` only while it holds the referral. Who speaks for the recipient
    is the recipient and nothing else, whatever their own team is.
    """
    if actor.kind == "system":
        return frozenset({"system"})
    if actor.kind == "person":
        is_theirs = actor.id is not None and actor.id == referral.person_id
        return frozenset({"person"}) if is_theirs else frozenset()
    own = actor.organisation
    if own is None:
        return frozenset()
    if actor.speaks_for is not None:
        to_them = referral.status != "draft" and actor.speaks_for == referral.recipient_id
        return frozenset({"recipient"}) if to_them else frozenset()
    found = {"sender"} if own == referral.sender_id else set()
    if referral.status != "draft":
        if own == referral.recipient_id:
            found.add("recipient")
        if own == referral.practice_id and own != referral.sender_id:
            found.add("practice")
        if owner(referral) == "fallback" and own == referral.owner_id:
            found.add("fallback")
    if own == referral.owner_id:
        found.add("owner")
    return frozenset(found)


def owner(referral: Any) -> str | None:
    """The party that holds the referral now; None when nobody has anything to do."""
    usual = STATUSES[referral.status].owner
    if referral.owner_id is None or usual != "fallback":
        return usual if referral.owner_id is not None else None
    return "fallback" if referral.owner_id == referral.fallback_id else "sender"


def may(actor: Actor, verb: str, parties: frozenset[str], *, triage: bool) -> bool:
    """May the actor's roles do ``verb`` for one of ``parties`` at all?"""
    return any(may_perform(actor, verb, party, triage=triage) for party in parties)


def for_triage(referral: Any) -> bool:
    """To the link worker without a service; a draft without a service may still become that."""
    return bool(referral.triage) or (referral.status == "draft" and referral.service_id is None)


def raised_by_person(thread: Any) -> bool:
    """Raised at the person's own page; the organisation on it is the one that hears the answer."""
    return thread.raised_by_user_id is None and thread.raised_by_contact_id is None


def is_overdue(referral: Any, today: date) -> bool:
    """The due date has passed and somebody is still to act."""
    if referral.due_on is None or referral.self_closing:
        return False
    return clocks.overdue(referral.due_on, today)
