"""What can be done with a referral."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from referral.core.actor import Actor
from referral.referrals.models import Referral
from referral.referrals.services import step as steps
from referral.referrals.services.closing import acknowledge, correct, undo, withdraw
from referral.referrals.services.conversing import amend, answer, assign, raise_
from referral.referrals.services.delivering import (
    complete,
    contact,
    end,
    pause,
    person_gone,
    resume,
    start,
)
from referral.referrals.services.offering import decline_offer
from referral.referrals.services.responding import accept, ask, decline, reply, waitlist
from referral.referrals.services.self_referring import (
    Heard,
    ask_for_help,
    forget_asked,
    look_at_asked,
    refuse,
    take,
)
from referral.referrals.services.settling import settle_in
from referral.referrals.services.submitting import create, discard, redirect, rewrite, send
from referral.referrals.services.sweeping import sweep
from referral.referrals.services.telephone import record

VerbService = Callable[[Actor, uuid.UUID, int | None, Mapping[str, Any]], Referral]
VERBS: dict[str, VerbService] = {
    "send": send,
    "accept": accept,
    "waitlist": waitlist,
    "ask": ask,
    "reply": reply,
    "decline": decline,
    "contact": contact,
    "start": start,
    "pause": pause,
    "resume": resume,
    "complete": complete,
    "end": end,
    "redirect": redirect,
    "withdraw": withdraw,
    "acknowledge": acknowledge,
    "correct": correct,
    "raise": raise_,
    "answer": answer,
    "amend": amend,
    "assign": assign,
    "undo": undo,
}


def act(
    actor: Actor,
    referral_id: uuid.UUID,
    verb: str,
    version: int | None,
    data: Mapping[str, Any],
) -> Referral:
    """Do ``verb`` with the body of ``schemas.BODIES[verb]``; what is no verb is an illegal one."""
    if verb not in VERBS:
        steps.begin(actor, referral_id, verb, version)
    return VERBS[verb](actor, referral_id, version, data)


__all__ = [
    "VERBS",
    "Heard",
    "accept",
    "acknowledge",
    "act",
    "amend",
    "answer",
    "ask",
    "ask_for_help",
    "assign",
    "complete",
    "contact",
    "correct",
    "create",
    "decline",
    "decline_offer",
    "discard",
    "end",
    "forget_asked",
    "look_at_asked",
    "pause",
    "person_gone",
    "raise_",
    "record",
    "redirect",
    "refuse",
    "reply",
    "resume",
    "rewrite",
    "send",
    "settle_in",
    "start",
    "sweep",
    "take",
    "undo",
    "waitlist",
    "withdraw",
]
