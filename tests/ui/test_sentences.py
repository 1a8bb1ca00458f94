import pytest

from lib import catalogue
from lib.ui.sentences import percent, plain, read_curves
from tests.charts import history


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "less than 0.1%"), (0.5, "50.0%"), (0.9994, "99.9%"), (0.9999, "more than 99.9%"), (1.0, "100.0%")],
)
def test_figures_claim_neither_nothing_nor_all(probability, words):
    assert percent(probability) == words


def test_markdown_of_the_persons_own_stays_as_it_is():
    assert plain("my-cat (2).jpg") == "my-cat (2).jpg"
    assert plain("*x* $y$ :smile: [a] <b>") == r"\*x\* \$y\$ \:smile\: \[a\] \<b\>"


@pytest.mark.parametrize(
    ("rows", "chosen", "part"),
    [
        (history([1, 0.5, 0.1], [0.9, 0.4, 0.09]), 3, "little left to learn"),
        (history([1, 0.1, 0.001], [0.9, 0.4, 0.8]), 3, "Then it rose by 0.40"),
        (history([1, 0.2, 0.1], [0.9, 0.5, 0.4]), 3, "0.30 lower than the validation loss"),
        (history([1, 0.5, 0.3], [0.9, 0.2, 0.1]), 3, "That is normal"),
        (history([2, 1.9, 1.8], [2, 1.9, 1.8], 0.3, 0.3), 3, "underfitting"),
        (
            history([3, 2.4, 2.2], [2.5, 2, 1.8], 0.67, 0.59),
            3,
            "67% of its training digits were right, but 59% of new ones",
        ),
    ],
)
def test_sentence_reads_this_very_chart(rows, chosen, part):
    sentence = read_curves(rows, chosen, "accuracy", catalogue.TASKS["digits"])
    assert part in sentence
    assert f"epoch **{chosen}**" in sentence
