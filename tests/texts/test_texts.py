import bz2
import gzip

import numpy as np
import pytest

from lib.datasets import DatasetError
from lib.recurrent import GRULayer, Network
from lib.tasks.texts import analysis
from lib.tasks.texts import data as corpora
from lib.tasks.texts.copying import Fingerprint
from lib.tasks.texts.writer import MOST_PROMPT, Writer, score_text
from lib.vocabulary import UNKNOWN, Vocabulary, vocabulary_of

PLAY = "Speak, speak.\nFIRST CITIZEN:\nYou are all resolved rather to die than to famish?\n" * 3


def test_vocabulary_there_and_back():
    vocabulary = vocabulary_of(PLAY)
    assert vocabulary.unknown is None
    assert vocabulary.decode(vocabulary.encode(PLAY)) == PLAY
    assert vocabulary.known("Speak\r\nüλ!") == ("Speak\n", "üλ!")


def test_rare_characters_become_one_unknown_sign():
    vocabulary = vocabulary_of("aaabbbccλ", at_least=2)
    assert vocabulary.characters == UNKNOWN + "abc"
    assert vocabulary.encode("aλz").tolist() == [1, 0, 0]
    # A person cannot type the sign itself.
    assert vocabulary.known("a" + UNKNOWN) == ("a", UNKNOWN)


def test_fingerprint_finds_what_was_copied():
    text = "".join(np.random.default_rng(0).choice(list("abcdefgh "), 20_000))
    fingerprint = Fingerprint.of(text)
    assert fingerprint.copied(text).share == 1
    passage = "XYZ" + text[500:560] + "XYZ" * 10
    copied = fingerprint.copied(passage)
    assert (copied.where, copied.longest) == (3, 60)
    assert copied.inside.sum() == 60
    strange = "".join(np.random.default_rng(1).choice(list("abcdefgh "), 20_000))
    assert fingerprint.copied(strange).share < 0.01
    assert fingerprint.copied("short").longest == 0
    assert fingerprint.copied("").share == 0


@pytest.fixture(scope="module")
def model() -> Writer:
    rng = np.random.default_rng(0)
    vocabulary = Vocabulary(UNKNOWN + "\n abc")

    def random(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.8, shape).astype(np.float32)

    layer = GRULayer(random(4, 24), random(8, 24), random(2, 24))
    kernel, bias = random(8, 6), random(6)
    # It would write the unknown sign most of the time, if it were let.
    bias[0] = 5
    return Writer(Network(random(6, 4), [layer], kernel, bias), vocabulary)


def written(model, **settings) -> str:
    *_, [trace] = model.write("ab", 80, **settings)
    return trace.text


def test_seed_gives_the_same_text(model):
    assert written(model, seed=1) == written(model, seed=1)
    assert written(model, seed=1) != written(model, seed=2)
    assert written(model) != written(model)


def test_temperature_nought_and_top_one_are_certain(model):
    assert written(model, temperatures=[0.0], seed=1) == written(model, temperatures=[0.0], seed=2)
    assert written(model, temperatures=[1.5], top_k=1, seed=1) == written(model, temperatures=[0.0])


def test_unknown_sign_is_never_written(model):
    assert UNKNOWN not in written(model, temperatures=[1.5], seed=3)


def test_ways_side_by_side_are_those_one_by_one(model):
    *_, traces = model.write("ab", 50, [0.5, 1.0], seed=[4, 5])
    assert traces[0].text == next(reversed(list(model.write("ab", 50, [0.5], seed=4))))[0].text
    assert traces[1].text == next(reversed(list(model.write("ab", 50, [1.0], seed=5))))[0].text


def test_trace_remembers_what_was_thought(model):
    *_, [trace] = model.write("abc", 20, seed=1)
    again = model.read(trace.text)
    np.testing.assert_allclose(np.stack(trace.scores), np.stack(again.scores), atol=1e-4)
    np.testing.assert_allclose(np.stack(trace.states), np.stack(again.states), atol=2e-3)
    assert len(model.surprise(trace)) == len(trace.text) == 23
    best = model.next_characters(trace, 3, top=6)
    assert sum(guess.probability for guess in best) == pytest.approx(1, abs=1e-5)
    assert len(model.surprise(model.read(""))) == 0


def test_prompt_is_cleaned(model):
    assert model.prepare("abXc", "b") == ("abc", "X", {})
    assert model.prepare("", "b\n") == ("b\n", "", {})
    assert model.prepare("  \n", "b\n") == ("b\n", "", {})
    assert model.prepare("λ", "b\n") == ("b\n", "λ", {})
    assert model.prepare("äb", "b\n") == ("ab", "", {"ä": "a"})
    assert len(model.prepare("a" * 5000, "b")[0]) == MOST_PROMPT


