"""The command ``referral``. A command's module is imported only when it is called for."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

# Command → where it lives, and the line of ``referral --help``.
COMMANDS: dict[str, tuple[str, str]] = {
    "audit": ("referral.cli.audit:audit", "Verify the audit trail."),
    "caseload": ("referral.cli.caseload:caseload", "Bring a team’s caseload across."),
    "checks": ("referral.cli.checks:checks", "Public registers; write checks down again."),
    "db": ("referral.cli.db:db", "Bring the database's schema up, down, or check it."),
    "demo": ("referral.cli.demo:demo", "Serve the demonstration on this machine."),
    "directory": ("referral.cli.directory:directory", "Import and export the directory."),
    "doctor": ("referral.cli.doctor:doctor", "Print and check every setting."),
    "gazetteer": ("referral.cli.gazetteer:gazetteer", "Fill the map: outward codes, postcodes."),
    "keys": ("referral.cli.keys:keys", "Rotate the installation's key."),
    "measures": ("referral.cli.measures:measures", "Bring answers to measures from a file."),
    "seed": ("referral.cli.seed:seed", "Fill the database with invented data."),
    "serve": ("referral.cli.running:serve", "Serve the site."),
    "token": ("referral.cli.token:token", "Bearer tokens for programs."),
    "user": ("referral.cli.user:user", "Add, reset and disable users."),
    "worker": ("referral.cli.running:worker", "Send messages and watch the clocks."),
}


class Commands(click.Group):
    """Finds commands by ``COMMANDS`` and tells expected errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])

    def invoke(self, ctx: click.Context) -> Any:
        from referral.config import SettingError  # noqa: PLC0415 - keeps --help and --version quick
        from referral.core.encryption import Unreadable  # noqa: PLC0415 - as above
        from referral.core.errors import Invalid, ReferralError  # noqa: PLC0415 - as above

        try:
            return super().invoke(ctx)
        except Invalid as error:
            told = [f"{name}: {rule}" for name, rules in error.errors.items() for rule in rules]
            raise click.ClickException("; ".join(told)) from error
        except (ReferralError, SettingError, Unreadable) as error:
            raise click.ClickException(str(error)) from error


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - as above

    try:
        return version("joined-up")
    except PackageNotFoundError:
        return "not installed"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), message="%(prog)s %(version)s", prog_name="referral")
def main() -> None:
    """Joined Up: referrals between general practice and community organisations.

    Settings come from the environment (REFERRAL_…); `referral doctor` prints and checks them.
    """


if __name__ == "__main__":
    sys.exit(main())
