"""The worker's way out: lease, commit, send, commit. No transaction is open while mail is sent.

Killed between sending and marking, the message is sent again when its lease has run out, with the
same Message-ID; killed earlier, it has not left. Nothing written down is lost.
"""

from __future__ import annotations

from referral.core.actor import SYSTEM
from referral.core.database import transaction
from referral.core.logging import log
from referral.outbox import services
from referral.outbox.channels import Channel, Undelivered


def send_due(channel: Channel, limit: int = 50) -> int:
    """Send up to ``limit`` messages that are due; answer how many were tried."""
    with transaction(SYSTEM):
        leased = services.lease(SYSTEM, limit)
    for message in leased:
        try:
            channel.send(message)
        except Undelivered as error:
            log.warning("message not sent", id=message.id, error=error.code, attempt=message.number)
            with transaction(SYSTEM):
                services.mark_failed(SYSTEM, message, error.code, error.final)
        else:
            with transaction(SYSTEM):
                services.mark_sent(SYSTEM, message, channel.keeps_secrets)
    return len(leased)
