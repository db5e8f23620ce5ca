"""Keeping a step of a referral that is being written, and sending it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.actor import Actor
from referral.desk.draft import LINK_WORKER, Draft, wording_key
from referral.referrals import services
from referral.referrals.models import Offer, Referral


def begin(actor: Actor, person_id: uuid.UUID) -> Referral:
    """A draft with nothing in it but the person."""
    return services.create(actor, {"person_id": person_id, "draft": True})


def keep(actor: Actor, draft: Draft, data: Mapping[str, Any]) -> Referral:
    """Write the answers of step 2 (``schemas.WhatHelps``, complete or not) into the draft."""
    changes: dict[str, Any] = {
        name: data[name] for name in ("needs", "reason", "urgency", "if_not") if name in data
    }
    risk = data.get("risk") or {}
    if risk.get("known"):
        known = risk["known"] == "yes"
        changes["risk"] = {"known": known, "text": risk.get("text") or "" if known else ""}
    if data.get("who") == LINK_WORKER:
        changes |= {"triage": True, "service_id": None}
    elif data.get("who"):
        changes |= {"triage": False, "service_id": uuid.UUID(data["who"])}
    return services.rewrite(actor, draft.id, draft.version, changes)


def send(actor: Actor, draft: Draft, data: Mapping[str, Any]) -> Referral:
    """Write what the person agreed to (``schemas.Agreed``) and send; raise ``Duplicate``."""
    consent = {
        "refer": True,
        "told": True,
        "feedback": data["feedback"],
        "evaluation": data["evaluation"],
        "authority": data["authority"],
        "how": data["how"],
        "wording": wording_key(draft, data["authority"]),
        "given_by": data["given_by"],
        "why": data["why"],
    }
    written = services.rewrite(
        actor, draft.id, draft.version, {"consent": consent, "return_to": data["return_to"]}
    )
    confirmed = {"confirm_duplicate": data["confirm_duplicate"]}
    return services.send(actor, draft.id, written.version, confirmed)


def decline(actor: Actor, draft: Draft, reason: str) -> Offer:
    """Write down that the person said no, and throw the draft away."""
    need = next(iter(draft.view["needs"]), "")
    made = services.decline_offer(actor, need, reason, draft.view["person"]["id"])
    services.discard(actor, draft.id, draft.version)
    return made


def discard(actor: Actor, draft: Draft) -> None:
    """Throw a draft away."""
    services.discard(actor, draft.id, draft.version)
