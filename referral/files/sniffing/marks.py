"""What a file may not hold beside what it is: the marks of pages, archives and programs."""

from __future__ import annotations

from dataclasses import dataclass

from referral.core.i18n import Lazy, _

# Long enough that ten million random bytes hold none of them; looked for in small letters.
_PAGES = (b"<script", b"<!doctype", b"<html", b"<iframe", b"<?php")
# Only where text is kept: some are too short to be told from compressed pictures.
_SCRIPTS = (*_PAGES, b"javascript:", b" onload=", b" onerror=")
_IN_REMARKS = (*_SCRIPTS, b"<svg", b"<body")
_END_OF_ZIP = b"PK\x05\x06"
# An end of a ZIP archive lies in the last bytes: its own 22 and a remark of at most 65,535.
_ZIP_REACH = 65_557
OTHER_FILES: tuple[bytes, ...] = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF-",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"\x7fELF",
    b"MZ",
    b"FWS",
    b"CWS",
    b"#!",
)

MORE_BEHIND = _(
    "goes on after its end, where another file may hide."
    " Open it, save it anew (or print it to PDF) and send that"
)
TWO_KINDS = _("is two kinds of file in one. Save it anew, or print it to PDF, and send that")
NOT_WHOLE = _("is damaged or not whole. Open it to see, save it anew and try again")


@dataclass(frozen=True)
class Sniffed:
    """What a file is: its media type and the ending (without dot) it is handed out with."""

    content_type: str
    extension: str


class Refused(ValueError):
    """The file is not taken; ``rule`` says why, to follow the word "File"."""

    def __init__(self, rule: Lazy) -> None:
        super().__init__(rule)
        self.rule = rule


def reads_as_page(data: bytes) -> bool:
    """Does it hold what a browser would take for a page or a script?"""
    lower = data.lower()
    return any(mark in lower for mark in _PAGES)


def has_script(text: bytes) -> bool:
    """Does a part that holds text, whatever its letters' width, hold a script or a page?"""
    lower = text.replace(b"\x00", b"").lower()
    return any(mark in lower for mark in _SCRIPTS)


def remark_reads_as_page(text: bytes) -> bool:
    """The same for what is said beside a picture, where no drawing has a place either."""
    lower = text.lower()
    return any(mark in lower for mark in _IN_REMARKS)


def is_other_file(data: bytes) -> bool:
    """Does a part begin like an archive, a document or a program of its own?"""
    return data.startswith(OTHER_FILES)


def refuse_second_kind(data: bytes, found: Sniffed) -> None:
    """Refuse what also reads as a page, a PDF or an archive."""
    if reads_as_page(data):
        raise Refused(TWO_KINDS)
    # A PDF's one mark is at its start; in reach of it, or of another's start, none may follow.
    is_pdf = found.extension == "pdf"
    if b"%PDF-" in data[5 if is_pdf else 0 : 1100]:
        raise Refused(TWO_KINDS)
    zipped = not is_pdf and not found.content_type.startswith("image/")
    if not zipped and _END_OF_ZIP in data[-_ZIP_REACH:]:
        raise Refused(TWO_KINDS)
