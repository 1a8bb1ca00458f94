"""What the notebooks of the language models call besides `lib.training`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from lib import recurrent
from lib.bundles import Bundle
from lib.recurrent import Network
from lib.tasks.texts import analysis, writer
from lib.tasks.texts.copying import Fingerprint
from lib.tasks.texts.data import Corpus
from lib.tasks.texts.writer import CONTEXT, Writer, score_text
from lib.training.bundle_writer import BundleWriter, Variant, keras_file, npz
from lib.training.fit import checkpoints, smoke
from lib.training.for_browser import Exported, recurrent_network
from lib.vocabulary import Vocabulary

TEMPERATURE = 0.8
"""Of the samples that are kept and of those whose copying is measured."""


def streams(ids: np.ndarray, batch_size: int, window: int) -> tf.data.Dataset:
    """A text cut into streams that are read side by side, a window at a time.

    Row i of each batch goes on where row i of the batch before it ended, so that a stateful network need not
    forget between two windows. Gradients stop at the window's edge (truncated backpropagation through time, Werbos, 1990).

    Args:
        ids: int32 (characters).
        batch_size: number of streams.
        window: characters in a window.

    Returns:
        Batches of characters and of those that follow them, both int32 (batch_size, window). A rest too short for one
        more batch is left out.

    Raises:
        ValueError: the text is too short for one batch.
    """
    steps = smoke((len(ids) - 1) // (batch_size * window), 2)
    if not steps:
        raise ValueError(f"{len(ids)} characters are too few for one batch of {batch_size} x {window}.")

    def cut(values: np.ndarray) -> np.ndarray:
        rows = values[: batch_size * steps * window].reshape(batch_size, steps, window)
        return np.ascontiguousarray(rows.transpose(1, 0, 2))

    return tf.data.Dataset.from_tensor_slices((cut(ids[:-1]), cut(ids[1:]))).prefetch(2)


class CarryState(keras.callbacks.Callback):
    """Lets each epoch of a stateful network start afresh, and its validation in the middle of the text.

    Before validating, every stream reads the characters that stand before it; else its first characters would be
    judged without any context.

    Args:
        before: int32, the end of the text that precedes the validation text.
        validation: int32, the validation text.
        batch_size: number of streams.
        window: characters in a window of the validation data.
    """

    def __init__(self, before: np.ndarray, validation: np.ndarray, batch_size: int, window: int) -> None:
        super().__init__()
        stream = (len(validation) - 1) // (batch_size * window) * window
        # A test waits for each character of it.
        before = before[-smoke(len(before), 8) :]
        text = np.concatenate([before, validation])
        self.context = np.stack([text[i * stream : i * stream + len(before)] for i in range(batch_size)])

    def _reset(self) -> None:
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.RNN):
                layer.reset_state()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self._reset()

    def on_test_begin(self, logs: dict | None = None) -> None:
        self._reset()
        self.model(self.context, training=False)


class SampleRecorder(keras.callbacks.Callback):
    """Lets the network write a few lines after every epoch, to show how it learnt.

    Args:
        vocabulary: what the network's numbers mean.
        name: of the file that keeps the lines of a run that was cut short; unique to the experiment and variant.
        prompt: what it writes on from.
        length: characters to write.
        seed: of the draws.
    """

    def __init__(self, vocabulary: Vocabulary, name: str, prompt: str, length: int = 300, seed: int = 0) -> None:
        super().__init__()
        self.vocabulary, self.prompt, self.length, self.seed = vocabulary, prompt, length, seed
        self.path = checkpoints() / f"{name}-samples.json"
        self.samples: dict[int, str] = {}
        if self.path.exists():
            self.samples = {int(epoch): text for epoch, text in json.loads(self.path.read_text()).items()}

    def sample(self, network: Network) -> str:
        """What a network writes."""
        way = Writer(network, self.vocabulary).write(self.prompt, self.length, [TEMPERATURE], seed=self.seed)
        *_, [trace] = way
        return trace.text

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.samples[epoch + 1] = self.sample(recurrent.read_keras(keras_file(self.model)))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.samples))


def write_text_bundle(
    slug: str,
    *,
    corpus: Corpus,
    vocabulary: Vocabulary,
    variants: dict[str, Variant],
    recorder: SampleRecorder,
    start: str,
    examples: Sequence[str],
    seed: int,
    card: str,
    dataset_tags: Sequence[str],
    licence: str = "mit",
    elsewhere: dict[str, str] | None = None,
    written: int = 10_000,
    contexts: int = 2_000,
) -> Path:
    """Write ``models/<slug>/``, and score each variant on the validation and the test text, the latter once.

    Args:
        slug: of the experiment.
        corpus: with its three texts.
        vocabulary: of the models.
        variants: by name; ``"good"`` is required. Their models are stateful or not.
        recorder: with the samples of the good variant's epochs.
        start: what an empty prompt is replaced by.
        examples: prompts that the page offers.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        dataset_tags: names of the datasets, for the card.
        licence: of the weights.
        elsewhere: other texts to score the good variant on, once, by their names.
        written: characters that each variant writes to measure how much it copies.
        contexts: places at which the worth of more context is measured.

    Returns:
        The folder.
    """
    ids = {name: vocabulary.encode(getattr(corpus, name)) for name in ("train", "validation", "test")}
    bundle_writer = BundleWriter(
        slug,
        dataset=corpus.name,
        classes=list(vocabulary.characters),
        variants=variants,
        sizes={name: len(values) for name, values in ids.items()},
        seed=seed,
    )
    facts, evaluation = bundle_writer.facts, bundle_writer.evaluation
    if corpus.parts:
        facts["dataset"]["articles"] = corpus.parts
    facts |= {"start": start, "examples": list(examples)}
    for name, variant in variants.items():
        bundle_writer.save(f"{name}.keras", keras_file(variant.model))
    fingerprint = Fingerprint.of(corpus.train)
    bundle_writer.save("fingerprint.npz", npz({"bits": fingerprint.bits}))
    facts["copied_by_people"] = analysis.copying(fingerprint, [corpus.validation])
    bundle = bundle_writer.bundle()
    for name in variants:
        model = writer.load_writer(bundle, name)
        test = score_text(model.network, ids["test"], ids["validation"][-CONTEXT:])
        validation = score_text(model.network, ids["validation"], ids["train"][-CONTEXT:])
        texts = analysis.write_many(model, start, written, TEMPERATURE, seed)
        facts["variants"][name] |= {
            "test": {
                "n": len(ids["test"]),
                "loss": round(test.loss, 6),
                "bits_per_character": round(test.bits_per_character, 6),
                "accuracy": round(test.accuracy, 6),
            },
            "validation": {
                "n": len(ids["validation"]),
                "loss": round(validation.loss, 6),
                "bits_per_character": round(validation.bits_per_character, 6),
            },
            "copied": analysis.copying(fingerprint, texts),
        }
        if name == "good":
            evaluation |= {f"calibration_{key}": values for key, values in test.calibration().items()}
            evaluation |= analysis.by_kind(corpus.test, test)
            evaluation |= analysis.by_place(corpus.test, test)
            evaluation |= analysis.by_context(model.network, ids["test"], contexts, seed)
            evaluation |= analysis.passages(corpus.test, test)
            facts["units"] = analysis.telling_units(model, corpus.validation[:6000])
            facts["elsewhere"] = {
                where: _elsewhere(model.network, vocabulary, text) for where, text in (elsewhere or {}).items()
            }
    facts["samples"] = {str(epoch): text for epoch, text in sorted(recorder.samples.items())}
    folder = bundle_writer.finish("bits_per_character", card, dataset_tags, licence)
    recorder.path.unlink(missing_ok=True)
    return folder


def _elsewhere(network: Network, vocabulary: Vocabulary, text: str) -> dict[str, float]:
    score = score_text(network, vocabulary.encode(text), vocabulary.encode(writer.START))
    return {"n": len(text), "loss": round(score.loss, 6), "bits_per_character": round(score.bits_per_character, 6)}


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return recurrent_network(bundle)
