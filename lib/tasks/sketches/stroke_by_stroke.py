"""What a sketch network thought while something was drawn: stroke by stroke, and in a sentence."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from lib.classifier import Classifier
from lib.tasks.sketches import strokes as sketches
from lib.ui.sentences import ordinal


@functools.lru_cache(maxsize=512)
def _after(classifier: Classifier, strokes: tuple[bytes, ...]) -> np.ndarray | None:
    """Probabilities of all categories after these strokes; None while they are no more than a dot.

    Remembered, since all strokes but the last one have been looked at before.
    """
    try:
        image = sketches.normalise_strokes([np.frombuffer(stroke).reshape(-1, 2) for stroke in strokes])
    except sketches.BlankInputError:
        return None
    return classifier.probabilities(image[None])[0]


def stages(classifier: Classifier, strokes: list[sketches.Stroke]) -> pd.DataFrame:
    """What the network thought after each stroke, from the first one on that was more than a dot.

    Returns:
        Columns ``stroke``, ``guess`` (its best one then), ``sure`` (how sure of that), ``final`` (its best guess of all
        strokes) and ``probability`` (of that one).
    """
    drawn = tuple(stroke.tobytes() for stroke in strokes)
    thought = {count: _after(classifier, drawn[:count]) for count in range(1, len(drawn) + 1)}
    seen = {count: probabilities for count, probabilities in thought.items() if probabilities is not None}
    if not seen:
        return pd.DataFrame(columns=["stroke", "guess", "sure", "final", "probability"])
    probabilities = np.stack(list(seen.values()))
    best, final = probabilities.argmax(axis=1), int(probabilities[-1].argmax())
    return pd.DataFrame(
        {
            "stroke": list(seen),
            "guess": [classifier.classes[i] for i in best],
            "sure": probabilities.max(axis=1),
            "final": classifier.classes[final],
            "probability": probabilities[:, final],
        }
    )


def when_it_knew(thought: pd.DataFrame) -> str:
    """From which stroke on the network held to its answer, in a sentence."""
    final, last = thought["final"].iloc[0], int(thought["stroke"].iloc[-1])
    wrong = thought.loc[thought["guess"] != final, "stroke"]
    since = int(thought.loc[thought["stroke"] > (wrong.max() if len(wrong) else 0), "stroke"].iloc[0])
    if last == 1:
        return f"One stroke so far: it says **{final}**. Draw on and see if it changes its mind."
    # Dots at the beginning are not in the table.
    if since == thought["stroke"].iloc[0]:
        return f"It said **{final}** from the {ordinal(since)} stroke on."
    before = thought.loc[thought["stroke"] < since, "guess"].iloc[-1]
    if since == last:
        return f"The last stroke changed its mind: **{final}**. Before that it said *{before}*."
    # Who is not sure does not know.
    verb = "knew at" if thought["probability"].iloc[-1] >= 0.5 else "settled at"
    return f"It {verb} the **{ordinal(since)} stroke**: **{final}**. Before that it said *{before}*."
