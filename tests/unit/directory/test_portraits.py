"""A portrait is checked by what is in the file, and holds nothing but the picture."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from referral.directory import portraits
from referral.directory.portraits import NotAPortrait, portrait


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 600), **options: Any) -> bytes:
    """A picture whose upper half is red and whose lower half is blue."""
    mode = options.pop("mode", "RGB")
    made = Image.new("RGB", size, "blue")
    made.paste((255, 0, 0), (0, 0, size[0], size[1] // 2))
    out = BytesIO()
    made.convert(mode).save(out, kind, **options)
    return out.getvalue()


def drawn(data: bytes) -> Image.Image:
    return Image.open(BytesIO(portrait(data)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_a_picture_of_each_kind_becomes_a_small_square_jpeg(kind: str, mode: str) -> None:
    if mode == "I;16":
        out = BytesIO()
        Image.new("I;16", (200, 200), 40000).save(out, "PNG")
        made = drawn(out.getvalue())
    else:
        made = drawn(picture(kind, mode=mode))
    assert (made.format, made.size, made.mode) == ("JPEG", (320, 320), "RGB")


def test_what_a_camera_wrote_beside_the_picture_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A telling camera"
    exif.get_ifd(0x8825)[2] = (55.0, 51.0, 30.0)
    sent = picture(exif=exif, comment=b"taken at home", icc_profile=b"a profile of colours")
    assert b"A telling camera" in sent
    made = portrait(sent)
    for told in (b"A telling camera", b"taken at home", b"a profile of colours", b"Exif"):
        assert told not in made


def test_a_picture_taken_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    made = drawn(picture(exif=exif))
    red, _green, blue = made.getpixel((160, 10))  # type: ignore[misc] # three colours
    assert blue > 200 > red


def test_what_can_be_seen_through_is_put_on_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert drawn(out.getvalue()).getpixel((160, 160)) == (255, 255, 255)


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def enormous() -> bytes:
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


NOT_PICTURES = {
    "nothing at all": b"",
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a drawing that may hold a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a film in a GIF": b"GIF89a" + b"\0" * 50,
    "a document": b"%PDF-1.7 ...",
    "a picture that is a page as well": picture() + b"<script>alert(1)</script>",
    "a page in a remark of a picture": picture(comment=b"<html><body onload=x>"),
    "a program in a remark of a picture": picture(comment=b"<?php system($_GET[0]); ?>"),
    "half a JPEG": picture()[: len(picture()) // 2],
    "the beginning of a JPEG": picture()[:20],
    "half a PNG": picture("PNG")[:120],
    "half a WebP": picture("WEBP")[:60],
    "a JPEG's first bytes and noise": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
    "a PNG's first bytes and noise": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a WebP's first bytes and noise": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(range(256)) * 20,
    "sound in a RIFF": b"RIFF\x10\0\0\0WAVEfmt " + b"\0" * 64,
    "a PNG of 900 million pixels": enormous(),
    "a moving PNG": animated("PNG"),
    "a moving WebP": animated("WEBP"),
    "a speck": picture(size=(20, 20)),
    "a thread": picture(size=(2000, 10)),
    "a picture of more than 5 MB": picture() + b"\0" * 5_000_000,
}


@pytest.mark.parametrize("sent", NOT_PICTURES.values(), ids=NOT_PICTURES)
def test_anything_else_is_refused_in_plain_words(sent: bytes) -> None:
    with pytest.raises(NotAPortrait) as refused:
        portrait(sent)
    told = str(refused.value.why)
    assert told.endswith(("picture", ".", "way", "first")), told
    assert "Error" not in told


def test_a_damaged_picture_is_refused_wherever_the_damage_is() -> None:
    whole = picture("PNG", size=(120, 120))
    for at in range(8, len(whole), 7):
        broken = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(NotAPortrait):
            assert len(portrait(broken)) < 200_000


def test_the_limits_are_those_the_page_says() -> None:
    assert portraits.BYTES_MAX == 5_000_000
    assert portraits.SIDE == 320
