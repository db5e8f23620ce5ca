"""``referral caseload``: bring a team's caseload across from another system."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from referral.cli import boot

LARGEST = 64 * 1024 * 1024
WHATS = ("brought", "unchanged", "refused")


@click.group()
def caseload() -> None:
    """Bring a link-worker team's caseload across."""


@caseload.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--team", type=click.UUID, required=True, help="The link-worker team’s id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and keep nothing.")
def import_(file: Path, team: uuid.UUID, dry_run: bool) -> None:
    """Take on the people of a CSV file; print each row's line, what became of it, and why.

    The same file again changes nothing. Ends with 1 when a row was refused.
    """
    from referral.caseload import services  # noqa: PLC0415 - keeps other commands quick
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    if file.stat().st_size > LARGEST:
        raise click.ClickException("file: is larger than 64 MB")
    with boot.opened() as settings:
        with transaction(SYSTEM):
            acting = services.acting_for(SYSTEM, team, demo=settings.demo)
        with transaction(acting):
            report = services.bring_across(acting, team, file.read_bytes(), dry=dry_run)
    click.echo(f"Read as {report.encoding}.")
    for line in report.lines:
        said = " ".join(part for part in (line.external_id, line.reference, line.why) if part)
        click.echo(f"{line.line}\t{line.what}\t{said}")
    click.echo(", ".join(f"{what} {report.count(what)}" for what in WHATS))
    if dry_run:
        click.echo("Nothing was kept.")
    if report.count("refused"):
        raise SystemExit(1)
