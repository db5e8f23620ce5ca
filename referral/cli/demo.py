"""``referral demo``: everything in one process on this machine, with invented data."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from referral.cli import boot, running, seed
from referral.config import LOOPBACK, PREFIX, Settings

if TYPE_CHECKING:
    from waitress.server import BaseWSGIServer, MultiSocketServer

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Serve the demonstration: embedded database, invented data, server and worker in one process.

    The first start makes the data; later ones keep it.
    """
    if host not in LOOPBACK:
        raise click.ClickException("the demo is served on this machine only (127.0.0.1)")
    settings = _settings(host, port)
    _start_anew_if_unfinished(settings)
    password = seed.password_of(settings)
    with boot.opened(settings, current=False):
        _prepare(settings, password)
        _serve(settings, host, port, lambda: _say(settings, password))


def _settings(host: str, port: int) -> Settings:
    settings = boot.mark_demo(boot.settings())
    running.refuse_unsafe(settings, host)
    if os.environ.get(f"{PREFIX}BASE_URL"):
        return settings
    shown = f"[{host}]" if ":" in host else host
    return replace(settings, base_url=f"http://{shown}:{port}")


def _start_anew_if_unfinished(settings: Settings) -> None:
    """A first start that was broken off left half a town."""
    mark = settings.data_dir / seed.UNFINISHED
    if not mark.exists():
        return
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - only after a broken start

    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException("making the data was broken off; start with an empty database")
    click.echo("Making the data was broken off last time; starting again.")
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{url.database}{suffix}").unlink(missing_ok=True)
    mark.unlink()


def _prepare(settings: Settings, password: str) -> None:
    """The newest schema, data if there is none, and the password as it is set now."""
    from referral.core import database  # noqa: PLC0415 - keeps --help quick
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above

    boot.bring_up_to_date()
    from referral.seed import opening  # noqa: PLC0415 - as above

    with database.reading(SYSTEM):
        empty = opening.is_empty()
    if empty:
        seed.fill(settings, password)
    elif settings.demo_password:
        with database.transaction(SYSTEM):
            opening.set_password(password)


def _serve(settings: Settings, host: str, port: int, ready: Callable[[], None]) -> None:
    """Waitress in a thread, the worker here: its consumer sets the signal handlers."""
    from waitress.server import create_server  # noqa: PLC0415 - keeps --help quick

    from referral.app import create_app  # noqa: PLC0415 - as above
    from referral.web.security import WIRE_MAX  # noqa: PLC0415 - as above

    site = create_app(settings)
    try:
        server = create_server(
            site, host=host, port=port, threads=THREADS, max_request_body_size=WIRE_MAX
        )
    except OSError as error:
        raise click.ClickException(
            f"port {port} is taken; choose another with --port ({error.strerror})"
        ) from error
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    ready()
    # The engine is slow to import: it comes after the first page can be served.
    from referral.outbox import services  # noqa: PLC0415 - as above
    from referral.worker import Worker  # noqa: PLC0415 - as above

    try:
        worker = Worker(settings)
        services.on_commit(worker.nudge)
        worker.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        _stop(server, thread)


def _stop(server: BaseWSGIServer | MultiSocketServer, thread: threading.Thread) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server.close()
    thread.join(timeout=5)
    click.echo("Stopped. The data is kept.")


def _say(settings: Settings, password: str) -> None:
    """Where it is, who may sign in, and with what."""
    from referral.accounts.roles import ROLE_LABELS  # noqa: PLC0415 - as above

    click.echo(f"\n  {settings.product_name} is at  {settings.base_url}\n")
    click.echo(f"  Sign in with the password  {password}  as")
    for role, label in ROLE_LABELS.items():
        click.echo(f"    {role + '@demo.example':<34}{label}")
    click.echo("  The same at a second practice, provider and team: <role>.other@demo.example")
    click.echo("  In Wales: practice_staff, link_worker, provider_manager .welsh@demo.example")
    click.echo(f"  Somebody who was referred, without an account: {settings.base_url}/demo/person")
    click.echo("\n  All people are invented. Ctrl-C stops it; the data is kept.\n")
