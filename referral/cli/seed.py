"""``referral seed``: invented data."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from referral.cli import boot
from referral.config import Settings

if TYPE_CHECKING:
    from referral.seed.demo import Seeded

WORDS = (
    "amber", "anchor", "birch", "bramble", "candle", "clover", "comet", "copper", "coral", "crane",
    "ember", "falcon", "fern", "garnet", "harbour", "hazel", "heron", "indigo", "ivory", "juniper",
    "kestrel", "lantern", "linden", "maple", "marble", "meadow", "nutmeg", "ochre", "otter",
    "plover", "quartz", "raven", "rowan", "saffron", "sparrow", "thistle", "velvet", "willow",
)  # fmt: skip
KEPT = "demo-password"
UNFINISHED = "seeding"


@click.group()
def seed() -> None:
    """Fill an empty database with invented data."""


@seed.command("demo")
@click.option(
    "--random-seed", type=click.IntRange(0, 2**31), help="Another town's worth of chance."
)
def seed_demo(random_seed: int | None) -> None:
    """A town with 29 organisations, 64 services, a year of 400 referrals that ends today, a
    link worker's caseload beside it, and a valley in Wales.
    """
    settings = boot.mark_demo(boot.settings())
    with boot.opened(settings, current=False):
        boot.bring_up_to_date()
        made = fill(settings, password_of(settings), random_seed)
    for status, count in made.by_status.items():
        click.echo(f"{count:>6} {status}")
    click.echo(f"{sum(made.by_status.values()):>6} referrals")


def fill(settings: Settings, password: str, random_seed: int | None = None) -> Seeded:
    """Seed the database in use, with progress. Raise ``ClickException`` when data is there."""
    from referral.seed import demo  # noqa: PLC0415 - only who seeds needs it

    mark = settings.data_dir / UNFINISHED
    mark.touch()
    click.echo("Making the town of Eldermuir and a year of referrals …")
    try:
        with click.progressbar(length=1000, width=40, show_eta=False) as bar:

            def tell(_what: str, done: int, total: int) -> None:
                bar.update(max(0, round(1000 * done / total) - bar.pos) if total > 1 else 0)

            chosen = demo.RANDOM_SEED if random_seed is None else random_seed
            made = demo.seed(password, chosen, tell)
    except demo.NotEmpty as error:
        mark.unlink()
        raise click.ClickException(f"{error}; start with an empty database") from error
    mark.unlink()
    return made


def password_of(settings: Settings) -> str:
    """The password of every demo account: set, or made up once and kept beside the data."""
    kept = settings.data_dir / KEPT
    if settings.demo_password:
        password = settings.demo_password
    elif kept.exists():
        return kept.read_text(encoding="utf-8").strip()
    else:
        words = [secrets.choice(WORDS) for _n in range(3)]
        password = "-".join([*words, str(secrets.randbelow(90) + 10)])
    kept.touch(mode=0o600)
    kept.write_text(password + "\n", encoding="utf-8")
    return password
