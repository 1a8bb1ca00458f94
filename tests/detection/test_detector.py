"""Boxes, anchors, suppression and scores of the detector, its bundle, and its command line."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from lib import bundles, photos
from lib.bundles import BundleError
from lib.tasks.detection import boxes
from lib.tasks.detection import detector as detect

SLUG = "object_detection"


@pytest.fixture(scope="module")
def bundle() -> bundles.Bundle:
    return bundles.load(SLUG)


@pytest.fixture(scope="module")
def detector(bundle) -> detect.Detector:
    return detect.Detector(bundle)


# Boxes


def test_intersection_over_union():
    box = np.array([0, 0, 2, 2])
    others = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [2, 2, 3, 3], [0.5, 0.5, 1.5, 1.5], [5, 5, 5, 5]])
    shares = detect.intersection_over_union(box, others)
    assert shares == pytest.approx([1, 1 / 3, 0, 1 / 4, 0])
    assert detect.intersection_over_union(np.zeros(4), np.zeros(4)) == 0


def test_suppression_keeps_the_surest_and_says_who_gave_way_to_whom():
    same = [[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 10], [20, 20, 30, 30], [0, 0, 9, 10]]
    by = detect.suppress(np.array(same), np.array([1, 1, 2, 1, 1]), 0.5)
    # The third is of another class, the fourth stands elsewhere.
    assert by.tolist() == [-1, 0, -1, -1, 0]
    assert detect.suppress(np.array(same), np.array([1, 1, 2, 1, 1]), 1.0).tolist() == [-1] * 5
    assert len(detect.suppress(np.zeros((0, 4)), np.zeros(0, int))) == 0


def test_suppression_does_what_its_definition_says():
    random = np.random.default_rng(0)
    corner = random.uniform(0, 60, (200, 2))
    some = np.concatenate([corner, corner + random.uniform(5, 40, (200, 2))], axis=1)
    classes = random.integers(0, 3, 200)
    kept: list[int] = []
    for i in range(200):
        rivals = [j for j in kept if classes[j] == classes[i]]
        if all(detect.intersection_over_union(some[i], some[j]) <= 0.4 for j in rivals):
            kept.append(i)
    by = detect.suppress(some, classes, 0.4)
    assert np.flatnonzero(by < 0).tolist() == kept
    gave_way = np.flatnonzero(by >= 0)
    assert np.all(by[gave_way] < gave_way)
    assert np.all(classes[by[gave_way]] == classes[gave_way])


def test_anchors_stand_on_six_grids():
    anchors = detect.anchors()
    assert anchors.shape == (1917, 4)
    assert np.all(anchors[:, 2:] > anchors[:, :2])
    for index in (0, 1082, 1083, 1900, 1916):
        place = detect.place_of(index)
        middle = (anchors[index, :2] + anchors[index, 2:]) / 2
        assert middle == pytest.approx([(place.column + 0.5) / place.cells, (place.row + 0.5) / place.cells], abs=1e-6)
        assert place.shape < detect.shapes_of(place.grid)
    assert detect.place_of(1916).cells == 1
    for wrong in (-1, 1917):
        with pytest.raises(IndexError, match="no anchor"):
            detect.place_of(wrong)


def test_the_square_takes_pixels_as_the_network_learnt_them():
    picture = np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)
    assert np.array_equal(detect.to_input(Image.fromarray(picture)), picture)
    # Twice as large: every other pixel, without averaging.
    larger = np.random.default_rng(0).integers(0, 256, (600, 600, 3), np.uint8)
    assert np.array_equal(detect.to_input(Image.fromarray(larger)), larger[::2, ::2])
    assert detect.to_input(Image.new("L", (7, 900), 9)).shape == (300, 300, 3)


# The detector


@pytest.mark.parametrize(
    ("name", "label"), [("cat", "cat"), ("espresso", "cup"), ("macaw", "bird"), ("polar bear", "bear")]
)
def test_it_finds_what_is_on_a_photo(detector, name, label):
    image = photos.example(name).open()
    best = detector.detect(image)[0]
    assert best.label == label
    assert best.score > 0.9
    left, top, right, bottom = best.box
    assert 0 <= left < right <= image.width
    assert 0 <= top < bottom <= image.height
    assert detector.classes[best.index] == label


def test_what_was_found_follows_the_settings_without_the_network(detector, espresso, monkeypatch):
    raw = detector.raw(espresso)
    monkeypatch.setattr(detector, "_model", None)
    few, many = detector.detections(raw, 0.9), detector.detections(raw, 0.05)
    assert len(few) < len(many)
    assert [one.score for one in many] == sorted((one.score for one in many), reverse=True)
    # Suppression goes from the surest downwards, so that a higher threshold only cuts the list off.
    assert few == [one for one in many if one.score >= 0.9]
    assert {one.label for one in detector.detections(raw, 0.05, classes=["cup"])} == {"cup"}
    assert detector.detections(raw, 0.05, classes=[]) == []
    assert len(detector.detections(raw, 0.05, most=2)) == 2
    assert len(detector.detections(raw, 0.05, overlap=1.0)) > len(many)


def test_boxes_grow_with_the_picture(detector, espresso):
    raw = detector.raw(espresso)
    once, twice = detector.detections(raw), detector.detections(raw.resized((1200, 800)))
    assert np.array(twice[0].box) == pytest.approx(2 * np.array(once[0].box))


def test_arrays_and_pictures_give_the_same(detector, espresso):
    assert detector.detect(np.asarray(espresso)) == detector.detect(espresso)


def test_it_can_be_shared_between_threads(detector):
    names = ["cat", "espresso", "macaw", "polar bear"] * 5
    images = {name: photos.example(name).open() for name in names}
    alone = {name: detector.detect(image) for name, image in images.items()}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda name: detector.detect(images[name]), names))
    assert together == [alone[name] for name in names]


def test_a_damaged_model_is_named(bundle, tmp_path):
    facts = json.loads((bundle.folder / "bundle.json").read_text())
    (tmp_path / "good.tflite").write_bytes(b"nothing")
    facts["sha256"]["good.tflite"] = bundles.sha256(b"nothing")
    (tmp_path / "bundle.json").write_text(json.dumps(facts))
    with pytest.raises(BundleError, match="cannot be loaded"):
        detect.Detector(bundles.Bundle(SLUG, tmp_path))


def test_found_things_are_counted_in_words():
    cat, dog = (detect.Detection(label, 0.9, (0, 0, 1, 1), 0, 0) for label in ("cat", "dog"))
    assert detect.in_words([cat, dog, cat]) == "Found: **cat** (2), **dog**."


# Drawing


def test_boxes_are_drawn_on_a_copy(detector, espresso):
    before = espresso.tobytes()
    found = detector.detect(espresso)
    drawn = boxes.draw_detections(espresso, found)
    assert espresso.tobytes() == before
    assert drawn.size == espresso.size
    left, top, _, bottom = (round(side) for side in found[0].box)
    assert drawn.getpixel((left + 1, (top + bottom) // 2)) == boxes.colour_of(found[0].index)
    assert np.array_equal(boxes.draw_on_array(np.asarray(espresso), found), np.asarray(drawn))


def test_no_label_hides_another_where_there_is_room():
    black = Image.new("RGB", (400, 300))
    same = [detect.Detection(f"thing {i}", 0.9, (100, 100, 300, 200), i, 0) for i in range(5)]
    alone = [np.asarray(boxes.draw_detections(black, [one])) for one in same]
    together = np.asarray(boxes.draw_detections(black, same))
    for i, one in enumerate(same):
        ground = (alone[i] == boxes.colour_of(one.index)).all(axis=2)
        # Its label, which stands above the box when it is alone, is as large as ever, wherever it stands now.
        shown = (together == boxes.colour_of(one.index)).all(axis=2).sum()
        assert shown >= ground[:99].sum()


def test_what_sticks_out_is_cut_off():
    assert boxes.clipped((-5, -5, 200, 50), (100, 100)) == (0, 0, 99, 50)
    picture = Image.new("RGB", (60, 40))
    for box in ((-50, -50, -10, -10), (50, 30, 500, 400), (5, 5, 5, 5)):
        boxes.draw_pair(picture, box, (0, 0, 20, 20))
        boxes.draw_grid(picture, 5, [box], (4, 4))
    one = detect.Detection("a very long name that has no room", 0.5, (30, 2, 58, 30), 3, 0)
    assert boxes.draw_detections(picture, [one]).size == (60, 40)


# The bundle


def test_scores_are_what_the_project_promises(bundle):
    test = bundle.variant("good")["test"]
    assert test["n"] == 128
    assert test["mean_average_precision"] >= 0.37
    assert test["mean_average_precision_50"] >= 0.53
    assert sum(path.stat().st_size for path in bundle.folder.iterdir()) < 10_000_000
    assert bundle.facts["licence"] == "apache-2.0"


def test_parts_of_the_bundle_agree(bundle):
    test, evaluation = bundle.variant("good")["test"], bundle.evaluation
    there = evaluation["things"] > 0
    assert there.sum() == test["classes"]
    assert evaluation["things"].sum() == evaluation["things_by_size"].sum() == test["things"]
    assert np.nanmean(evaluation["average_precision"]) == pytest.approx(test["mean_average_precision"], abs=1e-5)
    assert np.nanmean(evaluation["average_precision_50"]) == pytest.approx(test["mean_average_precision_50"], abs=1e-5)
    assert evaluation["precision"][there].mean(axis=1) == pytest.approx(
        evaluation["average_precision_50"][there], abs=1e-5
    )
    assert evaluation["confusion"][:80].sum() == test["things"]
    assert (
        sum(layer["parameters"] for layer in bundle.variant("good")["layers"]) == bundle.variant("good")["parameters"]
    )
    assert bundle.facts["rules"] == {"threshold": detect.THRESHOLD, "overlap": detect.OVERLAP, "least_score": 0.01}
