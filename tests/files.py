"""Pictures as people upload them, good and bad, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw


def seven(
    size: int = 400, ink: int = 20, paper: int = 235, width: int = 26, at: tuple[int, int] = (0, 0)
) -> Image.Image:
    """A 7 drawn with straight strokes on plain paper."""
    image = Image.new("L", (size, size), paper)
    x, y = at
    points = [(x + 120, y + 100), (x + 280, y + 100), (x + 190, y + 300)]
    ImageDraw.Draw(image).line(points, fill=ink, width=width, joint="curve")
    return image


def encode(image: Image.Image, form: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def bomb(side: int = 40_000) -> bytes:
    """A PNG of a few hundred bytes that claims to hold `side` x `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated() -> bytes:
    blank = Image.new("L", (400, 400), 235)
    return encode(seven(), "GIF", save_all=True, append_images=[blank, blank], duration=100)


def cmyk() -> bytes:
    return encode(seven().convert("CMYK"), "JPEG")


def sixteen_bit() -> bytes:
    values = np.asarray(seven(), np.uint16) * 257
    return encode(Image.fromarray(values))


def palette_with_transparency() -> bytes:
    """Dark ink on transparent paper in a palette."""
    image = seven(ink=1, paper=0).convert("P")
    indices = np.asarray(seven(ink=1, paper=0))
    image = Image.fromarray(indices, mode="P")
    image.putpalette([255, 255, 255, 10, 10, 40] + [0] * 750)
    return encode(image, transparency=0)


def exif_rotated() -> bytes:
    """Stored lying on its side, with an EXIF note that says how to turn it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(seven().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)


GOOD = {
    "plain.png": encode(seven()),
    "photo.jpg": encode(seven().convert("RGB"), "JPEG"),
    "light_on_dark.png": encode(seven(ink=240, paper=15)),
    "animated.gif": animated(),
    "cmyk.jpg": cmyk(),
    "sixteen_bit.png": sixteen_bit(),
    "palette.png": palette_with_transparency(),
    "exif_rotated.jpg": exif_rotated(),
}
"""Files that hold a 7."""

BAD = {
    "text.png": (b"this is not a picture", "not a picture"),
    "truncated.jpg": (encode(seven().convert("RGB"), "JPEG")[:900], "damaged or incomplete"),
    "empty.png": (b"", "empty (0 bytes)"),
    "bomb.png": (bomb(), "too large"),
    "one_pixel.png": (encode(Image.new("L", (1, 1), 0)), "no ink"),
    "blank_sheet.png": (encode(Image.new("L", (300, 300), 230)), "no ink"),
}
"""Files that hold nothing to read, and a part of what is said about them."""
