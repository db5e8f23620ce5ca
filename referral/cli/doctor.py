"""``referral doctor``: every setting, and whether the installation can work with it."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import click

from referral.cli import boot
from referral.config import PREFIX, Settings

if TYPE_CHECKING:
    from referral.core.database import Database

SECRET = ("secret_key", "demo_password", "sms_token", "notify_key", "registers_token")
URLS = (
    "database_url",
    "smtp_url",
    "sms_url",
    "postcodes_url",
    "registers_url",
    "quick_exit_url",
    "rate_limit_url",
    "queue_url",
    "files_url",
)
OK, NOTE, BAD = "ok", "note", "bad"
Finding = tuple[str, str]


@click.command()
def doctor() -> None:
    """Print and check every setting. Fails when something is bad."""
    settings = boot.settings()
    for name, value in shown(settings).items():
        click.echo(f"{name:34} {value}")
    click.echo("")
    bad = 0
    for title, check in CHECKS:
        for verdict, words in _guarded(check, settings):
            bad += verdict == BAD
            colour = {OK: "green", NOTE: "yellow", BAD: "red"}[verdict]
            click.echo(f"{click.style(f'{verdict:5}', fg=colour)} {title}: {words}")
    if bad:
        raise click.ClickException(f"{bad} to mend")


def shown(settings: Settings) -> dict[str, str]:
    """``{REFERRAL_…: value}`` with secrets hidden."""
    found = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name in SECRET:
            value = "(set)" if value else ""
        elif field.name in URLS:
            value = _without_password(str(value))
        found[PREFIX + field.name.upper()] = "yes" if value is True else str(value or "–")
    return found


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:(hidden)@{host}"))


def _guarded(check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except Exception as error:  # noqa: BLE001 - whatever is wrong is a finding, not a crash
        return [(BAD, f"{type(error).__name__}: {str(error).splitlines()[0][:200] or 'no reason'}")]


def _name(settings: Settings) -> Iterator[Finding]:
    if "nhs" in settings.product_name.casefold():
        yield BAD, "the product's name may not contain NHS"
    else:
        yield OK, settings.product_name


def _secret(settings: Settings) -> Iterator[Finding]:
    if len(settings.secret_key) >= 32:
        yield OK, "long enough"
    elif settings.demo:
        yield NOTE, "none, which only the demo may"
    else:
        yield BAD, "REFERRAL_SECRET_KEY must have at least 32 characters"


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.secure or settings.demo:
        yield OK, settings.base_url
    else:
        yield BAD, "REFERRAL_BASE_URL must be https:// where real people are referred"


def _clock(settings: Settings) -> Iterator[Finding]:
    boot.prepare(settings)
    yield (NOTE, f"moved by {settings.time_shift}") if settings.time_shift else (OK, "not moved")


def _data_dir(settings: Settings) -> Iterator[Finding]:
    if not settings.data_dir.exists():
        yield NOTE, f"{settings.data_dir} will be made"
    elif os.access(settings.data_dir, os.W_OK):
        yield OK, str(settings.data_dir)
    else:
        yield BAD, f"{settings.data_dir} cannot be written"


def _key_file(settings: Settings) -> Iterator[Finding]:
    from referral.core import database, keys  # noqa: PLC0415 - keeps other commands quick
    from referral.core.encryption import Keyring  # noqa: PLC0415 - as above

    path = settings.key_file
    if not path.exists():
        opened = database.Database(settings.database_url)
        try:
            used = keys.is_used(opened)
        finally:
            opened.close()
        if used:
            yield BAD, f"{path} is missing and the database needs it; put back your copy"
            return
        yield NOTE, f"{path} will be made; keep a copy apart from the database's"
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield BAD, f"others may read it (mode {mode:o}); chmod 600 {path}"
    ring = Keyring.load(path)
    if len(ring.wrapping) > 1:
        yield NOTE, "a rotation has not ended; `referral keys rotate --resume`"
    else:
        yield OK, str(path)


def _database(settings: Settings) -> Iterator[Finding]:
    from referral.core import database  # noqa: PLC0415 - as above

    opened = database.Database(settings.database_url)
    try:
        with opened.engine.connect() as connection:
            if opened.is_sqlite:
                mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
                yield OK, f"SQLite {sqlite3.sqlite_version}, journal {str(mode).upper()}"
                if str(mode).upper() != database.journal_mode():
                    yield BAD, f"the journal must be {database.journal_mode()} with this SQLite"
            else:
                version = connection.exec_driver_sql("SHOW server_version").scalar_one()
                major = int(str(version).split(".")[0])
                verdict = OK if major >= 15 else BAD
                yield verdict, f"PostgreSQL {version}" + ("" if verdict == OK else "; 15 or later")
        yield from _schema(opened)
    finally:
        opened.close()


def _schema(opened: Database) -> Iterator[Finding]:
    from referral.core import migrate  # noqa: PLC0415 - as above

    found, head = migrate.revision(opened), migrate.head()
    if found == head:
        yield OK, f"schema at {head}"
    else:
        yield BAD, f"schema at {found or 'nothing'}, not {head}; `referral db upgrade`"


def _mail(settings: Settings) -> Iterator[Finding]:
    from referral.outbox.channels import Server  # noqa: PLC0415 - as above
    from referral.outbox.notify import notify_of  # noqa: PLC0415 - as above

    notify = notify_of(settings)
    if notify is not None and notify.email_template:
        yield OK, f"GOV.UK Notify, service {notify.key.service}"
        return
    if not settings.smtp_url:
        if settings.demo:
            yield OK, "kept in the demo's mailbox"
        else:
            yield BAD, "none: messages are printed and reach nobody; set REFERRAL_SMTP_URL"
        return
    server = Server.from_url(settings.smtp_url)
    with server.connect():
        yield OK, f"{server.host}:{server.port} answers ({server.tls})"


def _texts(settings: Settings) -> Iterator[Finding]:
    from referral.outbox.notify import Notify  # noqa: PLC0415 - as above
    from referral.outbox.routes import text_channel_of  # noqa: PLC0415 - as above

    channel = text_channel_of(settings)
    if isinstance(channel, Notify):
        yield OK, f"GOV.UK Notify, service {channel.key.service}"
    elif not settings.sms_url:
        yield OK, "kept in the demo's mailbox" if settings.demo else "none are sent"
    elif not settings.sms_token:
        yield NOTE, f"{urlsplit(settings.sms_url).hostname}, without REFERRAL_SMS_TOKEN"
    else:
        yield OK, str(urlsplit(settings.sms_url).hostname)


def _map(settings: Settings) -> Iterator[Finding]:
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import reading  # noqa: PLC0415 - as above
    from referral.places import lookup, queries  # noqa: PLC0415 - as above

    with boot.opened(settings), reading(SYSTEM):
        known = queries.known()
    words = f"{known.outcodes:,} outward codes, {known.postcodes:,} postcodes"
    yield (OK, words) if known.outcodes else (NOTE, f"{words}; `referral gazetteer import`")
    host = urlsplit(settings.postcodes_url).hostname or ""
    if host == lookup.PUBLIC_HOST or host.endswith(f".{lookup.PUBLIC_HOST}"):
        yield BAD, f"{host} would learn where people live; run a postcode service of your own"
    elif host:
        yield OK, f"postcodes not imported are asked of {host}"


def _files(settings: Settings) -> Iterator[Finding]:
    from referral.core import clock  # noqa: PLC0415 - as above
    from referral.files import configuring  # noqa: PLC0415 - as above

    store = configuring.store_of(settings)
    if settings.files_url:
        next(iter(store.written_before(clock.now())), None)
        yield OK, f"{urlsplit(settings.files_url).hostname} answers"
    else:
        yield OK, "kept in the data directory"
    scanner = configuring.scanner_of(settings)
    if scanner is None:
        yield NOTE, "nothing is scanned; reviewers are warned. Set REFERRAL_CLAMD_URL"
    else:
        yield OK, scanner.version()


def _registers(settings: Settings) -> Iterator[Finding]:
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import reading  # noqa: PLC0415 - as above
    from referral.vetting import queries  # noqa: PLC0415 - as above

    with boot.opened(settings), reading(SYSTEM):
        known = queries.loads(SYSTEM)
    words = ", ".join(f"{one.register} of {one.as_of:%Y-%m-%d}" for one in known)
    host = urlsplit(settings.registers_url).hostname
    if host:
        yield OK, f"{host} is asked" + (f"; loaded {words}" if words else "")
    elif words:
        yield OK, f"loaded {words}"
    else:
        yield NOTE, "none: nobody notices who was removed from one; `referral checks load`"


def _outbox(settings: Settings) -> Iterator[Finding]:
    from referral.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from referral.core.database import reading  # noqa: PLC0415 - as above
    from referral.outbox import queries  # noqa: PLC0415 - as above

    with boot.opened(settings), reading(SYSTEM):
        state = queries.state()
    if state.late:
        yield BAD, f"{state.late} due for more than ten minutes: is a worker running?"
    if state.failed:
        yield NOTE, f"{state.failed} given up"
    if not state.late:
        yield OK, f"{state.waiting} waiting"


def _queue(settings: Settings) -> Iterator[Finding]:
    from referral.worker import engine  # noqa: PLC0415 - as above

    made = engine(settings)
    yield OK, f"{type(made).__name__}, {made.pending_count()} waiting"


CHECKS: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
    ("Name", _name),
    ("Secret key", _secret),
    ("Address", _address),
    ("Clock", _clock),
    ("Data directory", _data_dir),
    ("Key file", _key_file),
    ("Database", _database),
    ("Mail", _mail),
    ("Texts", _texts),
    ("Map", _map),
    ("Files", _files),
    ("Registers", _registers),
    ("Outbox", _outbox),
    ("Job engine", _queue),
)
