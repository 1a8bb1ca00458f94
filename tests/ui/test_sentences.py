import pytest

from lib.ui.sentences import percent, plain


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "less than 0.1%"), (0.5, "50.0%"), (0.9994, "99.9%"), (0.9999, "more than 99.9%"), (1.0, "100.0%")],
)
def test_figures_claim_neither_nothing_nor_all(probability, words):
    assert percent(probability) == words


def test_markdown_of_the_persons_own_stays_as_it_is():
    assert plain("my-cat (2).jpg") == "my-cat (2).jpg"
    assert plain("*x* $y$ :smile: [a] <b>") == r"\*x\* \$y\$ \:smile\: \[a\] \<b\>"
