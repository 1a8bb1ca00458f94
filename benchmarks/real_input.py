"""How well are pictures read that people really give? ``python -m benchmarks.real_input [KIND ...]``

Test digits of MNIST, and validation drawings of Quick, Draw!, are put on a desk, in a frame, under a hand's shadow, on lined paper and
so on, 100 of each kind, from a fixed seed. Each picture goes through the page's own preprocessing and network. The table says how many
are read correctly, how many get a sentence and no answer, and how many get a wrong answer that is more than 90 % sure.

A new kind is one function in `KINDS` or in `SKETCH_KINDS`: from a random generator and ink to a picture.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image
from scipy import ndimage

from lib import bundles, catalogue, handwriting, strangers
from lib.classifier import Classifier
from lib.images import InputError, read_image
from lib.ink import crop_to_ink, normalise_digit, picture_to_digit, scale_to
from lib.mnist import load_mnist
from lib.sheets import homography
from lib.tasks.digits.reading import read_digits
from lib.tasks.hands.data import changed, load_hands
from lib.tasks.hands.reader import HandReader
from lib.tasks.sketches import data as drawings
from lib.tasks.sketches.strokes import picture_to_sketch

EACH, SEED = 100, 2026
SURE = 0.9
SIDE = 400
"""Side of a sheet, in pixels."""

Rng = np.random.Generator
Kind = Callable[[Rng, np.ndarray], Image.Image]
"""From ink (float, 0..1, cropped) to a picture."""


def on_sheet(rng: Rng, ink: np.ndarray, low: float = 0.35, high: float = 0.6, side: int = SIDE) -> np.ndarray:
    """Written anywhere on a sheet, not too near its edges: grey float (side, side), 0..255."""
    drawn = scale_to(ink, rng.uniform(low, high) * side, Image.Resampling.BICUBIC)
    sheet = np.zeros((side, side), np.float32)
    top, left = (
        int(rng.uniform(*sorted((0.1 * side, 0.9 * side - n)))) if n < 0.8 * side else (side - n) // 2
        for n in drawn.shape
    )
    sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    white, black = rng.uniform(205, 245), rng.uniform(20, 70)
    return white + (black - white) * sheet


def photo(rng: Rng, grey: np.ndarray) -> Image.Image:
    """As a phone stores it: a little blur, noise, JPEG."""
    grey = ndimage.gaussian_filter(grey, rng.uniform(0.4, 1.1)) + rng.normal(0, rng.uniform(1, 4), grey.shape)
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(grey, 0, 255))).save(file, "JPEG", quality=int(rng.integers(75, 95)))
    return read_image(file.getvalue())


def desk_of(rng: Rng, side: int, level: float | None = None) -> np.ndarray:
    """A desk, plain or of wood: grey float (side, side)."""
    level = rng.uniform(30, 130) if level is None else level
    grain = ndimage.gaussian_filter(rng.normal(0, 1, (side, side)), (1.5, 25))
    return level + rng.uniform(0, 0.12) * level * grain / grain.std()


def seen_from(rng: Rng, sheet: np.ndarray, turn: float, tilt: float, around: float = 0.25) -> np.ndarray:
    """A sheet on a desk, turned by up to `turn` degrees, its far corners drawn together by a share of up to `tilt`."""
    side = len(sheet)
    whole = int(side * (1 + 2 * around))
    angle = np.radians(rng.uniform(-turn, turn))
    half = side / 2
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    corners *= 1 - rng.uniform(0, tilt, (4, 2))
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned *= min(1, 0.96 * whole / 2 / np.abs(turned).max())
    turned += whole / 2 + rng.uniform(-0.1, 0.1, 2) * (whole / 2 - np.abs(turned).max(0))
    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], float)
    there = homography(turned, square)
    size = (whole, whole)
    picture = Image.fromarray(sheet.astype(np.float32))
    warped = np.asarray(picture.transform(size, Image.Transform.PERSPECTIVE, there, Image.Resampling.BILINEAR))
    inside = Image.fromarray(np.ones_like(sheet, np.float32))
    share = np.asarray(inside.transform(size, Image.Transform.PERSPECTIVE, there, Image.Resampling.BILINEAR))
    return np.where(share > 0.99, warped, desk_of(rng, whole))


def lines_on(rng: Rng, grey: np.ndarray, squared: bool, contrast: float | None = None) -> np.ndarray:
    """Printed lines under the ink, turned by up to 4 degrees."""
    side = len(grey)
    contrast = rng.uniform(30, 100) / 225 if contrast is None else contrast
    y, x = np.mgrid[0:side, 0:side] - side / 2
    angle, thick = np.radians(rng.uniform(-4, 4)), rng.uniform(1, 2.2)
    gap = rng.uniform(14, 26) if squared else rng.uniform(18, 40)
    result = grey.copy()
    for along in (y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle))[: 1 + squared]:
        far = np.abs((along + rng.uniform(0, gap)) % gap - gap / 2)
        result *= 1 - contrast * np.clip(thick / 2 + 0.5 - far, 0, 1)
    return result


def shaded(rng: Rng, grey: np.ndarray, depth: float, soft: float) -> np.ndarray:
    """A straight-edged shadow over a part of the picture; `soft` is the width of its edge in pixels."""
    height, width = grey.shape
    y, x = np.mgrid[0:height, 0:width]
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3) * width
    along = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle) - offset
    return grey * (1 - depth * np.clip(along / soft + 0.5, 0, 1))


def framed(rng: Rng, grey: np.ndarray, inset: float = 0.05) -> np.ndarray:
    """A printed frame around all."""
    side = len(grey)
    edge, thick, result = int(rng.uniform(0, inset) * side), int(rng.integers(2, 8)), grey.copy()
    far = np.minimum.reduce([*np.mgrid[0:side, 0:side], *np.mgrid[0:side, 0:side][:, ::-1, ::-1]])
    result[(far >= edge) & (far < edge + thick)] = rng.uniform(10, 90)
    return result


def barred(rng: Rng, grey: np.ndarray) -> np.ndarray:
    """One side of the picture shows something dark."""
    turn = int(rng.integers(4))
    result = np.rot90(grey, turn).copy()
    result[: int(rng.uniform(0.03, 0.1) * len(grey))] = rng.uniform(5, 80)
    return np.rot90(result, -turn)


def turned(rng: Rng, grey: np.ndarray, most: float = 15) -> np.ndarray:
    """Turned by up to so many degrees; the corners show more paper."""
    return ndimage.rotate(grey, rng.uniform(-most, most), reshape=False, order=1, mode="nearest")


def half_transparent(rng: Rng, ink: np.ndarray) -> Image.Image:
    """A drawing program's file without paper, its pen half transparent; cropped tightly in half of the cases."""
    low = 0.95 if rng.random() < 0.5 else 0.4
    sheet = on_sheet(rng, ink, low, 0.97) if low < 0.9 else 255 * (1 - scale_to(ink, 300))
    alpha = 1 - (sheet - sheet.min()) / np.ptp(sheet)
    rgba = np.zeros((*alpha.shape, 4), np.uint8)
    rgba[..., :3] = rng.integers(0, 256, 3)
    rgba[..., 3] = 255 * rng.uniform(0.2, 0.7) * alpha
    return Image.fromarray(rgba)


