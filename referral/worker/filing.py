"""Files that were sent: shown to the scanner, each judged in a transaction of its own."""

from __future__ import annotations

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Unavailable
from referral.core.logging import log

FILES_A_ROUND = 20


def scan(settings: Settings) -> int:
    """Show files to the scanner, where one is set; answer how many were judged or put off."""
    from referral.files import configuring, queries, scanning, services  # noqa: PLC0415 - as in worker
    from referral.referrals import queries as referrals  # noqa: PLC0415

    configuring.configure(settings)
    scanner = scanning.current()
    if scanner is None:
        return 0
    with reading(SYSTEM):
        due = queries.to_scan(FILES_A_ROUND)
    for file_id, name, sealed in due:
        try:
            data = queries.get(name)
            if sealed and data is not None:
                with reading(SYSTEM):
                    key = referrals.key_for_file_unscoped(file_id)
                data = queries.opened(name, data, key)
            verdict = None if data is None else scanner.scan(data)
        except (scanning.NoScanner, Unavailable) as error:
            log.warning("files not scanned", type=type(error).__name__)
            return 0
        with transaction(SYSTEM):
            services.judge(SYSTEM, file_id, verdict)
    return len(due)
