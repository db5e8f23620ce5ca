"""Somebody who keeps coming needs nobody's help any more: finished in one tap."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.actor import Actor
from referral.core.errors import IllegalAction
from referral.core.i18n import _
from referral.referrals import codes
from referral.referrals.models import Referral
from referral.referrals.services import delivering
from referral.referrals.services import step as steps


def settle_in(
    actor: Actor,
    referral_id: uuid.UUID,
    version: int | None,
    data: Mapping[str, Any] | None = None,
) -> Referral:
    """Settled in, carries on without us: completed, and met. ``data`` is empty.

    Raise ``IllegalAction`` before the person has come ``codes.SETTLED_AFTER`` times.
    """
    step = steps.begin(actor, referral_id, "complete", version)
    found = step.referral
    if found.status != "started" or found.attendances < codes.SETTLED_AFTER:
        raise IllegalAction(
            str(_("Somebody has settled in after coming {n} times.", n=codes.SETTLED_AFTER)), []
        )
    summary = _("Came {n} times, has settled in and carries on alone.", n=found.attendances)
    said = {
        "outcome": "met",
        "told_by": "provider",
        "actions_for_practice": [],
        "summary": str(summary),
    }
    return delivering.finish(actor, step, said)
