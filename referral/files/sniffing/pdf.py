"""PDF that is only a document: no script, no launch, no file inside, no password, one end.

Names may be spelt with ``#`` codes and objects may lie inside compressed streams, so both are
unpacked before anything is looked for. What cannot be looked into is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from referral.core.i18n import Lazy, _
from referral.files.sniffing.marks import MORE_BEHIND, NOT_WHOLE, Refused, Sniffed

PDF = Sniffed("application/pdf", "pdf")
# Objects packed into streams: a long policy has some hundred kilobytes of them.
OBJECTS_MAX = 24_000_000
STREAMS_MAX = 20_000
_VERSION = re.compile(rb"%PDF-[12]\.[0-9]\s")
_PRINT = _("Print it to PDF and send that")
_SCRIPT = _("has a script in it. {how}", how=_PRINT)
_INSIDE = _("has another file inside. Send the files one by one, or print this one to PDF")
_LOCKED = _("is protected by a password. Save it without one")
_OPENS = _("opens or sends something else when it is read. {how}", how=_PRINT)
_FORM = _("has a form that is a program. {how}", how=_PRINT)
_CLOSED = _("is packed in a way that cannot be looked into. {how}", how=_PRINT)
FORBIDDEN: dict[bytes, Lazy] = {
    b"JavaScript": _SCRIPT,
    # Films and models that bring a script of their own.
    b"Rendition": _SCRIPT,
    b"OnInstantiate": _SCRIPT,
    b"EmbeddedFile": _INSIDE,
    b"EmbeddedFiles": _INSIDE,
    b"FileAttachment": _INSIDE,
    b"RichMedia": _INSIDE,
    b"Encrypt": _LOCKED,
    b"Launch": _OPENS,
    b"ImportData": _OPENS,
    b"SubmitForm": _OPENS,
    b"GoToE": _OPENS,
    b"GoToR": _OPENS,
    b"XFA": _FORM,
}
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
# Packings other than Flate, in which objects could be hidden from what follows.
_ODD_PACKING = frozenset(
    (b"ASCIIHexDecode", b"AHx", b"ASCII85Decode", b"A85", b"LZWDecode", b"LZW", b"Predictor",
     b"RunLengthDecode", b"RL", b"Crypt")
)  # fmt: skip
_END = b"%%EOF"
_PADDING = b"\x00\t\n\x0c\r "


def sniff(data: bytes) -> Sniffed:
    """``PDF``; raise ``Refused``."""
    end = data.rfind(_END)
    if not _VERSION.match(data) or end < 0 or b"startxref" not in data:
        raise Refused(NOT_WHOLE)
    if data[end + len(_END) :].strip(_PADDING):
        raise Refused(MORE_BEHIND)
    _refuse_forbidden(data)
    for objects in _packed_objects(data):
        _refuse_forbidden(objects)
    return PDF


def _refuse_forbidden(data: bytes) -> None:
    for name in _names(data):
        if name in FORBIDDEN:
            raise Refused(FORBIDDEN[name])


def _names(data: bytes) -> Iterator[bytes]:
    for found in _NAME.finditer(data):
        name = found[1]
        yield _CODE.sub(lambda code: bytes((int(code[1], 16),)), name) if b"#" in name else name


def _packed_objects(data: bytes) -> Iterator[bytes]:
    """Streams that hold objects, unpacked; a reader knows them by ``/N`` and ``/First``."""
    before, room, parts = 0, OBJECTS_MAX, 0
    for found in _STREAM.finditer(data):
        names = set(_names(data[before : found.start()]))
        before = found.end()
        if not {b"N", b"First"} <= names:
            continue
        parts += 1
        if names & _ODD_PACKING or parts > STREAMS_MAX:
            raise Refused(_CLOSED)
        unpacked = _inflated(data, found.end(), room, sure=b"ObjStm" in names)
        room -= len(unpacked)
        yield unpacked


def _inflated(data: bytes, at: int, room: int, *, sure: bool) -> bytes:
    """What is packed from ``at`` on; raise ``Refused`` when it is more than ``room``.

    Not ``sure``: an outline stood before a picture, which is not packed like this at all.
    """
    unpacked, reader, block = bytearray(), zlib.decompressobj(), 4096
    try:
        while not reader.eof and at < len(data) and len(unpacked) <= room:
            fed = reader.unconsumed_tail or data[at : at + block]
            at += 0 if reader.unconsumed_tail else len(fed)
            unpacked += reader.decompress(fed, 1_000_000)
            block = 65_536
    except zlib.error as error:
        if unpacked or sure:
            raise Refused(_CLOSED) from error
    if len(unpacked) > room:
        raise Refused(_("unpacks to far more than its size. {how}", how=_PRINT))
    return bytes(unpacked)
