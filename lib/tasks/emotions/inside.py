"""What the network makes of a face: what it sees, and where in it the answer comes from."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.emotions.input import GivenFace
from lib.tasks.emotions.pictures import SHOWN, with_map
from lib.tasks.emotions.reader import EmotionReader
from lib.ui import cached
from lib.ui.charts import probability_bars
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays

_INVITATION = "Give the network a face above. Live video is not shown here: choose a drawn face or a photo."


def variant_says(bundle: Bundle, variant: str, given: GivenFace) -> None:
    """Probabilities of one variant for the face."""
    if given.image is None:
        st.info(_INVITATION, icon=":material/face:")
        return
    reader = cached.load(EmotionReader, bundle.slug, variant)
    probabilities = reader.probabilities(given.image[None])[0]
    best = int(probabilities.argmax())
    st.markdown(f"I see **{bundle.classes[best]}** ({probabilities[best]:.0%})")
    st.vega_lite_chart(
        probability_bars(bundle.classes, probabilities, 240, "emotion"),
        alt="Probabilities of the seven emotions",
        key=f"{bundle.slug}_{variant}_bars",
    )


def inside_faces(bundle: Bundle, given: GivenFace) -> None:
    """The face as the network sees it, and the evidence for each emotion."""
    st.subheader("Where does the answer come from?")
    say_that_own_photo_stays(bundle)
    if given.image is None:
        st.info(_INVITATION, icon=":material/face:")
    else:
        _evidence(bundle, given.image)
    cached.show(_hidden, bundle.slug)


def _evidence(bundle: Bundle, face: np.ndarray) -> None:
    reader = cached.load(EmotionReader, bundle.slug)
    best = bundle.classes[int(reader.probabilities(face[None])[0].argmax())]
    chosen = st.segmented_control(
        "Evidence for",
        ["its best guess", *bundle.classes],
        default="its best guess",
        required=True,
        key=f"{bundle.slug}_evidence",
    )
    label = best if chosen not in bundle.classes else chosen
    evidence = reader.evidence(face)
    # What speaks for all emotions alike speaks for none.
    maps = evidence[..., bundle.classes.index(label)] - evidence.mean(axis=-1)
    with st.container(horizontal=True, gap="medium"):
        st.image(
            pictures.enlarge(face, SHOWN // face.shape[0]),
            caption="What the network sees: 48 x 48 grey pixels",
            alt="The face as the network sees it",
            width=SHOWN,
        )
        st.image(
            with_map(face, maps),
            caption=f"Evidence for {label}. Blue speaks for it, orange against it",
            alt=f"Where the network finds evidence for {label}",
            width=SHOWN,
        )
    st.markdown(
        f"At its end the network has 6 x 6 places. Each place gives points to each emotion, and the mean of all places is the score. The map shows the "
        f"points for **{label}**, compared with the mean of all seven emotions "
        "(*class activation map*, [Zhou et al., 2016](https://arxiv.org/abs/1512.04150))."
    )


def _hidden(bundle: Bundle) -> None:
    """What hiding a piece of the drawn faces changes."""
    evaluation = bundle.evaluation
    st.subheader("Hide a piece, ask again")
    st.markdown(
        "Here we hid a small square of a drawn face and asked the network again, at 121 places. Where it became less sure, that place was important "
        "(*saliency by occlusion*, [Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)). **Blue**: this place speaks for the answer. **Orange**: it "
        "speaks against it."
    )
    with st.container(horizontal=True, gap="small"):
        for name, face, change, said in zip(
            bundle.classes,
            evaluation["drawn_images"],
            evaluation["drawn_change"],
            evaluation["drawn_probabilities"],
            strict=True,
        ):
            best = int(said.argmax())
            st.image(
                with_map(face, _spread(change), 144),
                caption=f"Drawn: {name}. It says: {bundle.classes[best]} ({said[best]:.0%})",
                alt=f"Which places of the drawn face ({name}) matter",
                width=144,
            )
    right = sum(int(said.argmax()) == i for i, said in enumerate(evaluation["drawn_probabilities"]))
    st.markdown(
        f"It reads {right} of these seven drawings as we meant them. It has learnt from photos only, so drawings are strange to it."
    )


def _spread(change: np.ndarray) -> np.ndarray:
    """A map of the squares' places as a map of the whole face, whose edge is half a square further out."""
    picture = Image.fromarray(change.astype(np.float32)).resize((40, 40), Image.Resampling.BILINEAR)
    return np.pad(np.asarray(picture), 4, mode="edge")
