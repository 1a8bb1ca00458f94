"""The browser draws, finds and cuts out the same faces as Python, to the last pixel."""

from __future__ import annotations

import numpy as np
import pytest

from lib import bundles
from lib.tasks.emotions import faces
from lib.tasks.emotions.drawn import EXPRESSIONS, RANGES, Expression, draw_face
from lib.tasks.emotions.faces import FaceFinder
from lib.tasks.emotions.reader import EmotionReader, advice, read_faces
from tests import node
from tests.emotions.people import astronaut, at_the_edge, black, forty

PICTURE = (
    "const picture = { width: given.size[0], height: given.size[1], data: new Uint8ClampedArray(given.pixels.buffer) };"
)


def given(picture) -> dict[str, object]:
    return {"size": list(picture.size), "pixels": np.asarray(picture.convert("RGBA"))}


def test_drawn_faces_are_the_same(tmp_path):
    rng = np.random.default_rng(0)
    moved = [Expression(**{name: float(rng.uniform(*ends)) for name, ends in RANGES.items()}) for _ in range(12)]
    all_faces = [*EXPRESSIONS.values(), *moved]
    script = """
    const { drawFace } = await import(`${browser}/drawn.js`);
    const { greyOf } = await import(`${browser}/faces.js`);
    return given.faces.map((one) => greyOf(drawFace(one, 48)));
    """
    there = node.run(tmp_path, script, faces=[vars(one) for one in all_faces])
    assert (there == np.stack([draw_face(one) for one in all_faces]).reshape(-1)).all()


@pytest.mark.parametrize("make", [astronaut, at_the_edge, forty])
def test_windows_and_cut_faces_are_the_same(tmp_path, make):
    picture = make()
    finder = FaceFinder(bundles.load("emotions"))
    found = finder.find(picture)
    windows = faces.windows(*picture.size)
    script = f"""
    const {{ cutOut, windowOf, windows }} = await import(`${{browser}}/faces.js`);
    {PICTURE}
    const places = windows(...given.size);
    return [places.flat(), ...places.slice(0, 3).map((one) => windowOf(picture, ...one)), ...given.boxes.map((box) => cutOut(picture, {{ box }}))];
    """
    there = node.run(tmp_path, script, boxes=[one.box for one in found], **given(picture))
    sizes = np.cumsum([3 * len(windows), *[3 * faces.SIDE**2] * 3])
    places, *seen, cut = np.split(there, sizes)
    assert (places.reshape(-1, 3) == windows).all()
    for one, values in zip(windows, seen[:3], strict=False):
        assert np.abs(values - faces.window(picture, *one).reshape(-1)).max() < 1e-5
    assert (cut == np.stack([faces.cut_out(picture, one) for one in found]).reshape(-1)).all()


def test_answers_of_the_finder_mean_the_same_faces(tmp_path):
    picture = forty()
    finder = FaceFinder(bundles.load("emotions"))
    windows = faces.windows(*picture.size)
    raw = [finder.raw(picture, *one) for one in windows]
    script = """
    const { decode, kept } = await import(`${browser}/faces.js`);
    const found = given.windows.flatMap((window, i) =>
      decode({ boxes: given.boxes.subarray(14336 * i, 14336 * (i + 1)), scores: given.scores.subarray(896 * i, 896 * (i + 1)) }, window, i));
    return kept(found, ...given.size).map(({ box, score }) => [...box, score]);
    """
    boxes, scores = (np.stack([one[i] for one in raw]) for i in (0, 1))
    there = node.run(tmp_path, script, windows=windows, boxes=boxes, scores=scores, size=list(picture.size)).reshape(
        -1, 5
    )
    here = np.array([[*one.box, one.score] for one in finder.find(picture)])
    assert len(here) == 40
    order = np.lexsort((there[:, 0], there[:, 1])), np.lexsort((here[:, 0], here[:, 1]))
    assert np.allclose(there[order[0]], here[order[1]], atol=0.01)


def test_advice_is_the_same(tmp_path):
    bundle = bundles.load("emotions")
    finder, reader = FaceFinder(bundle), EmotionReader(bundle)
    for picture in (astronaut(), at_the_edge(), black(), astronaut().crop((0, 300, 200, 512))):
        found = read_faces(finder, reader, picture)
        script = f"""
        const {{ advice }} = await import(`${{browser}}/faces.js`);
        {PICTURE}
        return [advice(picture, given.boxes.map((box) => ({{ box }}))) === given.words ? 1 : 0];
        """
        boxes, words = [one.face.box for one in found], advice(picture, found)
        assert node.run(tmp_path, script, boxes=boxes, words=words, **given(picture)).tolist() == [1]
