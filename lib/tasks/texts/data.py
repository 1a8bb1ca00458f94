"""The real texts: Tiny Shakespeare, and articles of Wikipedia."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from lib.datasets import DatasetError, Source, fetch
from lib.vocabulary import UNKNOWN

SHAKESPEARE = Source(
    path="text/tinyshakespeare.txt.gz",
    url="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)
WIKIPEDIA = Source(
    path="text/enwiki_106_articles.txt.gz",
    url="https://raw.githubusercontent.com/piskvorky/gensim/4.4.0/gensim/test/test_data/"
    "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2",
    sha256="a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d",
)
_WIKITEXT = "https://raw.githubusercontent.com/pytorch/examples/main/word_language_model/data/wikitext-2"
WIKITEXT_VALID = Source(
    path="text/wikitext2_valid.txt.gz",
    url=f"{_WIKITEXT}/valid.txt",
    sha256="f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
)
WIKITEXT_TEST = Source(
    path="wikitext2_test.txt.gz",
    url=f"{_WIKITEXT}/test.txt",
    sha256="d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
    variable="ML_EVALUATION_DIR",
)


@dataclass(frozen=True)
class Corpus:
    """Three texts that share no passage: to learn from, to choose by, and to be scored on once.

    Attributes:
        name: for people.
        train: text to learn from.
        validation: text to choose epochs and settings by.
        test: text to be scored on.
        parts: number of articles in each, where the text has any.
    """

    name: str
    train: str
    validation: str
    test: str
    parts: dict[str, int] = field(default_factory=dict)


def load_shakespeare() -> Corpus:
    """Tiny Shakespeare, 1,115,394 characters of the plays (put together by Karpathy, 2015), in the order of the file.

    The first 90 % are to learn from, the next 5 % to choose by, the last 5 % to be scored on.

    Raises:
        DatasetError: see `lib.datasets.fetch`; also when the file is no text.
    """
    text = read_text(fetch(SHAKESPEARE))
    first, second = int(0.9 * len(text)), int(0.95 * len(text))
    return Corpus("Tiny Shakespeare", text[:first], text[first:second], text[second:])


def load_wikipedia(dump: str | Path | None = None, seed: int = 0) -> Corpus:
    """Articles of the English Wikipedia, split by article: nine tenths, and two halves of the last tenth.

    Without `dump`: about a hundred articles from Anarchism to Algorithm, and the validation articles of WikiText-2
    (Merity et al., 2016), whose spaced-out marks are put together again.

    Args:
        dump: a dump of Wikipedia (``pages-articles``, ``.xml`` or ``.xml.bz2``) or a text with ``= Title =`` lines, to learn
            from instead. A whole dump has more than a machine can hold: use one of its parts.
        seed: of the shuffling of the articles.

    Raises:
        DatasetError: see `lib.datasets.fetch`; also when a file holds fewer than three articles.
    """
    if dump is not None:
        # The bar appears when it takes longer than a moment.
        articles = list(tqdm(read_articles(Path(dump)), unit=" articles", delay=3))
    else:
        found = tqdm(read_articles(fetch(WIKIPEDIA)), unit=" articles", delay=3)
        articles = [*found, *wikitext_articles(read_text(fetch(WIKITEXT_VALID)))]
    if len(articles) < 3:
        raise DatasetError(f"{dump or 'The download'} holds {len(articles)} articles: three at least are needed.")
    order = np.random.default_rng(seed).permutation(len(articles))
    held_out = max(1, round(len(articles) / 20))
    chosen = {
        "test": order[:held_out],
        "validation": order[held_out : 2 * held_out],
        "train": order[2 * held_out :],
    }
    texts = {name: "".join(articles[i] for i in index) for name, index in chosen.items()}
    return Corpus("Wikipedia", **texts, parts={name: len(index) for name, index in chosen.items()})


def load_wikitext_test() -> str:
    """The test articles of WikiText-2, their spaced-out marks put together again.

    The local folder is named by ``ML_EVALUATION_DIR``, so that it cannot be taken for something to learn from.
    """
    return "".join(wikitext_articles(read_text(fetch(WIKITEXT_TEST))))


LOADERS = {"text_shakespeare": load_shakespeare, "text_wikipedia": load_wikipedia}
"""By the experiments that learn from them."""


def load_text(path: str | Path) -> str:
    """A text of one's own; the spaced-out marks of a WikiText file are put together again.

    Raises:
        DatasetError: see `read_text`; also when there is nothing in it.
    """
    text = read_text(path)
    if not text.strip():
        raise DatasetError(f"{path} is empty: please choose a text.")
    return "".join(wikitext_articles(text)) if re.match(r"\s* = [^=].* = $", text, flags=re.MULTILINE) else text


def read_text(path: str | Path) -> str:
    """A text file, as it is or packed by gzip or bzip2.

    Raises:
        DatasetError: there is no such file, or it is not text in UTF-8.
    """
    try:
        data = Path(path).read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        elif data[:3] == b"BZh":
            data = bz2.decompress(data)
        return data.decode("utf-8").replace("\r\n", "\n")
    except (FileNotFoundError, IsADirectoryError):
        raise DatasetError(f"There is no file {path}: please check the name.") from None
    except (OSError, EOFError, UnicodeDecodeError):
        raise DatasetError(f"{path} is not a text in UTF-8, as it is or packed by gzip or bzip2.") from None


def read_articles(path: Path) -> Iterator[str]:
    """The articles of a dump in XML, or of a text in which each starts with ``= Title =`` and an empty line.

    Raises:
        DatasetError: see `read_text`; also when an XML file is cut short.
    """
    if path.suffix not in {".bz2", ".xml"}:
        # A heading with a paragraph right below it is a section's.
        parts = re.split(r"^(= .+ =\n\n)(?!=)", read_text(path), flags=re.MULTILINE)[1:]
        for heading, body in zip(parts[::2], parts[1::2], strict=True):
            yield heading + body.strip() + "\n\n"
        return
    with bz2.open(path) if path.suffix == ".bz2" else path.open("rb") as file:
        try:
            for _, page in ET.iterparse(file):
                if not page.tag.endswith("}page"):
                    continue
                # Namespace 0 holds the articles; talk, templates and help are elsewhere.
                if page.findtext("{*}ns") == "0" and page.find("{*}redirect") is None:
                    body = clean_markup(page.findtext("{*}revision/{*}text") or "")
                    yield f"= {page.findtext('{*}title')} =\n\n{body}\n\n"
                page.clear()
        except (ET.ParseError, OSError, EOFError) as error:
            raise DatasetError(f"{path} is not a whole dump of Wikipedia ({error}).") from None


def clean_markup(markup: str) -> str:
    """The prose of an article in wiki markup: no tables, templates, references, files or categories."""
    # Imported where it is needed, since the local file is clean already.
    import mwparserfromhell

    # Headings are kept by signs that no article has, for the parser drops their marks.
    markup = re.sub(r"^=+ *(.+?) *=+ *$", "\x02\\1\x03", markup, flags=re.MULTILINE)
    code = mwparserfromhell.parse(markup, skip_style_tags=True)
    for node in code.filter_tags(matches=lambda tag: str(tag.tag) in {"ref", "table", "gallery", "math"}):
        _remove(code, node)
    for link in code.filter_wikilinks(matches=lambda link: ":" in str(link.title)):
        _remove(code, link)
    text = code.strip_code(normalize=True, collapse=True).replace("\x02", "= ").replace("\x03", " =")
    text = re.sub(r"'{2,}|^[*#:;]+ *", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", text)).strip()


def _remove(code: Any, node: Any) -> None:
    # What went with the node around it is gone already.
    with contextlib.suppress(ValueError):
        code.remove(node)


def wikitext_articles(text: str) -> list[str]:
    """The articles of a WikiText file, in which all words and marks are set apart by spaces, as people write them.

    ``<unk>``, which stands there for rare words, becomes `lib.vocabulary.UNKNOWN`.
    """
    parts = re.split(r"^ (= [^=].* =) $", text, flags=re.MULTILINE)[1:]
    return [f"{_joined(title)}\n\n{_joined(body)}\n\n" for title, body in zip(parts[::2], parts[1::2], strict=True)]


def _joined(text: str) -> str:
    text = text.replace("<unk>", UNKNOWN)
    text = re.sub(r" @([-,.])@ ", r"\1", text)
    text = re.sub(r"^ ((?:= )+)(.*?)( =)+ $", r"= \2 =", text, flags=re.MULTILINE)
    text = re.sub(r'" ([^"\n]*?) "', r'"\1"', text)
    text = re.sub(r" ([,.;:!?%)\]]|'s\b|n't\b|'(?:re|ve|ll|d|m)\b)", r"\1", text)
    text = re.sub(r"([(\[£$]) ", r"\1", text)
    text = re.sub(r"(\w) ' (?=\s|$)", r"\1' ", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"^ +| +$", "", text, flags=re.MULTILINE)).strip()
