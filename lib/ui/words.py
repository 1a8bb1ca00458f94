"""Figures in words, and words as they are."""

import re


def percent(probability: float) -> str:
    """A probability in words that never claim to be nothing, or all."""
    if probability < 0.001:
        return "less than 0.1%"
    return "more than 99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"


def plain(text: str) -> str:
    """A text of the person's, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$:^])", r"\\\1", text)
