"""Photos, what is recognised in them, and heads that learn from a handful."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from lib import bundles, photos
from lib.__main__ import main
from lib.datasets import DatasetError
from lib.images import InputError
from lib.tasks.photos import data as imagenet
from lib.tasks.photos import few_shot
from lib.tasks.photos.recogniser import INPUT_SIDE, Recogniser, change, cover
from tests import files
from tests.photos.small_data import plain_photos


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser(bundles.load("image_classification"))


def square(name: str) -> np.ndarray:
    return photos.to_square(photos.example(name).open(), INPUT_SIDE)


def test_scores_are_what_the_project_promises():
    test = bundles.load("image_classification").variant("good")["test"]
    assert test["n"] == 500
    assert test["accuracy"] >= 0.80
    assert test["top_5_accuracy"] >= 0.94


def test_padding_matters_as_the_page_says():
    preparation = bundles.load("image_classification").facts["preparation"]
    assert preparation["crop"] > preparation["crop, padded as Keras does"] + 0.05


def test_learning_from_few_photos_teaches_what_the_page_claims():
    table = bundles.load("image_classification").table("transfer.csv", ["how", "photos", "train", "test"])
    scores, own = (table.pivot(index="photos", columns="how", values=name) for name in ("test", "train"))
    few, many = scores.index.min(), scores.index.max()
    assert scores.loc[few, "frozen"] > scores.loc[few, "scratch"]
    assert scores.loc[many, "early"] < scores.loc[many, "frozen"]
    assert own.loc[many, "early"] < 0.95
    assert (own["scratch"] - scores["scratch"]).loc[10] > 0.2


def test_only_what_shows_nothing_is_called_strange(recogniser, tmp_path, capsys):
    plain = Image.new("RGB", (300, 300), (30, 60, 200))
    assert recogniser.look(photos.to_square(plain, INPUT_SIDE)).strange
    assert not recogniser.look(square("espresso")).strange
    plain.save(tmp_path / "blue.png")
    assert main(["predict", "image_classification", str(tmp_path / "blue.png"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["strange"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("panda", "giant panda"),
        ("espresso", "espresso"),
        ("macaw", "macaw"),
        ("polar bear", "bear"),
        ("cat", "cat"),
    ],
)
def test_examples_are_recognised(recogniser, name, words):
    best = recogniser.guesses(recogniser.probabilities(square(name)[None])[0], 1)[0]
    assert words in best.label.lower()
    assert best.probability > 0.2


def test_every_class_has_a_name_of_its_own():
    bundle = bundles.load("image_classification")
    assert len(set(bundle.classes)) == len(set(bundle.facts["wnids"])) == 1000
    assert bundle.facts["wnids"] == sorted(bundle.facts["wnids"])


def test_a_look_agrees_with_itself(recogniser):
    image = square("panda")
    look = recogniser.look(image)
    np.testing.assert_allclose(look.probabilities, recogniser.probabilities(image[None])[0], atol=1e-5)
    np.testing.assert_allclose(look.features, recogniser.features(image[None])[0], atol=1e-4)
    np.testing.assert_allclose(look.maps.mean(axis=(0, 1)), look.features, atol=1e-4)
    assert [maps.shape[0] for maps in look.inside.values()] == [112, 56, 28, 14]


def test_grad_cam_explains_the_logit(recogniser):
    # Behind the maps are a mean and a dense layer: the map without its zero floor adds up to the logit, except for the bias.
    look, other = (recogniser.look(square(name)) for name in ("panda", "macaw"))
    logits = recogniser.logits(np.stack([square("panda"), square("macaw")]))
    label = int(look.probabilities.argmax())
    head = recogniser.head[label].astype(np.float32)
    difference = (look.features - other.features) @ head
    assert difference == pytest.approx(logits[0, label] - logits[1, label], abs=0.05)
    cam = recogniser.grad_cam(look, label)
    assert cam.shape == (7, 7)
    assert cam.min() >= 0
    # The panda sits in the middle.
    assert cam[1:6, 1:6].mean() > 2 * cam[[0, -1]].mean()


def test_occlusion_finds_what_the_answer_depends_on(recogniser):
    image = square("cat")
    label = int(recogniser.probabilities(image[None])[0].argmax())
    lost = recogniser.occlusion(image, label)
    assert lost.shape[0] == lost.shape[1]
    assert lost.max() > 0.02
    assert lost[0].max() < lost.max()


def test_changes_do_what_they_say():
    image = square("macaw")
    assert np.array_equal(change(image), image)
    assert np.ptp(change(image, grey=1).astype(int), axis=-1).max() <= 1
    assert change(image, brightness=0.5).mean() == pytest.approx(image.mean() / 2, rel=0.05)
    assert change(image, blur=4).astype(float).std() < image.astype(float).std()
    assert (change(image, turn=45)[0, 0] == photos.PAD_GREY).all()
    half = np.zeros((280, 280, 4), np.uint8)
    half[:, :140, 3] = 255
    covered = cover(image, half)
    assert (covered[:, :112] == photos.PAD_GREY).all()
    assert np.array_equal(covered[:, 112:], image[:, 112:])
    assert cover(image, None) is image


def test_ways_to_make_a_square():
    wide = Image.new("RGB", (400, 200), "red")
    wide.paste("blue", (100, 0, 300, 200))
    whole = photos.to_square(wide, 100, "crop", 1.0)
    assert (whole[..., 2] > 250).mean() > 0.97
    squeezed = photos.to_square(wide, 100, "squeeze")
    assert (squeezed[:, :20, 0] > 250).all()
    padded = photos.to_square(wide, 100, "pad")
    assert (padded[:24] == photos.PAD_GREY).all()
    assert (padded[50, 50] == [0, 0, 255]).all()
    with pytest.raises(ValueError, match="crop, squeeze, pad"):
        photos.to_square(wide, 100, "fold")


def test_photos_are_read_upright_and_opaque():
    for name, data in files.GOOD.items():
        image = photos.read_photo(data)
        assert image.mode == "RGB", name
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert photos.read_photo(files.encode(clear)).getpixel((5, 5)) == (255, 255, 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert photos.read_photo(files.encode(Image.new("RGB", (40, 20)), "JPEG", exif=exif)).size == (20, 40)


@pytest.mark.parametrize("name", ["text.png", "truncated.jpg", "empty.png", "bomb.png", "one_pixel.png"])
def test_bad_photos_get_a_sentence(name):
    with pytest.raises(InputError):
        photos.read_photo(files.BAD[name][0])


def test_examples_name_their_makers():
    for one in photos.EXAMPLES:
        assert one.path.is_file()
        assert one.credit.endswith(("CC0", "public domain")) or "CC BY" in one.credit
        assert one.url.startswith("https://")


def test_photos_of_ones_own_are_loaded(tmp_path):
    np.savez(tmp_path / "own.npz", **plain_photos(["n02", "n01"]))
    data = imagenet.load_photos(["n01", "n02"], tmp_path / "own.npz")
    assert data.labels.tolist() == [1, 0]
    assert [image.size for image in data] == [(32, 32), (32, 32)]


def test_bad_files_of_photos_get_a_sentence(tmp_path, monkeypatch):
    path = tmp_path / "own.npz"
    np.savez(path, **plain_photos(["n09"]))
    with pytest.raises(DatasetError, match="'n09' is no class"):
        imagenet.load_photos(["n01"], path)
    np.savez(path, **(plain_photos(["n01"]) | {"offsets": np.array([0])}))
    with pytest.raises(DatasetError, match="offsets"):
        imagenet.load_photos(["n01"], path)
    np.savez(path, **(plain_photos(["n01"]) | {"jpeg": np.zeros(10_000, np.uint8)}))
    with pytest.raises(DatasetError, match="damaged or no picture"):
        list(imagenet.load_photos(["n01"], path))
    monkeypatch.delenv("ML_EVALUATION_DIR", raising=False)
    with pytest.raises(DatasetError, match="set ML_EVALUATION_DIR"):
        imagenet.load_photos(["n01"])


def clusters(each: int = 6, classes: int = 3, spread: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Features of photos that look like others of their class."""
    rng = np.random.default_rng(1)
    centres = rng.random((classes, few_shot.FEATURES)).astype(np.float32)
    labels = np.repeat(np.arange(classes), each)
    return np.abs(centres[labels] + spread * rng.normal(size=(len(labels), few_shot.FEATURES))).astype(
        np.float32
    ), labels


