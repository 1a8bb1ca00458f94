"""Where a network of very many categories fails: by category, by pair, and in the neighbourhood of one."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.sketches import charts
from lib.tasks.sketches.demo import KNOWS
from lib.ui import cached
from lib.ui.calibration import calibration
from lib.ui.charts import BLUE, ORANGE, Spec, finished
from lib.ui.header import fragment
from lib.ui.strangers import strangers_section

NEIGHBOURS = 19
"""Categories that are shown around a picked one."""
RANKED = 12
PAIRS = 12
FIRST = "cat"


def category_mistakes(bundle: Bundle) -> None:
    """What it gets right, any category and its neighbours, the hardest, the easiest, the most confused, and the calibration."""
    cached.show(_scores, bundle.slug)
    cached.show(strangers_section, bundle.slug, KNOWS)
    _explore(bundle)
    cached.show(_all_categories, bundle.slug)


def _all_categories(bundle: Bundle) -> None:
    _ranking(bundle)
    _pairs(bundle)
    _anywhere(bundle)
    calibration(bundle, "drawings")
    _temperature(bundle)


def _scores(bundle: Bundle) -> None:
    test, rich = bundle.variant("good")["test"], bundle.facts["rich"]
    rows = [(f"all {test['n']:,} test drawings", test["accuracy"], test["top_5_accuracy"])]
    if rich:
        rows.append(
            (
                f"of {len(rich)} categories with thousands of training drawings",
                test["rich_accuracy"],
                test["rich_top_5_accuracy"],
            )
        )
    st.dataframe(
        pd.DataFrame(
            [(what, f"{first:.1%}", f"{five:.1%}") for what, first, five in rows],
            columns=["drawings", "first guess right", "right within five guesses"],
        ),
        hide_index=True,
        width="content",
    )
    st.markdown(
        f"There are {test['n'] // len(bundle.classes)} test drawings of each category. Nobody gets all of them right: players of Quick, "
        "Draw! have twenty seconds, and every drawing counts, finished or not."
    )


def _near(evaluation: dict[str, np.ndarray], label: int) -> np.ndarray:
    """The categories that are most often taken for this one, or it for them, closest first."""
    confusion = evaluation["mean_probability"].astype(np.float32)
    mutual = confusion[label] + confusion[:, label]
    mutual[label] = -1
    return np.argsort(-mutual, kind="stable")[:NEIGHBOURS]


def _neighbourhood(bundle: Bundle, label: int) -> Spec:
    around = np.concatenate([[label], _near(bundle.evaluation, label)])
    probabilities = bundle.evaluation["mean_probability"][np.ix_(around, around)]
    return finished(charts.neighbourhood([bundle.classes[i] for i in around], probabilities))


def _map(bundle: Bundle, label: int) -> Spec:
    near = [bundle.classes[i] for i in _near(bundle.evaluation, label)]
    return finished(charts.category_map(bundle.classes, bundle.evaluation["map"], bundle.classes[label], near))


@fragment
def _explore(bundle: Bundle) -> None:
    """A category of one's choice: its drawings, its neighbours, and its place on the map."""
    slug, classes, evaluation = bundle.slug, bundle.classes, bundle.evaluation
    st.subheader("Look up any category")

    def follow_the_map() -> None:
        picked = st.session_state[f"{slug}_map"]["selection"].get("place")
        if picked:
            st.session_state[f"{slug}_category"] = picked[0]["category"]

    name = st.selectbox(
        f"Search the {len(classes)} categories",
        classes,
        index=classes.index(FIRST) if FIRST in classes else 0,
        key=f"{slug}_category",
    )
    label = classes.index(name)
    st.markdown(_about(evaluation, classes, label))
    with st.container(horizontal=True, gap="small", key="category_drawings"):
        for i in np.flatnonzero(evaluation["test_labels"] == label):
            _drawing(evaluation, classes, int(i))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(
            f"**Its neighbours**: what the network guesses for drawings of {name} and of the {NEIGHBOURS} most similar categories"
        )
        with st.container(key=f"{slug}_neighbourhood"):
            event = st.vega_lite_chart(
                cached.load(_neighbourhood, slug, label),
                alt=f"Heat map: what drawings of {name} and of similar categories are guessed to be",
                on_select="rerun",
                selection_mode="cell",
                # Another category is another chart, in which nothing is picked yet.
                key=f"{slug}_neighbourhood_{label}",
            )
    with right:
        st.markdown("**Map of all categories**: two are close if the network sees something in common. Pick a dot.")
        st.vega_lite_chart(
            cached.load(_map, slug, label),
            alt="Map of all categories",
            on_select=follow_the_map,
            selection_mode="place",
            key=f"{slug}_map",
        )
    cell = (event["selection"].get("cell") or [None])[0]
    with st.container(key="cell", border=True):
        _cell(evaluation, classes, cell)
    st.caption(
        "Grey: how sure it is of the right category; darker is surer. Red: how much it gives to a wrong one; the darkest red means a quarter "
        "or more. The map (t-SNE) is flat, the network's view is not: close neighbours mean something, long distances do not."
    )


