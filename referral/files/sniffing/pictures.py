"""PNG, JPEG and WebP: walked through to their end, and nothing behind it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from io import BytesIO

from PIL import Image

from referral.core.i18n import _
from referral.files.sniffing.marks import (
    MORE_BEHIND,
    NOT_WHOLE,
    TWO_KINDS,
    Refused,
    Sniffed,
    remark_reads_as_page,
)

PIXELS_MAX = 120_000_000
PARTS_MAX = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# In a scan, FF is followed by 00 or the number of a restart; anything else ends it.
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_PADDING = b"\x00\r\n "


def sniff(data: bytes) -> Sniffed | None:
    """A picture that is whole and nothing else; None when it does not begin like one."""
    if data.startswith(_PNG):
        said = list(_png(data))
        found, reader = Sniffed("image/png", "png"), "PNG"
    elif data.startswith(_JPEG):
        said = list(_jpeg(data))
        found, reader = Sniffed("image/jpeg", "jpg"), "JPEG"
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        said = list(_webp(data))
        found, reader = Sniffed("image/webp", "webp"), "WEBP"
    else:
        return None
    if any(remark_reads_as_page(part) for part in said):
        raise Refused(TWO_KINDS)
    _read(data, reader)
    return found


def _read(data: bytes, reader: str) -> None:
    """By its measures, without unpacking it."""
    try:
        # Pillow knows a JPEG with further stills as MPO, and finds that out by itself.
        with Image.open(BytesIO(data), formats=(reader,)) as seen:
            width, height = seen.size
            seen.verify()
    except Image.DecompressionBombError as error:
        raise Refused(_("has too many pixels. Make the picture smaller")) from error
    except Exception as error:  # decoders of damaged files raise whatever they stumble over
        raise Refused(NOT_WHOLE) from error
    if width * height > PIXELS_MAX:
        raise Refused(_("has too many pixels. Make the picture smaller"))


def _png(data: bytes) -> Iterator[bytes]:
    """The chunks that are not pixels."""
    at, parts = len(_PNG), 0
    while True:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        parts += 1
        if end > len(data) or parts > PARTS_MAX:
            raise Refused(NOT_WHOLE)
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise Refused(NOT_WHOLE)
        if kind == b"IEND":
            _refuse_more(data, end)
            return
        if kind not in (b"IDAT", b"fdAT"):
            yield data[at + 8 : end - 4]
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    """The parts that are not pixels; cameras put further stills behind the first."""
    at = 0
    while True:
        at = yield from _one_jpeg(data, at)
        if not data.startswith(_JPEG, at):
            break
    _refuse_more(data, at)


def _one_jpeg(data: bytes, start: int) -> Generator[bytes, None, int]:
    at, parts = start + 2, 0
    while True:
        parts += 1
        if data[at : at + 1] != b"\xff" or parts > PARTS_MAX:
            raise Refused(NOT_WHOLE)
        while data[at : at + 1] == b"\xff":
            at += 1
        kind = data[at] if at < len(data) else -1
        at += 1
        if kind == 0xD9:
            return at
        if kind in _ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if kind < 0xC0 or length < 2 or at + length > len(data):
            raise Refused(NOT_WHOLE)
        yield data[at + 2 : at + length]
        at += length
        if kind == 0xDA:
            ends = _SCAN_ENDS.search(data, at)
            if ends is None:
                raise Refused(NOT_WHOLE)
            at = ends.start()


def _webp(data: bytes) -> Iterator[bytes]:
    """The chunks that are not pixels."""
    end = 8 + int.from_bytes(data[4:8], "little")
    end += end % 2
    if end > len(data):
        raise Refused(NOT_WHOLE)
    _refuse_more(data, end)
    at, parts = 12, 0
    while at < end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        parts += 1
        if at + 8 + length > end or parts > PARTS_MAX:
            raise Refused(NOT_WHOLE)
        if kind not in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF"):
            yield data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _refuse_more(data: bytes, end: int) -> None:
    if data[end:].strip(_PADDING):
        raise Refused(MORE_BEHIND)
