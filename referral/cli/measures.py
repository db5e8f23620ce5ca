"""``referral measures``: bring what people answered from another system or from paper."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from referral.cli import boot

LARGEST = 16 * 1024 * 1024
# So many rows are kept at once: who is stopped begins again, and what is there is unchanged.
TOGETHER = 200


@click.group()
def measures() -> None:
    """Bring answers to measures from a file."""


@measures.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", type=click.UUID, required=True, help="The group’s or team’s id.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and keep nothing.")
def import_(file: Path, organisation: uuid.UUID, dry_run: bool) -> None:
    """Write down the answers of a CSV file; print each row's line, what became of it, and why.

    The same file again changes nothing. Ends with 1 when a row was refused.
    """
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - keeps other commands quick
    from referral.core.database import transaction  # noqa: PLC0415 - as above
    from referral.outcomes import services  # noqa: PLC0415 - as above

    if file.stat().st_size > LARGEST:
        raise click.ClickException("file: is larger than 16 MB")
    counts = dict.fromkeys(services.WHATS, 0)

    def tell(line: services.Line) -> None:
        counts[line.what] += 1
        said = " ".join(part for part in (line.reference, line.why) if part)
        click.echo(f"{line.line}\t{line.what}\t{said}")

    with boot.opened():
        with transaction(SYSTEM):
            acting = services.measures_for(SYSTEM, organisation)
        with transaction(acting):
            rows, encoding = services.read_measures(acting, file.read_bytes())
        click.echo(f"Read as {encoding}.")
        for start in range(0, len(rows), TOGETHER):
            with transaction(acting):
                services.bring_measures(acting, rows[start : start + TOGETHER], tell, dry=dry_run)
    click.echo(", ".join(f"{what} {n}" for what, n in counts.items()))
    if dry_run:
        click.echo("Nothing was kept.")
    if counts["refused"]:
        raise SystemExit(1)
