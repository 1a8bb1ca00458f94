import threading

import numpy as np
import pytest

from lib import bundles, catalogue, metrics
from lib.classifier import BATCH, Classifier
from lib.tasks.digits.timeline import Timeline, pack_weights, unpack_weights

SLUGS = catalogue.slugs("digits")


@pytest.fixture(scope="module", params=SLUGS)
def bundle(request):
    return bundles.load(request.param)


def test_examples_are_read_correctly(bundle, examples):
    probabilities = Classifier(bundle).probabilities(examples[0])
    assert np.array_equal(probabilities.argmax(axis=1), examples[1])
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_recorded_mistakes_are_mistakes(bundle):
    evaluation = bundle.evaluation
    probabilities = Classifier(bundle).probabilities(evaluation["samples_images"])
    assert np.array_equal(probabilities.argmax(axis=1), evaluation["samples_predicted"])
    assert np.allclose(probabilities.max(axis=1), evaluation["samples_probability"], atol=1e-3)


def test_batches_do_not_change_the_answer(bundle, examples):
    classifier = Classifier(bundle)
    many = np.tile(examples[0], (BATCH // 10 + 3, 1, 1))
    assert np.allclose(classifier.logits(many)[-10:], classifier.logits(examples[0]), atol=1e-3)


def test_guesses_come_most_probable_first(bundle, examples):
    guesses = Classifier(bundle).classify(examples[0][3], top=4)
    assert guesses[0].label == "3"
    assert len(guesses) == 4
    assert [g.probability for g in guesses] == sorted((g.probability for g in guesses), reverse=True)


def test_activations_have_the_shapes_of_the_layers(bundle, examples):
    shapes = {row["name"]: tuple(row["output_shape"]) for row in bundle.variant("good")["layers"]}
    activations = Classifier(bundle).activations(examples[0][0])
    assert list(activations) == bundle.variant("good")["inside"]
    for name, values in activations.items():
        assert values.shape == shapes[name]
        assert values.min() >= 0


def test_saliency_is_the_slope_of_the_best_score(bundle, examples):
    classifier = Classifier(bundle)
    image = examples[0][5]
    gradient = classifier.saliency(image)
    best = classifier.logits(image[None])[0].argmax()
    # The scores are piecewise linear: compare with small steps, at pixels that can take one.
    agree = []
    for y, x in np.argwhere((image > 40) & (image < 200))[:12]:
        up, down = image.copy(), image.copy()
        up[y, x] += 1
        down[y, x] -= 1
        high, low = classifier.logits(np.stack([up, down]))[:, best]
        agree.append(np.isclose((high - low) / 2, gradient[y, x], atol=2e-3, rtol=0.2))
    assert np.mean(agree) > 0.8


def test_sessions_share_a_classifier_without_harm(bundle, examples):
    classifier = Classifier(bundle)
    expected = classifier.logits(examples[0])
    wrong = []

    def ask(i: int) -> None:
        for _ in range(30):
            if not np.allclose(
                classifier.logits(examples[0][i : i + 1 + i % 3]), expected[i : i + 1 + i % 3], atol=1e-3
            ):
                wrong.append(i)
            classifier.activations(examples[0][i])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_packed_weights_are_right_to_half_a_step():
    kernel = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float16) * np.float16([1, 0.01, 0, 100])
    whole, scale = pack_weights(kernel)
    assert whole.dtype == np.int8
    assert np.all(np.abs(unpack_weights(whole, scale) - kernel) <= scale * 0.5001)
    bias, one = pack_weights(np.zeros(7, np.float16))
    assert one.shape == ()
    assert not unpack_weights(bias, one).any()


def test_timeline_starts_ignorant_and_ends_as_the_model(examples):
    bundle = bundles.load("digits_mlp")
    timeline = Timeline(bundle)
    assert timeline.epochs[0] == 0
    assert sum(timeline.epochs < 1) >= 4
    assert np.all(np.diff(timeline.epochs) > 0)
    assert timeline.val_accuracy[0] < 0.3
    assert timeline.first_layer(0).shape == (28, 28, 400)
    kept = int(np.flatnonzero(timeline.epochs == bundle.variant("good")["chosen_epoch"])[0])
    exact = Classifier(bundle).probabilities(examples[0])
    assert np.allclose(timeline.probabilities(kept, examples[0]), exact, atol=5e-3)


def test_metrics_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], np.float32)
    labels = np.array([0, 1, 1])
    assert metrics.accuracy(probabilities, labels) == pytest.approx(2 / 3)
    assert metrics.cross_entropy(probabilities, labels) == pytest.approx(-np.log([0.9, 0.8, 0.4]).mean(), rel=1e-5)
    assert metrics.confusion_counts(probabilities.argmax(1), labels, 2).tolist() == [[1, 0], [1, 1]]
    bins = metrics.calibration_bins(probabilities, labels)
    assert bins["count"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0, 1, 1]
    assert bins["accuracy"][6] == 0
    assert bins["accuracy"][9] == 1