def test_a_head_learns_and_predicts_its_own_accuracy():
    features, labels = clusters()
    moments = list(few_shot.train(features, labels, "abc"))
    assert [moment.step for moment in moments] == list(range(1, few_shot.STEPS + 1))
    assert moments[-1].loss < moments[0].loss
    assert moments[-1].accuracy == 1
    assert moments[-1].left_out_accuracy > 0.9
    assert moments[-1].left_out_loss > moments[-1].loss
    assert (moments[-1].head.probabilities(features).argmax(axis=1) == labels).all()


def test_left_out_photos_tell_when_nothing_was_learnt():
    # Labels without a meaning can be memorised, but predict nothing.
    features, labels = clusters(each=10, classes=1, spread=1.0)
    labels = np.random.default_rng(2).permutation(np.repeat([0, 1], 5))
    last = list(few_shot.train(features, labels, "ab"))[-1]
    assert last.accuracy > 0.9
    assert last.left_out_accuracy < 0.75


def test_left_out_score_is_that_of_a_head_without_the_photo():
    features, labels = clusters(each=4, spread=1.0)
    *_, whole = few_shot.train(features, labels, "abc")
    losses = []
    for i in range(len(labels)):
        rest = np.arange(len(labels)) != i
        *_, part = few_shot.train(features[rest], labels[rest], "abc")
        losses.append(-np.log(part.head.probabilities(features[i : i + 1])[0, labels[i]]))
    # Centred and scaled by slightly other means, hence not the same to the last digit.
    assert whole.left_out_loss == pytest.approx(np.mean(losses), rel=0.15)


