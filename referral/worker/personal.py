"""The jobs of the person's own page: codes to send, cards to take back."""

from __future__ import annotations

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.worker.telling import each, system

A_ROUND = 200


def status_codes(settings: Settings, limit: int = A_ROUND) -> int:
    """Look at what people typed to see their page; take back cards that somebody guesses at."""
    from referral.accounts import queries as accounts  # noqa: PLC0415 - keeps other commands quick
    from referral.outbox import channels  # noqa: PLC0415 - as above
    from referral.referrals import services  # noqa: PLC0415 - as above

    channels.configure(settings)

    return each(
        "ask",
        lambda more: accounts.waiting_asks(limit + more),
        system(services.look_at_ask),
    ) + each(
        "card",
        lambda more: accounts.cards_guessed_at(limit + more),
        system(services.take_back_card),
    )


def complaints(_settings: Settings, limit: int = A_ROUND) -> int:
    """Complaints that nobody has acknowledged: whoever answers is told again, then the lead."""
    from referral.referrals import queries, services  # noqa: PLC0415 - as above

    return each(
        "complaint",
        lambda more: queries.due_complaints(SYSTEM, limit + more),
        system(services.look_at_complaint),
    )
