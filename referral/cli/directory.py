"""``referral directory``: take the directory from files and give it away."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click

from referral.cli import boot
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.directory import queries, services
from referral.directory.importing.reading import ENCODINGS
from referral.directory.importing.records import Unreadable
from referral.directory.importing.report import Files, Line, Result
from referral.directory.services.importing import KINDS

# How many rows of one reason are printed; the file of the report has them all.
SHOWN = 20
REPORTS = "imports"


@click.group()
def directory() -> None:
    """Import and export the directory."""


class Report(Files):
    """Writes every line of the report to a file and the first of each reason to the screen."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(path, kind)
        self.reasons: Counter[tuple[str, str]] = Counter()

    def __call__(self, line: Line) -> None:
        super().__call__(line)
        self.reasons[(line.result, line.rule)] += 1
        if self.reasons[(line.result, line.rule)] <= SHOWN:
            told = f"{line.file} line {line.line}: {line.sentence}"
            click.echo(told if line.result == "reported" else f"{told} (the rest was taken)")

    def more(self) -> Iterator[str]:
        """What was not printed."""
        for (result, rule), count in self.reasons.most_common():
            if count > SHOWN:
                yield f"… and {count - SHOWN:,} more {result}: {rule}"


@directory.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--locality", type=click.UUID, help="Whose directory new rows go to; default: all.")
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8", show_default=True)
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="Where to write it.")
def import_(
    kind: str,
    files: tuple[Path, ...],
    locality: UUID | None,
    encoding: str,
    report_path: Path | None,
) -> None:
    """Import FILES of one KIND, all or nothing.

    Every row ends as created, updated, unchanged or reported with its line and the reason. Running
    it again changes nothing. A file that cannot be read changes nothing at all.
    docs/directory-import.md describes the kinds.
    """
    with boot.opened() as settings:
        name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{kind}.csv"
        report = Report(report_path or settings.data_dir / REPORTS / name, kind)
        try:
            with transaction(SYSTEM), _progress() as progress:
                result = services.run_import(
                    SYSTEM,
                    kind,
                    files,
                    locality_id=locality,
                    encoding=encoding,
                    report=report,
                    progress=progress,
                )
        except Unreadable as why:
            report.close(keep=False)
            raise click.ClickException(f"{why}. Nothing was changed.") from why
        except BaseException:
            report.close(keep=False)
            raise
        _summary(result, report)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Says how far it is, on the error stream: in place on a terminal, else now and then."""
    terminal = sys.stderr.isatty()

    def tell(rows: int) -> None:
        if terminal:
            click.echo(f"\r{rows:,} rows…", err=True, nl=False)
        elif rows % 5000 == 0:
            click.echo(f"{rows:,} rows…", err=True)

    yield tell
    if terminal:
        click.echo("\r" + " " * 30 + "\r", err=True, nl=False)


def _summary(result: Result, report: Report) -> None:
    for line in report.more():
        click.echo(line)
    report.close(keep=True)
    if report.lines:
        click.echo(f"Every reported row and note: {report.path}")
    if report.rows:
        click.echo(f"Mend these rows and import them again: {report.mend}")
    plural = "" if result.files == 1 else "s"
    click.echo(f"\n{result.kind}: {result.rows:,} rows in {result.files:,} file{plural}")
    for name in ("created", "updated", "unchanged", "reported"):
        click.echo(f"  {name:<10} {result.results[name]:>8,}")
    if result.notes:
        click.echo(f"  {'notes':<10} {result.notes:>8,}  (a field was left out, the row was taken)")
    if result.conflicts:
        click.echo(f"  {'conflicts':<10} {result.conflicts:>8,}  (changed here and at the source)")
    for label, count in result.figures.items():
        click.echo(f"{count:,} {label} of {result.rows:,} rows")


@directory.command()
@click.argument("out", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option("--format", "form", type=click.Choice(("oruk", "csv")), default="oruk")
def export(out: Path, form: str) -> None:
    """Write every service to OUT (default: the screen), as Open Referral UK JSON or as CSV."""
    write = queries.write_oruk if form == "oruk" else queries.write_csv
    with boot.opened(), reading(SYSTEM):
        if str(out) == "-":
            write(SYSTEM, sys.stdout)
            return
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write(SYSTEM, file)
    click.echo(f"{count:,} services written to {out}")


@directory.command("list")
@click.argument("service", type=click.UUID)
@click.option("--accepts/--refuses", default=True, help="May it receive referrals?")
@click.option("--reason", default="", help="Why not, in words people read.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day it may.")
@click.option("--checks", help="One line about its checks.")
def list_(
    service: UUID, accepts: bool, reason: str, until: datetime | None, checks: str | None
) -> None:
    """Say whether SERVICE (an id) may receive referrals. Imported ones may not until then."""
    last: date | None = until.date() if until else None
    with boot.opened(), transaction(SYSTEM):
        services.list_service(
            SYSTEM, service, accepts=accepts, reason=reason, until=last, checks_summary=checks
        )
    click.echo("It may receive referrals now." if accepts else "It may not receive referrals.")


@directory.command()
@click.argument("taxonomy")
@click.argument("term")
@click.argument("need")
@click.option("--remove", is_flag=True, help="Forget this meaning.")
def need(taxonomy: str, term: str, need: str, remove: bool) -> None:
    """Say that TERM of TAXONOMY means NEED (taxonomy `word`: any name that contains it)."""
    with boot.opened(), transaction(SYSTEM):
        services.map_term(SYSTEM, taxonomy, term, need, remove=remove)
    click.echo("Taken. It counts from the next import on.")
