"""``referral audit``: is the trail whole?"""

from __future__ import annotations

import click

from referral.cli import boot


@click.group()
def audit() -> None:
    """Verify the audit trail."""


@audit.command()
def verify() -> None:
    """Check every event, and that changes of referrals and events pair up.

    Finds rows that were broken, deleted or added by hand as far as that shows: see
    docs/commands.md for what is checked and what cannot be. Fails when something is wrong.
    """
    from referral.cli import trail  # noqa: PLC0415 - keeps other commands quick
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import reading  # noqa: PLC0415 - as above

    with boot.opened() as settings, reading(SYSTEM):
        checked = trail.verify(
            SYSTEM, lambda done: click.echo(f"{done} events …"), clock_moves=settings.demo
        )
    for problem in checked.problems:
        click.echo(problem)
    if checked.problems:
        raise click.ClickException(f"{len(checked.problems)} wrong in {checked.events} events")
    click.echo(f"{checked.events} events, {checked.changes} changes of referrals: whole")
