"""``referral gazetteer``: fill the map from files, so that nothing is asked of anybody else."""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from referral.cli import boot
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.places import queries, services
from referral.places.gazetteer import KINDS, OUTCODES, Block, Source, Unreadable
from referral.places.gazetteer import opened as opened_file
from referral.places.models import GazetteerLoad

REPORTS = "imports"
# Without a terminal a line is printed this often, in seconds.
NOW_AND_THEN = 10.0
WIDTH = 24


@click.group()
def gazetteer() -> None:
    """Fill the map: outward codes and postcodes."""


@gazetteer.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Default: seen from the file.")
@click.option("--restart", is_flag=True, help="Read from the beginning, whatever was read before.")
def import_(files: tuple[Path, ...], kind: str | None, restart: bool) -> None:
    """Import FILES: a list of outward codes, or the ONS Postcode Directory (CSV, or its zip).

    Written block by block: stopped on the way, the same command goes on where it stopped. A file
    that was read to its end is not read again. docs/gazetteer.md tells where the files come from.
    """
    with boot.opened() as settings:
        for path in files:
            try:
                with opened_file(path, kind or "") as source:
                    _read(source, settings.data_dir / REPORTS, restart=restart)
            except Unreadable as why:
                raise click.ClickException(str(why)) from why
        _fill()
        _tell_state()


@gazetteer.command()
def status() -> None:
    """Tell how much of the map there is, and how far each file has been read."""
    with boot.opened():
        with reading(SYSTEM):
            loads = queries.loads(SYSTEM)
        for load in loads:
            state = "read to its end" if load.finished_at else f"read to {_share(load):.0%}"
            click.echo(f"{load.file_name}: {state}, {_counts(load)}")
        _tell_state()


def _read(source: Source, reports: Path, *, restart: bool) -> None:
    with transaction(SYSTEM):
        load = services.begin(SYSTEM, source, restart=restart)
    if load.finished_at is not None:
        click.echo(f"{source.name}: already read, nothing changed ({_counts(load)})")
        return
    if load.position:
        click.echo(f"{source.name}: goes on at {_share(load):.0%} ({load.lines:,} rows)", err=True)
    report = Report(reports / f"{clock.now():%Y%m%d-%H%M%S-%f}-gazetteer.csv", source.name)
    progress = Progress(source.size, load.position, load.lines)
    for block in source.blocks(load.position, load.lines):
        report.write(block)
        with transaction(SYSTEM):
            load = services.take(SYSTEM, source, block)
        progress.tell(load)
    progress.end()
    with transaction(SYSTEM):
        load = services.finish(SYSTEM, source)
    click.echo(f"{source.name}: {_counts(load)}, in {_duration(progress.seconds)}")
    report.end()
    if load.kind == OUTCODES:
        click.echo("Services placed by their outward code: run `referral directory reindex`.")


def _fill() -> None:
    with transaction(SYSTEM):
        added = services.missing_outward_codes(SYSTEM)
    if added:
        click.echo(f"{added:,} outward codes added, each in the middle of its postcodes")
        click.echo("Services placed by their outward code: run `referral directory reindex`.")


def _tell_state() -> None:
    with reading(SYSTEM):
        known = queries.known()
    click.echo(f"On the map: {known.outcodes:,} outward codes, {known.postcodes:,} postcodes")


def _share(load: GazetteerLoad) -> float:
    return load.position / load.size if load.size else 1.0


def _counts(load: GazetteerLoad) -> str:
    return (
        f"{load.lines:,} rows: {load.taken:,} taken, {load.terminated:,} terminated,"
        f" {load.pseudo:,} without a place, {load.refused:,} refused"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


@dataclass
class Report:
    """Every refused row, with its line and why, in a file; none when nothing was refused."""

    path: Path
    name: str
    file: IO[str] | None = None
    writer: Any = None
    rows: int = 0

    def write(self, block: Block) -> None:
        if not block.refused:
            return
        if self.file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("w", encoding="utf-8", newline="")
            self.writer = csv.writer(self.file)
            self.writer.writerow(("file", "line", "result", "reason"))
        for row in block.refused:
            self.writer.writerow((self.name, row.line, "refused", row.reason))
        self.rows += len(block.refused)
        # Before the block is kept: what was refused is told, even if this process is killed.
        self.file.flush()

    def end(self) -> None:
        if self.file is not None:
            self.file.close()
            click.echo(f"{self.rows:,} refused rows, each with its line and why: {self.path}")


@dataclass
class Progress:
    """How far it is, on the error stream: a bar on a terminal, else a line now and then."""

    size: int
    start: int
    rows: int
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tell(self, load: GazetteerLoad) -> None:
        share, done = _share(load), load.position - self.start
        left = self.seconds * (self.size - load.position) / done if done else 0.0
        words = f"{load.lines:,} rows, {share:.0%}, {_duration(left)} left"
        if sys.stderr.isatty():
            bar = "#" * round(share * WIDTH)
            click.echo(f"\r[{bar:<{WIDTH}}] {words}   ", err=True, nl=False)
        elif self.seconds - self.told >= NOW_AND_THEN:
            self.told = self.seconds
            click.echo(words, err=True)

    def end(self) -> None:
        if sys.stderr.isatty():
            click.echo("\r" + " " * (WIDTH + 50) + "\r", err=True, nl=False)