def test_a_head_comes_back_as_it_went():
    features, labels = clusters()
    *_, last = few_shot.train(features, labels, ["one", "two", "three"])
    back = few_shot.read_head(last.head.to_bytes())
    assert back.classes == ("one", "two", "three")
    np.testing.assert_array_equal(back.probabilities(features), last.head.probabilities(features))


@pytest.mark.parametrize(
    "damage", [lambda d: b"", lambda d: d[: len(d) // 2], lambda d: b"not a head", "pickle", "shape"]
)
def test_a_strange_file_is_no_head(damage):
    features, labels = clusters()
    *_, last = few_shot.train(features, labels, "abc")
    data, file = last.head.to_bytes(), io.BytesIO()
    if damage == "pickle":
        np.savez(file, format=1, classes=np.array([{}], object), kernel=np.zeros((1280, 1)), bias=np.zeros(1))
        data = file.getvalue()
    elif damage == "shape":
        np.savez(file, format=1, classes=np.array(["a", "b"]), kernel=np.zeros((3, 2)), bias=np.zeros(2))
        data = file.getvalue()
    else:
        data = damage(data)
    with pytest.raises(InputError, match=r"head\.npz"):
        few_shot.read_head(data)


def test_too_little_to_learn_from_gets_a_sentence():
    with pytest.raises(InputError, match="2 to 5 classes"):
        few_shot.check({"a": 5})
    with pytest.raises(InputError, match="give b at least two photos"):
        few_shot.check({"a": 5, "b": 1})
    few_shot.check({"a": 2, "b": 2})


def test_three_examples_can_be_taught(recogniser):
    features, labels = [], []
    for label, name in enumerate(("cat", "espresso", "panda")):
        image = photos.example(name).open()
        for share in (0.5, 0.7, 0.9, 1.0):
            features.append(recogniser.features(photos.to_square(image, INPUT_SIDE, "crop", share)[None])[0])
            labels.append(label)
    *_, last = few_shot.train(np.array(features), np.array(labels), "abc")
    assert last.left_out_accuracy == 1
    moose = recogniser.features(square("moose")[None])[0]
    assert last.head.guesses(moose)[0].probability < 0.95
