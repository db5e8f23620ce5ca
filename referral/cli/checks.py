"""``referral checks``: extracts of the public registers, and writing everything down again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import click

from referral.cli import boot
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Conflict, Invalid
from referral.directory.importing.reading import ENCODINGS
from referral.directory.importing.records import Unreadable
from referral.vetting import queries, services
from referral.vetting.models import RegisterLoad
from referral.vetting.registers import REGISTERS, Found, Refused, read
from referral.worker.checking import suspend_removed

TOLD = 10
# Lines kept in one transaction.
AT_ONCE = 20_000


@click.group()
def checks() -> None:
    """Checks on organisations: the public registers, and what follows for their services."""


@checks.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--register", type=click.Choice(tuple(REGISTERS)), required=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Its day. Default: today.")
@click.option(
    "--whole", is_flag=True, help="It holds the whole register: who is not in it is gone."
)
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8", show_default=True)
def load(file: Path, register: str, as_of: datetime | None, whole: bool, encoding: str) -> None:
    """Load FILE, an extract of a register of charities or companies (CSV).

    Approved organisations that a register has removed are suspended, and told.
    """
    day: date = as_of.date() if as_of else clock.today()
    with boot.opened():
        try:
            for _one in read(file, register, encoding):
                pass  # the whole file can be read, before anything is changed
        except Unreadable as why:
            raise click.ClickException(f"{file.name} {why}. Nothing was changed.") from why
        lines = Lines(read(file, register, encoding))
        try:
            made = _load(lines, register, file.name, day, whole=whole)
        except Invalid as error:
            told = [f"--{name.replace('_', '-')} {one}" for name, one in _rules(error)]
            raise click.ClickException(f"{'; '.join(told)}. Nothing was changed.") from error
        except Conflict as why:
            raise click.ClickException(f"{why}. Nobody was taken out.") from why
        lines.tell()
        click.echo(f"{made.rows:,} lines of {register} as of {day:%Y-%m-%d}")
        suspended = suspend_removed()
    click.echo(f"{_counted(suspended)} suspended: removed from a register")


def _rules(error: Invalid) -> Iterator[tuple[str, str]]:
    for name, rules in error.errors.items():
        yield from ((name, rule) for rule in rules)


def _counted(organisations: int) -> str:
    return f"{organisations:,} organisation{'' if organisations == 1 else 's'}"


def _load(lines: Lines, register: str, name: str, day: date, *, whole: bool) -> RegisterLoad:
    """Piece by piece, so that nobody waits long for the database."""
    with transaction(SYSTEM):
        made = services.begin_load(SYSTEM, register, source=name, as_of=day)
    used = lines.used()
    while some := list(islice(used, AT_ONCE)):
        with transaction(SYSTEM):
            services.take_rows(SYSTEM, made.id, some)
    with transaction(SYSTEM):
        return services.end_load(SYSTEM, made.id, whole=whole)


@checks.command()
def look() -> None:
    """Write down again what the checks of every organisation mean for its services."""
    with boot.opened():
        with reading(SYSTEM):
            every = queries.checked_organisations(SYSTEM)
        changed = 0
        for organisation_id in every:
            with transaction(SYSTEM):
                changed += services.write_down(SYSTEM, organisation_id)
    click.echo(f"{_counted(len(every))} looked at, {changed:,} listings changed")


@dataclass
class Lines:
    """The lines of an extract: those that say something, and the first of the others."""

    every: Iterable[Found | Refused]
    refused: list[Refused] = field(default_factory=list)
    count: int = 0

    def used(self) -> Iterator[Found]:
        """Those that say something."""
        for one in self.every:
            if isinstance(one, Found):
                yield one
                continue
            self.count += 1
            if len(self.refused) < TOLD:
                self.refused.append(one)

    def tell(self) -> None:
        """Say which could not be used."""
        for one in self.refused:
            click.echo(f"line {one.line}: {one.why}", err=True)
        if self.count:
            click.echo(f"{self.count:,} lines could not be used", err=True)
