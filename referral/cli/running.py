"""``referral serve`` and ``referral worker``: the two processes of an installation."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

from referral.cli import boot
from referral.config import LOOPBACK, SettingError, Settings


def nudge_worker(settings: Settings) -> None:
    """Have messages sent right after the commit that wrote them, by whichever worker is free."""
    from referral.outbox import services  # noqa: PLC0415 - keeps other commands quick
    from referral.worker import Worker  # noqa: PLC0415 - as above

    services.on_commit(Worker(settings).nudge)


def refuse_unsafe(settings: Settings, host: str) -> None:
    """Raise ``SettingError`` where serving would be unsafe."""
    if settings.demo and host not in LOOPBACK:
        raise SettingError("the demo is served on this machine only (127.0.0.1)")
    if not settings.demo and len(settings.secret_key) < 32:
        raise SettingError("REFERRAL_SECRET_KEY must have at least 32 characters")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (SQLite: 1).")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int | None, threads: int) -> None:
    """Serve the site (gunicorn; waitress where that does not run). Run a `worker` beside it."""
    settings = boot.settings()
    refuse_unsafe(settings, host)
    with boot.opened(settings):
        pass  # the database is there and up to date, the keys can be read
    try:
        _gunicorn(settings, host, port, workers or _processes(settings), threads)
    except ModuleNotFoundError as error:
        if error.name != "fcntl":  # gunicorn needs a Unix
            raise
        import waitress  # noqa: PLC0415 - as above

        from referral.web.security import WIRE_MAX  # noqa: PLC0415 - as above

        waitress.serve(
            _site(settings),
            host=host,
            port=port,
            threads=threads,
            max_request_body_size=WIRE_MAX,
        )


def _processes(settings: Settings) -> int:
    return 1 if settings.database_url.startswith("sqlite") else 2 * (os.cpu_count() or 1) + 1


def _site(settings: Settings) -> Any:
    from referral.app import create_app  # noqa: PLC0415 - as above

    site = create_app(settings)
    nudge_worker(settings)
    return site


def _gunicorn(settings: Settings, host: str, port: int, workers: int, threads: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - as above

    # Imported once, before the processes part; the site itself is made in each.
    importlib.import_module("referral.app")

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn carries no types
        def load_config(self) -> None:
            for name, value in {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 60,
                "graceful_timeout": 30,
                "accesslog": None,  # addresses may hold what is nobody's business
                "errorlog": "-",
                "proc_name": "referral",
                "control_socket_disable": True,  # it would lie outside the data directory
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """In each process, after the fork: no database connection is shared."""
            return _site(settings)

    Server().run()


@click.command()
@click.option("--once", is_flag=True, help="Do everything that is due, then stop.")
def worker(once: bool) -> None:
    """Send messages, watch the clocks, fold the counts, delete what has expired."""
    from referral import worker as jobs  # noqa: PLC0415 - as above

    with boot.opened() as settings:
        if once:
            done = jobs.run_once(settings)
            click.echo(", ".join(f"{name} {count}" for name, count in done.items()))
        else:
            jobs.Worker(settings).run()
