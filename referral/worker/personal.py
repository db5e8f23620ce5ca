"""The jobs of the person's own page and of what helped: codes, cards, complaints, figures."""

from __future__ import annotations

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import transaction
from referral.worker.telling import each, system

A_ROUND = 200
SERVICES_A_ROUND = 500


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


def results(_settings: Settings, limit: int = SERVICES_A_ROUND) -> int:
    """After midnight: what changed for people at each service, as its page shows it."""
    from referral.outcomes import services  # noqa: PLC0415 - as above

    with transaction(SYSTEM):
        return services.count_results(SYSTEM, limit)
