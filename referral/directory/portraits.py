"""A portrait from whatever somebody sends: checked by content, cut square, without its history."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from referral.core.i18n import Lazy, _

BYTES_MAX = 5_000_000
SIDE = 320
SMALLEST, LARGEST = 64, 12_000
PIXELS_MAX = 50_000_000
# The first bytes of the kinds we take; Pillow is then allowed that one kind only.
KINDS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
# A picture that also reads as a page or a program is not taken, whatever would become of it.
NOT_IN_PICTURES = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"javascript:")
# A face is above the middle of most portraits.
CENTRE = (0.5, 0.4)

UNREADABLE = _("The picture cannot be read: it is damaged or not whole. Try another one.")


class NotAPortrait(ValueError):
    """The file is not taken; ``args[0]`` says why in plain words."""

    def __init__(self, why: Lazy) -> None:
        super().__init__(why)
        self.why = why


def portrait(data: bytes) -> bytes:
    """A JPEG of ``SIDE`` pixels square without metadata; raise ``NotAPortrait``."""
    kind = _kind(data)
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as seen:
            _refuse_odd(seen)
            seen.verify()
        # verify() spends the picture: open it once more to draw it.
        with Image.open(BytesIO(data), formats=(kind,)) as opened:
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            drawn = _drawn(opened)
    except NotAPortrait:
        raise
    except Exception as error:  # decoders of damaged files raise whatever they stumble over
        raise NotAPortrait(UNREADABLE) from error
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _kind(data: bytes) -> str:
    if not data:
        raise NotAPortrait(_("Choose a picture first"))
    if len(data) > BYTES_MAX:
        raise NotAPortrait(_("The picture is larger than 5 MB. Choose a smaller one."))
    kind = next((name for mark, name in KINDS.items() if data.startswith(mark)), "")
    if not kind or (kind == "WEBP" and data[8:12] != b"WEBP"):
        raise NotAPortrait(_("The file is not a JPEG, PNG or WebP picture"))
    lower = data.lower()
    if any(mark in lower for mark in NOT_IN_PICTURES):
        raise NotAPortrait(_("The file holds more than a picture. Save it anew as JPEG and try."))
    return kind


def _refuse_odd(seen: Image.Image) -> None:
    """By its measures alone, before anything is unpacked."""
    width, height = seen.size
    if max(width, height) > LARGEST or width * height > PIXELS_MAX:
        raise NotAPortrait(_("The picture has too many pixels. Make it smaller and try again."))
    if min(width, height) < SMALLEST:
        raise NotAPortrait(
            _("The picture is too small: at least {side} pixels each way", side=SMALLEST)
        )
    # Some cameras put a second still behind the first; that is no film.
    if seen.format != "MPO" and getattr(seen, "n_frames", 1) > 1:
        raise NotAPortrait(_("The picture moves. Choose a still one."))


def _drawn(opened: Image.Image) -> Image.Image:
    """Upright, square, on white, and nothing but colour."""
    whole = ImageOps.exif_transpose(opened)
    if whole.has_transparency_data:
        below = Image.new("RGBA", whole.size, "white")
        whole = Image.alpha_composite(below, whole.convert("RGBA"))
    square = ImageOps.fit(whole.convert("RGB"), (SIDE, SIDE), centering=CENTRE)
    # On a new sheet: remarks and profiles would be saved along with the old one.
    sheet = Image.new("RGB", square.size)
    sheet.paste(square)
    return sheet
