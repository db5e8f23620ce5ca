"""What a file is, by its content alone, and whether it is only that.

``kind_of(data)`` answers what we take (PDF, PNG, JPEG, WebP, DOCX, XLSX, PPTX, ODT, ODS) or raises
``Refused`` with the rule in plain words. A file that also reads as something else, carries a
program, a second file or more than its own end, or would unpack to far more than it is, is not
taken. The name it came with is never asked.
"""

from __future__ import annotations

from referral.core.i18n import Lazy, _
from referral.files.sniffing import marks, office, pdf, pictures
from referral.files.sniffing.marks import Refused, Sniffed

__all__ = ["ACCEPT", "Refused", "Sniffed", "kind_of"]

# What a page's file input offers; only a help, the content decides.
ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.pptx,.odt,.ods"

# First bytes of what people send by mistake, and what to do instead.
_SAVE_AS = _("must be a PDF, a picture (JPEG, PNG or WebP) or a Word, Excel or PowerPoint document")
_INSTEAD: tuple[tuple[bytes, Lazy], ...] = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        _(
            "is an old Office file (.doc, .xls, .ppt) or one with a password."
            " Save it as PDF, or as .docx without a password"
        ),
    ),
    (b"{\\rtf", _("is an RTF document. Save it as PDF or .docx")),
    (b"GIF8", _("is a GIF picture. Save it as PNG or JPEG")),
    (b"II*\x00", _("is a TIFF picture. Save it as PDF, PNG or JPEG")),
    (b"MM\x00*", _("is a TIFF picture. Save it as PDF, PNG or JPEG")),
)
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"avif")


def kind_of(data: bytes) -> Sniffed:
    """What ``data`` is; raise ``Refused``."""
    if not data:
        raise Refused(_("is empty"))
    if data.startswith(b"%PDF-"):
        found = pdf.sniff(data)
    elif data.startswith(b"PK\x03\x04"):
        found = office.sniff(data)
    elif (picture := pictures.sniff(data)) is not None:
        found = picture
    else:
        raise Refused(_why_not(data))
    marks.refuse_second_kind(data, found)
    return found


def _why_not(data: bytes) -> Lazy:
    for start, words in _INSTEAD:
        if data.startswith(start):
            return words
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return _("is a HEIC picture. Save it as JPEG, or take a photo of it in JPEG")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return _("is an SVG drawing. Save it as PNG or PDF")
    if head.startswith(b"<") or marks.reads_as_page(data[:65536]):
        return _("is a web page, whatever it is called. Print it to PDF and send that")
    return _SAVE_AS
