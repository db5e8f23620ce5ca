"""What the directory forgets when its time has come: old links, addresses, decided claims."""

from __future__ import annotations

from referral.core.actor import Actor
from referral.core.errors import Forbidden
from referral.directory.services import asking, claiming, correcting


def forget_old(actor: Actor) -> int:
    """Delete what may not be kept longer; answer how many rows."""
    if actor.kind != "system":
        raise Forbidden
    return (
        asking.forget_links(actor)
        + correcting.forget_addresses(actor)
        + claiming.forget_claims(actor)
    )
