"""Photos of hands: their form, their split, what is made of them, and the networks that read them."""

import numpy as np
import pytest
from PIL import Image

from lib import bundles, catalogue, photos
from lib.bundles import BundleError
from lib.datasets import DatasetError
from lib.tasks.hands import data as hands
from lib.tasks.hands.pictures import EXAMPLES, SHOWN, evidence, labelled
from lib.tasks.hands.reader import HandReader, views

SLUGS = catalogue.slugs("hands")


@pytest.fixture
def data_folders(small_data, monkeypatch):
    for name, value in small_data.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def some() -> hands.Photos:
    labels, source = np.tile([0, 1, 2, 3], 30), np.repeat([0, 1, 2], 40)
    return hands.Photos(np.zeros((120, 8, 8, 3), np.uint8), labels, source)


@pytest.mark.parametrize(("size", "kept"), [((100, 100), (0, 100)), ((400, 100), (0, 100)), ((100, 400), (0, 100))])
def test_any_picture_becomes_a_square(size, kept):
    assert hands.to_input(Image.new("L", size, 200), 32).shape == (32, 32, 3)


def test_the_middle_of_a_long_picture_is_kept():
    picture = np.zeros((100, 400, 3), np.uint8)
    picture[:, 150:250] = 255
    assert hands.to_input(Image.fromarray(picture), 50).mean() > 180


def test_sources_are_apart(data_folders):
    data = hands.load_hands(16)
    parts = [set(part.source.tolist()) for part in (data.train, data.validation, data.test)]
    assert all(parts)
    assert len(set.union(*parts)) == sum(map(len, parts))
    assert set(data.validation.source.tolist()) <= set(hands.VALIDATION_SOURCES)
    assert hands.NOTHING not in data.rendered.labels


def test_missing_photos_are_told_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.delenv("ML_EVALUATION_DIR", raising=False)
    with pytest.raises(DatasetError, match="set ML_EVALUATION_DIR to a folder that holds rps_real_heldout"):
        hands.load_held_out()
    monkeypatch.setenv("ML_DATA_DIR", str(tmp_path))
    with pytest.raises(DatasetError, match="no public download"):
        hands.load_hands()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": np.array([0, 4])}, "labels must be 0 rock"),
        ({"labels": np.array([0.5, 1.0])}, "it needs `jpeg`"),
        ({"offsets": np.array([0, 1])}, "it needs `jpeg`"),
        ({"offsets": np.array([0, 2, 9])}, "it needs `jpeg`"),
        ({"offsets": np.array([2, 0, 4], np.uint64)}, "it needs `jpeg`"),
        ({"jpeg": np.zeros(4, np.uint8)}, "photo 0 is not a picture"),
        ({"jpeg": np.zeros(4, np.float32)}, "it needs `jpeg`"),
    ],
)
def test_strange_files_are_told_in_a_sentence(tmp_path, change, words):
    given = {"jpeg": np.zeros(4, np.uint8), "offsets": np.array([0, 2, 4]), "labels": np.array([0, 1])} | change
    np.savez(tmp_path / "own.npz", **given)
    with pytest.raises(DatasetError, match=words):
        hands.load_photos(tmp_path / "own.npz")


def test_few_photos_are_spread_over_classes_and_sources(some):
    few = hands.some_of_each(some, 24)
    assert np.bincount(few.labels).tolist() == [6] * 4
    assert np.bincount(few.source).tolist() == [8] * 3


def test_a_random_split_puts_every_source_on_both_sides(some):
    more, less = hands.random_split(some, 0.25)
    assert (len(more), len(less)) == (90, 30)
    assert set(more.source) == set(less.source) == {0, 1, 2}


def test_balance_gives_each_class_its_share(some):
    uneven = some[np.flatnonzero((some.labels != 0) | (some.source == 0))]
    weights = hands.balance(uneven)
    assert weights.sum() == pytest.approx(1)
    for label, share in enumerate((0.27, 0.27, 0.27, 0.19)):
        assert weights[uneven.labels == label].sum() == pytest.approx(share)


def test_scores_leave_out_what_cannot_be_measured():
    sure = np.eye(4, dtype=np.float32)[[0, 1, 2, 0]]
    assert hands.scores(sure, np.array([0, 1, 2, 3]))["nothing_recall"] == 0
    assert hands.scores(sure, np.array([0, 1, 2, 3]))["hands_accuracy"] == 1
    assert "nothing_recall" not in hands.scores(sure, np.array([0, 1, 2, 0]))
    assert hands.recalls(sure, np.array([0, 1, 2, 0])) == [1.0, 1.0, 1.0, None]


@pytest.mark.parametrize("slug", SLUGS)
def test_bundle_tells_what_the_page_says(slug):
    facts = bundles.load(slug).facts
    test = facts["variants"]["good"]["test"]
    assert test["n"] == 680
    assert test["nothing_recall"] >= 0.8
    assert [row["photos"] for row in facts["few"]] == [50, 200, 1000, facts["dataset"]["train"]]
    rendered, random = facts["splits"][:2]
    assert rendered["own"] > rendered["new"] + 0.1
    assert random["own"] > random["new"]
    assert sum(source["n"] for source in facts["sources"]) == 680
    assert "jpeg" not in bundles.load(slug).evaluation


