"""How good the pictures are: three generators beside real pictures, and whether they copy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lib import catalogue, pictures
from lib.bundles import Bundle
from lib.tasks.generation import charts
from lib.tasks.generation.input import noun
from lib.tasks.generation.shown import still

NAMES = {"flow": "Flow matching", "vae": "VAE", "gan": "GAN", "real": "Real pictures"}
ABOUT = {
    "flow": "Flow matching, the network of this page. It goes from noise to picture in many small steps.",
    "vae": "A *variational autoencoder* ([Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)). One half squeezes a picture into a few numbers. The other half "
    "makes a picture of them again. To draw, we give that half random numbers. Its pictures are soft: a mean of many.",
    "gan": "A *generative adversarial network* ([Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)). Two networks play against each other. One draws, the other "
    "tells drawn pictures from real ones. Both get better.",
    "real": "Real test pictures, to compare with.",
}


def figure(number: float) -> str:
    """A Frechet distance, to as many places as say something."""
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"


def reader_name(bundle: Bundle) -> str:
    """The network that reads what was drawn, in words."""
    if bundle.slug == "generate_digits":
        return f"another network (*{catalogue.get('digits_cnn').title}*)"
    return "another network, which we trained to name such pictures,"


def how_good(bundle: Bundle) -> None:
    """Pictures, figures and what they mean; then copies."""
    rows = {row["generator"]: row for row in bundle.facts["generators"]}
    st.subheader("How good? Three ways to draw")
    st.markdown("There are other ways to make pictures. We trained two of them on the same pictures.")
    for name, column in zip(NAMES, st.columns(len(NAMES), gap="medium"), strict=True):
        with column:
            st.markdown(f"**{NAMES[name]}**")
            still(bundle.evaluation[f"{name}_shown"], "", f"Pictures: {NAMES[name]}", columns=5)
            st.markdown(ABOUT[name])
    st.dataframe(pd.DataFrame([_row(row) for row in rows.values()]), hide_index=True)
    n = rows["flow"]["n"]
    st.markdown(
        f"Each drew {n:,} pictures, as many of each class as the test set has.\n"
        f"- **Read as asked**: {reader_name(bundle)} reads each picture. In how many cases does it read what we asked for?\n"
        "- **Frechet distance**: see above. Here between drawn pictures and test pictures.\n"
        "- **Precision**: the share of drawn pictures that lie among the real ones, by their features. Low: they look wrong.\n"
        "- **Recall**: the share of real pictures that lie among the drawn ones. Low: the drawn ones look alike. Precision and recall follow "
        "[Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991).\n"
        "- **Real pictures**: training pictures in place of drawn ones. By the Frechet distance, nobody can do much better."
        + _clearer(rows)
    )
    st.markdown(_compared(rows))
    _copies(bundle, rows)


def _clearer(rows: dict[str, dict[str, Any]]) -> str:
    """Why drawn pictures are read better than real ones, where they are."""
    if rows["flow"]["read_as_asked"] <= rows["real"]["read_as_asked"]:
        return ""
    return " They are *read* worse than drawn ones: some real ones are hard to tell apart, and the reader makes mistakes. With guidance, the network draws typical ones."


def _row(row: dict[str, Any]) -> dict[str, str]:
    real = row["generator"] == "real"
    return {
        "pictures": NAMES[row["generator"]],
        "parameters": "" if real else f"{row['parameters']:,}",
        "minutes of training": "" if real else f"{row['minutes']:.0f}",
        "milliseconds a picture": "" if real else f"{row['milliseconds']:.1f}",
        "read as asked": f"{row['read_as_asked']:.1%}",
        "Frechet distance": figure(row["frechet_distance"]),
        "precision": f"{row['precision']:.2f}",
        "recall": f"{row['recall']:.2f}",
    }


def _compared(rows: dict[str, dict[str, Any]]) -> str:
    drawn = [row for name, row in rows.items() if name != "real"]
    best = min(drawn, key=lambda row: row["frechet_distance"])["generator"]
    fast = min(drawn, key=lambda row: row["milliseconds"])["generator"]
    by_recall = sorted(drawn, key=lambda row: row["recall"])
    told = f"By the Frechet distance, **{NAMES[best]}** draws best. "
    if fast != "flow":
        told += f"**{NAMES[fast]}** is the fastest: it needs one pass through its network. Flow matching needs two for each step. "
    if by_recall[0]["recall"] < by_recall[-1]["recall"]:
        told += "By the recall, "
        if by_recall[-1]["recall"] - by_recall[-2]["recall"] > 0.02:
            told += f"the pictures of **{NAMES[by_recall[-1]['generator']]}** are the most varied, and "
        told += f"those of **{NAMES[by_recall[0]['generator']]}** are the least varied."
    return told


def _copies(bundle: Bundle, rows: dict[str, dict[str, Any]]) -> None:
    evaluation, thing = bundle.evaluation, noun(bundle)
    flow, real = (evaluation[f"distance_{name}"].astype(np.float64) for name in ("flow", "real"))
    st.subheader("Does it copy?")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(
            charts.distances({"real test pictures": real, "drawn by this network": flow}),
            alt="How far drawn and real pictures are from the nearest training picture",
        )
    with right:
        pairs = [np.hstack(pair) for pair in zip(evaluation["copies_drawn"], evaluation["copies_train"], strict=True)]
        st.image(
            pictures.sheet([pictures.grey(pair) for pair in pairs], 2, 3),
            caption="The closest of each class. Left: drawn. Right: the nearest training picture",
            alt="Drawn pictures beside the most similar training pictures",
            width=360,
        )
    middle, usual = float(np.median(flow)), float(np.median(real))
    verdict = (
        f"A drawn {thing} is about as far from the training pictures as a {thing} that somebody else made. **So it does not copy**: it has learnt what they have in common."
        if middle > 0.85 * usual
        else f"Drawn {thing}s lie nearer to training pictures than real ones do. Is that copying? Most drawn {thing}s are plainer than real ones, and plain ones "
        "have near neighbours. Look at the closest pairs, and judge for yourself."
    )
    st.markdown(
        "For each picture we looked for the most similar one among all training pictures. The distance is the root mean squared difference of the pixels. "
        f"Half of the drawn pictures are nearer than **{middle:.0f}**, half of the test pictures nearer than **{usual:.0f}**. {verdict}"
    )
