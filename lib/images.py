"""From what a person gives to what a model takes.

Pure NumPy, SciPy and Pillow: the pages, the command line, the notebooks and the
tests all go through these functions, so that none of them can disagree about
what the network sees.

The digits follow the recipe by which MNIST itself was made (LeCun et al., 1998,
"Gradient-based learning applied to document recognition", section III.A): the
ink is cropped, scaled with anti-aliasing so that its longer side measures 20
pixels, and placed in a 28x28 field with its centre of mass in the middle.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 40_000_000
"""Larger pictures are refused before they are decoded (a decompression bomb is small on disk)."""
ENDINGS = (
    *("png", "jpg", "jpeg", "jfif", "jpe", "mpo", "webp", "heic", "heif", "hif", "avif"),
    *("gif", "bmp", "tif", "tiff", "ppm", "pgm"),
)
"""Of the names of files that can be read, without the dot."""
READABLE = "PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP or TIFF"
"""The same in words."""
MAX_JPEG_PIXELS = 150_000_000
"""JPEG may be larger, since it is decoded at a fraction of its size: some phones take such photos."""
MAX_FILE_BYTES = 20 * 1024 * 1024
WORKING_SIDE = 640
"""Photos are reduced to this many pixels on their longer side before anything is measured."""


class InputError(ValueError):
    """What a person gave cannot be used. The message says why and what to do, in one sentence."""


class BlankInputError(InputError):
    """There is nothing on the canvas or on the picture yet."""


def read_image(source: str | Path | bytes | BinaryIO, side: int = WORKING_SIDE) -> Image.Image:
    """Decode any picture that Pillow knows into an upright 8-bit one.

    Args:
        source: a path, the bytes of a file, or a binary file object.
        side: larger pictures are reduced to so many pixels on their longer side.

    Returns:
        A picture in mode ``"L"``, ``"RGB"`` or ``"RGBA"``, turned as its EXIF
        orientation says, its longer side at most `side` pixels. Of an
        animation it is the first frame.

    Raises:
        InputError: the source is empty, too large, damaged or not a picture.
    """
    data = _read_bytes(source)
    try:
        # Pillow warns about large pictures; the limit below refuses them with a sentence of our own.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = opened(data)
        width, height = image.size
        # Many phones put a small second picture behind the first one, which makes it an MPO.
        most = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
        if width * height > most:
            raise InputError(
                f"This picture has {width:,} x {height:,} pixels, which is too large: "
                f"please use one of at most {most // 1_000_000} megapixels."
            )
        image.draft(None, (2 * side, 2 * side))  # type: ignore[attr-defined]
        image = ImageOps.exif_transpose(image)
        image = _to_8_bit(image)
    except InputError:
        raise
    except Image.DecompressionBombError:
        raise InputError(
            f"This picture is too large: please use one of at most {MAX_PIXELS // 1_000_000} megapixels."
        ) from None
    except UnidentifiedImageError:
        raise InputError(f"This file is not a picture that I can read: please use a {READABLE} file.") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError, RuntimeError):
        # Pillow's decoders raise all of these on damaged files.
        raise InputError("This picture is damaged or incomplete: please save or take it again.") from None
    image.thumbnail((side, side), Image.Resampling.BOX)
    return image


def opened(data: bytes) -> Image.Image:
    """A picture that is not decoded yet.

    Args:
        data: the content of a file; its name does not matter.

    Raises:
        UnidentifiedImageError: it is no picture.
    """
    if data[4:8] == b"ftyp" and data[8:12] not in (b"avif", b"avis"):
        # The pictures of most phones. Their decoder is loaded when one comes, since it takes 8 MB.
        import pillow_heif

        pillow_heif.register_heif_opener()
    return Image.open(io.BytesIO(data))


def _read_bytes(source: str | Path | bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, (str, Path)):
        path = Path(source)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise InputError(_too_heavy())
            data = path.read_bytes()
        except FileNotFoundError:
            raise InputError(f"There is no file {path}: please check the name.") from None
        except IsADirectoryError:
            raise InputError(f"{path} is a folder: please name a picture in it.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"{path} cannot be read ({reason}): please check the file.") from None
    else:
        data = source.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise InputError(_too_heavy())
    if not data:
        raise InputError("This file is empty (0 bytes): please choose another one.")
    return data


def _too_heavy() -> str:
    return f"This file is larger than {MAX_FILE_BYTES // 1024**2} MB: please use a smaller picture."


def _to_8_bit(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB", "RGBA"):
        image.load()
        return image
    if image.mode.startswith("I") or image.mode == "F":
        # Pillow's own conversion clips 16-bit and float pictures instead of scaling them.
        # Every n-th pixel of a large one is enough, and saves memory.
        step = max(1, max(image.size) // (2 * WORKING_SIDE))
        values = np.asarray(image)[::step, ::step].astype(np.float64)
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        high = values.max(initial=0.0)
        if image.mode.startswith("I;16") and high > 255:
            # Scanners and cameras put 10 or 12 bits into a file of 16: the fewest bits that hold the largest value.
            high = next(full for full in (1023.0, 4095.0, 16383.0, 65535.0) if high <= full)
        low = min(0.0, float(values.min(initial=0.0)))
        return Image.fromarray(np.uint8(255 * (values - low) / max(high - low, 1e-9)))
    if image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGB")
