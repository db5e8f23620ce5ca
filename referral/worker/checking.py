"""The jobs of vetting: its clock, and the public registers."""

from __future__ import annotations

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.core.logging import log

APPLICATIONS_A_ROUND = 200
NUMBERS_A_ROUND = 100


def checks(_settings: Settings) -> int:
    """Look at the applications whose clock has come, each in a transaction of its own; answer how
    many need no more looking at today.
    """
    from referral.vetting import queries, services  # noqa: PLC0415 - keeps other commands quick

    with reading(SYSTEM):
        due = queries.due_applications(SYSTEM, APPLICATIONS_A_ROUND)
    for application_id in due:
        try:
            with transaction(SYSTEM):
                services.look_at(SYSTEM, application_id)
        except Exception as error:  # noqa: BLE001 - one application must not stop the others
            log.error("checks not looked at", id=application_id, type=type(error).__name__)
    if not due:
        return 0
    with reading(SYSTEM):
        left = queries.due_applications(SYSTEM, APPLICATIONS_A_ROUND)
    return len(set(due) - set(left))


def registers(settings: Settings) -> int:
    """Ask a live service, where there is one, for numbers nobody has asked for in a month; then
    suspend whom a register has removed. Answer how many numbers were told and how many suspended.
    """
    from referral.vetting import queries, services  # noqa: PLC0415 - as above
    from referral.vetting.live_register import LiveRegister  # noqa: PLC0415 - as above

    told = 0
    if settings.registers_url:
        live = LiveRegister(settings.registers_url, settings.registers_token)
        with reading(SYSTEM):
            asked = queries.numbers_to_ask(SYSTEM, NUMBERS_A_ROUND)
        for register, number in asked:
            found = live.status(register, number)
            if found is None:  # it will be asked again in an hour
                break
            with transaction(SYSTEM):
                services.keep_word(SYSTEM, found)
            told += 1
    return told + suspend_removed()


def suspend_removed() -> int:
    """Look up every approved organisation that a register has removed; answer how many were
    suspended. Whoever was reinstated since stays so.
    """
    from referral.vetting import queries, services  # noqa: PLC0415 - as above

    with reading(SYSTEM):
        removed = queries.removed_applications(SYSTEM)
    for application_id in removed:
        try:
            with transaction(SYSTEM):
                services.look_up(SYSTEM, application_id)
        except Exception as error:  # noqa: BLE001 - as above
            log.error("register not looked up", id=application_id, type=type(error).__name__)
    if not removed:
        return 0
    with reading(SYSTEM):
        left = queries.removed_applications(SYSTEM)
    return len(set(removed) - set(left))
