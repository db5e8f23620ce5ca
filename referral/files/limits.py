"""How large, how many, how much in all; and what a file is called when it is shown."""

from __future__ import annotations

import re
import unicodedata

from referral.core.i18n import Lazy, _

MOST_BYTES = 10_000_000
MOST_FILES = 500
QUOTA_MB = 200
LABEL_MAX = 100
_WHITE = re.compile(r"\s+")
# Signs that turn text around, join or hide it: "exe.fdp" must not be shown as "pdf.exe".
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

TOO_LARGE = _("must be smaller than 10 MB")
TOO_MANY = _(
    "cannot be kept: your organisation has {most} files here already. Take back answers that"
    " wait; their files are deleted the next day",
    most=MOST_FILES,
)
TOO_MANY_OF_PERSONS = _(
    "cannot be kept: your organisation keeps {most} files with its referrals already",
    most=10 * MOST_FILES,
)
FULL = _(
    "cannot be kept: your organisation's files would be larger than {most} MB in all."
    " Send a smaller one"
)


class _Installed:
    quota_mb = QUOTA_MB


def use_quota(megabytes: int) -> None:
    """Let each organisation keep so much in this process."""
    _Installed.quota_mb = megabytes


def broken(size: int, files: int, kept: int, *, sealed: bool = False) -> Lazy | None:
    """The rule that a file of ``size`` breaks beside ``files`` of ``kept`` bytes; None = none.

    ``sealed``: of persons, of whom an organisation meets many: ten times as many, as much.
    """
    times = 10 if sealed else 1
    if size > MOST_BYTES:
        return TOO_LARGE
    if files >= MOST_FILES * times:
        return TOO_MANY_OF_PERSONS if sealed else TOO_MANY
    if kept + size > _Installed.quota_mb * times * 1_000_000:
        return Lazy(FULL.message, most=_Installed.quota_mb * times)
    return None


def label_of(name: str, extension: str) -> str:
    """The name a file came with, made fit to be shown, with the ending that its content has."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name.replace("\x00", " ")))[-1]
    plain = "".join(char for char in last if unicodedata.category(char) not in _HIDDEN)
    stem = _WHITE.sub(" ", plain).strip()
    before, dot, ending = stem.rpartition(".")
    if dot and len(ending) <= 5 and not ending.isdigit():
        stem = before
    stem = stem.strip(" .")
    return f"{stem[: LABEL_MAX - len(extension) - 1] or 'file'}.{extension}"
