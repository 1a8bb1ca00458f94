"""From strokes and pictures to the form of Quick, Draw!'s bitmaps."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageDraw

from lib import bundles
from lib.classifier import Classifier
from lib.images import BlankInputError
from lib.tasks.sketches import strokes as sketches
from lib.tasks.sketches.stroke_by_stroke import stages, when_it_knew
from lib.ui.sentences import ordinal

HOUSE = [
    np.array([(60, 220), (60, 120), (200, 120), (200, 220), (60, 220)], float),
    np.array([(50, 125), (130, 50), (210, 125)], float),
    np.array([(110, 220), (110, 160), (150, 160), (150, 220)], float),
]


def objects(strokes):
    return [
        {"type": "path", "path": [["M", *stroke[0]], *(["Q", *point, *point] for point in stroke), ["L", *stroke[-1]]]}
        for stroke in strokes
    ]


def photo(strokes, width, side=280, ink=30, paper=220):
    image = Image.new("L", (side, side), paper)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line([tuple(point) for point in stroke], fill=ink, width=width, joint="curve")
    return image


def test_form_is_that_of_the_data():
    image = sketches.normalise_strokes(HOUSE)
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    rows, columns = np.nonzero(image > 40)
    # The longer side fills the field except for the margin, the shorter one stands in the middle.
    assert (rows.min(), rows.max()) in {(1, 26), (2, 25), (1, 25), (2, 26)}
    assert abs((columns.min() + columns.max()) / 2 - 13.5) <= 0.5
    assert image.max() == 255


@pytest.mark.parametrize(("scale", "move"), [(0.2, (3, 200)), (1.0, (50, 0)), (3.0, (-400, 900))])
def test_place_and_size_do_not_matter(scale, move):
    moved = [scale * stroke + np.array(move) for stroke in HOUSE]
    assert np.array_equal(sketches.normalise_strokes(moved), sketches.normalise_strokes(HOUSE))


@pytest.mark.parametrize("width", [3, 8, 20])
def test_a_picture_comes_close_to_the_strokes_whatever_the_pen(width):
    by_strokes = sketches.normalise_strokes(HOUSE).astype(float)
    by_pixels = sketches.picture_to_sketch(photo(HOUSE, width)).astype(float)
    assert np.corrcoef(by_strokes.ravel(), by_pixels.ravel())[0, 1] > 0.7


def test_light_lines_on_a_dark_sheet_are_the_same_drawing():
    dark = sketches.picture_to_sketch(photo(HOUSE, 6)).astype(float)
    light = sketches.picture_to_sketch(photo(HOUSE, 6, ink=230, paper=20)).astype(float)
    assert np.corrcoef(dark.ravel(), light.ravel())[0, 1] > 0.95


def test_strokes_are_simplified_but_keep_their_corners():
    wavy = np.stack([np.linspace(0, 255, 400), np.random.default_rng(0).uniform(0, 1, 400)], axis=1)
    assert len(sketches.simplify([wavy])[0]) < 10
    assert len(sketches.simplify(HOUSE)[1]) == 3


def test_canvas_gives_its_strokes_until_there_is_a_picture_on_it():
    strokes = sketches.canvas_strokes(objects(HOUSE))
    assert len(strokes) == 3
    assert np.array_equal(sketches.normalise_strokes(strokes), sketches.normalise_strokes(HOUSE))
    assert sketches.canvas_strokes([{"type": "Image"}, *objects(HOUSE)]) is None
    assert sketches.canvas_strokes([]) == []


def test_pixels_are_used_where_there_is_more_than_strokes():
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[..., 3] = 255 - np.asarray(photo(HOUSE, 6, ink=0, paper=255))
    image = sketches.drawn_to_sketch([{"type": "Image"}], rgba)
    by_strokes = sketches.drawn_to_sketch(objects(HOUSE), rgba)
    assert np.array_equal(by_strokes, sketches.normalise_strokes(HOUSE))
    assert np.corrcoef(image.ravel(), by_strokes.ravel())[0, 1] > 0.7


@pytest.mark.parametrize("strokes", [[], [np.array([(5.0, 5.0)])], [np.array([(5.0, 5.0), (6.0, 6.0)])]])
def test_nothing_and_dots_get_a_sentence(strokes):
    with pytest.raises(BlankInputError, match="please draw"):
        sketches.normalise_strokes(strokes)
    with pytest.raises(BlankInputError):
        sketches.drawn_to_sketch(objects(strokes), None)


def test_an_empty_sheet_gets_a_sentence():
    with pytest.raises(BlankInputError, match="clear lines"):
        sketches.picture_to_sketch(Image.new("L", (200, 200), 240))


@pytest.fixture(scope="module")
def classifier():
    return Classifier(bundles.load("sketch_cnn"))


def test_stages_leave_dots_out_and_end_with_the_whole_drawing(classifier):
    dot = np.array([(10.0, 10.0), (11.0, 10.0)])
    thought = stages(classifier, [dot, *HOUSE])
    assert thought["stroke"].tolist() == [2, 3, 4]
    [best] = classifier.classify(sketches.normalise_strokes([dot, *HOUSE]), top=1)
    assert (thought["final"] == best.label).all()
    assert thought["probability"].iloc[-1] == pytest.approx(best.probability, abs=1e-4)
    assert thought["sure"].iloc[-1] == thought["probability"].iloc[-1]
    assert len(stages(classifier, [])) == 0
    assert "stroke" in when_it_knew(stages(classifier, [dot, HOUSE[0]]))


@pytest.mark.parametrize(
    ("guesses", "words"),
    [
        (["cat"], "One stroke so far: it says **cat**"),
        (["cat", "cat", "cat"], "from the first stroke on"),
        (["dog", "cow", "cat", "cat"], "It knew at the **third stroke**: **cat**. Before that it said *cow*"),
        (["cat", "dog", "cat", "cat"], "It knew at the **third stroke**: **cat**. Before that it said *dog*"),
        (["dog", "cow", "cat"], "The last stroke changed its mind: **cat**. Before that it said *cow*"),
    ],
)
def test_sentence_says_when_it_knew(guesses, words):
    thought = pd.DataFrame(
        {"stroke": range(1, len(guesses) + 1), "guess": guesses, "final": guesses[-1], "probability": 0.9}
    )
    assert words in when_it_knew(thought)
    assert "knew" not in when_it_knew(thought.assign(probability=0.3))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cat", "a cat"),
        ("owl", "an owl"),
        ("hourglass", "an hourglass"),
        ("umbrella", "an umbrella"),
        ("scissors", "scissors"),
        ("The Mona Lisa", "the Mona Lisa"),
    ],
)
def test_articles(name, words):
    assert sketches.with_article(name) == words


def test_ordinals():
    assert [ordinal(n) for n in (1, 3, 10, 11, 12, 21, 22, 23, 112)] == [
        "first", "third", "tenth", "11th", "12th", "21st", "22nd", "23rd", "112th",
    ]  # fmt: skip


def test_silhouette_becomes_its_outline():
    ink = np.zeros((300, 300), np.float32)
    ink[50:250, 50:250] = 1
    sketch = sketches.normalise_ink(ink)
    assert sketch[14, 14] == 0
    assert sketch[14].max() > 150


def test_lines_inside_a_fill_are_kept():
    ink = np.zeros((300, 300), np.float32)
    ink[50:250, 50:250] = 1
    levels = 0.6 * ink
    levels[50:250, 143:157] = 1
    for side in (slice(50, 60), slice(240, 250)):
        levels[side, 50:250] = levels[50:250, side] = 1
    assert sketches.normalise_ink(ink, levels)[14, 14] > 150


def test_thick_pen_draws_lines_and_no_fills():
    image = Image.new("L", (400, 400))
    ImageDraw.Draw(image).line(
        [(60, 60), (340, 60), (340, 340), (60, 340), (60, 60)], fill=255, width=40, joint="curve"
    )
    sketch = sketches.normalise_ink(np.asarray(image, np.float32) / 255)
    assert sketch[14, 14] == 0
    # One line along each side, not two.
    assert (np.diff((sketch[14] > 100).astype(int)) == 1).sum() == 2
