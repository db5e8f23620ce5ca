"""What a file is, by its content: every kind we take, and what hostile hands make of them."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from referral.files.sniffing import Refused, kind_of
from tests.support import documents
from tests.support.documents import office, open_document, pdf, picture

HOSTILE = documents.hostile()


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as found:
        kind_of(data)
    return str(found.value.rule)


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (pdf(), "pdf"),
        (pdf() + b"\r\n\0\0", "pdf"),
        (pdf(documents.packed_objects(b"<< /Type /Outlines >>")), "pdf"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (picture("JPEG") + b"\0" * 90, "jpg"),
        (picture("WEBP"), "webp"),
        (office("docx"), "docx"),
        (office("xlsx"), "xlsx"),
        (office("pptx"), "pptx"),
        (open_document("text"), "odt"),
        (open_document("spreadsheet"), "ods"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_we_take_is_told_by_its_content(data: bytes, extension: str) -> None:
    found = kind_of(data)
    assert found.extension == extension
    assert "/" in found.content_type


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_not_taken_is_refused_quickly_with_a_reason(what: str) -> None:
    _name, data = HOSTILE[what]
    began = time.perf_counter()
    rule = refused(data)
    assert time.perf_counter() - began < 2, what
    assert len(rule) > 7
    assert "{" not in rule


def test_the_reason_says_what_to_do_instead() -> None:
    assert refused(b"") == "is empty"
    assert "Save it as PDF" in refused(documents.OLE)
    assert "web page" in refused(b"<html></html>")
    assert "SVG" in refused(b"<svg/>")
    assert "macros" in refused(HOSTILE["macros"][1])
    assert "script" in refused(HOSTILE["PDF with a script packed away"][1])
    assert "password" in refused(HOSTILE["PDF with a password"][1])
    assert "ZIP archive" in refused(HOSTILE["a plain archive"][1])
    assert "HEIC" in refused(b"\0\0\0\x18ftypheic" + b"\0" * 50)


@pytest.mark.parametrize(
    "inner",
    [
        b"<< /S /Rendition /JS (x) >>",
        b"<< /Subtype /FileAttachment >>",
        b"<< /OnInstantiate 7 0 R >>",
        documents.packed_objects(b"<< /S /JavaScript >>").replace(b"stream\n", b"stream \r\n", 1),
        documents.packed_objects(b"<< /S /JavaScript >>").replace(b"/Type /ObjStm", b""),
        documents.packed_objects(b"<< /S /JavaScript >>").replace(b"/First", b"/#46irst"),
        documents.packed_objects(b"<< /S /JavaScript >>", b"/Filter /FlateDecode %obj\n"),
    ],
)
def test_further_ways_to_carry_a_program_in_a_pdf_are_known(inner: bytes) -> None:
    assert "script" in (rule := refused(pdf(inner))) or "file inside" in rule


def test_a_document_with_a_password_is_told_so() -> None:
    sealed = open_document(more={"META-INF/manifest.xml": "<manifest:encryption-data/>"})
    assert "password" in refused(sealed)


def test_a_photo_with_further_stills_behind_it_is_one_photo() -> None:
    out = io.BytesIO()
    still = Image.effect_noise((64, 64), 40).convert("RGB")
    still.save(out, "MPO", save_all=True, append_images=[still])
    assert kind_of(out.getvalue()).extension == "jpg"


def test_what_office_programs_write_by_themselves_is_no_offence() -> None:
    own_template = documents.relation(
        "attachedTemplate", "file:///C:\\Users\\jo\\Normal.dotm", outside=True
    )
    link = documents.relation("hyperlink", "https://example.org/", outside=True)
    parts = documents.office_parts(
        "docx",
        {
            "word/_rels/settings.xml.rels": own_template,
            "word/_rels/document.xml.rels": link,
            "word/media/image1.png": picture(),
            "xl/printerSettings/printerSettings1.bin": b"\0\1\2",
        },
    )
    assert kind_of(documents.archive(parts)).extension == "docx"
    sheet = office("xlsx", {"xl/calc.xml": '<calcPr fullCalcOnLoad="1"/>'})
    assert kind_of(sheet).extension == "xlsx"
    sheet = open_document("spreadsheet", {"layout-cache": b"\x0b\0\x05"})
    assert kind_of(sheet).extension == "ods"


def test_ten_megabytes_of_noise_are_judged_in_a_moment() -> None:
    pictures = picture("PNG", (1900, 1700))
    assert 3_000_000 < len(pictures) < 10_000_000
    noise = pictures[:4_000_000].replace(b"endstream", b"")
    stream = b"<< /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (len(noise), noise)
    began = time.perf_counter()
    assert kind_of(pictures).extension == "png"
    assert kind_of(pdf(stream, stream)).extension == "pdf"
    many = pdf(*[b"<< /N 1 /First 4 /Length 0 >>\nstream\n\nendstream"] * 19_000)
    assert kind_of(many).extension == "pdf"
    assert time.perf_counter() - began < 5
