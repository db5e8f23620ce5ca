"""What a group says by telephone or on paper, written down for it by a link worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from referral.core.actor import Actor
from referral.core.errors import IllegalAction, Invalid
from referral.core.i18n import _
from referral.referrals import queries
from referral.referrals.models import Referral
from referral.referrals.services import closing, conversing, delivering, responding, settling

Verb = Callable[[Actor, uuid.UUID, int | None, Mapping[str, Any]], Referral]
# What a group can say without an account.
SAID: dict[str, Verb] = {
    "accept": responding.accept,
    "waitlist": responding.waitlist,
    "ask": responding.ask,
    "decline": responding.decline,
    "contact": delivering.contact,
    "start": delivering.start,
    "pause": delivering.pause,
    "resume": delivering.resume,
    "complete": delivering.complete,
    "settle": settling.settle_in,
    "end": delivering.end,
    "raise": conversing.raise_,
    "answer": conversing.answer,
    "undo": closing.undo,
}


def record(
    actor: Actor,
    referral_id: uuid.UUID,
    verb: str,
    version: int | None,
    data: Mapping[str, Any],
    said_by: str,
) -> Referral:
    """Do ``verb`` with the body of ``schemas.BODIES[verb]`` for the group, as ``said_by`` told it.

    ``settle`` is one of them and takes nothing. Raise ``NotFound`` and ``Forbidden`` as
    ``queries.speaking_for``, otherwise as the verb does.
    """
    if not said_by.strip():
        raise Invalid({"said_by": [str(_("Write who told you"))]})
    voice = queries.speaking_for(actor, referral_id, said_by.strip())
    if verb not in SAID:
        raise IllegalAction(str(_("A group does not do this.")), sorted(SAID))
    return SAID[verb](voice, referral_id, version, data)
