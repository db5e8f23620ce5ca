"""Settings, read once from the environment (prefix ``REFERRAL_``).

Every setting is described in ``docs/settings.md``; ``referral doctor`` prints and checks them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "REFERRAL_"
# A page that says nothing about who has it open.
QUICK_EXIT = "https://www.bbc.co.uk/weather"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(ValueError):
    """A setting is missing or cannot be used; the message names it and the rule."""


@dataclass(frozen=True)
class Settings:
    """All settings of one installation. Paths are absolute; durations are in minutes."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    key_file: Path
    smtp_url: str
    mail_from: str
    sms_url: str
    sms_token: str
    notify_key: str
    notify_email_template: str
    notify_text_template: str
    notify_url: str
    postcodes_url: str
    registers_url: str
    registers_token: str
    map_tiles_url: str
    map_tiles_credit: str
    files_url: str
    files_quota_mb: int
    clamd_url: str
    quick_exit_url: str
    product_name: str
    demo: bool
    demo_password: str
    time_shift: str
    session_idle_minutes: int
    session_absolute_minutes: int
    rate_limit_url: str
    queue_url: str
    log_level: str
    proxies: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raise ``SettingError`` naming the first that cannot be used."""
        env = os.environ if environ is None else environ

        def text(name: str, default: str) -> str:
            return env.get(PREFIX + name, "").strip() or default

        def number(name: str, default: int) -> int:
            raw = text(name, str(default))
            if not raw.isdecimal() or int(raw) > 100_000:
                raise SettingError(f"{PREFIX}{name} must be a whole number from 0 to 100000")
            return int(raw)

        def address(name: str) -> str:
            raw = text(name, "").rstrip("/")
            if raw and not _is_web_address(raw):
                raise SettingError(f"{PREFIX}{name} must be an address such as https://host/path")
            return raw

        data_dir = Path(text("DATA_DIR", "./var")).resolve()
        base_url = text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise SettingError(f"{PREFIX}BASE_URL must start with http:// or https://")
        return cls(
            data_dir=data_dir,
            database_url=text("DATABASE_URL", f"sqlite:///{data_dir / 'referral.sqlite'}"),
            secret_key=text("SECRET_KEY", ""),
            base_url=base_url,
            key_file=Path(text("KEY_FILE", str(data_dir / "keys" / "keyring.json"))).resolve(),
            smtp_url=text("SMTP_URL", ""),
            mail_from=text("MAIL_FROM", "Joined Up <no-reply@localhost>"),
            sms_url=address("SMS_URL"),
            sms_token=text("SMS_TOKEN", ""),
            notify_key=text("NOTIFY_KEY", ""),
            notify_email_template=text("NOTIFY_EMAIL_TEMPLATE", ""),
            notify_text_template=text("NOTIFY_TEXT_TEMPLATE", ""),
            notify_url=address("NOTIFY_URL") or "https://api.notifications.service.gov.uk",
            postcodes_url=address("POSTCODES_URL"),
            registers_url=address("REGISTERS_URL"),
            registers_token=text("REGISTERS_TOKEN", ""),
            map_tiles_url=_tiles(text("MAP_TILES_URL", "")),
            map_tiles_credit=text("MAP_TILES_CREDIT", ""),
            files_url=text("FILES_URL", ""),
            files_quota_mb=number("FILES_QUOTA_MB", 200),
            clamd_url=text("CLAMD_URL", ""),
            quick_exit_url=address("QUICK_EXIT_URL") or QUICK_EXIT,
            product_name=text("PRODUCT_NAME", "Joined Up"),
            demo=text("DEMO", "0") in ("1", "true", "yes"),
            demo_password=text("DEMO_PASSWORD", ""),
            time_shift=text("TIME_SHIFT", ""),
            session_idle_minutes=number("SESSION_IDLE_MINUTES", 60),
            session_absolute_minutes=number("SESSION_ABSOLUTE_MINUTES", 720),
            rate_limit_url=text("RATE_LIMIT_URL", "memory://"),
            queue_url=text("QUEUE_URL", ""),
            log_level=text("LOG_LEVEL", "INFO").upper(),
            proxies=number("PROXIES", 0),
        )

    @property
    def secure(self) -> bool:
        """True where pages are served over https, so that cookies may demand it."""
        return self.base_url.startswith("https://")


def _is_web_address(value: str) -> bool:
    """``http(s)://host[:port][/path]``: no password, no query."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and "@" not in parts.netloc and not (parts.query or parts.fragment)


def _tiles(value: str) -> str:
    """``https://host/{z}/{x}/{y}.png``: what a map's background is asked for."""
    parts = urlsplit(value)
    marks = all(mark in parts.path for mark in ("{z}", "{x}", "{y}"))
    if value and not (marks and _is_web_address(value) and not set(value) & set("'\"; ,")):
        raise SettingError(
            f"{PREFIX}MAP_TILES_URL must be a web address with {{z}}, {{x}} and {{y}} in its path"
        )
    return value