def deep_bits(rng: Rng, ink: np.ndarray) -> Image.Image:
    """A scanner's file: 10 or 12 bits in a file of 16."""
    grey = on_sheet(rng, ink) / 255 * (2 ** int(rng.choice([10, 12])) - 1)
    file = io.BytesIO()
    Image.fromarray(grey.astype(np.uint16)).save(file, "PNG")
    return read_image(file.getvalue())


def shadow(depth: float, soft: float) -> Kind:
    return lambda rng, ink: photo(rng, shaded(rng, on_sheet(rng, ink), depth, soft))


def lined(squared: bool) -> Kind:
    return lambda rng, ink: photo(rng, lines_on(rng, on_sheet(rng, ink), squared))


def on_desk(turn: float, tilt: float) -> Kind:
    return lambda rng, ink: photo(rng, seen_from(rng, on_sheet(rng, ink), turn, tilt))


def _any_shadow(rng: Rng, grey: np.ndarray) -> np.ndarray:
    return shaded(rng, grey, rng.uniform(0.1, 0.45), rng.uniform(4, 30))


KINDS: dict[str, Kind] = {
    "clean": lambda rng, ink: photo(rng, on_sheet(rng, ink, 0.3, 0.8)),
    "light on dark": lambda rng, ink: photo(rng, 255 - on_sheet(rng, ink, 0.3, 0.8)),
    "frame": lambda rng, ink: photo(rng, framed(rng, on_sheet(rng, ink))),
    "frame, turned": lambda rng, ink: photo(rng, turned(rng, framed(rng, on_sheet(rng, ink, 0.3, 0.5)), 8)),
    "desk": on_desk(0, 0),
    "desk, turned": on_desk(15, 0),
    "desk, perspective": on_desk(15, 0.15),
    "bar": lambda rng, ink: photo(rng, barred(rng, on_sheet(rng, ink))),
    **{
        f"shadow {d} %, {word}": shadow(d / 100, s) for d in (10, 20, 30, 45) for s, word in ((60, "soft"), (4, "hard"))
    },
    "lined": lined(False),
    "squared": lined(True),
    "lined, turned": lambda rng, ink: photo(rng, turned(rng, lines_on(rng, on_sheet(rng, ink), False), 11)),
    "squared, turned": lambda rng, ink: photo(rng, turned(rng, lines_on(rng, on_sheet(rng, ink), True), 11)),
    "turned": lambda rng, ink: photo(rng, turned(rng, on_sheet(rng, ink))),
    "half transparent": half_transparent,
    "10 or 12 bits": deep_bits,
    "lined + shadow": lambda rng, ink: photo(rng, _any_shadow(rng, lines_on(rng, on_sheet(rng, ink), False))),
    "squared + shadow": lambda rng, ink: photo(rng, _any_shadow(rng, lines_on(rng, on_sheet(rng, ink), True))),
    "desk + shadow": lambda rng, ink: photo(rng, _any_shadow(rng, seen_from(rng, on_sheet(rng, ink), 15, 0.1))),
    "desk + lined": lambda rng, ink: photo(rng, seen_from(rng, lines_on(rng, on_sheet(rng, ink), False), 15, 0.1)),
    "desk + squared + shadow": lambda rng, ink: photo(
        rng, _any_shadow(rng, seen_from(rng, lines_on(rng, on_sheet(rng, ink), True), 15, 0.1))
    ),
    "desk + frame": lambda rng, ink: photo(rng, seen_from(rng, framed(rng, on_sheet(rng, ink), 0.08), 10, 0.1)),
    "bar + shadow": lambda rng, ink: photo(rng, _any_shadow(rng, barred(rng, on_sheet(rng, ink)))),
}