def test_mobilenet_keeps_its_promise():
    assert bundles.load("rps_mobilenet").variant("good")["test"]["hands_accuracy"] >= 0.9


@pytest.fixture(scope="module", params=SLUGS)
def reader(request):
    return HandReader(bundles.load(request.param))


def test_examples_are_read(reader):
    for example in EXAMPLES:
        word = example.name.split()[0]
        expected = word if word in hands.HANDS else "nothing"
        assert reader.classify(example.open(), 1)[0].label == expected


def test_a_hand_and_its_mirror_image_are_the_same(reader):
    image = hands.to_input(photos.Example("paper", "", "").open(), reader.side)
    both = reader.probabilities(np.stack([image, image[:, ::-1]]))
    np.testing.assert_allclose(both[0], both[1], atol=1e-4)


def test_maps_are_what_the_logits_are_means_of(reader):
    image = hands.to_input(photos.Example("rock", "", "").open(), reader.side)
    sight, logits = reader.see(image), reader.logits(image[None])[0]
    means = sight.maps.mean(axis=(0, 1))
    # The bias is all that is missing.
    other = hands.to_input(photos.Example("paper", "", "").open(), reader.side)
    bias = reader.logits(other[None])[0] - reader.see(other).maps.mean(axis=(0, 1))
    np.testing.assert_allclose(logits - means, bias, atol=1e-3)


def test_a_prediction_takes_little_time(reader):
    image = hands.to_input(photos.Example("rock", "", "").open(), reader.side)
    assert min(reader.see(image).milliseconds for _ in range(20)) < 40


def test_unknown_variant_and_damaged_model_are_told(tmp_path):
    bundle = bundles.load(SLUGS[0])
    with pytest.raises(BundleError, match="choose one of"):
        HandReader(bundle, "best")


def test_views_look_at_a_picture_from_six_places():
    seen = views(photos.Example("rock", "", "").open(), 48)
    assert seen.shape == (6, 48, 48, 3)
    assert len(np.unique(seen.reshape(6, -1), axis=0)) == 6


def test_evidence_lies_over_the_picture():
    image = photos.Example("rock", "", "").open()
    picture = evidence(image, np.eye(4, dtype=np.float32))
    assert picture.shape == (SHOWN, SHOWN, 3)
    assert evidence(image, np.full((4, 4), -1, np.float32)).dtype == np.uint8


def test_a_frame_tells_the_best_guess():
    frame = np.full((120, 160, 3), 90, np.uint8)
    shown = labelled(frame, np.array([0.1, 0.7, 0.1, 0.1]))
    assert shown.shape == frame.shape
    assert (shown[-20:, :60] != frame[-20:, :60]).any()
    assert (shown[:60] == frame[:60]).all()


def test_training_pictures_have_their_form():
    from lib.tasks.hands import training as training_hands

    rendered = hands.Photos(
        np.stack([hands.to_input(example.open(), 32) for example in EXAMPLES[:3]]), np.arange(3), np.full(3, 21)
    )
    walls = training_hands.walls(4, 32, 0)
    posed = training_hands.before_scenes(rendered, walls, 0, arms=2)
    assert posed.images.shape == (5, 32, 32, 3)
    assert posed.labels.tolist() == [0, 1, 2, hands.NOTHING, hands.NOTHING]
    cover = training_hands.cut_out(rendered.images[1])
    assert cover[0].max() < 0.5 < cover[20:28].max()
    for scenes in (walls, None):
        images, targets = next(iter(training_hands.feed(posed, batch_size=6, scenes=scenes)))
        assert images.shape == (6, 32, 32, 3)
        assert 0 <= float(images.numpy().min()) <= float(images.numpy().max()) <= 255
        np.testing.assert_allclose(targets.numpy().sum(axis=1), 1, rtol=1e-5)


def test_light_of_a_lamp_is_balanced_and_other_light_left_alone():
    plain = np.random.default_rng(0).integers(60, 200, (2, 16, 16, 3)).astype(np.uint8)
    assert np.array_equal(hands.balanced(plain), plain)
    warm = hands.changed(plain)["in warm light"]
    strength = hands.balanced(warm).mean(axis=(1, 2))
    assert strength.max(axis=1) / strength.min(axis=1) == pytest.approx([1, 1], abs=0.02)
    black = np.zeros((1, 16, 16, 3), np.uint8)
    assert not hands.balanced(black).any()


@pytest.mark.parametrize("slug", catalogue.slugs("hands"))
def test_rendered_hands_are_read_in_the_light_of_a_lamp(slug):
    reader = HandReader(bundles.load(slug))
    images = np.stack([hands.to_input(example.open(), reader.side) for example in EXAMPLES[:6]])
    as_they_are, warm, _ = (reader.probabilities(some).argmax(axis=1) for some in hands.changed(images).values())
    assert (as_they_are == warm).sum() >= 5
