"""``referral user``: accounts, for whoever runs the installation."""

from __future__ import annotations

import sys
import uuid

import click

from referral.cli import boot


@click.group()
def user() -> None:
    """Add, reset and disable users."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The name colleagues know.")
@click.option("--job-title", default="", help="Shown beside the name.")
@click.option("--organisation", type=click.UUID, help="Where the roles are held.")
@click.option("--role", "roles", multiple=True, help="A role there; may be given again.")
@click.option("--administrator", is_flag=True, help="Make this an administrator.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(
    email: str,
    name: str,
    job_title: str,
    organisation: uuid.UUID | None,
    roles: tuple[str, ...],
    administrator: bool,
    password_stdin: bool,
) -> None:
    """Add a user; without a password, print the link that lets them choose one."""
    from referral.accounts import services  # noqa: PLC0415 - keeps other commands quick
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    if bool(roles) != (organisation is not None):
        raise click.UsageError("--organisation and --role go together")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with boot.opened() as settings, transaction(SYSTEM):
        user_id = services.add_user(
            SYSTEM, email=email, name=name, job_title=job_title, password=password
        )
        if organisation is not None:
            for role in roles:
                services.grant(SYSTEM, user_id, organisation, role)
        if administrator:
            services.make_administrator(SYSTEM, user_id)
        click.echo(f"Added {user_id}")
        if password is None:
            path, hours = services.issue_link(SYSTEM, user_id)
            click.echo(f"They choose a password here, within {hours} hours:")
            click.echo(settings.base_url + path)


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Print a link by which a user sets a new password."""
    from referral.accounts import queries, services  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    with boot.opened() as settings, transaction(SYSTEM):
        path, hours = services.issue_link(SYSTEM, queries.user_by_email(SYSTEM, email).id)
    click.echo(f"The link works once, within {hours} hours:")
    click.echo(settings.base_url + path)


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shut a user's account; sessions and tokens end at once."""
    from referral.accounts import queries, services  # noqa: PLC0415 - as above
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import transaction  # noqa: PLC0415 - as above

    with boot.opened(), transaction(SYSTEM):
        services.disable_user(SYSTEM, queries.user_by_email(SYSTEM, email).id)
    click.echo("Disabled")
