"""The file store, the quota and the scanner that an installation's settings name."""

from __future__ import annotations

from referral.config import Settings
from referral.files import limits, scanning, stores
from referral.files.bucket import Bucket
from referral.files.folder import Folder
from referral.files.scanning import Scanner

FOLDER = "files"


def configure(settings: Settings) -> None:
    """Use them in this process; raise ``SettingError`` when one cannot be read."""
    stores.use(store_of(settings))
    limits.use_quota(settings.files_quota_mb)
    scanning.use(scanner_of(settings))


def store_of(settings: Settings) -> Bucket | Folder:
    """The bucket, or a folder of the data directory."""
    return Bucket(settings.files_url) if settings.files_url else Folder(settings.data_dir / FOLDER)


def scanner_of(settings: Settings) -> Scanner | None:
    return Scanner(settings.clamd_url) if settings.clamd_url else None
