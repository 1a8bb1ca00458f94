"""The training side of the sums."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from lib.tasks.sums import training as training_sums


def test_exact_match_wants_every_character_that_counts():
    wanted = np.array([[-1, 2, 1], [-1, 2, 1], [-1, -1, 0]])
    scores = tf.one_hot([[0, 2, 1], [0, 2, 0], [2, 2, 0]], 3)
    metric = training_sums.ExactMatch()
    metric.update_state(wanted, scores)
    assert float(metric.result()) == pytest.approx(2 / 3)


def test_loss_counts_the_answer_alone():
    loss = training_sums.masked_loss()
    scores = tf.constant([[[9.0, 0, 0], [0, 0, 0]]])
    assert float(loss(np.array([[-1, 1]]), scores)) == pytest.approx(np.log(3), abs=1e-5)