def test_long_texts_are_scored_as_if_read_in_one_go(model):
    ids = np.random.default_rng(2).integers(1, 6, 700).astype(np.int32)
    before = np.array([1], np.int32)
    score = score_text(model.network, ids, before)
    whole = np.concatenate([before, ids])
    scores, _, _ = model.network.read(whole[None, :-1], model.network.start())
    shifted = scores[0] - scores[0].max(axis=1, keepdims=True)
    nats = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(700), ids]
    np.testing.assert_allclose(score.nats, nats, atol=1e-3)
    assert score.loss == pytest.approx(nats.mean(), abs=1e-4)
    assert score.bits_per_character == pytest.approx(score.loss / np.log(2))


def test_kinds_of_characters():
    text = "He is 7.\n"
    assert [analysis.KINDS[i] for i in analysis.kinds(text)] == [
        "first letter of a word",
        "second letter of a word",
        "space",
        "first letter of a word",
        "second letter of a word",
        "space",
        "digit",
        "punctuation",
        "line break",
    ]


def test_properties_mark_what_they_say():
    text = "= A title =\nMARY:\nIn 1867 (and later) it"
    marked = {
        name: "".join(c for c, value in zip(text, mark(text), strict=True) if value)
        for name, mark in analysis.PROPERTIES.items()
    }
    assert marked["inside a heading"] == "= A title ="
    assert marked["inside a speaker's name"] == "MARY:"
    assert marked["inside a number"] == "1867"
    assert marked["inside brackets"] == "(and later"


def wikitext(*titles: str) -> str:
    body = " \n He said \" yes \" , and it was 3 @.@ 5 kg ( a <unk> well @-@ known fact ) . It was n't his 's . \n"
    return "".join(f" \n = {title} = \n \n = = Part = = \n{body}" for title in titles)


def test_wikitext_is_put_together_again():
    [article, _] = corpora.wikitext_articles(wikitext("Name one", "Other"))
    assert article.startswith("= Name one =\n\n= Part =\n")
    assert f"He said \"yes\", and it was 3.5 kg (a {UNKNOWN} well-known fact). It wasn't his's." in article


DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">
<page><title>Cat</title><ns>0</ns><revision><text>The '''cat''' is an [[animal|Animal]].{{cite}}&lt;ref&gt;x&lt;/ref&gt;
== Form ==
[[File:a.jpg|thumb|no]]It has {{convert|4}} feet.</text></revision></page>
<page><title>Talk:Cat</title><ns>1</ns><revision><text>No.</text></revision></page>
<page><title>Kat</title><ns>0</ns><redirect title="Cat"/><revision><text>#REDIRECT</text></revision></page>
</mediawiki>"""


@pytest.mark.parametrize("name", ["dump.xml", "dump.xml.bz2"])
def test_dump_gives_its_articles_without_markup(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(bz2.compress(DUMP.encode()) if name.endswith("bz2") else DUMP.encode())
    [article] = corpora.read_articles(path)
    assert article == "= Cat =\n\nThe cat is an Animal.\n= Form =\nIt has feet.\n\n"


def test_cut_dump_is_refused(tmp_path):
    (tmp_path / "dump.xml").write_text(DUMP[:200])
    with pytest.raises(DatasetError, match="not a whole dump"):
        list(corpora.read_articles(tmp_path / "dump.xml"))


def test_articles_are_told_from_sections(tmp_path):
    text = "= One =\n\nFirst.\n\n= Section =\nMore.\n\n= Two =\n\nSecond.\n"
    (tmp_path / "text.txt").write_text(text)
    assert list(corpora.read_articles(tmp_path / "text.txt")) == [
        "= One =\n\nFirst.\n\n= Section =\nMore.\n\n",
        "= Two =\n\nSecond.\n\n",
    ]


def test_wikipedia_is_split_by_article(tmp_path):
    (tmp_path / "many.txt").write_text("".join(f"= T{i} =\n\nBody number {i}.\n\n" for i in range(40)))
    corpus = corpora.load_wikipedia(tmp_path / "many.txt")
    assert corpus.parts == {"test": 2, "validation": 2, "train": 36}
    bodies = [set(part.split("Body number ")[1:]) for part in (corpus.train, corpus.validation, corpus.test)]
    assert sum(map(len, bodies)) == len(set.union(*bodies)) == 40
    (tmp_path / "few.txt").write_text("= T =\n\nBody.\n")
    with pytest.raises(DatasetError, match="three at least"):
        corpora.load_wikipedia(tmp_path / "few.txt")


def test_shakespeare_is_cut_in_order(small_data, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", small_data["ML_DATA_DIR"])
    corpus = corpora.load_shakespeare()
    whole = corpus.train + corpus.validation + corpus.test
    assert len(corpus.train) == int(0.9 * len(whole))
    assert len(corpus.validation) == pytest.approx(len(corpus.test), abs=2)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_texts_are_read_packed_or_not(tmp_path, pack):
    (tmp_path / "text").write_bytes(pack("A line.\r\nÄ.".encode()))
    assert corpora.load_text(tmp_path / "text") == "A line.\nÄ."


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x1f\x8bbroken", b"BZhbroken", b"  \n"])
def test_what_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "text").write_bytes(content)
    with pytest.raises(DatasetError):
        corpora.load_text(tmp_path / "text")
