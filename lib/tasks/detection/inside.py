"""How the detector makes up its mind, on the person's own photo: its anchors, overlaps, and which boxes give way."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from lib.bundles import Bundle
from lib.tasks.detection import boxes, detector
from lib.tasks.detection.detector import Detection, Detector, Raw
from lib.tasks.detection.try_it import GivenThings
from lib.ui import cached

ASK = "Choose an example, give a photo, or keep a moment of the live video above: this part shows what the network makes of it."


def inside_detection(bundle: Bundle, given: GivenThings) -> None:
    """Anchors, intersection over union, and non-maximum suppression."""
    if given.image is None or given.raw is None:
        st.info(ASK, icon=":material/add_a_photo:")
        return
    # More pixels than the screen has for it only make it slow.
    image = given.image.copy()
    image.thumbnail((800, 800))
    raw = given.raw.resized(image.size)
    found = cached.load(Detector, bundle.slug).detections(raw, given.threshold, classes=given.classes)
    _anchors(bundle, image, raw, found)
    _overlap(bundle, image, raw, found)
    _suppression(bundle, image, raw)


def _pixels(box: np.ndarray, size: tuple[int, int]) -> boxes.Box:
    left, top, right, bottom = box * np.tile(size, 2)
    return float(left), float(top), float(right), float(bottom)


def _anchors(bundle: Bundle, image: Image.Image, raw: Raw, found: list[Detection]) -> None:
    st.subheader("1,917 boxes to start from")
    st.markdown(
        f"The network never searches. It has **{len(raw.boxes):,} fixed boxes**, the *anchors*, on six grids: many small ones, few large ones. Of each "
        "it says how probably it holds a thing of each class, and how it has to be moved and stretched to fit that thing."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        grid = st.segmented_control(
            "Grid, by the cells along its side",
            range(len(detector.GRIDS)),
            default=1,
            required=True,
            key=f"{bundle.slug}_grid",
            format_func=lambda i: str(detector.GRIDS[i]),
        )
        grid = 1 if grid is None else grid
        cells, shapes = detector.GRIDS[grid], detector.shapes_of(grid)
        start = sum(n * n * detector.shapes_of(i) for i, n in enumerate(detector.GRIDS[:grid]))
        middle = cells // 2
        first = start + (middle * cells + middle) * shapes
        shown = [_pixels(box, image.size) for box in detector.anchors()[first : first + shapes]]
        st.image(boxes.draw_grid(image, cells, shown, (middle, middle)), width="stretch")
        st.caption(
            f"{cells} x {cells} cells with {shapes} shapes each make {cells * cells * shapes:,} anchors. Orange: those of one cell."
        )
    with right:
        _origin(bundle, image, raw, found)


def _origin(bundle: Bundle, image: Image.Image, raw: Raw, found: list[Detection]) -> None:
    """Which anchor a thing that was found came from."""
    if not found:
        st.info(
            "No box is shown above. Lower the score or let more classes count, and see here which anchors the boxes come from.",
            icon=":material/search_off:",
        )
        return
    some = found[:8]
    chosen = st.pills(
        "Where did this box come from?",
        range(len(some)),
        default=0,
        required=True,
        wrap=True,
        key=f"{bundle.slug}_origin",
        format_func=lambda i: f"{some[i].label} {some[i].score:.0%}" if i < len(some) else "",
    )
    one = some[chosen if chosen is not None and chosen < len(some) else 0]
    place = detector.place_of(one.anchor)
    anchor = detector.anchors()[one.anchor]
    grid = boxes.draw_grid(image, place.cells, [_pixels(anchor, image.size)], (place.row, place.column))
    with st.container(key="origin"):
        st.image(boxes.draw_detections(grid, [one]), width="stretch")
        moved = _middle(raw.boxes[one.anchor]) - _middle(anchor)
        across, down = 100 * moved
        stretch = (raw.boxes[one.anchor][2:] - raw.boxes[one.anchor][:2]) / (anchor[2:] - anchor[:2])
        st.caption(
            f"From anchor {one.anchor + 1:,}: grid {place.cells} x {place.cells}, row {place.row + 1}, column {place.column + 1}, shape {place.shape + 1} "
            f"(orange). Moved {_way(across, 'right', 'left')} and {_way(down, 'down', 'up')}, made {stretch[0]:.2f} times as wide and "
            f"{stretch[1]:.2f} times as high."
        )


def _middle(box: np.ndarray) -> np.ndarray:
    return (box[:2] + box[2:]) / 2


def _way(percent: float, forward: str, back: str) -> str:
    return f"{abs(percent):.1f} % of the photo {forward if percent >= 0 else back}"


def _overlap(bundle: Bundle, image: Image.Image, raw: Raw, found: list[Detection]) -> None:
    st.subheader("How much do two boxes overlap?")
    st.markdown(
        "**Intersection over union**: the area that two boxes share, divided by the area that they cover together. It decides whether a "
        "box counts as right (0.5 at least, as a rule), and whether two boxes speak of the same thing. Move the orange box:"
    )
    best = int(raw.scores.max(axis=1).argmax())
    first = found[0].box if found else _pixels(np.clip(raw.boxes[best], 0, 1), image.size)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        across = st.slider("To the right", -100, 100, 20, 5, format="%d %%", key=f"{bundle.slug}_across")
        down = st.slider("Downwards", -100, 100, 10, 5, format="%d %%", key=f"{bundle.slug}_down")
        larger = st.slider("Size", 20, 200, 100, 5, format="%d %%", key=f"{bundle.slug}_larger")
    width, height = first[2] - first[0], first[3] - first[1]
    x = (first[0] + first[2]) / 2 + across / 100 * width
    y = (first[1] + first[3]) / 2 + down / 100 * height
    half_width, half_height = larger / 200 * width, larger / 200 * height
    second = (x - half_width, y - half_height, x + half_width, y + half_height)
    share = float(detector.intersection_over_union(np.array(first), np.array(second)))
    with left:
        st.image(boxes.draw_pair(image, first, second), width="stretch")
    with right:
        with st.container(key="overlap"):
            st.metric("Intersection over union", f"{share:.2f}")
        counts = "would count as **right**" if share >= 0.5 else "would count as **wrong**"
        same = "gives way" if share > detector.OVERLAP else "both remain"
        st.caption(
            f"Were blue what a person drew, orange {counts} at the usual 0.5. Were both the network's, of one class: "
            f"{'the less sure one **' + same + '**' if share > detector.OVERLAP else '**' + same + '**'}, since {share:.2f} is "
            f"{'more' if share > detector.OVERLAP else 'no more'} than {detector.OVERLAP}."
        )


def _suppression(bundle: Bundle, image: Image.Image, raw: Raw) -> None:
    st.subheader("Many boxes, one thing")
    st.markdown(
        "Neighbouring anchors see the same thing, and all report it. **Non-maximum suppression** takes the surest box, drops those of its class that "
        "overlap it too much, and goes on with what is left."
    )
    left, right = st.columns(2, gap="medium")
    threshold = left.slider(
        "Score from which on a box takes part", 0.02, 0.9, 0.1, 0.02, key=f"{bundle.slug}_nms_score"
    )
    overlap = right.slider(
        "Overlap above which the less sure box gives way",
        0.05,
        1.0,
        detector.OVERLAP,
        0.05,
        key=f"{bundle.slug}_nms_overlap",
    )
    found = detector.candidates(raw, threshold, overlap)
    kept = found.kept
    for place, shown, when in ((left, np.arange(len(found)), "Before"), (right, kept, "After")):
        picture = image.copy()
        pen = ImageDraw.Draw(picture)
        labelled = [
            (
                _pixels(found.boxes[i], image.size),
                boxes.colour_of(int(found.classes[i])),
                f"{bundle.classes[found.classes[i]]} {found.scores[i]:.0%}",
            )
            for i in shown
        ]
        if when == "After" and len(kept) < 25:
            boxes.draw_labelled(pen, image.size, labelled)
        else:
            for box, colour, _ in reversed(labelled):
                boxes.draw_box(pen, image.size, box, colour, thin=when == "Before")
        with place:
            st.image(picture, width="stretch")
    with left.container(key="before"):
        st.markdown(f"**Before**: {_boxes(len(found))} with a score of at least {threshold:.0%}")
    with right.container(key="after"):
        st.markdown(f"**After**: {_boxes(len(kept))}. {_boxes(len(found) - len(kept)).capitalize()} gave way.")
    if overlap >= 1:
        st.caption("At 1.00 no box ever gives way: the same thing is found again and again.")
    elif overlap < 0.3:
        st.caption("At so little overlap even two things that stand close together are taken for one.")


def _boxes(n: int) -> str:
    return f"{n} box" if n == 1 else f"{n:,} boxes"
