"""Word, Excel, PowerPoint and OpenDocument files that hold no program and no other file."""

from __future__ import annotations

import re
from xml.parsers import expat

from referral.core.i18n import Lazy, _
from referral.files.sniffing import archive
from referral.files.sniffing.archive import Entry
from referral.files.sniffing.marks import (
    NOT_WHOLE,
    TWO_KINDS,
    Refused,
    Sniffed,
    has_script,
    is_other_file,
)

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
# By the type its main part says it has.
_BY_MAIN_PART = {
    f"{_OOXML}wordprocessingml.document.main+xml": Sniffed(
        f"{_OOXML}wordprocessingml.document", "docx"
    ),
    f"{_OOXML}spreadsheetml.sheet.main+xml": Sniffed(f"{_OOXML}spreadsheetml.sheet", "xlsx"),
    f"{_OOXML}presentationml.presentation.main+xml": Sniffed(
        f"{_OOXML}presentationml.presentation", "pptx"
    ),
}
_BY_MIMETYPE = {
    f"{_ODF}text": Sniffed(f"{_ODF}text", "odt"),
    f"{_ODF}spreadsheet": Sniffed(f"{_ODF}spreadsheet", "ods"),
}
# What parts may be called; anything else is another file. "" are folders, ``mimetype`` and such.
_ENDINGS = frozenset(
    " xml rels vml rdf txt png jpg jpeg jfif gif bmp tif tiff webp emf wmf svm svg wdp"
    " odttf ttf fntdata".split(" ")
)
_TEXTS = frozenset(("", "xml", "rels", "vml", "rdf", "txt", "svg"))
_PRINTER = re.compile(r"(?:xl|word|ppt)/printersettings/printersettings\d*\.bin")

MACROS = _("has macros (small programs) in it. Save it as PDF, or as .docx or .xlsx without them")
OTHER_INSIDE = _("has another document or object inside. Save it as PDF and send that")
LINKED = _("loads something from outside when it is opened. Save it as PDF and send that")
UNKNOWN = _(
    "is a ZIP archive, not a Word, Excel or PowerPoint document. Send the files in it one by one"
)
_PROGRAMS = ("vbaproject", "vbadata", "/activex/", "basic/", "scripts/", "macrosheets/", "xlm")
_OBJECTS = ("/embeddings/", "oleobject", "/ctrlprops/", "afchunk")
# Types and words by which programs and outside sources are named within the parts.
_PROGRAM_TYPES = ("macroenabled", "vbaproject", "activex", "macrosheet")
_WORDS: tuple[tuple[bytes, Lazy], ...] = (
    (b"vnd.sun.star.script:", MACROS),
    (b"script:event-listener", MACROS),
    (b"macro:///", MACROS),
    (b"manifest:encryption-data", archive.LOCKED),
    (b"ddeauto", LINKED),
    (b"<ddelink", LINKED),
    (b":ddelink", LINKED),
    (b"office:dde-application", LINKED),
)
_HARMLESS_LINKS = ("/hyperlink",)
# The template a document was made with, on the writer's own machine.
_OWN_TEMPLATE = re.compile(r"file:///[A-Za-z]:[\\/]", re.IGNORECASE)


def sniff(data: bytes) -> Sniffed:
    """What kind of document; raise ``Refused``."""
    entries = archive.entries(data)
    found = _kind(entries)
    for name, entry in entries.items():
        _refuse_part(name.lower(), entry.content)
    return found


def _kind(entries: dict[str, Entry]) -> Sniffed:
    if types := entries.get("[Content_Types].xml"):
        return _office_kind(types.content)
    first = next(iter(entries))
    mimetype = entries[first].content if first == "mimetype" else b""
    if len(mimetype) < 100 and (found := _BY_MIMETYPE.get(mimetype.decode("ascii", "replace"))):
        return found
    raise Refused(UNKNOWN)


def _office_kind(types: bytes) -> Sniffed:
    said = [
        attributes.get("ContentType", "")
        for tag, attributes in _elements(types)
        if tag in ("Override", "Default")
    ]
    if any(word in one.lower() for one in said for word in _PROGRAM_TYPES):
        raise Refused(MACROS)
    found = {one for one in said if one in _BY_MAIN_PART}
    if not found:
        raise Refused(UNKNOWN)
    if len(found) > 1:
        raise Refused(TWO_KINDS)
    return _BY_MAIN_PART[found.pop()]


def _refuse_part(name: str, content: bytes) -> None:
    if any(word in f"/{name}" for word in _PROGRAMS):
        raise Refused(MACROS)
    if any(word in f"/{name}" for word in _OBJECTS):
        raise Refused(OTHER_INSIDE)
    last = name.rpartition("/")[2]
    ending = last.rpartition(".")[2] if "." in last else ""
    if ending not in _ENDINGS and not _PRINTER.fullmatch(name):
        raise Refused(OTHER_INSIDE)
    if is_other_file(content):
        raise Refused(OTHER_INSIDE)
    if ending in _TEXTS:
        _refuse_text(content)
    if ending == "rels":
        _refuse_links(content)


def _refuse_text(content: bytes) -> None:
    # Without the noughts of two-byte letters, one spelling serves both.
    plain = content.replace(b"\x00", b"").lower()
    for word, rule in _WORDS:
        if word in plain:
            raise Refused(rule)
    if b"<!entity" in plain or has_script(plain):
        raise Refused(TWO_KINDS)


def _refuse_links(content: bytes) -> None:
    for tag, said in _elements(content):
        if tag != "Relationship":
            continue
        kind, target = said.get("Type", "").lower(), said.get("Target", "")
        if any(word in kind for word in ("vbaproject", "activex", "macrosheet")):
            raise Refused(MACROS)
        if kind.endswith(("/oleobject", "/package", "/afchunk", "/control")):
            raise Refused(OTHER_INSIDE)
        outside = said.get("TargetMode", "").lower() == "external"
        own = kind.endswith("/attachedtemplate") and _OWN_TEMPLATE.match(target)
        if outside and not own and not kind.endswith(_HARMLESS_LINKS):
            raise Refused(LINKED)


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small XML part as (name without prefix, attributes)."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    def refuse(*_said: object) -> None:
        raise Refused(NOT_WHOLE)

    reader = expat.ParserCreate()
    reader.StartElementHandler = start
    # No part of a document declares entities; a reader of them could be made to unfold forever.
    reader.StartDoctypeDeclHandler = refuse
    try:
        reader.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(NOT_WHOLE) from error
    return found