def filled(colour: float) -> Kind:
    """Areas that the lines enclose are filled: with a colour (its brightness, 0..255), or like the lines (0: a silhouette)."""

    def made(rng: Rng, ink: np.ndarray) -> Image.Image:
        drawn = np.pad(scale_to(ink, 0.8 * SIDE, Image.Resampling.BICUBIC), SIDE // 10)
        whole = ndimage.binary_fill_holes(drawn > 0.4)
        grey = np.where(whole, colour + (20 - colour) * drawn, 240 - 220 * drawn)
        return photo(rng, grey)

    return made


def pen_of(width: float) -> Kind:
    """Drawn with another pen on a canvas of 400 pixels."""

    def made(rng: Rng, ink: np.ndarray) -> Image.Image:
        from skimage.morphology import skeletonize

        lines = skeletonize(scale_to(np.pad(ink, 1), SIDE - width - 20, Image.Resampling.BICUBIC) > 0.45)
        far = ndimage.distance_transform_edt(~np.pad(lines, int(width / 2) + 10))
        return photo(rng, 240 - 210 * np.clip(width / 2 + 0.5 - far, 0, 1))

    return made


SKETCH_KINDS: dict[str, Kind] = {
    "clean": lambda rng, ink: photo(rng, on_sheet(rng, ink, 0.5, 0.75)),
    "frame": lambda rng, ink: photo(rng, framed(rng, on_sheet(rng, ink, 0.5, 0.75), 0.03)),
    "desk": lambda rng, ink: photo(rng, seen_from(rng, on_sheet(rng, ink, 0.5, 0.75), 15, 0.1)),
    "shadow 30 %, hard": lambda rng, ink: photo(rng, shaded(rng, on_sheet(rng, ink, 0.5, 0.75), 0.3, 4)),
    "lined": lambda rng, ink: photo(rng, lines_on(rng, on_sheet(rng, ink, 0.5, 0.75), False)),
    "squared": lambda rng, ink: photo(rng, lines_on(rng, on_sheet(rng, ink, 0.5, 0.75), True)),
    "filled, light": filled(150),
    "filled, strong": filled(90),
    "silhouette": filled(20),
    **{f"pen of {width} px": pen_of(width) for width in (2, 5, 10, 20, 30, 40)},
}


def several(rng: Rng, images: list[np.ndarray]) -> Image.Image:
    """Digits side by side on one sheet, of about one height."""
    height = rng.uniform(70, 130)
    row: list[np.ndarray] = []
    for image in images:
        drawn = scale_to(crop_to_ink(image.astype(np.float32) / 255), height * rng.uniform(0.85, 1.1))
        drop = int(rng.uniform(0, 0.15) * height)
        tall = np.zeros((int(1.3 * height), drawn.shape[1] + int(rng.uniform(0.12, 0.6) * height)), np.float32)
        tall[drop : drop + drawn.shape[0], : drawn.shape[1]] = drawn[: len(tall) - drop]
        row.append(tall)
    ink = np.pad(np.concatenate(row, axis=1), 40)
    return photo(rng, rng.uniform(205, 245) - 170 * ink)


def digits_with_ink() -> tuple[np.ndarray, np.ndarray]:
    """The first test digits of MNIST, and what they are."""
    return load_mnist().test.head(2_000).arrays


def validation_drawings() -> tuple[np.ndarray, np.ndarray]:
    """Validation drawings of Quick, Draw! in a mixed order, and what they are."""
    images, labels = drawings.load_validation().arrays
    order = np.random.default_rng(7).permutation(len(images))
    return images[order], labels[order]


def pictures(
    kind: str, make: Kind, images: np.ndarray, labels: np.ndarray, each: int
) -> Iterator[tuple[Image.Image, int]]:
    """The pictures of a kind, and what is on them."""
    # Each kind has a seed of its own, so that a new kind does not change the others.
    rng = np.random.default_rng(list(kind.encode()))
    for i in rng.permutation(len(images))[:each]:
        yield make(rng, crop_to_ink(images[i].astype(np.float32) / 255)), int(labels[i])


def score(
    classifier: Classifier, rows: Iterator[tuple[Image.Image, int]], form: Callable
) -> tuple[int, int, int, float]:
    """How many are right, get no answer, are wrong and sure; and seconds of preprocessing per picture."""
    right = none = sure = n = 0
    spent = 0.0
    for picture, label in rows:
        n += 1
        start = time.perf_counter()
        try:
            image = form(picture)
        except InputError:
            none += 1
            continue
        finally:
            spent += time.perf_counter() - start
        best = classifier.classify(image, 1)[0]
        if best.label == classifier.classes[label]:
            right += 1
        elif best.probability > SURE:
            sure += 1
    return right, none, sure, spent / max(1, n)


def print_table(title: str, slug: str, kinds: dict[str, Kind], data: Callable, form: Callable, each: int) -> None:
    classifier = Classifier(bundles.load(slug))
    images, labels = data()
    print(f"\n{title}, {slug}, {each} of each\n{'kind':30} right  no answer  wrong and sure  ms")
    for kind, make in kinds.items():
        right, none, sure, seconds = score(classifier, pictures(kind, make, images, labels, each), form)
        print(f"{kind:30} {right:5}  {none:9}  {sure:14}  {1000 * seconds:.0f}", flush=True)


def print_rows_of_digits(slug: str, each: int) -> None:
    """How many rows of two and three digits are read correctly, in order."""
    classifier = Classifier(bundles.load(slug))
    images, labels = digits_with_ink()
    rng = np.random.default_rng(17)
    for count in (2, 3):
        right = 0
        for _ in range(each):
            chosen = rng.integers(0, len(images), count)
            try:
                digits, _ = read_digits(several(rng, [images[i] for i in chosen]))
            except InputError:
                continue
            said = [classifier.classify(image, 1)[0].label for image in digits.images]
            right += said == [classifier.classes[labels[i]] for i in chosen]
        print(f"\n{slug}: {right} of {each} rows of {count} digits are right", flush=True)


def print_other_styles(slug: str, each: int) -> None:
    """Digits as other countries write them, drawn anew."""
    classifier, rng = Classifier(bundles.load(slug)), np.random.default_rng(SEED)
    print(f"\nDigits in the styles of other countries, {slug}\n")
    for label in handwriting.STYLES:
        images = np.stack([normalise_digit(handwriting.draw(label, rng)) for _ in range(each)])
        right = int((classifier.probabilities(images).argmax(axis=1) == label).sum())
        print(f"  {label}: {right} of {each} right")


def print_strangers(slug: str, each: int) -> None:
    """Pictures that show no digit, of kinds that nothing was learnt from: how many the page calls strange."""
    classifier = Classifier(bundles.load(slug))
    kinds = {
        "letters": strangers.letters(each, SEED, strangers.OTHER_LETTERS),
        "scribbles": strangers.scribbles(each, SEED),
    }
    print(f"\nNo digits, {slug}\n")
    for kind, images in kinds.items():
        print(f"  {kind}: {sum(map(classifier.is_strange, images))} of {each} called strange")


def print_hands(slug: str) -> None:
    """The validation photos as they are, in warm light and upside down."""
    reader = HandReader(bundles.load(slug))
    photos = load_hands(reader.side).validation
    print(f"\nHands, {slug}\n")
    for how, images in changed(photos.images).items():
        share = (reader.probabilities(images).argmax(axis=1) == photos.labels).mean()
        print(f"  {how}: {share:.1%} of {len(photos):,} right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", help="kinds whose names hold one of these words (default: all)"
    )
    parser.add_argument("--each", type=int, default=EACH, help="pictures of each kind")
    parser.add_argument("--slugs", nargs="*", default=["digits_cnn", "digits_mlp", "sketch_cnn", "rps_cnn"])
    options = parser.parse_args()
    for slug in options.slugs:
        if slug in catalogue.slugs("hands"):
            print_hands(slug)
            continue
        digits = slug.startswith("digits")
        kinds = KINDS if digits else SKETCH_KINDS
        chosen = {
            name: kind for name, kind in kinds.items() if not options.kinds or any(w in name for w in options.kinds)
        }
        data, form = (digits_with_ink, picture_to_digit) if digits else (validation_drawings, picture_to_sketch)
        if digits and "several digits".startswith(tuple(options.kinds or [""])):
            print_rows_of_digits(slug, options.each)
        if digits and not options.kinds:
            print_other_styles(slug, options.each)
            print_strangers(slug, options.each)
        print_table("Digits" if digits else "Sketches", slug, chosen, data, form, options.each)


if __name__ == "__main__":
    main()
