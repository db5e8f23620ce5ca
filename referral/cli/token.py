"""``referral token``: bearer tokens for programs."""

from __future__ import annotations

import uuid
from datetime import timedelta

import click

from referral.cli import boot


@click.group()
def token() -> None:
    """Bearer tokens for programs."""


@token.command()
@click.argument("email")
@click.option("--organisation", type=click.UUID, help="Needed when the user has several.")
@click.option("--label", default="", help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it works; no end if left out.")
def add(email: str, organisation: uuid.UUID | None, label: str, days: int | None) -> None:
    """Print a new token, on the last line. It is shown this once."""
    from referral.accounts import queries, services  # noqa: PLC0415 - keeps other commands quick
    from referral.core import clock  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    with boot.opened(), transaction(SYSTEM):
        owner = queries.user_by_email(SYSTEM, email)
        expires = clock.now() + timedelta(days=days) if days else None
        word = services.issue_token(SYSTEM, owner.id, organisation, label, expires)
    click.echo(word)


@token.command()
@click.argument("token_id", type=click.UUID)
def revoke(token_id: uuid.UUID) -> None:
    """Make a token open nothing from now on."""
    from referral.accounts import services  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    with boot.opened(), transaction(SYSTEM):
        services.revoke_token(SYSTEM, token_id)
    click.echo("Revoked")


@token.command("list")
@click.argument("email")
def list_(email: str) -> None:
    """List a user's tokens: id, organisation, label, made, last used."""
    from referral.accounts import queries  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import reading  # noqa: PLC0415 - as above

    with boot.opened(), reading(SYSTEM):
        for found in queries.tokens_of(queries.user_by_email(SYSTEM, email).id):
            used = f"{found.last_used_at:%Y-%m-%d}" if found.last_used_at else "never used"
            made = f"{found.created_at:%Y-%m-%d}"
            click.echo(f"{found.id}  {found.organisation}  {found.label or '–'}  {made}  {used}")
