"""How the detector decides, on the person's own photo: its anchors, overlaps, and which boxes it drops."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from lib.bundles import Bundle
from lib.tasks.detection import boxes, detector
from lib.tasks.detection.detector import Detection, Detector, Raw
from lib.tasks.detection.try_it import GivenThings
from lib.ui import cached
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays

ASK = "Choose an example, give a photo, or keep a moment of the live video above. Then this part shows how the network decides."


def inside_detection(bundle: Bundle, given: GivenThings) -> None:
    """Anchors, intersection over union, and non-maximum suppression."""
    if given.image is None or given.raw is None:
        st.info(ASK, icon=":material/add_a_photo:")
        return
    say_that_own_photo_stays(bundle)
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
        f"The network never searches. It has **{len(raw.boxes):,} fixed boxes**, the *anchors*, on six grids: many small ones, few large ones. For each "
        "anchor it says two things: how probable each class is there, and how to move and stretch the anchor to fit the thing."
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
        st.image(
            boxes.draw_grid(image, cells, shown, (middle, middle)),
            alt="The photo under a grid of anchors",
            width="stretch",
        )
        st.caption(
            f"{cells} x {cells} cells with {shapes} shapes each make {cells * cells * shapes:,} anchors. Orange: the anchors of one cell."
        )
    with right:
        _origin(bundle, image, raw, found)


def _origin(bundle: Bundle, image: Image.Image, raw: Raw, found: list[Detection]) -> None:
    """Which anchor a thing that was found came from."""
    if not found:
        st.info(
            "There is no box above. Lower the score or choose more classes to see which anchors the boxes come from.",
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
        st.image(boxes.draw_detections(grid, [one]), alt=f"The anchor behind the box of {one.label}", width="stretch")
        moved = _middle(raw.boxes[one.anchor]) - _middle(anchor)
        across, down = 100 * moved
        stretch = (raw.boxes[one.anchor][2:] - raw.boxes[one.anchor][:2]) / (anchor[2:] - anchor[:2])
        st.caption(
            f"From anchor {one.anchor + 1:,}: grid {place.cells} x {place.cells}, row {place.row + 1}, column {place.column + 1}, shape {place.shape + 1} "
            f"(orange). The network moved it {_way(across, 'right', 'left')} and {_way(down, 'down', 'up')}. It made it {stretch[0]:.2f} times as "
            f"wide and {stretch[1]:.2f} times as high."
        )


def _middle(box: np.ndarray) -> np.ndarray:
    return (box[:2] + box[2:]) / 2


def _way(percent: float, forward: str, back: str) -> str:
    return f"{abs(percent):.1f} % of the photo {forward if percent >= 0 else back}"


def _overlap(bundle: Bundle, image: Image.Image, raw: Raw, found: list[Detection]) -> None:
    st.subheader("How much do two boxes overlap?")
    st.markdown(
        "**Intersection over union** is the area that two boxes share, divided by the area that they cover together. It decides two things: "
        "whether a box counts as right (usually from 0.5 on), and whether two boxes show the same thing. Move the orange box:"
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
        st.image(boxes.draw_pair(image, first, second), alt="Two boxes on the photo", width="stretch")
    with right:
        with st.container(key="overlap"):
            st.metric("Intersection over union", f"{share:.2f}")
        counts = "**right**" if share >= 0.5 else "**wrong**"
        dropped = share > detector.OVERLAP
        st.caption(
            f"If a person drew the blue box, the orange one counts as {counts} (0.5 is needed). If the network drew both, for one class, "
            f"{'it **drops the less sure one**' if dropped else 'it **keeps both**'}: {share:.2f} is {'more' if dropped else 'not more'} than "
            f"{detector.OVERLAP}."
        )


def _suppression(bundle: Bundle, image: Image.Image, raw: Raw) -> None:
    st.subheader("Many boxes, one thing")
    st.markdown(
        "Neighbouring anchors see the same thing, and each gives a box. **Non-maximum suppression** keeps the surest box and drops all boxes of the "
        "same class that overlap it too much. Then it goes on with the next one."
    )
    left, right = st.columns(2, gap="medium")
    threshold = left.slider("Use boxes from this score on", 0.02, 0.9, 0.1, 0.02, key=f"{bundle.slug}_nms_score")
    overlap = right.slider(
        "Drop the less sure box above this overlap",
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
            st.image(picture, alt=f"The boxes {when.lower()} non-maximum suppression", width="stretch")
    with left.container(key="before"):
        st.markdown(f"**Before**: {_boxes(len(found))} with a score of at least {threshold:.0%}")
    with right.container(key="after"):
        st.markdown(f"**After**: {_boxes(len(kept))}. {_boxes(len(found) - len(kept)).capitalize()} dropped.")
    if overlap >= 1:
        st.caption("At 1.00 it never drops a box: it finds the same thing again and again.")
    elif overlap < 0.3:
        st.caption("With so little overlap, two things that stand close together count as one.")


def _boxes(n: int) -> str:
    return f"{n} box" if n == 1 else f"{n:,} boxes"
