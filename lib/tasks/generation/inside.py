"""Inside: where noise flows, what the U-Net makes of a picture on its way, and a plane of pictures to walk in."""

from __future__ import annotations

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.generation import charts
from lib.tasks.generation.flow import STEPS, noise, pixels, steps_from_noise
from lib.tasks.generation.generator import Generator
from lib.tasks.generation.input import GivenWish, article
from lib.ui import cached

TIMES = (0.1, 0.5, 0.9)
"""At which the features are shown."""
MOST = 12
"""Filters of each place that are shown."""
PLACES = {
    "fine": "on the way down, 14 x 14 places: edges and small pieces",
    "coarse": "at the bottom, 7 x 7 places: the whole picture at a glance",
    "joined": "on the way up, 14 x 14 places: both together",
}
PATHS = 3
"""Ways of each class in a field of arrows."""


def inside_drawing(bundle: Bundle, given: GivenWish) -> None:
    """All that the page shows of what happens inside."""
    _features(bundle, given)
    cached.show(_field, bundle.slug)
    cached.show(_plane, bundle.slug)


def _features(bundle: Bundle, given: GivenWish) -> None:
    name = bundle.classes[given.label]
    st.subheader("Down to the whole, up to the details: a U-Net")
    st.markdown(
        "The network first makes the picture smaller, so that it sees the whole. Then it makes it larger again, and a shortcut brings back the fine details. Drawn on "
        "paper this looks like a *U* ([Ronneberger et al., 2015](https://arxiv.org/abs/1505.04597)). "
        f"Here is the first picture of *Draw*, on its way to {article(name)}, at three times. **Blue**: a filter says *yes, here*. **Orange**: *no, not here*."
    )
    generator = cached.load(Generator, bundle.slug)
    moments = _on_the_way(cached.written(bundle.slug), given, generator)
    for (time, image, sheets), column in zip(moments, st.columns(len(moments), gap="large"), strict=True):
        with column:
            st.image(
                pictures.digit(image, 4), caption=f"time {time:g}", alt=f"The picture at time {time:g}", width=28 * 4
            )
            for place, words in PLACES.items():
                st.image(
                    sheets[place],
                    caption=words[:1].upper() + words[1:],
                    alt=f"{MOST} filters {words}, at time {time:g}",
                    width="stretch",
                )


@st.cache_data(show_spinner=False, max_entries=32)
def _on_the_way(
    written: str, given: GivenWish, _generator: Generator
) -> list[tuple[float, np.ndarray, dict[str, np.ndarray]]]:
    """Time, picture, and a sheet of filters for each place, at `TIMES`."""
    # One step has no way to look at.
    steps = max(given.steps, STEPS // 2)
    start, asked = noise(given.seed, 1), _generator.wishes([given.label])
    way = [start, *steps_from_noise(_generator.velocity, start, asked, steps=steps, guidance=given.guidance)]
    at = [round(time * steps) for time in TIMES]
    features = [_generator.features(way[step], step / steps, asked) for step in at]
    found = []
    # The filters that change most over time, the same ones at all times; one scale for each place.
    chosen = {place: _liveliest(np.stack([one[place] for one in features])) for place in PLACES}
    for step, one in zip(at, features, strict=True):
        sheets = {}
        for place, (filters, limit) in chosen.items():
            maps = [pictures.diverging(one[place][..., i], limit) for i in filters]
            sheets[place] = pictures.sheet(maps, columns=6, factor=max(1, 56 // len(maps[0])))
        found.append((round(step / steps, 2), pixels(way[step])[0], sheets))
    return found


def _liveliest(features: np.ndarray) -> tuple[list[int], float]:
    """Indices of the filters that vary most, and a limit for their colours; features are (times, height, width, filters)."""
    strongest = np.argsort(-features.std(axis=(0, 1, 2)))[:MOST]
    return sorted(strongest.tolist()), float(np.percentile(np.abs(features[..., strongest]), 99)) or 1.0


def _field(bundle: Bundle) -> None:
    evaluation = bundle.evaluation
    paths, labels = evaluation["paths"], evaluation["paths_labels"]
    st.subheader("Where noise flows")
    st.markdown(
        "A picture has 784 pixels, so it is a point in a space of 784 directions. We look at the two directions in which real pictures differ most (*principal components*). "
        "An **arrow** says where a point at this place moves. Coloured lines: ways of drawn pictures, and how far they have come."
    )
    shown = np.concatenate([np.flatnonzero(labels == label)[:PATHS] for label in range(len(bundle.classes))])
    times = evaluation["field_times"].tolist()
    for i, (time, column) in enumerate(zip(times, st.columns(len(times), gap="medium"), strict=True)):
        with column:
            st.markdown(f"**Time {time:g}**")
            until = round(time * (paths.shape[1] - 1)) + 1
            chart = charts.field(
                evaluation["field_grid"][i],
                evaluation["field_arrows"][i],
                paths[shown, :until],
                labels[shown],
                bundle.classes,
                named=i == len(times) - 1,
            )
            st.altair_chart(chart, alt=f"Arrows at time {time:g}: where pictures on their way move")
    left, right = st.columns([2, 3], gap="large")
    left.image(
        pictures.sheet([pictures.diverging(axis.astype(np.float32)) for axis in evaluation["field_axes"]], 2, 5),
        caption="The first and the second direction. Going along it makes blue pixels brighter and orange ones darker",
        alt="The two principal components as pictures",
        width=288,
    )
    right.markdown(
        "At first, noise says little about what it will be, so the network can only say where pictures lie on the whole. Later, the arrows differ from place to place. "
        "**The network decides step by step.** Classes that look alike end near each other; their names are in the tooltips of the dots. The scale of the axes differs: the cloud of pictures gets wider with time. At each place of the plane, many pictures "
        "are possible. The arrow is the mean of some."
    )


def _plane(bundle: Bundle) -> None:
    evaluation = bundle.evaluation
    grid = evaluation["plane_grid"]
    st.subheader("A plane of pictures")
    st.markdown(
        "A *variational autoencoder* squeezes each picture into a few numbers, and makes a picture of them again. This one has only **two** numbers, so all its pictures lie on a "
        "plane. Nobody told it the classes."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Walk with the mouse, or tap**: the picture at that place stands below.")
        st.altair_chart(
            charts.plane([_address(image) for image in evaluation["plane_pictures"]], grid),
            alt="All pictures of the plane, and one of them enlarged",
            width="content",
        )
    with right:
        st.markdown("**Where real pictures lie**, by their class:")
        st.altair_chart(
            charts.places(
                evaluation["plane_points"],
                evaluation["plane_labels"],
                bundle.classes,
                edge=1.4 * float(np.abs(grid).max()),
            ),
            alt="Real pictures as points on the plane, coloured by class",
        )
        st.markdown(
            "Pictures that look alike lie close together. Between two classes there are pictures that are a bit of both. Two numbers are too few: the pictures are soft, and "
            "some classes overlap."
        )


def _address(image: np.ndarray) -> str:
    """A picture (uint8, 28 x 28) as an address that holds it, as short as can be: there are hundreds of them."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "WEBP", quality=60, method=4)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