def _about(evaluation: dict[str, np.ndarray], classes: list[str], label: int) -> str:
    mine = evaluation["test_labels"] == label
    right = int((evaluation["test_guesses"][mine, 0] == label).sum())
    five = int((evaluation["test_guesses"][mine] == label).any(axis=1).sum())
    text = f"**{classes[label]}**: {right} of {int(mine.sum())} drawings guessed at once, {five} within five guesses."
    given = evaluation["mean_probability"][label].astype(np.float32).copy()
    given[label] = 0
    other = int(given.argmax())
    return text + f" The wrong category that it sees in them most: *{classes[other]}* ({given[other]:.0%} on average)."


def _drawing(evaluation: dict[str, np.ndarray], classes: list[str], i: int) -> None:
    guess, true = int(evaluation["test_guesses"][i, 0]), int(evaluation["test_labels"][i])
    probability = float(evaluation["test_probabilities"][i, 0])
    mark = "✓" if guess == true else f"✗ {classes[guess]}"
    st.image(
        pictures.digit(evaluation["test_images"][i], 3),
        caption=f"{mark} {probability:.0%}",
        alt=f"A drawing of {classes[true]}",
        width=66,
    )


def _cell(evaluation: dict[str, np.ndarray], classes: list[str], cell: dict | None) -> None:
    if cell is None or cell["true"] not in classes or cell["guessed"] not in classes:
        st.markdown("Pick a cell above to see the drawings behind it.")
        return
    true, guessed = classes.index(cell["true"]), classes.index(cell["guessed"])
    mine = np.flatnonzero(evaluation["test_labels"] == true)
    chosen = mine[evaluation["test_guesses"][mine, 0] == guessed]
    what = "recognised" if true == guessed else f"taken for {classes[guessed]}"
    st.markdown(f"**{classes[true]}, {what}**: {len(chosen)} of {len(mine)} drawings")
    with st.container(horizontal=True, gap="small"):
        for i in chosen:
            _drawing(evaluation, classes, int(i))


def by_category(bundle: Bundle) -> pd.DataFrame:
    """Columns ``category``, ``truth`` (mean probability of it), ``right`` and ``n`` (test drawings), easiest first."""
    evaluation, classes = bundle.evaluation, bundle.classes
    labels = evaluation["test_labels"]
    n = np.bincount(labels, minlength=len(classes))
    right = np.bincount(labels[evaluation["test_guesses"][:, 0] == labels], minlength=len(classes))
    truth = np.diag(evaluation["mean_probability"]).astype(float)
    rows = pd.DataFrame({"category": classes, "truth": truth, "right": right, "n": n})
    return rows.sort_values(["truth", "category"], ascending=[False, True], ignore_index=True)


