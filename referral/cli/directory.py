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

from referral import worker
from referral.cli import boot
from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import new_id, reading, transaction
from referral.core.errors import Invalid, ReferralError
from referral.directory import queries, services
from referral.directory.importing import fetching
from referral.directory.importing.reading import ENCODINGS
from referral.directory.importing.records import Unreadable
from referral.directory.importing.report import Files, Line, Result
from referral.directory.services.importing import KINDS

# How many rows of one reason are printed; the file of the report has them all.
SHOWN = 20
REPORTS = worker.IMPORTS


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
        run_id = new_id()
        report = Report(report_path or settings.data_dir / REPORTS / f"{run_id}.csv", kind)
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
                    run_id=run_id,
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


@directory.command()
def reindex() -> None:
    """Make anew what search looks through, so that places found since then count."""
    with boot.opened(), transaction(SYSTEM), _progress() as progress:
        count = services.reindex_all(SYSTEM, progress)
    click.echo(f"{count:,} services can be found")


@directory.group()
def feed() -> None:
    """Follow Open Referral UK feeds. Their addresses are asked from inside your network."""


@feed.command("add")
@click.argument("url")
@click.option("--name", required=True, help="What the feed is called here.")
@click.option("--locality", type=click.UUID, help="Whose directory its entries go to; else all.")
def add_feed(url: str, name: str, locality: UUID | None) -> None:
    """Follow the feed at URL, such as https://example.org/open-referral."""
    with boot.opened(), transaction(SYSTEM), _plain_errors():
        made = services.add_feed(SYSTEM, name, url, locality)
        click.echo(f"{made.id} {made.name}: read every night, or now with `feed run {made.id}`")


@feed.command("list")
def list_feeds() -> None:
    """List the feeds, where each stands, and what went wrong."""
    with boot.opened(), reading(SYSTEM):
        found = queries.feeds(SYSTEM)
        for one in found:
            last = f"{one.last_run_at:%Y-%m-%d %H:%M}" if one.last_run_at else "never read"
            where = f", goes on at page {one.next_page}" if one.next_page > 1 else ""
            wrong = f", stopped: {one.last_error}" if one.last_error else ""
            click.echo(f"{one.id} {one.name} {one.url}: {last}{where}{wrong}")
    if not found:
        click.echo("No feed is followed.")


@feed.command("run")
@click.argument("feed_id", type=click.UUID, required=False)
@click.option("--all", "every", is_flag=True, help="Every feed.")
@click.option("--whole", is_flag=True, help="Read everything, not only what changed.")
def run_feed(feed_id: UUID | None, every: bool, whole: bool) -> None:
    """Read the feed FEED_ID now, from where it stopped."""
    if every == (feed_id is not None):
        raise click.UsageError("Name one feed, or say --all.")
    with boot.opened() as settings:
        with reading(SYSTEM):
            chosen = [feed_id] if feed_id else [one.id for one in queries.feeds(SYSTEM)]
        stopped = [one for one in chosen if not _followed(settings, one, whole)]
    if stopped:
        raise click.ClickException("stopped half-way; the next run goes on from there.")


def _followed(settings: Settings, feed_id: UUID, whole: bool) -> bool:
    def tell(page: int, found: Result | str) -> None:
        if isinstance(found, str):
            click.echo(f"page {page} {found}; kept aside")
            return
        counts = (f"{name} {count:,}" for name, count in found.results.items() if count)
        click.echo(f"page {page}: {', '.join(counts) or 'nothing'}")

    with _plain_errors():
        try:
            worker.follow(settings, feed_id, whole=whole, tell=tell)
        except fetching.Failed as failed:
            click.echo(f"The feed {failed}.", err=True)
            return False
    with reading(SYSTEM):
        done = next(run for run in queries.import_runs(SYSTEM) if run.feed_id == feed_id)
        for name in ("created", "updated", "unchanged", "reported", "conflicts", "set_aside"):
            click.echo(f"  {name:<10} {getattr(done, name):>8,}")
        click.echo(f"Reports: {settings.data_dir / REPORTS / str(done.id)}")
    return True


@feed.command("remove")
@click.argument("feed_id", type=click.UUID)
def remove_feed(feed_id: UUID) -> None:
    """Follow FEED_ID no longer; what it brought stays."""
    with boot.opened(), transaction(SYSTEM), _plain_errors():
        services.remove_feed(SYSTEM, feed_id)
    click.echo("It is followed no longer.")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Errors of ours as a command says them: the fields and their rules, or the sentence."""
    try:
        yield
    except Invalid as error:
        told = [f"{name} {rule}" for name, rules in error.errors.items() for rule in rules]
        raise click.ClickException("; ".join(told)) from error
    except ReferralError as error:
        raise click.ClickException(error.detail) from error
