"""Texts of the forms of the corpora."""

from __future__ import annotations

import gzip
import string
from pathlib import Path

from lib import bundles, catalogue


def write(data: Path, evaluation: Path) -> None:
    """Passages of the bundles, again and again."""
    passages = {slug: bundles.load(slug).evaluation for slug in catalogue.slugs("texts")}
    lines = {slug: "\n".join(map(str, [*p["hard_texts"], *p["easy_texts"]])) for slug, p in passages.items()}
    play = (f"{string.ascii_letters}\n{lines['text_shakespeare']}\n") * 10
    articles = "".join(f"= Title {i} =\n\n{lines['text_wikipedia']}\n\n" for i in range(30))
    wikitext = "".join(f" \n = Name {i} = \n \n A <unk> word , and @-@ 3 @.@ 5 ( more ) . \n" * 20 for i in range(10))
    (data / "text").mkdir(exist_ok=True)
    for path, text in (
        (data / "text" / "tinyshakespeare.txt.gz", play),
        (data / "text" / "enwiki_106_articles.txt.gz", articles),
        (data / "text" / "wikitext2_valid.txt.gz", wikitext),
        (evaluation / "wikitext2_test.txt.gz", wikitext),
    ):
        path.write_bytes(gzip.compress(text.encode()))
