"""A ZIP archive taken apart with distrust: every entry where it says it is, and as large.

What the directory at the end says must be what stands before each entry, with nothing before,
between, behind or on top of one another; nothing unpacks to more than was said.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from itertools import pairwise

from referral.core.i18n import _
from referral.files.sniffing.marks import MORE_BEHIND, NOT_WHOLE, TWO_KINDS, Refused

ENTRIES_MAX = 2_000
UNPACKED_MAX, ENTRY_MAX = 100_000_000, 20_000_000
# The XML of a sheet of empty rows packs to a hundredth; a bomb to a thousandth.
RATIO_MAX = 200
RATIO_FROM = 1_000_000
BOMB = _("unpacks to far more than its size. Save it as PDF and send that")
MANY = _("holds more parts than a document has. Save it as PDF and send that")
LOCKED = _("is protected by a password. Save it without one")
BAD_NAME = _("holds a part with a name that is not allowed. Save it as PDF and send that")

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW, _STRONG = 0x1, 0x8, 0x40
# After an entry may stand its sizes once more, in 12 to 24 bytes.
_FOLLOWS_MAX = 24
_NAME = re.compile(r"(?!/)(?:[^\x00-\x1f\x7f\\:*?\"<>|/]+/)*[^\x00-\x1f\x7f\\:*?\"<>|/]*")


@dataclass(frozen=True)
class _Said:
    """What the directory says of an entry; ``at`` is where it begins."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int


@dataclass(frozen=True)
class Entry:
    """One part, unpacked when its ``content`` is asked for, so that one at a time is held."""

    packed: bytes
    said: _Said

    @property
    def content(self) -> bytes:
        """Raise ``Refused`` when it is not what was said."""
        return _unpacked(self.packed, self.said)


def entries(data: bytes) -> dict[str, Entry]:
    """Name → part, in the order of the file; raise ``Refused``."""
    said = sorted(_directory(data), key=lambda one: one.at)
    if sum(one.size for one in said) > UNPACKED_MAX or any(one.size > ENTRY_MAX for one in said):
        raise Refused(BOMB)
    found: dict[str, Entry] = {}
    seen: set[str] = set()
    ends = []
    for one in said:
        name = _name(one)
        if name.lower() in seen:
            raise Refused(NOT_WHOLE)
        seen.add(name.lower())
        start, end = _place(data, one)
        ends.append((one.at, end))
        found[name] = Entry(data[start:end], one)
    _refuse_gaps(ends, _end(data)[3])
    return found


def _end(data: bytes) -> tuple[int, int, int, int]:
    """Where the last record is, how many entries, size and start of the directory."""
    at = len(data) - _END.size
    if at < 0 or data[at : at + 4] != b"PK\x05\x06":
        # A remark behind it is no more than room for another file.
        raise Refused(MORE_BEHIND if b"PK\x05\x06" in data[-65_557:] else NOT_WHOLE)
    _mark, disk, from_disk, here, total, size, start, remark = _END.unpack_from(data, at)
    if disk or from_disk or here != total or remark or start + size != at:
        raise Refused(TWO_KINDS if start + size < at else NOT_WHOLE)
    return at, total, size, start


def _directory(data: bytes) -> list[_Said]:
    end, total, _size, at = _end(data)
    if not total:
        raise Refused(NOT_WHOLE)
    if total > ENTRIES_MAX:
        raise Refused(MANY)
    said = []
    for _n in range(total):
        if at + _ENTRY.size > end:
            raise Refused(NOT_WHOLE)
        fields = _ENTRY.unpack_from(data, at)
        mark, flags, method, crc, packed, size = fields[0], *fields[3:5], *fields[7:10]
        name_size, extra, remark, start = *fields[10:13], fields[16]
        if mark != b"PK\x01\x02":
            raise Refused(NOT_WHOLE)
        at += _ENTRY.size
        said.append(_Said(data[at : at + name_size], flags, method, crc, packed, size, start))
        at += name_size + extra + remark
    if at != end:
        raise Refused(NOT_WHOLE)
    return said


def _name(said: _Said) -> str:
    try:
        name = said.name.decode("utf-8" if said.flags & 0x800 else "ascii")
    except UnicodeDecodeError:
        name = said.name.decode("cp437")
    if not name or not _NAME.fullmatch(name) or ".." in name.split("/"):
        raise Refused(BAD_NAME)
    return name


def _place(data: bytes, said: _Said) -> tuple[int, int]:
    """Where the packed bytes of an entry lie, having looked at what stands before them."""
    if said.flags & (_ENCRYPTED | _STRONG):
        raise Refused(LOCKED)
    if said.at + _LOCAL.size > len(data):
        raise Refused(NOT_WHOLE)
    mark, _v, flags, method, *_t, crc, packed, size, name_size, extra = _LOCAL.unpack_from(
        data, said.at
    )
    start = said.at + _LOCAL.size + name_size + extra
    name = data[said.at + _LOCAL.size : said.at + _LOCAL.size + name_size]
    later = flags & _SIZES_FOLLOW
    agreed = later or (crc, packed, size) == (said.crc, said.packed, said.size)
    wide = 0xFFFFFFFF in (packed, size)  # said in the extra field instead
    if mark != b"PK\x03\x04" or name != said.name or method != said.method:
        raise Refused(NOT_WHOLE)
    if not (agreed or wide) or start + said.packed > len(data):
        raise Refused(NOT_WHOLE)
    return start, start + said.packed


def _unpacked(packed: bytes, said: _Said) -> bytes:
    if said.size > RATIO_FROM and said.size > RATIO_MAX * max(len(packed), 1):
        raise Refused(BOMB)
    if said.method == _STORED:
        content = packed
    elif said.method == _DEFLATED:
        reader = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = reader.decompress(packed, said.size + 1)
        except zlib.error as error:
            raise Refused(NOT_WHOLE) from error
        if len(content) > said.size:
            raise Refused(BOMB)
        if reader.unused_data or not reader.eof:
            raise Refused(NOT_WHOLE)
    else:
        raise Refused(NOT_WHOLE)
    if len(content) != said.size or zlib.crc32(content) != said.crc:
        raise Refused(NOT_WHOLE)
    return content


def _refuse_gaps(places: list[tuple[int, int]], directory: int) -> None:
    """Nothing before the first, on top of another, or between two but their sizes."""
    for (_before, end), (start, _after) in pairwise([(0, 0), *places, (directory, directory)]):
        if start < end:
            raise Refused(BOMB)
        if start - end > (_FOLLOWS_MAX if end else 0):
            raise Refused(TWO_KINDS)