def _ranking(bundle: Bundle) -> None:
    st.subheader("The easiest and the hardest")
    rows = by_category(bundle)
    left, right = st.columns(2, gap="medium")
    left.altair_chart(charts.ranking(rows.head(RANKED), BLUE), alt="The easiest categories")
    right.altair_chart(charts.ranking(rows.tail(RANKED).iloc[::-1], ORANGE), alt="The hardest categories")


def confused_pairs(bundle: Bundle, most: int = PAIRS) -> pd.DataFrame:
    """The most frequent mistakes: columns ``true``, ``guessed`` (labels), ``count`` and ``n``."""
    evaluation = bundle.evaluation
    labels, guesses = evaluation["test_labels"], evaluation["test_guesses"][:, 0]
    wrong = pd.DataFrame({"true": labels, "guessed": guesses})[labels != guesses]
    pairs = wrong.value_counts().rename("count").reset_index()
    # Where the counts are equal, what it was surer of first.
    pairs["sure"] = evaluation["mean_probability"][pairs["true"], pairs["guessed"]]
    pairs["n"] = np.bincount(labels)[pairs["true"]]
    return pairs.sort_values(["count", "sure"], ascending=False, ignore_index=True).head(most)


def _png(image: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pictures.enlarge(image, 2)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _pairs(bundle: Bundle) -> None:
    evaluation, classes = bundle.evaluation, bundle.classes
    labels, guesses = evaluation["test_labels"], evaluation["test_guesses"][:, 0]
    pairs = confused_pairs(bundle)
    st.subheader("Most often confused")
    if not len(pairs):
        st.markdown("No test drawing was taken for something else.")
        return
    images = evaluation["test_images"]
    rows = []
    for pair in pairs.itertuples():
        mistaken = np.flatnonzero((labels == pair.true) & (guesses == pair.guessed))[0]
        own = np.flatnonzero(labels == pair.guessed)
        # A drawing that it recognises, where there is one.
        own = own[np.argsort(guesses[own] != pair.guessed, kind="stable")][0]
        rows.append(
            {
                "how often": f"{pair.count} of {pair.n}",
                "drawn as": classes[pair.true],
                "mistaken": _png(images[mistaken]),
                "taken for": classes[pair.guessed],
                "a real one": _png(images[own]),
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        row_height=64,
        height=35 + 64 * 6,
        column_config={
            "mistaken": st.column_config.ImageColumn(help="A drawing that was taken for the other category"),
            "a real one": st.column_config.ImageColumn(help="A drawing of the category that it was taken for"),
        },
    )


def _anywhere(bundle: Bundle) -> None:
    """How much of the accuracy is made before the network sees anything."""
    drawn = bundle.facts.get("freehand")
    if not drawn:
        return
    st.subheader("What the preprocessing is worth")
    st.markdown(
        f"We put {drawn['n']:,} validation drawings on a canvas, at any size and in any place, and read them from its pixels. What *you* draw "
        "has it easier: we know its strokes and draw the picture anew, so place, size and pen make no difference."
    )
    rows = {
        "the whole canvas made small": drawn["naive"],
        "cropped, scaled and drawn like the data": drawn["normalised"],
        "the drawings as they are in the data": drawn["as_they_are"],
    }
    st.dataframe(
        pd.DataFrame({"given as": list(rows), "right": [f"{share:.1%}" for share in rows.values()]}),
        hide_index=True,
        width="content",
    )


def _temperature(bundle: Bundle) -> None:
    temperature = bundle.variant("good").get("temperature")
    if not temperature:
        return
    before = bundle.variant("good")["test"]["calibration_error_before"]
    after = bundle.variant("good")["test"]["calibration_error"]
    st.markdown(
        f"We adjust how sure the network is, so that '80% sure' is right about 80% of the time. For that we divide all its scores by one "
        f"number, the *temperature* **{temperature:.2f}**, chosen on the validation drawings "
        f"([Guo et al., 2017](https://arxiv.org/abs/1706.04599)). Before, it was off by {before:.1%} on average, now by **{after:.1%}**. The "
        "order of its guesses stays the same."
    )
